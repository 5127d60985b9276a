"""Reporting obligations and shared modules: what each must say, and what was read."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

DT = Namespace("https://w3id.org/dtrack/ontology#")
BASE = "https://w3id.org/dtrack"
STATE = Namespace(f"{BASE}/codes/review-state/")

# Longest time in days from one report to the next.
PERIODS = {
    "annual": 366,
    "biennial": 731,
    "triennial": 1096,
    "quadrennial": 1461,
    "quinquennial": 1827,
    "sexennial": 2192,
}


@pytest.fixture(scope="module")
def files(root: Path) -> list[Path]:
    return sorted((root / "data" / "obligations").glob("*.ttl"))


@pytest.fixture(scope="module")
def graph(files: list[Path]) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def obligations(graph: Graph) -> list[Node]:
    return sorted(graph.subjects(RDF.type, DT.ReportingObligation))


def record(graph: Graph, thing: Node) -> Node:
    (found,) = graph.subjects(DT.recordOf, thing)
    return found


def recalled(graph: Graph, thing: Node) -> set[str]:
    return {str(name) for name in graph.objects(record(graph, thing), DT.recalled)}


def is_evidenced(graph: Graph, thing: Node) -> bool:
    return (record(graph, thing), DT.reviewState, STATE.evidenced) in graph


def test_each_file_is_one_record(files: list[Path]) -> None:
    assert len(files) >= 14
    for file in files:
        assert len(set(Graph().parse(file).subjects(RDF.type, DT.Record))) == 1, file.name


def test_obligations_cover_ten_instruments_and_more(graph: Graph, obligations: list[Node]) -> None:
    instruments = {graph.value(o, DT.instrument) for o in obligations}

    assert len(obligations) >= 14
    assert len(instruments) >= 10


def test_every_instrument_has_a_record(root: Path, graph: Graph, obligations: list[Node]) -> None:
    instruments = {str(graph.value(o, DT.instrument)) for o in obligations}

    assert instruments
    for iri in instruments:
        assert (root / "data" / "instruments" / f"{iri.rsplit('/', 1)[1]}.ttl").is_file(), iri


def test_obligation_says_who_owes_what_how_often_and_why(
    graph: Graph, obligations: list[Node]
) -> None:
    for obligation in obligations:
        for predicate in (DT.instrument, DT.obligationOf, DT.recurrence, DT.legalBasisText):
            assert len(list(graph.objects(obligation, predicate))) == 1, (obligation, predicate)
        for predicate in (SKOS.prefLabel, DT.reportFrequency):
            texts = graph.objects(obligation, predicate)
            assert sorted(text.language for text in texts) == ["en", "zh"], (obligation, predicate)
        assert list(graph.objects(obligation, DT.addressesTheme)), obligation


def test_codes_are_in_their_lists(root: Path, graph: Graph, obligations: list[Node]) -> None:
    for scheme, predicate in (
        ("recurrence", DT.recurrence),
        ("actor", DT.obligationOf),
        ("theme", DT.addressesTheme),
    ):
        codes = Graph().parse(root / "ontology" / "codes" / f"{scheme}.ttl")
        used = {value for o in obligations for value in graph.objects(o, predicate)}
        assert used
        assert used <= set(codes.subjects(SKOS.inScheme, URIRef(f"{BASE}/codes/{scheme}")))


def test_evidenced_names_its_place_and_memory_names_its_fields(
    graph: Graph, obligations: list[Node]
) -> None:
    read = [o for o in obligations if is_evidenced(graph, o)]
    remembered = [o for o in obligations if o not in read]

    assert len(read) >= 10
    for obligation in read:
        assert list(graph.objects(record(graph, obligation), DT.sourcePlace)), obligation
    for obligation in remembered:
        assert (record(graph, obligation), DT.reviewState, STATE.unreviewed) in graph
        assert {"legalBasisText", "reportFrequency"} <= recalled(graph, obligation), obligation


def test_recalled_fields_are_fields_of_the_obligation(
    graph: Graph, obligations: list[Node]
) -> None:
    names = [(o, name) for o in obligations for name in recalled(graph, o)]

    assert names
    for obligation, name in names:
        assert (obligation, DT[name], None) in graph, (obligation, name)


def test_unread_date_is_marked_as_recalled(graph: Graph, obligations: list[Node]) -> None:
    dated = [o for o in obligations if (o, DT.nextDue, None) in graph]
    unread = {o for o in dated if not is_evidenced(graph, o)}

    assert unread
    for obligation in unread:
        assert "nextDue" in recalled(graph, obligation), obligation


def test_next_date_is_ahead_and_within_one_period(graph: Graph, obligations: list[Node]) -> None:
    dated = [o for o in obligations if (o, DT.nextDue, None) in graph]

    assert len(dated) >= 8
    for obligation in dated:
        noted = graph.value(record(graph, obligation), DCTERMS.modified).toPython()
        due = graph.value(obligation, DT.nextDue).toPython()
        recurrence = str(graph.value(obligation, DT.recurrence)).rsplit("/", 1)[1]
        assert due > noted, obligation
        if recurrence in PERIODS:
            assert due - noted <= dt.timedelta(days=PERIODS[recurrence]), obligation


def test_basis_that_is_a_text_has_a_record(
    root: Path, graph: Graph, obligations: list[Node]
) -> None:
    texts = {str(text) for o in obligations for text in graph.objects(o, DT.legalBasis)}
    held = {path.stem for path in (root / "data" / "decisions").rglob("*.ttl")}

    assert len(texts) >= 8
    assert {iri.rsplit("/", 1)[1] for iri in texts} <= held


def test_modules_of_the_options_paper_serve_several_instruments(graph: Graph) -> None:
    modules = sorted(graph.subjects(RDF.type, DT.ReportingModule))
    names = [str(module).rsplit("/", 1)[1] for module in modules]

    assert names == [
        "area-based-conservation",
        "biodiversity-status",
        "cross-cutting-issues",
        "legal-measures",
        "nbsap-priorities",
        "synergies",
    ]
    for module in modules:
        users = list(graph.subjects(DT.usesModule, module))
        assert len({graph.value(user, DT.instrument) for user in users}) >= 3, module
        assert (record(graph, module), DT.reviewState, STATE.unreviewed) in graph


def test_module_is_used_only_by_what_is_here(graph: Graph, obligations: list[Node]) -> None:
    users = set(graph.subjects(DT.usesModule, None))

    assert users
    assert users <= set(obligations)


@pytest.mark.parametrize(
    ("volume", "pattern"),
    [
        ("CMA2018_1.3_Decisions_13_to_20", r"3\.\s+Decides .*first biennial.*31 December 2024"),
        ("CMA2018_1.3_Decisions_3_to_12", r"4\.\s+Requests developed .*starting in 2020"),
        ("cp2015_21_-_2015_-_decision_1", r"90\.\s+Also decides .*Article 13.*biennial basis"),
        ("cp2015_21_-_2015_-_decision_1", r"25\.\s+Decides .*at least 9 to 12 months"),
        ("cp2018_24_-_2018_-_decisions_1_to_12", r"40\.\s+Also .*Articles 4 and 12"),
        ("cp2018_24_-_2018_-_decisions_1_to_12", r"43\.\s+Further .*every four years"),
        ("cp2014_20_-_2014_-_decision_13_to_24", r"13\.\s+Reiterates .*after 15 April"),
    ],
)
def test_climate_reports_rest_on_what_the_decisions_say(
    shared: Path, volume: str, pattern: str
) -> None:
    text = (shared / "data" / "unfccc_decisions" / f"{volume}.txt").read_text(encoding="utf-8")

    assert re.search(pattern, text)
