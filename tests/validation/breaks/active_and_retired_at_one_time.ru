# rule: one-status-at-a-time
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
INSERT DATA { <id/status/x/1> a dt:CuratedStatus ; dt:statusOf <id/decision/cbd-cop-12-19> ; dt:statusAxis <codes/status-axis/legal-force> ; dt:statusValue <codes/legal-force/in-force> ; dt:assertedBy "dtrack curation" . } ;
INSERT DATA { <id/status/x/2> a dt:CuratedStatus ; dt:statusOf <id/decision/cbd-cop-12-19> ; dt:statusAxis <codes/status-axis/legal-force> ; dt:statusValue <codes/legal-force/retired> ; dt:assertedBy "dtrack curation" . }
