"""Reference pages of the code lists: small ones on one page, trees on pages of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, SKOS, Literal, Namespace, URIRef

from dtrack.publish.reference_graphs import (
    key_of,
    label,
    name_of,
    notation,
    ordered,
    read,
    text,
    texts,
)
from dtrack.publish.reference_markdown import code, page, plain, table
from dtrack.terms import CODES, DT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

dt = Namespace(DT)
LARGE = ("actor", "theme", "verb")
"""Schemes with a page of their own."""

_TOLD = {
    RDF.type, SKOS.inScheme, SKOS.topConceptOf, SKOS.notation, SKOS.prefLabel, SKOS.definition,
    SKOS.altLabel, SKOS.hiddenLabel, dt.sequence, dt.statusAxis,
}  # fmt: skip


def codes_pages(ontology: Path) -> dict[str, str]:
    """Pages by file name: ``codes.md``, and one for each large scheme."""
    folder = ontology / "codes"
    pages = {"codes.md": _small_page(folder)}
    for name in LARGE:
        graph = read([folder / f"{name}.ttl"])
        pages[f"codes-{name}.md"] = _verbs(graph) if name == "verb" else _tree_page(graph, name)
    return pages


def _concepts(graph: Graph, scheme: URIRef) -> list[Node]:
    """Concepts of a scheme, in their own sequence where they have one, else by key."""

    def order(concept: Node) -> tuple[int, str]:
        place = graph.value(concept, dt.sequence)
        return (int(str(place)) if place is not None else 0, notation(graph, concept))

    return sorted(graph.subjects(SKOS.inScheme, scheme), key=order)


def _title(graph: Graph, scheme: URIRef) -> str:
    english = text(graph, scheme, DCTERMS.title, "en")
    return plain(f"{english} · {text(graph, scheme, DCTERMS.title, 'zh')}")


def _source(name: str) -> str:
    return f"[ontology/codes/{name}.ttl](../../ontology/codes/{name}.ttl)"


def _small_page(folder: Path) -> str:
    names = [path.stem for path in sorted(folder.glob("*.ttl"))]
    parts = [
        "Large lists have their own pages: "
        + ", ".join(f"[{name}](codes-{name}.md)" for name in LARGE)
        + "."
    ]
    for name in names:
        if name not in LARGE:
            parts += _section(read([folder / f"{name}.ttl"]), name)
    lead = (
        f"{len(names)} code lists, each a SKOS scheme in a file of its own; concepts are "
        f"`{CODES}/{{list}}/{{key}}`."
    )
    return page("Codes", lead, parts)


def _section(graph: Graph, name: str) -> Iterator[str]:
    scheme = URIRef(f"{CODES}/{name}")
    yield f"## {name}\n\n**{_title(graph, scheme)}**. {_source(name)}"
    yield plain(text(graph, scheme, DCTERMS.description, "en"))
    yield table(
        ["key", "en", "zh", "definition", "more"],
        (
            [
                code(notation(graph, concept)),
                plain(label(graph, concept, "en")),
                plain(label(graph, concept, "zh")),
                plain(text(graph, concept, SKOS.definition, "en")),
                _more(graph, concept),
            ]
            for concept in _concepts(graph, scheme)
        ),
    )


def _more(graph: Graph, concept: Node) -> str:
    """What else is said of a concept: counts of its forms, values of the rest."""
    said: dict[str, list[str]] = {}
    for predicate, value in graph.predicate_objects(concept):
        if predicate in _TOLD or (
            isinstance(value, Literal) and value.language not in {None, "en"}
        ):
            continue
        name = name_of(predicate, graph).split(":")[-1]
        shown = (
            plain(value) if isinstance(value, Literal) and value.language else _value(graph, value)
        )
        said.setdefault(name, []).append(shown)
    forms = said.pop("verbForm", [])
    lines = [f"{name}: {', '.join(sorted(values))}" for name, values in sorted(said.items())]
    return "; ".join([*lines, *([f"{len(forms)} English forms"] if forms else [])])


def _value(graph: Graph, value: Node) -> str:
    return code(name_of(value, graph) if isinstance(value, URIRef) else str(value))


def _verbs(graph: Graph) -> str:
    scheme = URIRef(f"{CODES}/verb")

    def linked(concept: Node, predicate: URIRef) -> str:
        return ", ".join(
            code(key_of(value)) for value in ordered(graph.objects(concept, predicate))
        )

    def forms(concept: Node) -> str:
        return " / ".join(
            str(len(texts(graph, concept, dt.verbForm, tag))) for tag in ("en", "zh", "fr", "es")
        )

    concepts = _concepts(graph, scheme)
    head = ["key", "zh", "fr", "es", "kind", "force", "modality", "broader", "forms", "definition"]
    rows = (
        [
            code(notation(graph, concept)),
            *(plain(label(graph, concept, tag)) for tag in ("zh", "fr", "es")),
            linked(concept, dt.kind),
            linked(concept, dt.verbForce),
            linked(concept, dt.verbModality),
            linked(concept, SKOS.broader),
            forms(concept),
            plain(text(graph, concept, SKOS.definition, "en")),
        ]
        for concept in concepts
    )
    lead = (
        f"{len(concepts)} verbs, from {_source('verb')}. "
        f"{plain(text(graph, scheme, DCTERMS.description, 'en'))} "
        "Forms are counted in English / Chinese / French / Spanish."
    )
    return page(f"Codes: {_title(graph, scheme)}", lead, [table(head, rows)])


def _tree_page(graph: Graph, name: str) -> str:
    scheme = URIRef(f"{CODES}/{name}")
    concepts = _concepts(graph, scheme)
    tops = sorted(graph.subjects(SKOS.topConceptOf, scheme), key=lambda top: notation(graph, top))
    told: set[Node] = set()
    parts = []
    for top in tops:
        english, chinese = label(graph, top, "en"), label(graph, top, "zh")
        parts.append(
            f"## {plain(english)} · {plain(chinese)}\n\n" + "\n".join(_branch(graph, top, 0, told))
        )
    if set(concepts) - told:
        lost = ", ".join(sorted(notation(graph, concept) for concept in set(concepts) - told))
        raise ValueError(f"No way leads from a top concept of {name} down to: {lost}.")
    parts += _collections(graph)
    lead = (
        f"{len(concepts)} concepts, from {_source(name)}, narrower ones under broader ones; a "
        "concept with several broader ones stands under each, its narrower ones under the first. "
        f"{plain(text(graph, scheme, DCTERMS.description, 'en'))}"
    )
    return page(f"Codes: {_title(graph, scheme)}", lead, parts)


def _branch(graph: Graph, concept: Node, depth: int, told: set[Node]) -> Iterator[str]:
    names = f"{plain(label(graph, concept, 'en'))} · {plain(label(graph, concept, 'zh'))}"
    line = f"{'  ' * depth}- {code(notation(graph, concept))} {names}"
    if concept in told:
        yield f"{line} (see above)"
        return
    told.add(concept)
    yield f"{line}: {plain(text(graph, concept, SKOS.definition, 'en'))}"
    narrower = graph.subjects(SKOS.broader, concept)
    for child in sorted(narrower, key=lambda child: notation(graph, child)):
        yield from _branch(graph, child, depth + 1, told)


def _collections(graph: Graph) -> Iterator[str]:
    collections = ordered(graph.subjects(RDF.type, SKOS.Collection))
    if collections:
        yield "## Collections"
        yield table(
            ["collection", "en", "zh", "members"],
            (
                [
                    code(key_of(collection)),
                    plain(label(graph, collection, "en")),
                    plain(label(graph, collection, "zh")),
                    ", ".join(
                        code(key_of(member))
                        for member in ordered(graph.objects(collection, SKOS.member))
                    ),
                ]
                for collection in collections
            ),
        )
