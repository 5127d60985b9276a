"""Every catalogue query gives the rows its cases expect, in order, on every store.

A case is a folder ``<query>/<case>/`` with ``case.yaml`` (``about``,
``parameters``, ``corpus``, ``with``, ``derived``), its own data (``data.ttl``,
``data.trig``) unless it runs on the bundled corpus, and ``expected.csv``.
``DTRACK_ACCEPT=1`` (``make accept``) writes the last one anew.
"""

from __future__ import annotations

import os
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as engine
import pytest
import yaml
from rdflib.plugins.sparql import prepareQuery

from dtrack.answer.answers import Answers
from dtrack.catalogue import Catalogue, Form, ParameterKind, bind
from dtrack.formats import row_format
from dtrack.model import Iri, Record
from dtrack.overlap import refresh
from dtrack.sources import Corpus, read_file
from dtrack.sources.corpus import ontology_files
from dtrack.stores.building import open_current, publish
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_trig, parse_turtle
from dtrack.terms import BASE, DERIVED_GRAPH
from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.catalogue import Parameter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
QUERIES = ROOT / "queries"
CATALOGUE = Catalogue.read(QUERIES / "catalogue")
CASE_GRAPH = f"{BASE}/graph/case"
PARTS = ("ontology", "codes", "alignments")
HAN = re.compile(r"[\u4e00-\u9fff]{4}")
ACCEPT = bool(os.environ.get("DTRACK_ACCEPT"))


@dataclass(frozen=True)
class Case:
    """One case of one query, as its folder describes it."""

    query: str
    folder: Path
    about: str
    parameters: dict[str, str] = field(default_factory=dict)
    corpus: bool = False
    parts: tuple[str, ...] = ()
    derived: bool = False

    @property
    def expected(self) -> Path:
        return self.folder / "expected.csv"


def read_case(folder: Path) -> Case:
    path = folder / "case.yaml"
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {"about", "parameters", "corpus", "with", "derived"}
    assert set(about) <= known, f"{path}: unknown keys {sorted(set(about) - known)}"
    parts = tuple(about.get("with", ()))
    assert set(parts) <= set(PARTS), f"{path}: 'with' holds one of {PARTS}"
    return Case(
        query=folder.parent.name,
        folder=folder,
        about=about["about"],
        parameters={name: _text(value) for name, value in about.get("parameters", {}).items()},
        corpus=about.get("corpus", False),
        parts=parts,
        derived=about.get("derived", False),
    )


def _text(value: object) -> str:
    """What a caller would write for a YAML value."""
    return str(value).lower() if isinstance(value, bool) else str(value)


FOLDERS = sorted(path for path in HERE.glob("*/*") if path.is_dir() and path.name[0] not in "._")
CASES = [read_case(folder) for folder in FOLDERS if (folder / "case.yaml").is_file()]


@pytest.fixture(scope="session")
def corpus_stores(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[EmbeddedStore, EmbeddedStore]]:
    """The bundled corpus with all that is derived from it, on disk and in memory."""
    records = Corpus(ROOT / "ontology", ROOT / "data", parse_turtle).read()
    home = tmp_path_factory.mktemp("corpus")

    def build(store: EmbeddedStore) -> None:
        store.load(records)
        refresh(store, QUERIES)

    publish(home, build)
    with open_current(home) as disk, EmbeddedStore.in_memory() as memory:
        derived = Record(DERIVED_GRAPH, disk.graph(DERIVED_GRAPH), "derived")
        memory.load(shuffled([*records, derived], 1))
        yield disk, memory


def shuffled(records: Iterable[Record], seed: int) -> list[Record]:
    """Records, and the triples in each, in another order: no answer may depend on it."""
    chance = random.Random(seed)
    mixed = []
    for record in records:
        lines = record.ntriples.splitlines(keepends=True)
        chance.shuffle(lines)
        mixed.append(Record(record.graph, b"".join(lines), record.place))
    chance.shuffle(mixed)
    return mixed


def own_records(case: Case) -> list[Record]:
    """Records of a case's own data, and of the parts it wants beside them."""
    records = []
    for path, place in ontology_files(ROOT / "ontology"):
        part = "ontology" if path.name == "dtrack.ttl" else path.parent.name
        if part in case.parts:
            records.append(read_file(path, place, parse_turtle))
    for path in sorted(case.folder.glob("data.*")):
        place = f"{case.query}/{case.folder.name}/{path.name}"
        assert path.suffix in {".ttl", ".trig"}, place
        if path.suffix == ".trig":
            graphs = parse_trig(path.read_bytes(), f"{BASE}/", place)
            records += [Record(name or CASE_GRAPH, text, place) for name, text in graphs.items()]
        else:
            text = parse_turtle(path.read_bytes(), f"{BASE}/", place)
            named = re.findall(rf"<([^>]*)> <[^>]*#type> <{BASE}/ontology#Record> ".encode(), text)
            graph = named[0].decode() if len(named) == 1 else CASE_GRAPH
            records.append(Record(graph, text, place))
    assert any(record.place.startswith(case.query) for record in records), "a case needs data"
    return records


