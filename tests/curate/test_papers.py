"""Papers become records: checked, from a named source, the same when they come again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk import DT, desk_settings, make_home, published
from dtrack.cli.main import run
from dtrack.curate.feeds import Import
from dtrack.errors import InputError
from dtrack.stores.building import open_current
from dtrack.terms import BASE
from dtrack.wiring.importing import Options, import_source

TEXTS = Path(__file__).parents[1] / "extraction" / "papers" / "texts"
OPTIONS = f"{BASE}/graph/options-paper/unep-ea-9-inf-14"
ACTION = f"{BASE}/id/action/unep-ea-9-inf-14/2.1.b"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path, root)


def bring(home: Path, *names: str) -> Import:
    files = [str(TEXTS / f"{name}.txt") for name in names]
    return import_source(desk_settings(home), "paper", files, Options("tester", source="papers"))


def test_options_paper_becomes_a_record_that_conforms(home: Path) -> None:
    found = bring(home, "options-en")

    content = published(home, OPTIONS).decode()
    assert found.harvest.rows == {"themes": 2, "options": 4, "actions": 7, "figures": 5}
    assert f"<{ACTION}> <{DT}addressee> <{BASE}/codes/actor/undp> ." in content
    assert f"<{ACTION}> <{DT}supportedBy> <{BASE}/codes/actor/unct> ." in content
    assert f'<{ACTION}> <{DT}sourcePlace> "options-en.txt, line 45" .' in content
    assert f'<{DT}readBy> "paper reader 1"' in content
    assert f"<{DT}belongsToSource> <{BASE}/id/source/papers>" in content
    assert "should test shared modules" not in content


def test_texts_cited_without_a_record_are_left_out_and_told(home: Path) -> None:
    found = bring(home, "options-en")

    assert {remark.about for remark in found.harvest.remarks} == {"BC-14/12", "70/1", "SC-9/11"}
    assert f"<{DT}Citation>" not in published(home, OPTIONS).decode()


def test_themes_enter_as_proposed_taggings_with_the_words(home: Path) -> None:
    bring(home, "statement-en")

    (graph,) = [g for g in graphs(home) if "/statement/" in g]
    content = published(home, graph).decode()
    assert f"<{DT}taggingState> <{BASE}/codes/tagging-state/proposed>" in content
    assert f"<{DT}matchedWords>" in content
    assert f"<{DT}addressesTheme>" not in content


def test_every_kind_of_paper_conforms_and_comes_again_without_a_change(home: Path) -> None:
    names = ("statement-en", "statement-zh", "position-en", "position-zh", "consensus-zh")
    first = bring(home, *names)

    again = bring(home, *names)

    assert first.new == len(names) + 1
    assert first.harvest.rows["sections"] == 12
    assert (again.new, again.changed, again.same) == (0, 0, len(names) + 1)
    assert again.loading is not None
    assert again.loading.revision is None


def test_what_is_no_paper_changes_nothing(home: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleague,\n\nThe fish is late.\n", encoding="utf-8")

    before = graphs(home)

    with pytest.raises(InputError, match="no options paper"):
        import_source(desk_settings(home), "paper", [str(letter)], Options("tester"))

    assert graphs(home) == before


def test_actions_of_unknown_actors_are_named(home: Path, tmp_path: Path) -> None:
    paper = tmp_path / "unknown.txt"
    text = (TEXTS / "options-en.txt").read_text(encoding="utf-8")
    paper.write_text(text.replace("UNDP and the World Bank", "The herons"), encoding="utf-8")

    with pytest.raises(InputError, match=r"no known actor: 2\.1\.b"):
        import_source(desk_settings(home), "paper", [str(paper)], Options("tester"))


def test_taggings_are_accepted_in_bulk_and_then_count(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import, tag, propose, review, publish: from words to a plain triple."""
    bring(home, "options-en")
    there = ["--home", str(home)]

    assert run(["tag", OPTIONS, "--min-confidence", "0.1", "--propose", *there, "--as", "ann"]) == 0
    assert run(["review", "1", "--accept-above", "0.2", "--refuse-below", "0.2",
                "--method", "lexical", *there, "--as", "ann"]) == 0  # fmt: skip
    assert run(["submit", "1", *there, "--as", "ann"]) == 0
    assert run(["review", "1", "--approve", *there, "--as", "ben"]) == 0
    assert run(["publish", "1", *there, "--as", "ben"]) == 0

    content = published(home, OPTIONS).decode()
    assert "tagging-state/accepted" in content
    assert "tagging-state/refused" in content
    assert f"<{DT}addressesTheme> <{BASE}/codes/theme/" in content
    capsys.readouterr()
    assert run(["tag", OPTIONS, "--min-confidence", "0.1", "--json", *there]) == 0
    assert '"found": []' in capsys.readouterr().out


def test_taggings_that_an_import_brought_are_decided_in_bulk(home: Path) -> None:
    bring(home, "statement-en")
    (graph,) = [g for g in graphs(home) if "/statement/" in g]
    there = ["--home", str(home)]
    decide = ["--accept-above", "0.5", "--refuse-below", "0.5"]

    assert run(["tag", graph, "--min-confidence", "1", *decide, *there, "--as", "ann"]) == 0
    assert run(["submit", "1", *there, "--as", "ann"]) == 0
    assert run(["review", "1", "--approve", *there, "--as", "ben"]) == 0
    assert run(["publish", "1", *there, "--as", "ben"]) == 0

    content = published(home, graph).decode()
    assert "tagging-state/proposed" not in content
    assert f"<{DT}addressesTheme>" in content


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "Name graphs or symbols"),
        (["--source", "nobody"], "Nothing has been imported from 'nobody'"),
        (["https://w3id.org/dtrack/id/decision/none"], "No record says anything"),
        (["XII/98", "--min-confidence", "1", "--propose"], "There is nothing to propose"),
    ],
)
def test_tagging_of_nothing_says_what_to_do(
    home: Path, given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["tag", *given, "--home", str(home)]) == 2
    assert said in capsys.readouterr().err


def test_records_are_tagged_by_symbol(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(home, "position-en")

    assert run(["tag", "XII/98", "--min-confidence", "0", "--json", "--home", str(home)]) == 0

    assert json.loads(capsys.readouterr().out)["records"] == 1


def graphs(home: Path) -> tuple[str, ...]:
    with open_current(home) as store:
        return store.graphs()
