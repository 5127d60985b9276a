# rule: published-near-meeting
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT { ?t dcterms:issued "2020-01-01"^^xsd:date }
WHERE { ?t dt:adopted ?d }
