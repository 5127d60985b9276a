# rule: unique-identifier
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?t dt:symbol ?s }
INSERT { ?t dt:symbol 'XI/16' }
WHERE { ?t dt:symbol ?s }
