"""What people wrote: links lead somewhere, examples run, decisions have their parts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

from dtrack import overlap
from dtrack.catalogue import Catalogue
from dtrack.model import no_progress
from dtrack.settings import SETTINGS
from dtrack.sources.corpus import Corpus
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.wiring.checking import validate_ours

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
HOW_TO = sorted((DOCS / "how-to").glob("*.md"))
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
LINK = re.compile(r"!?\[(?:[^\]\\]|\\.)*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
STATUS = re.compile(r"^Status: \w+, \d{4}-\d\d-\d\d$", re.MULTILINE)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def headings(path: Path) -> list[str]:
    text = re.sub(
        r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    return [line.lstrip("#").strip() for line in text.splitlines() if re.match(r"#+ ", line)]


@cache
def anchors(path: Path) -> frozenset[str]:
    """Places of a page that a link can name: explicit ones, and those of its headings."""
    text = path.read_text(encoding="utf-8")
    slugs = [
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(path)
    ]
    return frozenset(re.findall(r'<a id="([^"]+)">', text)) | frozenset(slugs)


def test_there_is_something_to_test() -> None:
    assert len(WRITTEN) > 15
    assert len(HOW_TO) >= 4
    assert len(DECISIONS) >= 11
    assert sum(len(LINK.findall(path.read_text(encoding="utf-8"))) for path in WRITTEN) > 100


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_links_lead_to_files_and_places_that_exist(path: Path) -> None:
    broken = []
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, place = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (place and place not in anchors(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("path", [path for path in HOW_TO if blocks(path, "sparql")], ids=name)
def test_sparql_of_how_tos_parses(path: Path) -> None:
    for text in blocks(path, "sparql"):
        prepareQuery(text)


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    """The ontology and a few dozen records with what is derived from them."""
    wanted = (
        "instrument/",
        "meeting",
        "framework/",
        "forum/",
        "-12-19",
        "ramsar-",
        "unea-",
        "unep-",
    )
    source = Corpus(ROOT / "ontology", ROOT / "data", parse_turtle)
    records = [
        record
        for record in source.read(no_progress)
        if "/graph/" not in record.graph or any(part in record.graph for part in wanted)
    ]
    store = EmbeddedStore.in_memory()
    store.load(records)
    overlap.refresh(store, ROOT / "queries")
    return store


def test_questions_of_the_sparql_how_to_have_answers(store: EmbeddedStore) -> None:
    questions = blocks(DOCS / "how-to" / "ask-by-sparql.md", "sparql")

    counts = [len(store.select(question)) for question in questions]

    assert len(counts) == 5
    assert all(counts), counts


def test_record_of_the_how_to_conforms(tmp_path: Path) -> None:
    (record,) = blocks(DOCS / "how-to" / "curate-a-decision.md", "turtle")
    file = tmp_path / "whc-15-ext-com-3.ttl"
    file.write_text(record, encoding="utf-8")

    report = validate_ours([file], no_progress)

    assert report.focus_nodes > 5
    assert report.conforms, report.findings


def test_record_of_the_how_to_without_its_tagging_is_refused(tmp_path: Path) -> None:
    (record,) = blocks(DOCS / "how-to" / "curate-a-decision.md", "turtle")
    file = tmp_path / "whc-15-ext-com-3.ttl"
    file.write_text(record.replace("tagging-state/accepted", "tagging-state/refused"), "utf-8")

    assert not validate_ours([file], no_progress).conforms


def test_query_of_the_how_to_is_a_catalogue_query(tmp_path: Path, store: EmbeddedStore) -> None:
    page = DOCS / "how-to" / "add-a-query.md"
    (header,) = blocks(page, "text")
    (body,) = blocks(page, "sparql")
    (tmp_path / "texts_citing_a_text.rq").write_text(header + body, encoding="utf-8")

    (query,) = Catalogue.read(tmp_path)

    assert [parameter.name for parameter in query.parameters] == ["text", "since"]


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_decision_has_its_parts(path: Path) -> None:
    number = int(path.name[:4])
    found = headings(path)

    assert found[0].startswith(f"{number}. ")
    assert STATUS.search(path.read_text(encoding="utf-8"))
    for part in ("Context", "Options", "Decision", "Consequences"):
        assert any(heading.startswith(part) for heading in found), part


def test_each_decision_has_a_number_of_its_own() -> None:
    # Several are written at a time, so a number may be reserved and not yet taken.
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == sorted(set(numbers))
    assert numbers[:18] == list(range(1, 19))


def test_commands_shown_name_commands_that_exist() -> None:
    from dtrack.cli.commands import COMMANDS

    known = {command.name for command in COMMANDS}
    shown = {
        word
        for path in WRITTEN
        for word in re.findall(r"\bdtrack ([a-z]+)\b", "\n".join(blocks(path, "sh")))
    }

    assert shown
    assert shown <= known


def test_settings_shown_exist() -> None:
    known = {setting.variable for setting in SETTINGS} | {
        "DTRACK_TESTS_MUST_RUN",
        "DTRACK_SHARED",
        "DTRACK_ACCEPT",
    }

    shown = {
        word
        for path in WRITTEN
        for word in re.findall(r"\bDTRACK_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }

    assert shown <= known
