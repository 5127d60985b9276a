"""No reading of a query that passes calls another endpoint."""

from __future__ import annotations

import re

import pyoxigraph as engine
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.errors import QueryError
from dtrack.stores.guard import check

HIDING = [
    "SELECT * { SERVICE <http://x> {} }",
    "SELECT * { service silent ?x {} }",
    "SELECT * { ?s ?p trueSERVICE<http://x>{} }",
    "SELECT * { ?s ?p 1SERVICESILENT<http://x>{} }",
    "PREFIX ex: <http://x/> SELECT * { SERVICEex:a{} }",
    "SELECT * { FILTER(1<2)SERVICE?x{} }",
    'SELECT * { ?s ?p ?a FILTER(?a<?b#>"""\n) SERVICE <http://x> {} #"""\n }',
    "SELECT * { ?s ?p ?a FILTER(?a<'''>''') SERVICE <http://x> {} FILTER(?a!=''' ''') }",
    'SELECT * { ?s ?p "a" . # "\n SERVICE <http://x> {} }',
    'SELECT * { ?s ?p """a\\"""" . SERVICE <http://x> {} }',
]
HARMLESS = [
    'SELECT * { ?s ?p "ecosystem SERVICE <x> {" }',
    "SELECT * { ?service ?p <http://x/service#a> } # SERVICE <http://x> {}",
    "PREFIX theme: <http://x/> SELECT * { ?s ?p theme:ecosystem-services , '''service''' }",
    'SELECT * { ?s ?p ?o FILTER(?o < 3) FILTER(CONTAINS(?s, "service")) }',
    'SELECT * { ?s <http://x#a> ?o . ?o <http://x#b> "service" }',
]
PIECES = [
    '"""', "'''", '"', "'", "#", "\n", "\r", " ", "<", ">", "<?b#>", "<b#>", "<'>", "<'''>",
    "SERVICE", "SERVICE<http://x>{}", " SERVICE <http://x> {} ", "SERVICE?z{}", "SERVICEex:a{}",
    "{", "}", "(", ")", "FILTER(1<2)", "FILTER(?a<", "?a", "?b", "$c", "ex:a", "ex:a\\'", "\\",
    "1", "1.", "true", ".", ";", ",", "=", "?s ?p ?o", "@en", "_:b", "^^", "||", "%41", "-",
    "\\u0022", "<<", ">>", "\f", "\u00a0", "\ufeff", "'a'", '"b#"', "(1<2)", "?a<?b",
]  # fmt: skip
FRAMES = [
    "SELECT * {{ {} }}",
    "PREFIX ex: <http://x/> SELECT * {{ ?s ?p ?a . {} }}",
    "ASK {{ ?s ?p ?a FILTER(?a<{}) }}",
    'SELECT * {{ ?s ?p ?a . FILTER(?a<?b#>"""\n) {} #"""\n }}',
    "SELECT * {{ ?s ?p ?a FILTER(?a<'''>''') {} FILTER(?a!=''' ''') }}",
    "SELECT * {{ ?s ?p ({}) }}",
]


def parses(query: str) -> bool:
    try:
        engine.Store().query(query)
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return True


@pytest.mark.parametrize("query", HIDING)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused") as caught:
        check(query)

    assert caught.value.remedy
    assert caught.value.place


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_alone_is_allowed(query: str) -> None:
    check(query)

    assert parses(query)


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(FRAMES), st.lists(st.sampled_from(PIECES), min_size=1, max_size=7))
def test_no_passing_query_holds_the_keyword_for_the_engine(frame: str, pieces: list[str]) -> None:
    query = frame.format("".join(pieces))
    try:
        check(query)
    except QueryError:
        return

    # Where the word is a string, a comment or a name, another word does as well.
    assert not parses(query) or parses(re.sub("service", "sxrvxcq", query, flags=re.IGNORECASE))
