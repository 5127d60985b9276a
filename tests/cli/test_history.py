"""Looking back and taking back from the command line, on the bundled corpus."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dtrack.cli.main import run

XII_19 = "data/decisions/cbd/cbd-cop-12-19.ttl"
GRAPH = "https://w3id.org/dtrack/graph/decision/cbd-cop-12-19"
ITEM = "https://w3id.org/dtrack/id/provision/cbd-cop-12-19/4.c"


@pytest.fixture(scope="module")
def home(corpus_template: Path, tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Home with three revisions: the corpus, an edit of XII/19, and the edit taken back."""
    folder = tmp_path_factory.mktemp("history")
    home = folder / "home"
    shutil.copytree(corpus_template, home)
    edited = folder / "edited.ttl"
    text = (root / XII_19).read_text("utf-8")
    assert 'dt:summary "' in text
    edited.write_text(text.replace('dt:summary "', 'dt:summary "Edited: ', 1))
    words = ["import", "records", str(edited), "--source", "desk", "--overwrite", "--as", "ana"]
    assert run([*words, "--reason", "Try", "--home", str(home)]) == 0
    assert run(["revert", "2", "--as", "ben", "--home", str(home)]) == 0
    return home


@pytest.fixture
def ask(home: Path, capfd: pytest.CaptureFixture[str]):
    def run_and_read(*words: str) -> tuple[int, str, str]:
        code = run([*words, "--home", str(home)])
        out, err = capfd.readouterr()
        return code, out, err

    return run_and_read


def test_revisions_are_listed(ask) -> None:
    code, out, _ = ask("history", "--json")

    assert code == 0
    told = [(one["number"], one["agent"], one["reason"]) for one in json.loads(out)]
    assert told[:2] == [(3, "ben", "Revert revision 2"), (2, "ana", "Try")]


def test_symbol_shows_the_history_of_its_record(ask) -> None:
    code, out, _ = ask("history", "XII/19")

    assert code == 0
    assert GRAPH in out
    assert "ana (import): Try; +1 -1 triples" in out


def test_provision_says_who_said_each_triple(ask) -> None:
    code, out, _ = ask("history", "--triples", ITEM)

    assert code == 0
    assert "What holds now" in out
    assert f"<{ITEM}>" in out


def test_difference_is_shown_and_told_by_the_exit_code(ask) -> None:
    code, out, _ = ask("diff", "1", "2")
    same, _, _ = ask("diff", "1", "3")

    assert (code, same) == (1, 0)
    assert "Edited: " in out
    assert "1 graph differs: +1 -1 triples" in out


def test_the_one_before_the_last_is_a_revision_and_no_option(ask) -> None:
    assert ask("diff", "-1", "--summary") == ask("diff", "2", "now", "--summary")
    assert ask("diff", "-2", "-1") == ask("diff", "1", "2")
    code, _, err = ask("diff", "1", "--sumary")
    assert code == 2
    assert "No such option" in err


def test_past_revision_answers_as_it_did_then(ask) -> None:
    def summaries(*words: str) -> list[str]:
        code, out, _ = ask("query", "decision_outline", "decision=XII/19", "--json", *words)
        assert code == 0
        return [row["summary"] for row in json.loads(out)["rows"]]

    assert any(text.startswith("Edited: ") for text in summaries("--as-of", "2"))
    assert summaries() == summaries("--as-of", "1")


def test_missing_revision_says_which_there_are(ask) -> None:
    code, _, err = ask("query", "coverage", "--as-of", "77")

    assert code == 1
    assert "from 1 to 3" in err


def test_rebuilt_corpus_has_the_same_digest(ask) -> None:
    _, before, _ = ask("doctor", "--json")
    code, out, _ = ask("rebuild", "--json")

    assert code == 0
    assert json.loads(out)["digest"] == json.loads(before)["store"]["digest"]


def test_corpus_that_was_edited_keeps_the_edit_when_it_is_loaded_again(ask, home: Path) -> None:
    code, out, _ = ask("init", "--json")

    assert code == 0
    assert json.loads(out)["revision"] == 3


def test_key_of_a_contributor_cannot_take_back(
    ask, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = ask("key", "create", "--name", "contributor", "--scope", "propose")
    monkeypatch.setenv("DTRACK_KEY", out.splitlines()[-1])

    code, _, err = ask("revert", "3")

    assert code == 1
    assert "may not publish" in err
    _, doctor, _ = ask("doctor", "--json")
    assert json.loads(doctor)["settings"]["key"]["value"] == "(set)"


def test_backup_is_restored_to_the_same_digest(ask, tmp_path: Path) -> None:
    file = tmp_path / "corpus.backup"
    _, before, _ = ask("doctor", "--json")

    assert ask("backup", str(file))[0] == 0
    code = run(["restore", str(file), "--home", str(tmp_path / "other"), "--json"])

    assert code == 0
    assert run(["doctor", "--home", str(tmp_path / "other")]) == 0
    marker = json.loads(
        next((tmp_path / "other" / "stores").glob("store-*/marker.json")).read_text()
    )
    assert marker["digest"] == json.loads(before)["store"]["digest"]
