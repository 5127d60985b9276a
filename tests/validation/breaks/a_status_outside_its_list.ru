# rule: codes-in-list
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
INSERT DATA { <id/status/x/1> a dt:CuratedStatus ; dt:statusOf <id/decision/cbd-cop-12-19> ; dt:statusAxis <codes/status-axis/legal-force> ; dt:statusValue <codes/legal-force/defunct> ; dt:assertedBy "dtrack curation" . }
