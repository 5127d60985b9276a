"""What an update would change, found on a copy of the store: graph by graph, before and after.

The operations run one after the other, each on what the former ones left. The
engine knows no union, so the copy's default graph follows its graphs after
each operation (see dtrack.stores.changes).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.digests import graph_digest
from dtrack.errors import QueryError, RefusedError
from dtrack.sparql import place
from dtrack.stores import guard
from dtrack.stores.changes import is_shown
from dtrack.stores.datasets import named_node
from dtrack.stores.messages import syntax_error
from dtrack.stores.operations import SOURCE, Operation, operations
from dtrack.stores.parsing import parse_turtle, sorted_lines
from dtrack.terms import DERIVED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Quads = set[engine.Quad]


@dataclass(frozen=True, slots=True)
class UpdateText:
    """An update, the base of its relative IRIs, and what the request says it reads from."""

    text: str
    base: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effects:
    """New content of each graph that changes (None = nothing is left), and former digests.

    A digest of None says that there was no such graph.
    """

    changes: Mapping[str, bytes | None]
    before: Mapping[str, str | None]


_NO_UNION: Final = (
    "Name a graph: GRAPH <…> { … }, or WITH <…>. The default graph is the union of all records."
)


def readable(update: UpdateText) -> list[Operation]:
    """Operations of an update that calls nobody and loads nothing.

    Raises QueryError, RefusedError.
    """
    guard.check_update(update.text)
    found = operations(update.text)
    dataset = bool(update.using or update.using_named)
    for operation in found:
        if dataset and operation.names_dataset:
            raise QueryError(
                "Both the request and the update say which graphs are read.",
                remedy="Leave out using-graph-uri and using-named-graph-uri, or USING and WITH.",
                place=place(SOURCE, update.text, operation.start),
            )
    for iri in (*update.using, *update.using_named):
        named_node(iri)
    return found


def run(store: engine.Store, operation: Operation, update: UpdateText) -> None:
    """Run one operation. Raises QueryError with its place in the whole update."""
    text = operation.prologue + operation.reading(update.using, update.using_named)
    try:
        store.update(text, base_iri=update.base)
    except SyntaxError as error:
        raise _elsewhere(syntax_error(text, error.msg, SOURCE), text, operation, update) from None
    except (RuntimeError, OSError):
        # Of a graph that is missing, or is there already; other words may hold addresses.
        raise QueryError(
            f"{operation.verb} is not possible: the graph is not there, or is there already.",
            remedy="Say SILENT to pass over it.",
            place=place(SOURCE, update.text, operation.start),
        ) from None


def _elsewhere(
    error: QueryError, text: str, operation: Operation, update: UpdateText
) -> QueryError:
    """Error in an operation, with its place in the whole update."""
    where = error.place
    if not text or where is None or where.line is None or where.column is None:
        return QueryError(
            error.message,
            remedy=error.remedy,
            place=place(SOURCE, update.text, operation.start),
        )
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: where.line - 1]) + where.column - 1
    inside = max(0, min(offset - len(operation.prologue), len(operation.text)))
    at = place(SOURCE, update.text, operation.start + inside)
    return QueryError(error.message, remedy=error.remedy, place=at)


def effects(store: engine.Store, update: UpdateText) -> Effects:
    """Run an update on a copy of the store, and give what it changes.

    Raises QueryError, RefusedError, SyntaxProblem for literals that storage
    would not keep.
    """
    former: dict[engine.NamedNode, Quads] = {}
    for operation in readable(update):
        _refuse_union(operation, update)
        touched = {name: _quads(store, name) for name in _targets(store, operation, update)}
        for name, quads in touched.items():
            former.setdefault(name, quads)
        run(store, operation, update)
        for name, quads in touched.items():
            _follow(store, name, quads)
    changes: dict[str, bytes | None] = {}
    before: dict[str, str | None] = {}
    for name, quads in former.items():
        now = _quads(store, name)
        if now != quads:
            iri = name.value
            refuse_protected(iri)
            changes[iri] = _ntriples(now, iri)
            before[iri] = graph_digest(_lines(quads)) if quads else None
    return Effects(changes, before)


def refuse_protected(graph: str) -> None:
    """Let a graph pass that people write. Raises RefusedError for those we write."""
    if graph == DERIVED_GRAPH or not is_shown(graph):
        raise RefusedError(
            f"The graph <{graph}> is written by the server alone.",
            remedy="Change the records that it is made of; with GRAPH ?g, leave it out by FILTER.",
        )


def _refuse_union(operation: Operation, update: UpdateText) -> None:
    if operation.union is not None:
        raise RefusedError(
            "This would write to the default graph, or to all graphs.",
            remedy=_NO_UNION,
            place=place(SOURCE, update.text, operation.union),
        )


def _targets(
    store: engine.Store, operation: Operation, update: UpdateText
) -> Iterable[engine.NamedNode]:
    """Graphs that an operation may write to."""
    names: set[engine.NamedNode] = set()
    if operation.graphs:
        values = " ".join(operation.graphs)
        query = f"{operation.prologue} SELECT ?g {{ VALUES ?g {{ {values} }} }}"
        names |= _found(store, replace(operation, default=None), query, update)
    if operation.variables:
        names |= _found(store, operation, _pattern_query(operation, update), update)
    return sorted(names, key=str)


def _pattern_query(operation: Operation, update: UpdateText) -> str:
    """Query for the graphs that the variables of an operation stand for."""
    using = [f"FROM {'NAMED ' * named}{name}" for name, named in operation.using]
    using += [f"FROM <{iri}>" for iri in update.using]
    using += [f"FROM NAMED <{iri}>" for iri in update.using_named]
    columns = " ".join(operation.variables)
    return (
        f"{operation.prologue} SELECT DISTINCT {columns} {' '.join(using)} WHERE {operation.where}"
    )


def _found(
    store: engine.Store, operation: Operation, query: str, update: UpdateText
) -> set[engine.NamedNode]:
    """IRIs in the solutions of a query."""
    default = None
    if operation.default is not None and not operation.using:
        (default,) = _found(
            store,
            replace(operation, default=None),
            f"{operation.prologue} SELECT ?g {{ VALUES ?g {{ {operation.default} }} }}",
            update,
        )
    try:
        solutions = store.query(query, base_iri=update.base, default_graph=default)
        assert isinstance(solutions, engine.QuerySolutions)  # noqa: S101 - we wrote SELECT
        values = {value for solution in solutions for value in solution}
    except SyntaxError as error:
        # The engine says better of the operation itself what is wrong with it, and where.
        run(engine.Store(), operation, update)
        raise _elsewhere(syntax_error(query, error.msg, SOURCE), "", operation, update) from None
    return {value for value in values if isinstance(value, engine.NamedNode)}


def _quads(store: engine.Store, name: engine.NamedNode) -> Quads:
    return set(store.quads_for_pattern(None, None, None, name))


def _follow(store: engine.Store, name: engine.NamedNode, quads: Quads) -> None:
    """Bring the default graph in step with a graph that held ``quads`` before."""
    if not is_shown(name.value):
        return
    now = _quads(store, name)
    for quad in now - quads:
        store.add(engine.Quad(quad.subject, quad.predicate, quad.object))
    for quad in quads - now:
        held = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        names = (other.graph_name for other in held)
        if not any(isinstance(n, engine.NamedNode) and is_shown(n.value) for n in names):
            store.remove(engine.Quad(quad.subject, quad.predicate, quad.object))


def _lines(quads: Iterable[engine.Quad]) -> bytes:
    """Sorted N-Triples."""
    triples = (quad.triple for quad in quads)
    return sorted_lines(engine.serialize(triples, format=engine.RdfFormat.N_TRIPLES) or b"")


def _ntriples(quads: Quads, graph: str) -> bytes | None:
    """Canonical N-Triples of a graph's new content; None when nothing is left."""
    return parse_turtle(_lines(quads), place=f"<{graph}>") if quads else None
