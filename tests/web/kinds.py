"""One page of each kind, over the bundled corpus."""

from urllib.parse import urlencode

CONVENTIONS = (
    "SELECT ?s WHERE { ?s a <https://w3id.org/dtrack/ontology#Convention> } ORDER BY ?s LIMIT 5"
)

KINDS = {
    "start": "/",
    "overlaps": "/overlaps?group=all",
    "pairs": "/overlaps/cbd/ramsar",
    "near": "/near/cbd-cop-12-19/4",
    "gaps": "/gaps/aichi",
    "decisions": "/decisions?instrument=cbd",
    "decision": "/doc/decision/cbd-cop-12-19",
    "status": "/doc/decision/cbd-cop-8-19",
    "options-paper": "/doc/options-paper/unep-ea-2-12-add-1",
    "target": "/doc/target/aichi-11",
    "framework": "/doc/framework/aichi",
    "theme": "/codes/theme/wetlands",
    "actor": "/codes/actor/unep",
    "instrument": "/doc/instrument/cbd",
    "meeting": "/doc/meeting/cbd-cop-12",
    "instruments": "/instruments",
    "meetings": "/meetings",
    "frameworks": "/frameworks",
    "themes": "/themes",
    "actors": "/actors",
    "compare": "/compare?a=XII/19&b=X/31",
    "options": "/options",
    "deadlines": "/deadlines",
    "network": "/network",
    "figures": "/figures",
    "find": "/find?q=wetland",
    "nothing-found": "/find?q=nothing-at-all",
    "sparql": "/sparql",
    "answer": f"/ask?{urlencode({'query': CONVENTIONS})}",
    "screen": "/screen",
    "screened": "/screen?text=1.+Invites+Parties+to+restore+wetlands.%0A&instrument=cbd",
    "duplicates": "/patterns?group=all",
    "conflicts": "/patterns?kind=conflicts&group=all",
    "leads": "/leads/aichi",
    "validate": "/validate",
    "docs": "/docs",
    "dataset": "/dataset",
    "verb": "/codes/verb/urges",
    "codes": "/codes",
    "ontology": "/ontology",
    "sign-in": "/desk",
}

DESK = {
    "desk": "/desk",
    "desk-text": "/desk/text",
    "desk-new": "/desk/new",
    "desk-status": "/desk/status?thing=cbd-cop-12-98/1",
    "desk-tagging": "/desk/tagging?thing=cbd-cop-12-98/1",
    "desk-mapping": "/desk/mapping?subject=aichi-15",
}
"""Pages for who is signed in, over the small corpus of tests/desk.py."""
