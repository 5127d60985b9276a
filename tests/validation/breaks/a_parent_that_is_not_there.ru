# rule: parent-chain
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?p dt:partOf ?up }
INSERT { ?p dt:partOf <id/provision/cbd-cop-12-19/99> }
WHERE { ?p dt:partOf ?up . ?p dt:number '4.c' }
