"""OWL API's own check of the OWL 2 DL profile finds nothing to complain about."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph

from conftest import lacking

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def owl_api(java: str) -> list[str]:
    """Command that checks a file; HermiT's archive holds OWL API."""
    if shutil.which("javac") is None:
        lacking("a Java compiler (`javac`)")
    spec = find_spec("owlready2")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        lacking("owlready2")
    archive = Path(folders[0]) / "hermit" / "HermiT.jar"
    return [java, "-cp", str(archive), str(HERE / "OwlProfile.java")]


def check(command: list[str], graph: Graph, folder: Path) -> tuple[int, list[str]]:
    """Number of logical axioms, and violations of the profile."""
    path = folder / "ontology.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    count, *violations = done.stdout.splitlines()
    return int(count), violations


def merged(ontology: Graph, alignments: dict[str, Graph]) -> Graph:
    """One ontology: OWL API reads one header in a file."""
    graph = Graph()
    graph += ontology
    for alignment in alignments.values():
        header = next(alignment.subjects(RDF.type, OWL.Ontology))
        for triple in alignment:
            if triple[0] != header:
                graph.add(triple)
    return graph


def test_ontology_alone_is_owl_2_dl(owl_api: list[str], ontology: Graph, tmp_path: Path) -> None:
    axioms, violations = check(owl_api, ontology, tmp_path)

    assert violations == []
    assert axioms > 200


def test_ontology_with_alignments_is_owl_2_dl(
    owl_api: list[str], ontology: Graph, alignments: dict[str, Graph], tmp_path: Path
) -> None:
    axioms, violations = check(owl_api, merged(ontology, alignments), tmp_path)

    assert violations == []
    assert axioms > check(owl_api, ontology, tmp_path)[0]


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("dt:partOf a owl:TransitiveProperty", "non-simple"),
        ("dt:Decision rdfs:subClassOf dt:Undeclared", "undeclared class"),
    ],
)
def test_profile_check_can_complain(
    fault: str, complaint: str, owl_api: list[str], ontology: Graph, tmp_path: Path
) -> None:
    copy = Graph()
    copy += ontology
    copy.update(
        "PREFIX dt: <https://w3id.org/dtrack/ontology#>"
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        f"INSERT DATA {{ {fault} }}"
    )

    _, violations = check(owl_api, copy, tmp_path)

    assert any(complaint in violation.lower() for violation in violations), violations
