# rule: addressee-named
BASE <https://w3id.org/dtrack/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
DELETE { ?e ?p ?a }
WHERE { ?e ?p ?a FILTER(?p IN (dt:addressee, dt:actingBody, dt:inheritedFrom)) }
