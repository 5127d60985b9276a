"""Property paths taken apart: which predicates a path reads, and how far from its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rdflib import RDF, SH, URIRef, Variable
from rdflib.collection import Collection
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

_POSTFIX: Final[dict[URIRef, Literal["*", "+", "?"]]] = {
    SH.zeroOrMorePath: "*",
    SH.oneOrMorePath: "+",
    SH.zeroOrOnePath: "?",
}

Step = URIRef | Path
"""Path or predicate; a query's variable predicate is read as one that may be any."""


class Piece(NamedTuple):
    """A predicate that a path reads.

    ``before`` is the path from the start to the triple, ``after`` that from the
    triple to the end, each "" for none. ``predicate`` is "" when any predicate
    is read. When it is read ``backwards`` the path enters by the triple's object.
    """

    before: str
    predicate: str
    after: str
    backwards: bool


def walk(graph: Graph, path: Node) -> Step:
    """Path of a shapes graph as rdflib's queries have it. The path is known to be well formed."""
    if isinstance(path, URIRef):
        return path
    if (path, RDF.first, None) in graph:
        return SequencePath(*(walk(graph, part) for part in Collection(graph, path)))
    if (one := graph.value(path, SH.inversePath)) is not None:
        return InvPath(walk(graph, one))
    if (several := graph.value(path, SH.alternativePath)) is not None:
        return AlternativePath(*(walk(graph, part) for part in Collection(graph, several)))
    predicate, mark = next(
        (name, mark) for name, mark in _POSTFIX.items() if (path, name, None) in graph
    )
    return MulPath(walk(graph, graph.value(path, predicate) or path), mark)


def pieces(path: Step | Variable) -> Iterator[Piece]:
    """All predicates that a path reads."""
    path = _forward(path)
    if isinstance(path, URIRef):
        yield Piece("", str(path), "", backwards=False)
    elif isinstance(path, InvPath):
        yield Piece("", str(path.arg), "", backwards=True)
    elif isinstance(path, AlternativePath):
        for branch in path.args:
            yield from pieces(branch)
    elif isinstance(path, SequencePath):
        for place, part in enumerate(path.args):
            before, after = _joined(path.args[:place]), _joined(path.args[place + 1 :])
            yield from (_within(before, piece, after) for piece in pieces(part))
    elif isinstance(path, MulPath):
        again = "" if path.mod == "?" else f"({text(path.path)})*"
        yield from (_within(again, piece, again) for piece in pieces(path.path))
    else:
        yield Piece("", "", "", backwards=False)


def _joined(parts: Iterable[Step]) -> str:
    return "/".join(f"({text(part)})" for part in parts)


def text(path: Step | Variable) -> str:
    """SPARQL text of a path."""
    path = _forward(path)
    if isinstance(path, URIRef | Variable):
        return path.n3()
    if isinstance(path, InvPath):
        return f"^{path.arg.n3()}"
    if isinstance(path, MulPath):
        return f"({text(path.path)}){path.mod}"
    if isinstance(path, AlternativePath | SequencePath):
        joint = "|" if isinstance(path, AlternativePath) else "/"
        return joint.join(f"({text(part)})" for part in path.args)
    return str(path.n3())


def _within(before: str, piece: Piece, after: str) -> Piece:
    """Piece of a path that is itself a part of a longer one."""
    return piece._replace(
        before="/".join(part for part in (before, piece.before) if part),
        after="/".join(part for part in (piece.after, after) if part),
    )


def _forward(path: Step | Variable) -> Step | Variable:
    """The same path with ^ on single predicates only."""
    if not isinstance(path, InvPath) or isinstance(path.arg, URIRef):
        return path
    inner = path.arg
    if isinstance(inner, InvPath):
        return _forward(inner.arg)
    if isinstance(inner, SequencePath):
        return SequencePath(*(InvPath(part) for part in reversed(inner.args)))
    if isinstance(inner, AlternativePath):
        return AlternativePath(*(InvPath(part) for part in inner.args))
    if isinstance(inner, MulPath):
        return MulPath(InvPath(inner.path), inner.mod)
    return path
