# rule: hierarchy-of-concepts
BASE <https://w3id.org/dtrack/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { <codes/theme/wetlands> skos:topConceptOf <codes/theme> }
