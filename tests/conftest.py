"""What all tests share: where things are, and how a test says what it lacks.

A test that needs Java, ``../shared`` or a program asks one of these fixtures.
Without it the test is skipped with the reason; with DTRACK_TESTS_MUST_RUN set
(as in CI, which has them all) it fails instead.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import parity
from dtrack.model import no_progress
from dtrack.settings import load_settings
from dtrack.wiring.writing import load_corpus

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--parity", metavar="FILE", help="write the table of stores to a file too")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the rows and milliseconds of the catalogue on each store, where it was asked."""
    told = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, value in report.user_properties
        if name == parity.PROPERTY
    ]
    text = parity.table(told)
    if text:
        terminalreporter.section("the catalogue on each store")
        terminalreporter.write(text)
        if config.getoption("--parity"):
            Path(config.getoption("--parity")).write_text(text, encoding="utf-8")


def lacking(what: str) -> None:
    """Skip the running test loudly, or fail it where nothing may be skipped."""
    if os.environ.get("DTRACK_TESTS_MUST_RUN"):
        pytest.fail(f"this machine must have everything, but lacks {what}")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real input beside the checkout (DTRACK_SHARED says where else)."""
    folder = Path(os.environ.get("DTRACK_SHARED", ROOT.parent / "shared"))
    if not (folder / "data" / "README.md").is_file():
        lacking("the folder ../shared with real input")
    return folder


@pytest.fixture(scope="session")
def java() -> str:
    """Path of the Java runtime that HermiT needs."""
    program = shutil.which("java")
    if program is None:
        lacking("a Java runtime (`java`)")
    return str(program)


@pytest.fixture(scope="session")
def corpus_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home with the bundled corpus, loaded once for all test processes, to be copied only.

    Nobody opens it: a service that runs over a home makes and removes files in it, and a
    copy taken meanwhile fails or is torn.
    """
    base = tmp_path_factory.getbasetemp()
    shared_base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home = shared_base / "corpus-home"
    with (shared_base / "corpus-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "current").is_file():
            load_corpus(load_settings({"home": home}, {}), None, no_progress)
    return home


@pytest.fixture(scope="session")
def corpus_home(corpus_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home with the bundled corpus that this test process may open, to read only.

    A test that writes copies ``corpus_template``.
    """
    home = tmp_path_factory.mktemp("corpus") / "home"
    shutil.copytree(corpus_template, home)
    return home


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see defaults, whatever the developer's shell has set."""
    for name in list(os.environ):
        if name.startswith("DTRACK_") and name not in {
            "DTRACK_TESTS_MUST_RUN",
            "DTRACK_SHARED",
            "DTRACK_ACCEPT",
        }:
            monkeypatch.delenv(name)
