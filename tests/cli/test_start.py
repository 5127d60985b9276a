"""What a command imports: only the libraries that it works with, for they take the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

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


def imported(home: Path, *arguments: str) -> set[str]:
    """Libraries of ours that a command imports, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", TELLING, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"DTRACK_HOME": str(home), "PYTHONUTF8": "1"},
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["code"] == 0, done.stderr
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
