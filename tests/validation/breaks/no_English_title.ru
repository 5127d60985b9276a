# rule: english-title
BASE <https://w3id.org/dtrack/>
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { ?t dcterms:title ?n }
WHERE { ?t dcterms:title ?n FILTER(LANG(?n) = "en") }
