"""Graphs of the ontology files, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph


@pytest.fixture(scope="session")
def ontology_file(root: Path) -> Path:
    return root / "ontology" / "dtrack.ttl"


@pytest.fixture(scope="session")
def ontology(ontology_file: Path) -> Graph:
    return Graph().parse(ontology_file)


@pytest.fixture(scope="session")
def alignments(root: Path) -> dict[str, Graph]:
    files = sorted((root / "ontology" / "alignments").glob("*.ttl"))
    return {file.stem: Graph().parse(file) for file in files}
