"""A revision as one SPARQL update: what leaves, what comes.

The store keeps each triple in its graphs and, once, in the engine's default
graph, which is thus their union - but for the graphs of history, which only
who names them reads. (The engine can show a union itself, but counts a triple
as often as graphs hold it.)
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.errors import SyntaxProblem
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import HISTORY_GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.model import Revision

_UNION: Final = ""
Lines = dict[str, set[bytes]]
"""N-Triples lines per graph IRI; "" is the union."""


def update_of(store: engine.Store, revision: Revision, known: Mapping[str, bytes]) -> str:
    """SPARQL update that brings the graphs of a revision to their new content; "" for none.

    Only differences are in it, so applying a revision twice changes nothing. ``known`` is
    what some graphs hold, in canonical N-Triples; of the others the store is asked.
    Raises SyntaxProblem for content that is not N-Triples.
    """
    leaving: Lines = {}
    coming: Lines = {}
    emptied: set[str] = set()
    for graph, content in revision.changes.items():
        held = known.get(graph)
        if held is None:
            name = engine.NamedNode(graph)
            held = store.dump(format=engine.RdfFormat.N_TRIPLES, from_graph=name) or b""
        old = set(_lines(held))
        new = _canonical(content or b"", old, graph)
        leaving[graph] = old - new
        coming[graph] = new - old
        if old and not new:
            emptied.add(graph)
    return _text(store, leaving, coming, emptied)


def _canonical(content: bytes, known: set[bytes], graph: str) -> set[bytes]:
    """Canonical lines of a content; ``known`` are lines that are canonical.

    Nothing but triples may get into the text of an update, so what is not known is
    parsed: the lines alone where they are N-Triples as we write them, else all of it.
    """
    new = set(_lines(content))
    fresh = new - known
    with suppress(SyntaxProblem):
        if set(_lines(parse_turtle(b"".join(fresh), place=graph))) == fresh:
            return new
    return set(_lines(parse_turtle(content, place=graph)))


def patch_of(store: engine.Store, graph: str, old: set[bytes], new: set[bytes]) -> str:
    """SPARQL update that takes lines out of a graph and puts others in; "" for none.

    To take out what is not there, or put in what is, changes nothing; so neither is
    looked for, and doing it twice is doing it once.
    """
    return _text(store, {graph: old - new}, {graph: new - old}, set())


def _text(store: engine.Store, leaving: Lines, coming: Lines, emptied: set[str]) -> str:
    """SPARQL update that takes lines from graphs and gives lines to graphs."""
    shown = {graph: lines for graph, lines in coming.items() if is_shown(graph)}
    leaving[_UNION] = _leaving_union(store, leaving, shown)
    coming[_UNION] = set().union(*shown.values())
    clauses = [("DELETE DATA", leaving), ("INSERT DATA", coming)]
    updates = [f"{verb} {{\n{_data(lines)}}}" for verb, lines in clauses if any(lines.values())]
    # A graph with nothing in it would go on being listed.
    updates += [f"DROP SILENT GRAPH {engine.NamedNode(graph)}" for graph in sorted(emptied)]
    return " ;\n".join(updates)


def is_shown(graph: str) -> bool:
    """Whether a graph is part of the union that queries read."""
    return not graph.startswith(HISTORY_GRAPHS)


def _lines(ntriples: bytes) -> Iterable[bytes]:
    """Lines of N-Triples text."""
    return ntriples.splitlines(keepends=True)


def _leaving_union(store: engine.Store, leaving: Lines, coming: Lines) -> set[bytes]:
    """Lines that no graph will hold any more."""
    left: dict[bytes, set[str]] = defaultdict(set)
    for graph, lines in leaving.items():
        for line in lines if is_shown(graph) else ():
            left[line].add(graph)
    staying = set().union(*coming.values())
    return {
        line for line, quad in _parsed(left.keys() - staying) if left[line] >= _holders(store, quad)
    }


def _parsed(lines: Iterable[bytes]) -> Iterator[tuple[bytes, engine.Quad]]:
    """Lines of N-Triples, each with its triple."""
    given = list(lines)
    return zip(given, engine.parse(b"".join(given), engine.RdfFormat.N_TRIPLES), strict=True)


def _holders(store: engine.Store, quad: engine.Quad) -> set[str]:
    """IRIs of the graphs that hold a triple now."""
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    names = (q.graph_name.value for q in found if isinstance(q.graph_name, engine.NamedNode))
    return {name for name in names if is_shown(name)}


def _data(lines: Lines) -> str:
    """Quads as the inside of DELETE DATA or INSERT DATA."""
    blocks: list[bytes] = []
    for graph, held in sorted(lines.items()):
        if held:
            block = b"".join(sorted(held))
            blocks.append(
                block
                if graph == _UNION
                else f"GRAPH {engine.NamedNode(graph)} {{\n".encode() + block + b"}\n"
            )
    return b"".join(blocks).decode()
