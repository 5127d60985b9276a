# rule: symbol-of-its-instrument
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?t dt:symbol ?s }
INSERT { ?t dt:symbol "NP-1/13" }
WHERE { ?t dt:symbol ?s }
