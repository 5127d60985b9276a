# rule: published-near-meeting
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { ?t dt:adopted ?d }
INSERT { ?t dt:adopted "2004-10-17"^^xsd:date }
WHERE { ?t dt:adopted ?d }
