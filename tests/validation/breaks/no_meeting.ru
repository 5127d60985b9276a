# rule: meeting-named
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?t dt:adoptedAt ?m }
WHERE { ?t dt:adoptedAt ?m }
