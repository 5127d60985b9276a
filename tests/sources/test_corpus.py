"""One file is one graph, and says itself which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dtrack.errors import StoreError, SyntaxProblem
from dtrack.model import Source
from dtrack.sources import Corpus, read_file, read_folder
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE, ONTOLOGY

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = (
    f"@prefix dt: <{ONTOLOGY}#> .\n"
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
)
RECORD = PREFIXES + "<graph/{name}> a dt:Record ; dt:recordOf <id/{name}> .\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path / "ontology/dtrack.ttl", f"{PREFIXES}<{ONTOLOGY}> a owl:Ontology .")
    write(tmp_path / "ontology/codes/verb.ttl", f"{PREFIXES}<codes/verb> a skos:ConceptScheme .")
    write(tmp_path / "ontology/alignments/eli.ttl", f"{PREFIXES}<alignments/eli> a owl:Ontology .")
    write(tmp_path / "data/decisions/cbd/b.ttl", RECORD.format(name="b"))
    write(tmp_path / "data/a.ttl", RECORD.format(name="a"))
    write(tmp_path / "data/SOURCE.md", "no record")
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def corpus(home: Path) -> Corpus:
    return Corpus(home / "ontology", home / "data", parse_turtle)


def test_every_file_becomes_the_graph_that_it_names(home: Path) -> None:
    records = corpus(home).read()

    assert {record.place: record.graph for record in records} == {
        "ontology/dtrack.ttl": ONTOLOGY,
        "ontology/codes/verb.ttl": f"{BASE}/codes/verb",
        "ontology/alignments/eli.ttl": f"{BASE}/alignments/eli",
        "data/a.ttl": f"{BASE}/graph/a",
        "data/decisions/cbd/b.ttl": f"{BASE}/graph/b",
    }
    assert records[-1].ntriples == parse_turtle(RECORD.format(name="b").encode())
    assert records[-1].size == 2


def test_corpus_is_a_source_that_tells_its_progress(home: Path) -> None:
    source: Source = corpus(home)
    steps: list[tuple[str, int, int]] = []

    source.read(lambda *step: steps.append(step))

    assert steps[0] == ("reading", 0, 5)
    assert steps[-1] == ("reading", 5, 5)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("<a> <b> .", "not a valid RDF object", "data/bad.ttl:1:9"),
        (f"{PREFIXES}<a> dt:b 01 .", '"01"', "data/bad.ttl:4"),
        (f"{PREFIXES}<a> dt:b <c> .", "does not say which graph", "data/bad.ttl"),
        (RECORD.format(name="x") + "<graph/y> a dt:Record .", "describes 2 things", "data/bad.ttl"),
        (RECORD.format(name="b"), "already that of data/a.ttl", "data/decisions/cbd/b.ttl"),
    ],
)
def test_faulty_file_is_named_with_what_to_do(
    home: Path, text: str, message: str, place: str
) -> None:
    name = "a.ttl" if "already" in message else "bad.ttl"
    write(home / "data" / name, text)

    with pytest.raises(SyntaxProblem) as caught:
        corpus(home).read()

    assert message in str(caught.value)
    assert str(caught.value.place).startswith(place)
    assert caught.value.remedy


def test_one_file_and_one_folder_can_be_read_alone(home: Path) -> None:
    alone = read_folder(home / "data/decisions", parse_turtle)
    one = read_folder(home / "data/a.ttl", parse_turtle)

    assert [record.graph for record in alone] == [f"{BASE}/graph/b"]
    assert [record.place for record in alone] == ["decisions/cbd/b.ttl"]
    assert one == [read_file(home / "data/a.ttl", "a.ttl", parse_turtle)]


def test_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SyntaxProblem, match="no file to read"):
        read_folder(tmp_path, parse_turtle)


def test_missing_ontology_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"ontology/dtrack\.ttl"):
        corpus(tmp_path).read()


def test_bundled_corpus_is_read_whole(root: Path) -> None:
    files = [
        path
        for folder in ("ontology", "data")
        for pattern in ("*.ttl", "*.sssom.tsv")
        for path in (root / folder).rglob(pattern)
    ]

    records = Corpus(root / "ontology", root / "data", parse_turtle).read()

    assert len(records) == len(files) > 600
    assert len({record.graph for record in records}) == len(records)
    assert sum(record.size for record in records) > 80_000
    assert not [
        r.place for r in records if r.place.startswith("data/") and b"/genid/" in r.ntriples
    ]
