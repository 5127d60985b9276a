"""Decision texts become records: imported once, diffed after, kept apart from curated ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dtrack.cli.main import run
from dtrack.settings import load_settings
from dtrack.stores.building import open_current
from dtrack.wiring.reading import store_marker

VOLUME = """Report of the Conference of the Parties on its thirty-fifth session

Contents

Decisions
1/CP.35   Mapping of wells
2/CP.35   Training for observers

Decision 1/CP.35
Mapping of wells

The Conference of the Parties,

Recalling decision 3/CP.8 and decision XII/19 of the Convention on Biological Diversity,

1. Requests the secretariat to draw a map of wells by 2036, and invites Parties to help;

2. Encourages Parties to carry out capacity-building for well keepers, in accordance with \
decision 2/CP.35, paragraph 1;

3. Requests the Adaptation Committee:

(a) To advise on ecosystem restoration;

(b) To report on it, in the light of General Assembly resolution 40/243.

12 December 2034

Decision 2/CP.35
Training for observers

The Conference of the Parties,

1. Invites developed country Parties to pay for capacity-building and training.

12 December 2034
"""
SOURCE = "test volumes"


@pytest.fixture
def home(corpus_template: Path, tmp_path: Path) -> Path:
    """A copy of the corpus that may be written to, for one test alone."""
    copy = tmp_path / "home"
    shutil.copytree(corpus_template, copy, symlinks=True)
    return copy


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    path = tmp_path / "volume.txt"
    path.write_text(VOLUME, encoding="utf-8")
    return path


@pytest.fixture
def bring(home: Path, volume: Path, capsys: pytest.CaptureFixture[str]):
    """Import files, by default the volume, and give the report."""

    def call(*words: str, files: tuple[Path, ...] = (), source: str = SOURCE) -> dict:
        paths = map(str, files or (volume,))
        options = ["--home", str(home), "--source", source, "--json", *words]
        assert run(["import", "decision-text", *paths, *options]) == 0
        return json.loads(capsys.readouterr().out)

    return call


def rows(home: Path, query: str) -> list[dict[str, str]]:
    prefixes = (
        "PREFIX dt: <https://w3id.org/dtrack/ontology#> "
        "PREFIX dcterms: <http://purl.org/dc/terms/> "
        "PREFIX p: <https://w3id.org/dtrack/id/provision/unfccc-cp-35-1/> "
    )
    with open_current(home) as store:
        return list(store.select(prefixes + query).texts())


def test_a_dry_run_reports_and_stores_nothing(bring, home: Path) -> None:
    told = bring("--dry-run")

    assert (told["graphs"]["new"], told["revision"]) == (4, None)
    assert rows(home, "SELECT ?n WHERE { p:1 dt:number ?n }") == []


def test_a_volume_becomes_records_of_its_source(bring, home: Path) -> None:
    told = bring()

    assert (told["listed"], told["found"]) == (2, 2)
    assert [each["became"] for each in told["outcomes"]] == ["record", "record"]
    citations = told["citations"]
    assert (citations["inside"], citations["held"], citations["to_stubs"]) == (1, 1, 1)
    assert [each["symbol"] for each in citations["unresolved"]] == ["40/243"]
    assert told["candidates"] >= 2
    found = rows(
        home,
        "SELECT ?verb ?place ?words ?reader ?stub WHERE { GRAPH ?g { ?g dt:readBy ?reader . "
        "p:2 dt:sourcePlace ?place ; dt:text ?words . ?e dt:elementOf p:2 ; dt:verb ?verb } "
        "?stub dt:symbol '3/CP.8' }",
    )
    assert len(found) == 1
    assert found[0]["verb"].endswith("/encourages")
    assert found[0]["place"] == "volume.txt, line 18"
    assert found[0]["words"].startswith("Encourages Parties")
    assert found[0]["reader"].startswith("dtrack decision-text ")


def test_the_store_holds_to_the_letter_what_the_journal_has(bring, home: Path) -> None:
    bring()

    assert store_marker(load_settings({"home": home}, {}), check=True).revision > 1


def test_the_same_again_changes_nothing(bring) -> None:
    bring()

    told = bring()

    assert (told["revision"], told["graphs"]["changed"], told["graphs"]["new"]) == (None, 0, 0)


def test_an_edited_source_changes_only_what_was_edited(bring, volume: Path) -> None:
    bring()
    longer = VOLUME.replace("Contents\n", "Note by the editor\n\nContents\n")
    volume.write_text(longer.replace("a map of wells", "maps of wells"), encoding="utf-8")

    told = bring()

    assert (told["graphs"]["changed"], told["graphs"]["new"]) == (1, 0)
    assert told["revision"] is not None


def test_candidates_are_accepted_in_bulk_and_stay_so(bring, home: Path, capsys) -> None:
    bring()
    theme = "SELECT ?t WHERE { p:2 dt:addressesTheme ?t }"
    assert rows(home, theme) == []
    at = ["--home", str(home)]

    words = ["--source", SOURCE, "--accept-above", "0.5", "--as", "ann"]
    assert run(["tag", *words, *at]) == 0
    assert run(["submit", "1", "--as", "ann", *at]) == 0
    assert run(["review", "1", "--approve", "--as", "ben", *at]) == 0
    assert run(["publish", "1", "--as", "ben", *at]) == 0
    capsys.readouterr()

    assert any(row["t"].endswith("/capacity-building") for row in rows(home, theme))
    told = bring()
    assert (told["revision"], told["kept"], told["graphs"]["changed"]) == (None, [], 0)


def test_a_curated_record_is_kept_and_what_it_lacks_is_added(bring, home: Path, tmp_path) -> None:
    text = (
        "XII/19. Ecosystems\n\nThe Conference of the Parties,\n\n"
        "1. Urges Parties to keep hedges;\n\n"
        "17. Invites Parties to plant trees.\n"
    )
    path = tmp_path / "again.txt"
    path.write_text(text, encoding="utf-8")

    told = bring(files=(path,), source="another reading")

    outcome = told["outcomes"][0]
    assert (outcome["became"], outcome["provisions"]) == ("added", 1)
    assert any(
        each["provision"] == "1" and each["what"] == "verbs" and each["text"] == ["urges"]
        for each in outcome["differences"]
    )
    found = rows(
        home,
        "SELECT ?n WHERE { ?p dt:ofText <https://w3id.org/dtrack/id/decision/cbd-cop-12-19> ; "
        "dt:number ?n FILTER(?n IN ('1', '17')) } ORDER BY ?n",
    )
    assert [row["n"] for row in found] == ["1", "17"]


def test_decision_xii_19_says_what_its_curated_record_says(bring, shared: Path) -> None:
    seed = next((shared / "data" / "seeds").glob("002_*"))

    told = bring("--dry-run", files=(seed,), source="seed")

    outcome = told["outcomes"][0]
    assert (outcome["became"], outcome["differences"]) == ("kept", [])
    assert told["graphs"]["new"] == 0


def test_a_proposal_holds_the_candidates_for_review(bring, tmp_path) -> None:
    path = tmp_path / "third.txt"
    path.write_text(VOLUME.replace("CP.35", "CP.36"), encoding="utf-8")

    told = bring("--as", "proposals", "--as", "ann", files=(path,), source="proposed")

    assert (told["revision"], told["proposal"]) == (None, 1)


def test_a_data_file_among_documents_is_skipped_and_told(bring, volume: Path, tmp_path) -> None:
    data = tmp_path / "questions.json"
    data.write_text('[{"question": "Which decision?"}]', encoding="utf-8")

    told = bring(files=(volume, data))

    assert [each["skipped"] for each in told["files"]] == [
        "",
        "it is JSON data, not the text of a decision",
    ]


def test_a_source_is_withdrawn_in_one_step(bring, home: Path, capsys) -> None:
    bring()

    assert run(["withdraw", "--source", SOURCE, "--home", str(home)]) == 0

    assert "4 graphs changed" in capsys.readouterr().out
    assert rows(home, "SELECT ?n WHERE { p:1 dt:number ?n }") == []
