# rule: parent-chain
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?p dt:partOf ?up }
INSERT { ?p dt:partOf ?below }
WHERE { ?p dt:partOf ?up ; dt:number '4' . ?below dt:partOf ?p ; dt:number '4.c' }