def stores_of(case: Case, folder: Path) -> Iterator[tuple[str, EmbeddedStore]]:
    """Stores with a case's own data: in memory in two orders, and on disk."""
    records = own_records(case)
    for name, store, mixed in (
        ("memory", EmbeddedStore.in_memory(), records),
        ("memory, shuffled", EmbeddedStore.in_memory(), shuffled(records, 2)),
        ("disk", EmbeddedStore.open(folder / "store"), shuffled(records, 3)),
    ):
        with store:
            store.load(mixed)
            if case.derived:
                refresh(store, QUERIES)
            yield name, store


def answer(case: Case, store: EmbeddedStore) -> str:
    """CSV of the rows, with the line ends of a text file."""
    rows = Answers(store, CATALOGUE, QUERIES).query(case.query, case.parameters).rows
    return row_format("csv").write(rows).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda query: query.name)
def test_query_says_itself_in_each_language_of_the_pages(query) -> None:
    for language in words().keys() - {"en"}:
        told = query.translations[language]
        assert told.summary != query.summary
        if language == "zh":
            assert all(HAN.search(text) for text in (told.summary, told.description) if text)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.query}/{c.folder.name}")
def test_query_gives_expected_rows(
    case: Case, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if case.corpus:
        assert not list(case.folder.glob("data.*")), "a case on the corpus has no data of its own"
        disk, memory = request.getfixturevalue("corpus_stores")
        answers = {"disk": answer(case, disk), "memory, shuffled": answer(case, memory)}
    else:
        answers = {name: answer(case, store) for name, store in stores_of(case, tmp_path)}

    first, *others = answers
    for other in others:
        assert answers[other] == answers[first], f"{other} differs from {first}"
    if ACCEPT:
        case.expected.write_text(answers[first], encoding="utf-8")
    assert answers[first] == case.expected.read_text(encoding="utf-8")


def test_there_are_queries_and_cases() -> None:
    assert len(CATALOGUE) >= 3
    assert len(CASES) >= len(CATALOGUE)


def test_every_case_folder_is_a_case_of_a_query() -> None:
    assert [folder for folder in FOLDERS if not (folder / "case.yaml").is_file()] == []
    assert sorted({case.query for case in CASES} - {query.name for query in CATALOGUE}) == []


def test_every_case_says_what_it_is_about() -> None:
    assert [case.folder for case in CASES if len(case.about) < 10] == []


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda q: q.name)
def test_every_query_has_a_case_with_rows(query: object) -> None:
    cases = [case for case in CASES if case.query == query.name]
    rows = [case.expected.read_text(encoding="utf-8").count("\n") - 1 for case in cases]

    assert cases, "no case: add a folder"
    assert max(rows) > 0, "no case has a row"


SAMPLES = {
    ParameterKind.IRI: "https://example.org/a",
    ParameterKind.SYMBOL: "https://example.org/a",
    ParameterKind.KEY: "https://example.org/a",
    ParameterKind.STRING: 'a "b" \\c',
    ParameterKind.LANG: "zh-hans",
    ParameterKind.INTEGER: "10",
    ParameterKind.DECIMAL: "0.5",
    ParameterKind.DATE: "2014-10-17",
    ParameterKind.BOOLEAN: "true",
}


def sample(parameter: Parameter) -> str:
    return parameter.default or SAMPLES[parameter.kind]


class _Anything:
    """A resolver for defaults that are names."""

    def text(self, symbol: str) -> Iri:
        return Iri(f"https://example.org/text/{len(symbol)}")

    def key(self, of: str, key: str) -> Iri:
        return Iri(f"https://example.org/{of}/{len(key)}")


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda q: q.name)
@pytest.mark.parametrize("left_out", [False, True], ids=["all given", "as little as can be"])
def test_two_parsers_read_every_query(query: object, left_out: bool) -> None:
    values = {
        parameter.name: sample(parameter)
        for parameter in query.parameters
        if parameter.is_required or not left_out
    }

    text = bind(query, values, _Anything())

    assert prepareQuery(text)
    found = engine.Store().query(text)
    if query.form is Form.SELECT:
        assert [variable.value for variable in found.variables] == [
            column.name for column in query.columns
        ]


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda q: q.name)
def test_every_parameter_is_described(query: object) -> None:
    assert [each.name for each in query.parameters if not each.description] == []
