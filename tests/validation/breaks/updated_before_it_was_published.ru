# rule: updated-after-published
BASE <https://w3id.org/dtrack/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <graph/decision/cbd-cop-12-19> dcterms:issued "2999-01-01"^^xsd:date }
