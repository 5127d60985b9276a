# rule: deadline-while-active
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT { ?e dt:deadline "2015-12-31"^^xsd:date }
WHERE { ?e a dt:Element } ;
INSERT DATA { <id/status/x/1> a dt:CuratedStatus ; dt:statusOf <id/decision/cbd-cop-12-19> ; dt:statusAxis <codes/status-axis/legal-force> ; dt:statusValue <codes/legal-force/in-force> ; dt:assertedBy "dtrack curation" . }
