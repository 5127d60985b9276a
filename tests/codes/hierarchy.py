"""A code scheme read from its Turtle file, and what tests ask of its hierarchy."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS

ROOT = Path(__file__).resolve().parents[2]
CODES = "https://w3id.org/dtrack/codes"
DT = "https://w3id.org/dtrack/ontology#"
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


@dataclass(frozen=True)
class Scheme:
    """One scheme: its graph, and its concepts by key."""

    name: str
    graph: Graph
    keys: tuple[str, ...]
    broader: dict[str, tuple[str, ...]] = field(repr=False)
    by_label: dict[str, frozenset[str]] = field(repr=False)

    def iri(self, key: str) -> URIRef:
        return URIRef(f"{CODES}/{self.name}/{key}")

    def key(self, iri: object) -> str:
        return str(iri).removeprefix(f"{CODES}/{self.name}/")

    def labels(self, key: str, language: str, *properties: URIRef) -> set[str]:
        """Texts of a concept in one language; of all three label properties by default."""
        return {
            str(value)
            for name in properties or LABELS
            for value in self.graph.objects(self.iri(key), name)
            if isinstance(value, Literal) and value.language == language
        }

    def notations(self, key: str) -> set[str]:
        return {str(value) for value in self.graph.objects(self.iri(key), SKOS.notation)}

    def ancestors(self, key: str) -> set[str]:
        """Keys of all broader concepts; of the concept itself only where there is a cycle."""
        found: set[str] = set()
        waiting = list(self.broader[key])
        while waiting:
            parent = waiting.pop()
            if parent not in found:
                found.add(parent)
                waiting.extend(self.broader[parent])
        return found

    def depth(self, key: str) -> int:
        """Length of the longest way up, counting the concept itself."""
        return 1 + max((self.depth(parent) for parent in self.broader[key]), default=0)


@cache
def scheme(name: str) -> Scheme:
    """The scheme kept in ``ontology/codes/{name}.ttl``."""
    graph = Graph().parse(ROOT / "ontology" / "codes" / f"{name}.ttl", format="turtle")
    prefix = f"{CODES}/{name}/"
    keys = sorted(str(s).removeprefix(prefix) for s in graph.subjects(RDF.type, SKOS.Concept))
    broader = {
        key: tuple(
            sorted(
                str(parent).removeprefix(prefix)
                for parent in graph.objects(URIRef(prefix + key), SKOS.broader)
            )
        )
        for key in keys
    }
    by_label: dict[str, set[str]] = defaultdict(set)
    for label in LABELS:
        for subject, value in graph.subject_objects(label):
            if (subject, RDF.type, SKOS.Concept) in graph:
                by_label[str(value).casefold()].add(str(subject).removeprefix(prefix))
    return Scheme(
        name,
        graph,
        tuple(keys),
        broader,
        {label: frozenset(named) for label, named in by_label.items()},
    )


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated facts file without quoting, cells trimmed."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    return [
        {name: cell.strip() for name, cell in zip(head, line.split("\t"), strict=False)}
        for line in lines[1:]
    ]


def words(cell: str) -> list[str]:
    """Parts of a cell that holds several, separated by semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]
