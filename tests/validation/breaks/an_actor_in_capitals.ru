# rule: codes-in-list
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?e dt:addressee ?a }
INSERT { ?e dt:addressee <codes/actor/Parties> }
WHERE { ?e dt:addressee ?a }
