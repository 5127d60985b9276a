# rule: evidence-of-implementation
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
INSERT DATA { <id/status/x/1> a dt:CuratedStatus ; dt:statusOf <id/decision/cbd-cop-12-19> ; dt:statusAxis <codes/status-axis/implementation> ; dt:statusValue <codes/implementation/implemented> ; dt:assertedBy "dtrack curation" . }
