# rule: known-target
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?g dt:tag ?t }
INSERT { ?g dt:tag <id/target/aichi-99> }
WHERE { ?g dt:tag ?t . FILTER(CONTAINS(STR(?t), '/target/')) }
