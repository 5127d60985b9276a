"""A record of the corpus, broken in each way that real feeds break them (domain rules)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import RDFS, Graph, URIRef

from dtrack.model import Finding, Record, Revision, Severity
from dtrack.sources.corpus import Corpus
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.validation.compiled import validate_store
from dtrack.validation.shapes import bundled_shapes
from validation.examples import ROOT

GRAPH = "https://w3id.org/dtrack/graph/decision/cbd-cop-12-19"
RULES = "https://w3id.org/dtrack/docs/rules#"
BREAKS = Path(__file__).with_name("breaks")


class Break(NamedTuple):
    """A fault as a SPARQL update of decision XII/19, and the rule that must see it."""

    rule: str
    severity: Severity
    update: str


def read(file: Path) -> Break:
    """Fault in a file whose first lines name the rule, and the severity if no violation."""
    text = file.read_text("utf-8")
    head = dict(re.findall(r"^# (\w+): (\S+)$", text, re.MULTILINE))
    return Break(head["rule"], Severity(head.get("severity", "Violation")), text)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(Corpus(ROOT / "ontology", ROOT / "data", parse_turtle).read())


@pytest.fixture(scope="module")
def store(records: list[Record]) -> EmbeddedStore:
    made = EmbeddedStore.in_memory()
    made.load(records)
    return made


@cache
def rule_of(shape: str) -> str:
    """Anchor of the rule that a shape points to."""
    explained = bundled_shapes().graph.value(URIRef(shape), RDFS.seeAlso)
    return str(explained).removeprefix(RULES)


def findings(store: EmbeddedStore, record: Graph) -> list[Finding]:
    """What is found at the subjects of a changed record, put in place of the stored one."""
    content = record.serialize(format="nt", encoding="utf-8")
    store.apply(Revision(1, {GRAPH: b"".join(sorted(content.splitlines(keepends=True)))}))
    focus = {str(subject) for subject in record.subjects()}
    return list(validate_store(store, bundled_shapes(), focus).findings)


@pytest.mark.parametrize("file", sorted(BREAKS.glob("*.ru")), ids=lambda file: file.stem)
def test_broken_record_is_reported_by_its_rule(
    file: Path, store: EmbeddedStore, records: list[Record]
) -> None:
    sound = next(record for record in records if record.graph == GRAPH)
    graph = Graph().parse(data=sound.ntriples.decode(), format="nt")
    before = len(graph), set(graph)
    fault = read(file)
    graph.update(fault.update)

    try:
        found = findings(store, graph)
    finally:
        store.apply(Revision(2, {GRAPH: sound.ntriples}))

    assert (len(graph), set(graph)) != before
    of_the_rule = [f for f in found if rule_of(f.shape) == fault.rule]
    assert fault.severity in {finding.severity for finding in of_the_rule}
    for finding in of_the_rule:
        assert finding.messages["en"]
        assert finding.messages["zh"]


def test_every_rule_of_the_domain_is_broken_once() -> None:
    assert len({read(file).rule for file in BREAKS.glob("*.ru")}) == 17


def test_the_sound_record_passes(store: EmbeddedStore, records: list[Record]) -> None:
    sound = next(record for record in records if record.graph == GRAPH)

    found = findings(store, Graph().parse(data=sound.ntriples.decode(), format="nt"))

    assert [f for f in found if f.severity is not Severity.INFO] == []


def test_the_corpus_conforms(store: EmbeddedStore, records: list[Record]) -> None:
    places = {record.graph: record.place for record in records}

    report = validate_store(store, bundled_shapes(), places=places)

    violations = [f for f in report.findings if f.severity is Severity.VIOLATION]
    assert [(f.place, f.focus, f.shape) for f in violations] == []
    assert report.by_reference == ()
    assert report.focus_nodes > 10_000
