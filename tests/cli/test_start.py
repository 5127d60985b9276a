"""What a command imports: only the libraries that it works with, for they take the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from dtrack.cli.commands import COMMANDS

LIBRARIES = {
    "alembic", "bs4", "docx", "fastapi", "httpx", "icalendar", "matplotlib", "numpy",
    "odata_query", "openpyxl", "owlready2", "pyarrow", "pyoxigraph", "pypdf", "pyshacl", "rdflib",
    "scipy", "snowballstemmer", "sqlalchemy", "starlette", "tantivy", "uvicorn",
}  # fmt: skip

TELLING = """
import contextlib, io, json, sys
from dtrack.cli.main import run
with contextlib.redirect_stdout(io.StringIO()) as said:
    code = run(sys.argv[1:])
print(json.dumps({"code": code, "said": said.getvalue(), "modules": list(sys.modules)}))
"""


def told_by(home: Path, code: str, *arguments: str) -> dict[str, Any]:
    """What code tells as JSON, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"DTRACK_HOME": str(home), "PYTHONUTF8": "1"},
        check=True,
    )
    return {"errors": done.stderr, **json.loads(done.stdout)}


def imported(home: Path, *arguments: str) -> set[str]:
    """Libraries of ours that a command imports."""
    told = told_by(home, TELLING, *arguments)
    assert told["code"] == 0, told["errors"]
    assert told["said"]
    return LIBRARIES & set(told["modules"])


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)], ids=" ".join)
def test_what_the_program_says_of_itself_needs_no_library(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert imported(tmp_path, *arguments) == set()


@pytest.mark.parametrize("stand_in", COMMANDS, ids=lambda command: command.name)
def test_list_of_commands_says_what_they_say(stand_in) -> None:
    command = stand_in.real()

    assert isinstance(command, click.Command)
    assert command.name == stand_in.name
    assert command.get_short_help_str(1000) == stand_in.get_short_help_str(1000)


ANSWERED = {
    "resolve": (("resolve", "XII/19"), {"pyoxigraph"}),
    "query": (("query", "options_and_actions"), {"pyoxigraph"}),
    "key list": (("key", "list"), {"pyoxigraph", "sqlalchemy"}),
    "history": (("history",), {"pyoxigraph", "sqlalchemy"}),
    "proposals": (("proposals",), {"pyoxigraph", "sqlalchemy"}),
    "search": (("search", "wetlands"), {"pyoxigraph", "tantivy"}),
    "overlap": (("overlap", "cbd", "ramsar"), {"numpy", "pyoxigraph", "tantivy"}),
    "gaps": (("gaps", "aichi"), {"numpy", "pyoxigraph", "tantivy"}),
}
"""Commands that answer, and all the libraries that they may use for it."""


@pytest.mark.parametrize(("arguments", "libraries"), ANSWERED.values(), ids=ANSWERED)
def test_a_command_imports_only_what_it_answers_with(
    corpus_home: Path, arguments: tuple[str, ...], libraries: set[str]
) -> None:
    assert imported(corpus_home, *arguments) <= libraries


def test_a_server_starts_without_what_few_requests_need(tmp_path: Path) -> None:
    code = "import json, sys, dtrack.web.app; print(json.dumps({'modules': list(sys.modules)}))"
    modules = set(told_by(tmp_path, code)["modules"])

    assert "fastapi" in modules
    assert not modules & {
        "alembic", "bs4", "docx", "icalendar", "matplotlib", "openpyxl", "owlready2", "pyarrow",
        "pypdf", "pyshacl", "scipy",
    }  # fmt: skip


@pytest.mark.parametrize(("flags", "said"), [((), ""), (("-v",), "store validated groups=")])
def test_a_command_says_what_it_does_when_asked(
    tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    told = told_by(tmp_path, TELLING, *flags, "init")

    assert told["code"] == 0
    assert said in told["errors"]
    assert bool(told["errors"]) == bool(said)
    assert "alembic" not in told["errors"]
