"""Reference page of the vocabulary: every class and property, in the file's reading order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, SKOS, Namespace, URIRef

from dtrack.publish.reference_graphs import expression, label, name_of, read, text, texts
from dtrack.publish.reference_markdown import code, page, plain
from dtrack.terms import DT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

SCHEMA = Namespace("https://schema.org/")
_BANNER = re.compile(r"^#{20,}\n# (.+)\n#{20,}$", re.MULTILINE)
_TERM = re.compile(r"^dt:(\w+) a ", re.MULTILINE)
_SUPER = (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)
_MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_WORDS = {
    RDFS.subClassOf: "sub-class of",
    RDFS.subPropertyOf: "sub-property of",
    OWL.equivalentClass: "equivalent to",
    OWL.equivalentProperty: "equivalent to",
    SKOS.exactMatch: "exact match",
    SKOS.closeMatch: "close match",
    SKOS.broadMatch: "broad match",
    SKOS.narrowMatch: "narrow match",
    SKOS.relatedMatch: "related match",
}


def terms_page(ontology: Path) -> str:
    """Page of the terms of ``ontology/dtrack.ttl``, with their alignments."""
    source = ontology / "dtrack.ttl"
    graph = read([source])
    aligned = read(sorted((ontology / "alignments").glob("*.ttl")))
    parts = list(_parts(source.read_text(encoding="utf-8"), graph, aligned))
    version = graph.value(URIRef(DT.removesuffix("#")), OWL.versionInfo)
    lead = (
        f"The vocabulary `dt:` = <{DT}>, version {version}: "
        f"{sum(part.startswith('### ') for part in parts)} terms, from "
        "[ontology/dtrack.ttl](../../ontology/dtrack.ttl); what they align with is from "
        "[ontology/alignments](../../ontology/alignments). What a record must hold is said by "
        "the [shapes](shapes.md), not here."
    )
    return page("Terms", lead, parts)


def _parts(source: str, graph: Graph, aligned: Graph) -> Iterator[str]:
    """Section titles and terms, in the order of the file."""
    found = [(m.start(), f"## {m[1]}", "") for m in _BANNER.finditer(source)]
    found += [(m.start(), "", m[1]) for m in _TERM.finditer(source)]
    for _, title, name in sorted(found):
        yield title or _term(URIRef(DT + name), name, graph, aligned)


def _linked(node: Node, graph: Graph) -> str:
    if isinstance(node, URIRef) and str(node).startswith(DT):
        local = str(node)[len(DT) :]
        return f"[{code('dt:' + local)}](#dt-{local})"
    return code(expression(graph, node))


def _row(title: str, values: list[str]) -> list[str]:
    return [f"- {title}: {', '.join(values)}"] if values else []


def _term(term: URIRef, name: str, graph: Graph, aligned: Graph) -> str:
    def linked(predicate: URIRef) -> list[str]:
        return sorted(_linked(node, graph) for node in graph.objects(term, predicate))

    kinds = [name_of(kind, graph).removeprefix("owl:") for kind in graph.objects(term, RDF.type)]
    names = f"**{plain(label(graph, term, 'en'))}** · {plain(label(graph, term, 'zh'))}"
    lines = [
        f"### {name}",
        "",
        f'<a id="dt-{name}"></a>{names} ({", ".join(sorted(kinds))})',
        "",
        plain(text(graph, term, SKOS.definition, "en")),
        "",
        plain(text(graph, term, SKOS.definition, "zh")),
        "",
        *[f"- Note: {plain(note)}" for note in texts(graph, term, SKOS.scopeNote, "en")],
        *[f"- Example: {plain(example)}" for example in texts(graph, term, SKOS.example, "en")],
    ]
    for predicate in _SUPER:
        lines += _row(_WORDS[predicate].capitalize(), linked(predicate))
    lines += _row("Disjoint with", linked(OWL.disjointWith))
    lines += _row("Inverse of", linked(OWL.inverseOf))
    lines += _row("Of", linked(RDFS.domain) or linked(SCHEMA.domainIncludes))
    lines += _row("Values", linked(RDFS.range) or linked(SCHEMA.rangeIncludes))
    alignments = [
        said
        for predicate in (*_SUPER, *_MATCHES)
        for said in sorted(
            f"{_WORDS[predicate]} {code(expression(aligned, node))}"
            for node in aligned.objects(term, predicate)
        )
    ]
    lines += _row("Alignment", alignments)
    return "\n".join(lines)
