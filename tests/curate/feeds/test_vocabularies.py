"""Vocabularies, terms of treaties and sheets; and every example of the how-to."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from desk import DECISION, DT, GRAPH, PROVISION, published, state_of
from dtrack.cli.main import run
from dtrack.curate.feeds import Import
from dtrack.errors import SyntaxProblem
from dtrack.stores.plain_triples import read_things
from dtrack.terms import BASE, SKOS
from dtrack.wiring.importing import KINDS

Bring = Callable[..., Import]
TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://v.example/> .
v:words a skos:ConceptScheme ; skos:prefLabel "Words"@en .
v:bog a skos:Concept ; skos:inScheme v:words ; skos:broader v:wet ; skos:notation "12" ;
    skos:prefLabel "bogs"@en, "mires"@en, "tourbi\\u00e8res"@FR .
v:wet a skos:Concept ; skos:inScheme v:words ; skos:prefLabel "lieux humides"@fr ;
    skos:closeMatch <https://w3id.org/dtrack/codes/theme/wetlands> ; skos:related v:none .
<https://w3id.org/dtrack/id/target/gbf-3> skos:closeMatch
    <https://w3id.org/dtrack/id/target/aichi-11>, v:wet .
"""
RDF_XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:skos="http://www.w3.org/2004/02/skos/core#">
  <skos:Concept rdf:about="https://v.example/bog">
    <skos:prefLabel xml:lang="en">bogs</skos:prefLabel>
    <skos:inScheme rdf:resource="https://v.example/words"/>
  </skos:Concept></rdf:RDF>"""
JSON_LD = json.dumps({"@id": "https://v.example/bog", "@type": f"{SKOS}Concept",
                      f"{SKOS}prefLabel": {"@value": "bogs", "@language": "en"},
                      f"{SKOS}inScheme": {"@id": "https://v.example/words"}})  # fmt: skip


@pytest.fixture
def bring(bring_file: Bring) -> Bring:
    return partial(bring_file, source="words")


def test_vocabulary_keeps_its_concepts_and_reaches_ours(home: Path, bring: Bring) -> None:
    found = bring("skos", "words.ttl", TURTLE)

    assert sorted(r.rule for r in found.harvest.remarks) == [
        "label-english", "language", "unknown-concept"
    ]  # fmt: skip
    (graph,) = (g for g in found.harvest.graphs if "/scheme-" in g)
    said = published(home, graph).decode()
    assert f'<https://v.example/bog> <{SKOS}prefLabel> "tourbières"@fr' in said
    assert f"<https://v.example/wet> <{SKOS}closeMatch> <{BASE}/codes/theme/wetlands>" in said
    assert f"<{BASE}/id/target/gbf-3> <{SKOS}closeMatch> <https://v.example/wet>" in said
    assert "v.example/none" not in said
    mapped = published(home, f"{BASE}/graph/mapping-set/words").decode()
    assert mapped.count(f"<{DT}Mapping> .") == 1
    assert f"<{DT}mappingObject> <{BASE}/id/target/aichi-11>" in mapped
    state = state_of(home)
    assert bring("skos", "words.ttl", TURTLE).changed == 0
    assert state_of(home) == state


@pytest.mark.parametrize(("name", "content"), [("w.rdf", RDF_XML), ("w.jsonld", JSON_LD)])
def test_other_forms_of_rdf_give_the_same(bring: Bring, name: str, content: str) -> None:
    found = bring("skos", name, content, dry_run=True)

    assert found.harvest.rows == {name: 1}
    assert any("bogs" in line for lines in found.harvest.graphs.values() for line in lines)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.rdf", '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'),
        ("w.ttl", "<x> <y> ."),
        ("w.txt", TURTLE),
        ("w.jsonld", '{"@context": "https://v.example/context"}'),
    ],
)
def test_what_is_no_vocabulary_is_refused(name: str, content: str) -> None:
    with pytest.raises(SyntaxProblem) as told:
        read_things(content.encode(), name)

    assert told.value.remedy


def test_flat_vocabulary_is_told(bring: Bring) -> None:
    flat = re.sub(r"skos:broader v:wet ;|, \"mires\"@en|; skos:related v:none", "", TURTLE)

    found = bring("skos", "words.ttl", flat, dry_run=True)

    assert "all-top" in {remark.rule for remark in found.harvest.remarks}


def test_terms_of_treaties_point_at_themes(home: Path, bring: Bring) -> None:
    rows = "TRE-000118, wetlands\nTRE-000118,no such term\nTRE-000118,wetlands\nsomething,else\n"

    found = bring("treaty-terms", "terms.csv", rows)

    told = sorted(remark.rule for remark in found.harvest.remarks)
    assert told == ["duplicate-row", "row", "unknown-term"]
    said = published(home, f"{BASE}/graph/entry/words/treaty-terms").decode()
    assert f"{BASE}/id/entry/words/tre-000118> <http://purl.org/dc/terms/subject> " in said
    assert '"keyword=no such term"' in said


SHEETS = {
    "decisions": "key,instrument,type,symbol,title,meeting,adopted\n"
    "cbd-cop-12-97,cbd,decision,XII/97,Made up,cbd-cop-12,2014-10-17\n",
    "taggings": "provision,tag,method,confidence,author\n"
    "cbd-cop-12-98/1,aichi-11,lexical,0.4,somebody\n",
    "mappings": "subject,predicate,object,justification,confidence,author\n"
    "aichi-11,closeMatch,gbf-3,LexicalMatching,0.7,somebody\n",
    "status": "thing,axis,value,from,evidence,asserted_by\n"
    "cbd-cop-12-98/1,legal-force,retired,2022-12-19,https://e.example/,somebody\n",
}


@pytest.mark.parametrize("kind", SHEETS)
def test_sheets_join_their_records_once(
    home: Path, tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"{kind}.csv"
    path.write_text(SHEETS[kind], encoding="utf-8")
    words = ["import", "sheets", str(path), "--home", str(home)]
    before = state_of(home)

    assert run([*words, "--dry-run"]) == 0
    assert state_of(home) == before
    assert run(words) == 0
    after = state_of(home)
    assert after[1] == before[1] + 1
    assert run([*words, "--json"]) == 0
    assert state_of(home) == after
    assert '"revision": null' in capfd.readouterr().out


def test_sheet_with_a_fault_names_the_cell_and_changes_nothing(
    home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "status.csv"
    path.write_text(SHEETS["status"].replace("retired", "tired"), encoding="utf-8")
    before = published(home)

    assert run(["import", "sheets", str(path), "--home", str(home)]) == 2

    assert "cell C2" in capfd.readouterr().err
    assert published(home) == before
    assert PROVISION.encode() in published(home, GRAPH)
    assert DECISION.encode() in published(home, GRAPH)


def examples(root: Path) -> dict[str, str]:
    """Example of each kind in the table of the how-to."""
    text = (root / "docs" / "how-to" / "import-feeds.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([\w-]+)` \|.*\| `dtrack ([^`]+)` \|$", text, re.MULTILINE))


def test_every_kind_is_shown_in_a_how_to(root: Path) -> None:
    texts = [path.read_text("utf-8") for path in (root / "docs" / "how-to").glob("*.md")]
    shown = {kind for text in texts for kind in re.findall(r"dtrack import ([\w-]+)", text)}

    assert shown >= {*KINDS, "records", "sheets"}


@pytest.mark.parametrize(
    "kind",
    ["informea", "cbd-tree", "memberships", "mappings", "skos", "targets", "target-pairs",
     "treaty-terms", "sheets"],
)  # fmt: skip
def test_examples_of_the_how_to_run(
    kind: str, root: Path, shared: Path, corpus_home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "trees.json").write_text(json.dumps({"code": "CBD/COP/12/19", "nodes": []}))
    (tmp_path / "words.ttl").write_text(TURTLE, encoding="utf-8")
    (tmp_path / "taggings.xlsx").write_text(SHEETS["taggings"].replace("12-98/1", "12-19/5"))
    words = shlex.split(examples(root)[kind])
    for number, word in enumerate(words):
        if (tmp_path / word).is_file():
            words[number] = str(tmp_path / word)
        words[number] = words[number].replace("../shared", str(shared))
    monkeypatch.chdir(root)

    assert run([*words, "--dry-run", "--home", str(corpus_home)]) == 0
