"""Rules that indexes wait for give the same of an excerpt as of the whole store."""

from __future__ import annotations

import pytest

from dtrack.hearing import Hearing
from dtrack.model import Record
from dtrack.overlap.rules import Rule, read_rules
from dtrack.overlap.told import NOTING as OF_OVERLAP
from dtrack.searching.told import NOTING as OF_SEARCH
from dtrack.stores.building import open_current
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import BASE, DT, HISTORY_GRAPHS, RDF, SKOS, XSD
from dtrack.wiring.excerpts import NOTING, READ, first_given

NAMED = {
    "broader_closure": {f"{SKOS}broaderTransitive"},
    "current_status": {
        *(f"{DT}{name}" for name in ("currentStatus", "CuratedStatus", "PublishedStatus")),
        f"{XSD}date",
    },
}
"""What else the rules name: what they give, classes, a datatype."""
READ_OF_DERIVED = {f"{SKOS}broaderTransitive", *OF_OVERLAP, *OF_SEARCH} - {f"{RDF}type"}
"""What the indexes read; no class that a rule gives has a text or directs anybody."""


@pytest.fixture
def rules(root) -> dict[str, Rule]:
    return {rule.name: rule for rule in read_rules(root / "queries")}


def told_of(records: list[Record]) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.load(records, hearing=Hearing(NOTING))
    return store


@pytest.mark.parametrize("name", READ)
def test_all_that_a_rule_reads_is_noted(rules: dict[str, Rule], name: str) -> None:
    assert rules[name].predicates - {DT, SKOS} == READ[name] | NAMED[name]


def test_no_index_reads_what_another_rule_gives(rules: dict[str, Rule]) -> None:
    given = {
        name: {iri for iri in rule.predicates if any(t in rule.template for t in short(iri))}
        for name, rule in rules.items()
    }
    waited = {name for name, iris in given.items() if iris & READ_OF_DERIVED}
    assert waited == set(READ)


def short(iri: str) -> list[str]:
    """How a query may write an IRI."""
    local = iri.removeprefix(DT).removeprefix(SKOS)
    return [f"<{iri}>", f"dt:{local} ", f"skos:{local} "]


def test_rules_give_the_same_of_the_corpus(corpus_home, root, rules) -> None:
    with open_current(corpus_home) as whole:
        graphs = [
            Record(name, whole.graph(name), name)
            for name in whole.graphs()
            if not name.startswith(HISTORY_GRAPHS)
        ]
        found = first_given(told_of(graphs), root / "queries")
        assert found == {name: rules[name].everything(whole) for name in READ}
    assert all(found.values())


STATUS = f"<{BASE}/id/status/%d>"


@pytest.mark.parametrize(
    "said",
    [
        {1: ("CuratedStatus", "a", "1", "2020-01-01", ""), 2: ("CuratedStatus", "a", "2", "", "")},
        {1: ("PublishedStatus", "a", "1", "", ""), 2: ("CuratedStatus", "a", "2", "", "")},
        {1: ("CuratedStatus", "a", "1", "", "2021-01-01"), 2: ("CuratedStatus", "b", "2", "", "")},
        {1: ("Tagging", "a", "1", "", ""), 2: ("CuratedStatus", "a", "2", "2020-01-01", "")},
    ],
)
def test_statuses_are_those_of_the_whole(root, rules, said) -> None:
    lines = []
    for number, (kind, axis, value, first, last) in said.items():
        days = [
            (n, f'"{day}"^^<{XSD}date>') for n, day in (("from", first), ("until", last)) if day
        ]
        facts = [
            ("statusOf", f"<{BASE}/id/x>"), ("statusAxis", f"<{BASE}/{axis}>"),
            ("statusValue", f"<{BASE}/{value}>"), *days,
        ]  # fmt: skip
        lines.append(f"{STATUS % number} <{RDF}type> <{DT}{kind}> .\n")
        lines += [f"{STATUS % number} <{DT}{name}> {value} .\n" for name, value in facts]
    store = told_of([Record("urn:g", "".join(sorted(lines)).encode(), "test")])

    found = first_given(store, root / "queries")["current_status"]

    assert found == rules["current_status"].everything(store)
    assert len(found) == (2 if said[1][1] != said[2][1] and not said[1][4] else 1)


def test_nothing_is_given_where_nothing_was_noted(root) -> None:
    with EmbeddedStore.in_memory() as store:
        assert first_given(store, root / "queries") == {}
        store.load([], hearing=Hearing(OF_OVERLAP))
        assert first_given(store, root / "queries") == {}
