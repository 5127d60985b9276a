# rule: framework-not-younger
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?g dt:tag ?t ; dt:confidence ?c }
INSERT { ?g dt:tag <id/target/gbf-2> ; dt:confidence 1.0 }
WHERE { ?g dt:tag ?t ; dt:confidence ?c . FILTER(CONTAINS(STR(?t), '/target/')) }
