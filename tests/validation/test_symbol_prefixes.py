"""The looks of symbols that tell when a text is filed under the wrong instrument."""

from __future__ import annotations

import re

import pytest
from rdflib import SKOS, Graph, Namespace, URIRef

from validation.examples import ROOT

DT = Namespace("https://w3id.org/dtrack/ontology#")
CODES = ROOT / "ontology" / "codes"
# Texts that their conventions never numbered.
UNNUMBERED = {
    "MOP1 resolution on the Technical Committee",
    "Resolution on the Framework, 1990 (unnumbered)",
}


@pytest.fixture(scope="module")
def patterns() -> dict[URIRef, list[str]]:
    graph = Graph().parse(CODES / "symbol-prefix.ttl")
    found: dict[URIRef, list[str]] = {}
    for form, pattern in graph.subject_objects(DT.symbolPattern):
        found.setdefault(graph.value(form, DT.instrument), []).append(str(pattern))
    return found


def fits(symbol: str, patterns: list[str]) -> bool:
    return any(re.search(pattern, symbol) for pattern in patterns)


def test_every_symbol_of_the_corpus_looks_like_its_instrument(patterns) -> None:
    texts = Graph()
    for file in sorted((ROOT / "data" / "decisions").rglob("*.ttl")):
        texts.parse(file)
    strangers, seen = set(), 0
    for text, instrument in texts.subject_objects(DT.instrument):
        symbol = texts.value(text, DT.symbol)
        if symbol is not None:
            seen += 1
            if not fits(str(symbol), patterns.get(instrument, [])):
                strangers.add(str(symbol))

    assert seen > 600
    assert strangers == UNNUMBERED


def test_every_form_that_resolvers_read_has_a_look(patterns) -> None:
    forms = Graph().parse(CODES / "symbol-form.ttl")
    texts = [
        (forms.value(form, DT.formOf), str(example))
        for form, kind in forms.subject_objects(DT.symbolKind)
        if str(kind) in {"decision", "resolution", "recommendation"}
        for example in forms.objects(form, SKOS.example)
    ]

    assert len(texts) > 20
    assert [text for of, text in texts if not fits(text, patterns.get(of, []))] == []


@pytest.mark.parametrize(
    ("symbol", "wrong", "right"),
    [
        ("NP-1/13", "instrument/cbd", "instrument/nagoya"),
        ("CP-9/2", "instrument/cbd", "instrument/cartagena"),
        ("3/CMA.1", "instrument/unfccc", "instrument/paris"),
        ("BC-14/12", "instrument/stockholm", "instrument/basel"),
        ("44 COM 7B.90", "instrument/ramsar", "instrument/whc"),
        ("SS.XII/3", "forum/unga", "forum/unep-gc"),
    ],
)
def test_look_tells_instruments_apart(patterns, symbol: str, wrong: str, right: str) -> None:
    base = "https://w3id.org/dtrack/id/"

    assert fits(symbol, patterns[URIRef(base + right)])
    assert not fits(symbol, patterns[URIRef(base + wrong)])
