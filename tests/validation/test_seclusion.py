"""A process that runs other people's shapes reaches nothing outside itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

_SCRIPT = """
import sys
from dtrack.errors import RefusedError
from dtrack.wiring.seclusion import install, secluded
install()
def attempt():
    {attempt}
with secluded():
    try:
        attempt()
    except RefusedError:
        sys.exit(7)
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "open('/etc/hostname')",
        "open('made.py', 'w')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.remove('/nothing')",
        "import rdflib; rdflib.Graph().parse('/etc/hostname')",
    ],
)
def test_what_is_outside_is_refused(attempt: str, tmp_path) -> None:
    script = _SCRIPT.format(attempt=attempt)

    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=60)

    assert ended.returncode == 7
    assert not list(tmp_path.iterdir())


def test_modules_are_still_imported_and_afterwards_all_is_as_before(tmp_path) -> None:
    script = _SCRIPT.format(attempt="import sqlite3") + "open('made.txt', 'w').close()"

    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=60)

    assert ended.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["made.txt"]
