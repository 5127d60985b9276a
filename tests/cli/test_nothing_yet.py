"""Before the first load: who only reads says that nothing is there, and leaves nothing behind."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Final

import click
import pytest
from sqlalchemy import create_engine

from dtrack.cli.commands import COMMANDS
from dtrack.cli.main import run
from dtrack.errors import NoStoreError
from dtrack.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READ: Final[dict[str, list[str]]] = {
    "query": ["query", "conventions"],
    "sparql": ["sparql", "QUERY"],
    "resolve": ["resolve", "XII/19"],
    "search": ["search", "wetlands"],
    "overlap": ["overlap", "cbd", "ramsar"],
    "overlap --as-of": ["overlap", "cbd", "ramsar", "--as-of", "1"],
    "gaps": ["gaps", "aichi"],
    "patterns duplicates": ["patterns", "duplicates"],
    "screen": ["screen", "DRAFT"],
    "dump": ["dump"],
    "dump --as-of": ["dump", "--as-of", "1"],
    "release": ["release", "OUT"],
    "proposals": ["proposals"],
    "proposal": ["proposal", "1"],
    "tag": ["tag", "XII/19"],
    "history": ["history"],
    "history of": ["history", "XII/19"],
    "diff": ["diff", "1"],
    "backup": ["backup", "OUT"],
    "doctor": ["doctor"],
    "audit": ["audit"],
    "harvest list": ["harvest", "list"],
    "harvest show": ["harvest", "show", "cbd"],
    # They change what is there, so there must be something.
    "serve": ["serve", "--port", "0"],
    "serve for others": ["serve", "--host", "0.0.0.0", "--port", "0"],
    "serve for others, read-only": ["serve", "--host", "0.0.0.0", "--port", "0", "--read-only"],
    "key revoke": ["key", "revoke", "Anna"],
    "submit": ["submit", "1"],
    "review": ["review", "1", "--approve"],
    "publish": ["publish", "1"],
    "rebase": ["rebase", "1"],
    "revert": ["revert", "1"],
    "withdraw": ["withdraw", "https://example.org/graph"],
    "rebuild": ["rebuild"],
    "harvest run": ["harvest", "run", "--all"],
    "harvest pause": ["harvest", "pause", "cbd"],
    "import sheets": ["import", "sheets", "QUERY"],
    "import decision-text": ["import", "decision-text", "DRAFT"],
}
"""Commands that need a home in which something has begun."""


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """What `serve` sets up writes to the stream of this test, which later ones do not have."""
    loggers = [logging.getLogger(name) for name in ("", "dtrack")]
    before = [(each, list(each.handlers), each.level) for each in loggers]
    yield
    for each, handlers, level in before:
        each.handlers[:] = handlers
        each.setLevel(level)


BEGIN: Final = {"init", "import", "propose", "key", "harvest", "restore"}
"""Those that may begin one."""
APART: Final = {"extract", "validate", "reason", "template", "bench"}
"""Those that do without a home, or have one of their own."""


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """Home that does not exist, in a folder that does not either."""
    return tmp_path / "nowhere" / "home"


@pytest.mark.parametrize("words", READ.values(), ids=READ)
def test_who_needs_data_says_what_to_run_and_leaves_nothing(
    words: list[str], nowhere: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = {name: tmp_path / name.lower() for name in ("QUERY", "DRAFT", "OUT")}
    given["QUERY"].write_text("SELECT * WHERE { ?s ?p ?o } LIMIT 1")
    given["DRAFT"].write_text("1. Invites Parties to restore wetlands.\n")
    before = sorted(tmp_path.iterdir())

    code = run([str(given.get(word, word)) for word in words] + ["--home", str(nowhere)])

    captured = capfd.readouterr()
    assert code == NoStoreError.exit_code, captured
    assert "No data has been loaded yet. Run `dtrack init`" in captured.err
    assert sorted(tmp_path.iterdir()) == before


def test_every_command_is_among_them_or_may_begin_a_home() -> None:
    known = {words[0] for words in READ.values()} | BEGIN | APART

    assert {str(command.name) for command in COMMANDS} == known
    for name in ("key", "harvest"):
        group = next(command for command in COMMANDS if command.name == name).real()
        assert isinstance(group, click.Group)
        inner = {words[1] for words in READ.values() if words[0] == name}
        begins = {"key": {"create", "list"}, "harvest": {"add", "resume", "remove"}}[name]
        assert set(group.commands) == inner | begins


def test_that_there_are_no_keys_is_told_and_leaves_nothing(
    nowhere: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["key", "list", "--home", str(nowhere)]) == 0

    assert "`dtrack key create`" in capfd.readouterr().out
    assert not nowhere.parent.exists()


@pytest.mark.parametrize("act", ["resume", "remove"])
def test_harvests_that_are_not_there_are_not_begun(act: str, nowhere: Path) -> None:
    assert run(["harvest", act, "cbd", "--home", str(nowhere)]) == NoStoreError.exit_code
    assert not nowhere.parent.exists()


def test_doctor_tells_the_settings_all_the_same(
    nowhere: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", "--json", "--home", str(nowhere)]) == NoStoreError.exit_code

    told = json.loads(capfd.readouterr().out)
    assert told["settings"]["home"]["value"] == str(nowhere)
    assert "No data has been loaded yet" in told["store"]["state"]


def test_a_home_with_a_key_and_no_revision_has_no_history(
    nowhere: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["key", "create", "--name", "a", "--scope", "read", "--home", str(nowhere)]) == 0
    assert run(["key", "list", "--home", str(nowhere)]) == 0
    capfd.readouterr()

    assert run(["history", "--home", str(nowhere)]) == NoStoreError.exit_code
    assert "Run `dtrack init`" in capfd.readouterr().err


def test_a_database_without_tables_is_no_journal_yet(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    with create_engine(url).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE other (n INTEGER)")

    with pytest.raises(NoStoreError):
        Journal.open(url, begun=True)
    Journal.open(url).close()
    with Journal.open(url, begun=True) as journal:
        assert journal.last() == 0
