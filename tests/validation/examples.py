"""The examples in tests/shapes: one folder a rule, with what passes and what fails."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef

from dtrack.model import Finding, Report
from dtrack.validation.reading import read_turtle
from dtrack.validation.reference import validate_graph
from dtrack.validation.shapes import Shapes, read_shapes
from validation.plain_store import BASE, PlainStore

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "shapes"
FOLDER = ROOT / "shapes"
NAMESPACE = "https://w3id.org/dtrack/shapes#"
ONTOLOGY_STYLE = "ontology-style.ttl"
SHARED = ("prefixes.ttl", "scheme.ttl")
FILES = sorted(p for p in FOLDER.glob("*.ttl") if p.name != ONTOLOGY_STYLE)


class Example(NamedTuple):
    """A file of a case folder."""

    rule: str
    fails: bool
    file: Path


def examples() -> list[Example]:
    return [
        Example(file.parent.name, file.name.startswith("fail"), file)
        for file in sorted(CASES.glob("*/*.ttl"))
    ]


def name_of(example: Example) -> str:
    return f"{example.rule}/{example.file.stem}"


def rules_in(graph: Graph) -> set[str]:
    """Names of the shapes that can be the source of a result."""
    found = set()
    for kind in (SH.PropertyShape, SH.NodeShape):
        for shape in graph.subjects(RDF.type, kind):
            own = set(graph.predicates(shape)) - {SH.property}
            constrains = {p for p in own if str(p).startswith(str(SH))} - _NOT_CONSTRAINTS
            if isinstance(shape, URIRef) and constrains:
                found.add(str(shape).removeprefix(NAMESPACE))
    return found


_NOT_CONSTRAINTS = {
    *(SH.path, SH.name, SH.severity, SH.message, SH.group, SH.order),
    *(SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf),
}


@cache
def files_of_rules() -> dict[str, Path]:
    """The file that each rule stands in."""
    return {rule: file for file in FILES for rule in rules_in(read_turtle(file))}


@cache
def shapes_in(file: Path) -> Shapes:
    """Shapes of one file with what it needs of the others."""
    return read_shapes([file, *(FOLDER / name for name in SHARED)])


@cache
def subclasses() -> tuple[tuple[URIRef, URIRef, URIRef], ...]:
    """The ontology's named superclasses, which class targets follow."""
    ontology = read_turtle(ROOT / "ontology" / "dtrack.ttl")
    return tuple(
        (below, RDFS.subClassOf, above)
        for below, above in ontology.subject_objects(RDFS.subClassOf)
        if not isinstance(above, BNode)
    )


def graph_of_file(file: Path) -> Graph:
    graph = Graph()
    graph.parse(data=file.read_text("utf-8"), format="turtle", publicID=BASE)
    for triple in subclasses():
        graph.add(triple)
    return graph


def store_of_file(file: Path) -> PlainStore:
    store = PlainStore()
    store.add(file.read_bytes())
    store.add("\n".join(f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in subclasses()).encode())
    return store


@cache
def reference_report(example: Example) -> Report:
    """What pySHACL says of an example; asked once, looked at by several tests."""
    shapes = shapes_in(files_of_rules()[example.rule])
    return validate_graph(graph_of_file(example.file), shapes)


def reported(report: Report) -> set[str]:
    return {finding.shape.removeprefix(NAMESPACE) for finding in report.findings}


def key(finding: Finding) -> tuple[str, ...]:
    """What two engines must agree on."""
    return (
        finding.focus,
        finding.path,
        finding.shape,
        finding.component,
        finding.severity.value,
        finding.value,
    )
