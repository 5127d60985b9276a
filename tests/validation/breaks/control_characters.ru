# rule: no-control-characters
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
INSERT { ?t dcterms:title "Ecosystem\u0002 restoration"@fr }
WHERE { ?t dt:adopted ?d }
