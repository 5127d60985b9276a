# rule: unique-identifier
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?p dt:number '5' }
INSERT { ?p dt:number '4' }
WHERE { ?p dt:number '5' }
