"""Reference pages: the same each time, complete, and a stale page is found."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SH, SKOS, Graph, URIRef

from dtrack.publish import reference
from dtrack.publish.reference import HAND_WRITTEN, faults, reference_pages, write
from dtrack.publish.reference_graphs import expression, path_of
from dtrack.publish.reference_markdown import MARK, code, plain
from dtrack.publish.reference_queries import read_header
from dtrack.settings import SETTINGS
from dtrack.terms import CODES, DT

if TYPE_CHECKING:
    from pathlib import Path

HELPS = {"": "Usage: dtrack\n", "init": "Usage: dtrack init\n"}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages(HELPS)


@pytest.fixture
def folder(tmp_path: Path, pages: dict[str, str]) -> Path:
    write(tmp_path, pages)
    for name in HAND_WRITTEN:
        (tmp_path / name).write_text("# By hand\n", encoding="utf-8")
    return tmp_path


def test_same_files_give_same_pages_whatever_the_hash_seed(pages: dict[str, str]) -> None:
    script = (
        "import sys, hashlib; from dtrack.publish.reference import reference_pages;"
        f"pages = reference_pages({HELPS!r});"
        "sys.stdout.write(hashlib.sha256(repr(sorted(pages.items())).encode()).hexdigest())"
    )

    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(digests) == 1
    assert len(digests.pop()) == 64
    assert all(text.startswith(MARK) for text in pages.values())


def test_folder_as_written_has_no_faults(folder: Path, pages: dict[str, str]) -> None:
    assert faults(folder, pages) == []


def test_changed_missing_and_superfluous_pages_are_named(
    folder: Path, pages: dict[str, str]
) -> None:
    (folder / "terms.md").write_text(pages["terms.md"] + "A word.\n", encoding="utf-8")
    (folder / "codes.md").unlink()
    (folder / "old.md").write_text(MARK, encoding="utf-8")
    (folder / "overlap.md").unlink()

    assert faults(folder, pages) == [
        "codes.md is missing",
        "old.md is generated no more",
        "overlap.md is missing",
        "terms.md differs",
    ]


def test_writing_removes_only_what_was_generated(folder: Path, pages: dict[str, str]) -> None:
    (folder / "old.md").write_text(MARK, encoding="utf-8")
    (folder / "notes.md").write_text("# Mine\n", encoding="utf-8")

    write(folder, pages)

    assert not (folder / "old.md").exists()
    assert (folder / "notes.md").exists()
    assert (folder / "overlap.md").read_text(encoding="utf-8") == "# By hand\n"


def test_check_writes_nothing_and_says_what_differs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "help_texts", lambda: HELPS)
    before = reference.main(["--check", str(folder)])
    (folder / "shapes.md").write_text("# Changed\n", encoding="utf-8")

    after = reference.main(["--check", str(folder)])

    assert (before, after) == (0, 1)
    assert "shapes.md differs" in capsys.readouterr().err
    assert (folder / "shapes.md").read_text(encoding="utf-8") == "# Changed\n"
    assert reference.main([str(folder)]) == 0
    assert reference.main(["--check", str(folder)]) == 0


def test_every_setting_is_on_its_page(pages: dict[str, str]) -> None:
    assert SETTINGS
    for setting in SETTINGS:
        assert f"`{setting.variable}`" in pages["settings.md"]
        assert setting.help in pages["settings.md"]


def test_every_term_is_on_its_page(pages: dict[str, str], root: Path) -> None:
    graph = Graph().parse(root / "ontology" / "dtrack.ttl")
    terms = {
        str(term).removeprefix(DT)
        for term in graph.subjects(SKOS.definition)
        if str(term).startswith(DT)
    }

    assert len(terms) > 200
    for term in terms:
        assert f'<a id="dt-{term}"></a>' in pages["terms.md"]


def test_every_rule_is_on_its_page(pages: dict[str, str], root: Path) -> None:
    files = sorted((root / "shapes").glob("*.ttl"))
    rules = {
        str(rule).partition("#")[2]
        for path in files
        for rule in Graph().parse(path).subjects(RDF.type, SH.PropertyShape)
        if isinstance(rule, URIRef)
    }

    assert len(rules) > 100
    for rule in rules:
        assert f"| `{rule}` |" in pages["shapes.md"]


def test_every_code_is_on_a_page(pages: dict[str, str], root: Path) -> None:
    files = sorted((root / "ontology" / "codes").glob("*.ttl"))

    assert len(files) > 20
    for path in files:
        graph = Graph().parse(path)
        page = pages.get(f"codes-{path.stem}.md", pages["codes.md"])
        concepts = list(graph.subjects(SKOS.inScheme, URIRef(f"{CODES}/{path.stem}")))
        assert concepts, path.name
        for concept in concepts:
            assert f"`{graph.value(concept, SKOS.notation)}`" in page


def test_every_query_is_on_its_page_with_examples(pages: dict[str, str], root: Path) -> None:
    files = sorted((root / "queries" / "catalogue").glob("*.rq"))

    assert files
    for path in files:
        assert f"## {path.stem}\n" in pages["queries.md"]
        assert f"\ndtrack query {path.stem}" in pages["queries.md"]
        assert f"\nGET /api/v1/queries/{path.stem}" in pages["queries.md"]


def test_header_is_read_as_the_catalogue_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("#+ parameters:\n#+   on: {kind: date, default: 2020-01-01}\nASK {}\n", "utf-8")

    assert read_header(file) == {"parameters": {"on": {"kind": "date", "default": "2020-01-01"}}}


def test_markup_in_texts_stays_text() -> None:
    assert plain("a <b> | *c*\n[d]") == r"a &lt;b&gt; \| \*c\* \[d\]"
    assert code("a|`b`") == r"`` a\|`b` ``"


def test_expressions_and_paths_read_as_in_their_specifications() -> None:
    graph = Graph().parse(
        data="""
        @prefix dt: <https://w3id.org/dtrack/ontology#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:a> owl:equivalentClass [ owl:intersectionOf ( dt:Text
            [ owl:onProperty dt:verb ; owl:someValuesFrom dt:OperativeVerb ]
            [ owl:unionOf ( dt:Goal dt:Target ) ] ) ] ;
          sh:path ( [ sh:inversePath dt:elementOf ] [ sh:zeroOrMorePath
            [ sh:alternativePath ( dt:cites dt:recalls ) ] ] ) .
        """,
        format="turtle",
    )
    subject = URIRef("urn:a")
    found = {str(p).rsplit("#", 1)[-1]: o for p, o in graph.predicate_objects(subject)}

    assert expression(graph, found["equivalentClass"]) == (
        "(dt:Text and (dt:verb some dt:OperativeVerb) and (dt:Goal or dt:Target))"
    )
    assert path_of(graph, found["path"]) == "^dt:elementOf/(dt:cites|dt:recalls)*"
