"""Reference pages of the program: what `--help` says of each command, and the settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from dtrack.errors import InputError
from dtrack.publish.reference_markdown import block, code, page, table
from dtrack.settings import CONFIG_FILE, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = "100"
_ASK_ALL = """
import contextlib, io, json
from dtrack.cli.main import cli
def said(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.main(args=[*words, "--help"], prog_name="dtrack", standalone_mode=False)
    return out.getvalue()
print(json.dumps({"": said()} | {name: said(name) for name in sorted(cli.commands)}))
"""
"""One process for all: the program takes longer to start than to say its help."""


def help_texts() -> dict[str, str]:
    """Help of the program (key "") and of each command, asked of it as a process of its own.

    Raises InputError when the program cannot say it.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DTRACK_")}
    # The same width and no colours, whoever asks from wherever.
    environment = kept | {"COLUMNS": _WIDTH, "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _ASK_ALL],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise InputError(f"`dtrack --help` failed: {last}")
    helps: dict[str, str] = json.loads(done.stdout)
    for name, said in helps.items():
        if not said.startswith("Usage: dtrack"):
            raise InputError(f"`{' '.join(['dtrack', name, '--help'])}` says nothing.")
    return helps


def commands_page(helps: Mapping[str, str]) -> str:
    """Page of all commands."""
    names = [name for name in helps if name]
    lead = (
        f"{len(names)} commands: {', '.join(f'[{name}](#dtrack-{name})' for name in names)}. "
        "What each one prints with `--help`; where a value comes from is said by the "
        "[settings](settings.md)."
    )
    parts = [
        f"## {' '.join(['dtrack', name]).strip()}\n\n{block(said, 'text')}"
        for name, said in helps.items()
    ]
    return page("Commands", lead, parts)


def settings_page() -> str:
    """Page of all settings."""
    lead = (
        "A command-line flag goes before the environment, the environment before "
        f"`{CONFIG_FILE}` in the current folder, that before the default. `dtrack doctor` shows "
        "each value in force with its origin."
    )
    rows = ([code(s.name), code(s.variable), code(s.default), s.help] for s in SETTINGS)
    example = "\n".join(f'{s.name} = "{s.default}"' for s in SETTINGS[:2])
    return page(
        "Settings",
        lead,
        [
            table([f"in {code(CONFIG_FILE)}", "in the environment", "default", "meaning"], rows),
            f"A `{CONFIG_FILE}`:",
            block(example, "toml"),
        ],
    )
