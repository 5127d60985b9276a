"""Reference page of the shapes: each named rule with its severity, path and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SH, SKOS, URIRef

from dtrack.publish.reference_graphs import key_of, label, name_of, ordered, path_of, read, text
from dtrack.publish.reference_markdown import code, page, plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

STYLE = "ontology-style.ttl"
_HEAD = ["rule", "severity", "path", "message", "why"]
_TARGETS = (
    (SH.targetClass, "each {}"),
    (SH.targetSubjectsOf, "whatever has {}"),
    (SH.targetObjectsOf, "whatever {} points to"),
    (SH.targetNode, "{}"),
)


def shapes_page(folder: Path) -> str:
    """Page of all shape files of a folder; the style rules of the ontology come last."""
    files = sorted(folder.glob("*.ttl"), key=lambda path: (path.name == STYLE, path.name))
    whole = read(files)
    sections: list[str] = []
    count = 0
    for path in files:
        rows, text_of_file = _file(path, whole)
        count += rows
        sections += [text_of_file] if rows else []
    lead = (
        f"{count} rules in {len(files)} files of [shapes](../../shapes). `Violation` refuses a "
        "record, `Warning` and `Info` ask a curator to look. Each rule has examples that pass and "
        "that fail in [tests/shapes](../../tests/shapes)."
    )
    return page("Shapes", lead, [*sections, *_rules(whole)])


def _rules(graph: Graph) -> Iterator[str]:
    """The principles that rules point to."""
    groups = ordered(graph.subjects(RDF.type, SH.PropertyGroup))
    if groups:
        yield "## Why: the principles behind the rules"
        yield table(
            ["principle", "en", "zh"],
            (
                [
                    f'<a id="{key_of(group)}"></a>{code(key_of(group))}',
                    *_principle(graph, group),
                ]
                for group in groups
            ),
        )


def _principle(graph: Graph, group: Node) -> Iterator[str]:
    for tag, stop in (("en", "."), ("zh", "。")):
        title, said = label(graph, group, tag), text(graph, group, SKOS.definition, tag)
        yield f"**{plain(title)}{stop}** {plain(said)}"


def _file(path: Path, whole: Graph) -> tuple[int, str]:
    """How many rules a file names, and its section."""
    graph = read([path])
    lines = [f"## {path.stem}", f"[shapes/{path.name}](../../shapes/{path.name})"]
    told: set[Node] = set()
    for shape in ordered(_named(graph, SH.NodeShape)):
        rules = [
            rule
            for rule in [shape, *ordered(whole.objects(shape, SH.property))]
            if isinstance(rule, URIRef) and whole.value(rule, SH.severity) is not None
        ]
        if not rules:
            continue
        told.update(rules)
        targets = "; ".join(sorted(_targets(whole, shape))) or "what other shapes hand to it"
        lines.append(f"**{code(key_of(shape))}**: {targets}.")
        lines.append(table(_HEAD, (_rule(whole, rule) for rule in rules)))
    rest = ordered(_named(graph, SH.PropertyShape) - told)
    if rest:
        lines.append("Rules that shapes of other files use:")
        lines.append(table(_HEAD, (_rule(whole, rule) for rule in rest)))
    count = len(_named(graph, SH.PropertyShape)) + sum(
        graph.value(shape, SH.severity) is not None for shape in _named(graph, SH.NodeShape)
    )
    return count, "\n\n".join(lines)


def _named(graph: Graph, kind: URIRef) -> set[Node]:
    return {shape for shape in graph.subjects(RDF.type, kind) if isinstance(shape, URIRef)}


def _targets(graph: Graph, shape: Node) -> Iterator[str]:
    for predicate, form in _TARGETS:
        for node in graph.objects(shape, predicate):
            yield form.format(code(name_of(node, graph)))


def _rule(graph: Graph, rule: Node) -> list[str]:
    path = graph.value(rule, SH.path)
    severity = graph.value(rule, SH.severity)
    messages = [plain(text(graph, rule, SH.message, tag)) for tag in ("en", "zh")]
    return [
        code(key_of(rule)),
        key_of(severity) if severity is not None else "Violation",
        code(path_of(graph, path)) if path is not None else "",
        "<br>".join(message for message in messages if message),
        ", ".join(sorted(_why(graph, rule))),
    ]


def _why(graph: Graph, rule: Node) -> Iterator[str]:
    for node in graph.objects(rule, RDFS.seeAlso):
        known = (node, RDF.type, SH.PropertyGroup) in graph
        yield f"[{key_of(node)}](#{key_of(node)})" if known else f"<{node}>"
