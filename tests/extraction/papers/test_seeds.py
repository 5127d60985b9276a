"""The papers that the project starts from, against the curated records of them.

The records hold no sentence of the papers; structure, actors, citations,
figures, supporters and instruments are facts and have to be the same.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from dtrack.extraction.documents import read_document
from dtrack.extraction.papers import Paper, bundled_paper_words
from dtrack.sources.documents import read_file
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from rdflib.term import Node

    from dtrack.extraction.papers.values import Part

DT = Namespace("https://w3id.org/dtrack/ontology#")
BASE = "https://w3id.org/dtrack/"


def read(shared: Path, seed: str) -> Paper:
    (file,) = (shared / "data" / "seeds").glob(f"{seed}_*.txt")
    extraction = read_document(read_file(file), bundled_paper_words(parse_turtle))
    (paper,) = extraction.texts
    assert isinstance(paper, Paper)
    return paper


def curated(root: Path, name: str) -> Graph:
    return Graph().parse(root / "data" / "statements" / f"{name}.ttl")


@pytest.fixture(scope="module")
def options(shared: Path) -> Paper:
    return read(shared, "001")


@pytest.fixture(scope="module")
def options_record(root: Path) -> Graph:
    return curated(root, "unep-ea-2-12-add-1")


def last(iri: Node | None) -> str:
    return str(iri).rsplit("/", 1)[-1]


def keys(graph: Graph, thing: Node, path: URIRef) -> set[str]:
    return {last(value) for value in graph.objects(thing, path)}


def by_level(paper: Paper, level: str) -> dict[str, Part]:
    return {part.number: part for part in paper.parts if part.level == level}


def test_options_paper_has_the_themes_options_and_actions_of_its_record(
    options: Paper, options_record: Graph
) -> None:
    for level, kind in (
        ("option-theme", "OptionTheme"),
        ("option", "Option"),
        ("action", "Action"),
    ):
        recorded = {last(part) for part in options_record.subjects(RDF.type, DT[kind])}
        assert set(by_level(options, level)) == recorded

    counts = Counter(part.level for part in options.provisions)
    assert counts == {"option-theme": 7, "option": 28, "action": 88}
    assert options.kind == "options-paper"
    assert (options.symbol, options.slug) == ("UNEP/EA.2/12/Add.1", "unep-ea-2-12-add-1")
    assert options.issuers == ("unep",)


def test_actions_have_the_verbs_and_actors_of_the_record(
    options: Paper, options_record: Graph
) -> None:
    differing = {}
    for number, action in by_level(options, "action").items():
        recorded = URIRef(f"{BASE}id/action/unep-ea-2-12-add-1/{number}")
        verb = last(options_record.value(recorded, DT.verb))
        lead = [element for element in action.elements if element.verb == verb]
        doers = {key for element in lead for key in element.addressees}
        if doers != keys(options_record, recorded, DT.addressee) or not lead:
            differing[number] = (doers, [element.verb for element in action.elements])

    assert differing == {}


def test_actions_have_those_beside_the_doer_that_the_record_has(
    options: Paper, options_record: Graph
) -> None:
    differing = {}
    for number, action in by_level(options, "action").items():
        recorded = URIRef(f"{BASE}id/action/unep-ea-2-12-add-1/{number}")
        beside = keys(options_record, recorded, DT.supportedBy)
        if set(action.beside) != beside:
            differing[number] = (set(action.beside) - beside, beside - set(action.beside))

    assert differing == {}


def test_options_paper_cites_what_its_record_cites_at_the_same_places(
    options: Paper, options_record: Graph
) -> None:
    recorded = {
        (
            last(options_record.value(citation, DT.citing)),
            str(options_record.value(citation, DT.cited)).removeprefix(f"{BASE}id/"),
            last(options_record.value(citation, DT.citationRelation)),
            frozenset(map(str, options_record.objects(citation, DT.pinpoint))),
        )
        for citation in options_record.subjects(RDF.type, DT.Citation)
    }

    found = {
        (
            "unep-ea-2-12-add-1" if part.number == "preface" else part.number,
            citation.path,
            citation.relation,
            frozenset(filter(None, citation.pinpoint.split(", "))),
        )
        for part in options.parts
        for citation in part.citations
    }

    assert len(found) == 28
    assert found == recorded


def test_options_paper_tells_the_figures_of_its_record(
    options: Paper, options_record: Graph
) -> None:
    recorded = Counter(
        (float(value.toPython()), str(options_record.value(figure, DT.figureYear)))
        for figure, value in options_record.subject_objects(DT.figureValue)
    )

    found = {(float(f.value), f.year or "2015") for part in options.parts for f in part.figures}
    values = {value for value, _ in found}

    assert {52.0, 42.0, 132.0} <= values
    missing = {value for value, _ in recorded} - values
    assert missing == set()
    claims = [a for part in options.parts for a in part.assertions if "aichi-17" in a.targets]
    assert any(figure.value == "132" for claim in claims for figure in claim.figures)


def test_options_paper_names_the_instruments_of_its_record(
    options: Paper, options_record: Graph
) -> None:
    paper = URIRef(f"{BASE}id/options-paper/unep-ea-2-12-add-1")

    assert set(options.instruments) == keys(options_record, paper, DT.namesInstrument)


@pytest.mark.parametrize(
    ("seed", "name", "kind"),
    [
        ("000", "cms-cop14-statement-cbcgdf", "statement"),
        ("003", "harbin-consensus-2019", "consensus"),
        ("004", "china-position-paper-2020", "position-paper"),
    ],
)
def test_other_papers_have_the_sections_and_points_of_their_records(
    shared: Path, root: Path, seed: str, name: str, kind: str
) -> None:
    record = curated(root, name)
    recorded = {
        str(record.value(part, DT.number))
        for each in ("Section", "Point")
        for part in record.subjects(RDF.type, DT[each])
    }

    paper = read(shared, seed)

    assert paper.kind == kind
    numbers = {part.number for part in paper.provisions}
    preamble = {number for number in numbers if number.startswith("preamble")}
    assert numbers - preamble == {n for n in recorded if not n.startswith("preamble")}
    (text,) = record.subjects(DT.documentType, None)
    assert set(paper.issuers) == keys(record, text, DT.issuedBy)
    assert set(paper.instruments) <= keys(record, text, DT.namesInstrument)
    operational = {
        str(record.value(part, DT.number))
        for part in record.subjects(DT.kind, _kind("operational"))
    } & recorded
    if kind != "position-paper":
        assert operational <= {p.number for p in paper.provisions if p.kind == "operational"}


def _kind(key: str) -> URIRef:
    return URIRef(f"{BASE}codes/kind/{key}")


def test_consensus_counts_who_took_part_and_lists_its_supporters(shared: Path, root: Path) -> None:
    record = curated(root, "harbin-consensus-2019")
    text = URIRef(f"{BASE}id/consensus/harbin-consensus-2019")

    paper = read(shared, "003")

    assert dict(paper.counts) == {"countries": 19, "organizations": 12, "participants": 300}
    assert set(paper.supporters) == keys(record, text, DT.supportedBy)
    assert paper.adopted == str(record.value(text, DT.adopted))


def test_statement_names_every_instrument_of_its_record(shared: Path, root: Path) -> None:
    record = curated(root, "cms-cop14-statement-cbcgdf")
    text = URIRef(f"{BASE}id/statement/cms-cop14-statement-cbcgdf")

    paper = read(shared, "000")

    assert set(paper.instruments) == keys(record, text, DT.namesInstrument)
    assert set(paper.frameworks) == keys(record, text, DT.namesFramework)
    assert [p.elements[0].verb for p in paper.provisions if p.number.startswith("1.")] == [
        "recognizes"
    ] * 5


def test_position_paper_gives_the_figures_and_the_claim_on_three_targets(
    shared: Path, root: Path
) -> None:
    record = curated(root, "china-position-paper-2020")
    recorded = Counter(float(value.toPython()) for value in record.objects(None, DT.figureValue))

    paper = read(shared, "004")

    found = Counter(float(figure.value) for part in paper.parts for figure in part.figures)
    assert (found & recorded).total() / recorded.total() > 0.9
    assert (found & recorded).total() / found.total() > 0.9
    claims = [a for part in paper.parts for a in part.assertions if a.kind == "claim"]
    assert {t for claim in claims for t in claim.targets} == {"aichi-14", "aichi-15", "aichi-17"}
    kinds = Counter(a.kind for part in paper.parts for a in part.assertions)
    assert min(kinds["measure"], kinds["commitment"], kinds["claim"]) > 10
