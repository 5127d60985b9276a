"""The wheel alone, in an empty environment, is a working dtrack."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import lacking


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(root)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_carries_the_root_folders(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    for folder in ("ontology", "shapes", "queries", "data"):
        files = {
            f"dtrack/_root/{path.relative_to(root).as_posix()}"
            for path in (root / folder).rglob("*")
            if path.is_file() and path.suffix in {".ttl", ".rq", ".tsv"}
        }
        assert files
        assert files <= names
    assert "dtrack/py.typed" in names
    assert not [name for name in names if name.startswith("tests/")]


def test_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    program = environment / "bin" / "dtrack"
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    installed = subprocess.run([*pip, str(wheel)], capture_output=True, text=True, check=False)
    if "No matching distribution" in installed.stderr or "connection" in installed.stderr.lower():
        lacking("a package index that pip can reach")
    assert installed.returncode == 0, installed.stderr
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DTRACK_", "PYTHON"))}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(program), *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )

    loaded = run("init")
    resolved = run("resolve", "XII/19")
    matrix = run("overlap", "--matrix", "--group", "biodiversity")
    plotted = run("overlap", "--matrix", "--plot", "m.svg")

    assert loaded.returncode == 0, loaded.stderr
    assert resolved.stdout.startswith("https://w3id.org/dtrack/id/decision/cbd-cop-12-19\n")
    assert "ramsar" in matrix.stdout
    # Optional parts that are not there are named, with how to get them.
    assert plotted.returncode == 3
    assert "pip install 'dtrack[plot]'" in plotted.stderr
