"""The compiled engine: shapes as a few SPARQL queries each, over a whole store.

What the compiler does not cover runs on the reference engine, over the same
data, and the report names it.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from rdflib import SH, URIRef
from rdflib import Literal as RdfLiteral

from dtrack.model import Literal, no_progress, plain
from dtrack.terms import RDFS
from dtrack.validation.plan import Narrow, Plan, Task, everything, plan
from dtrack.validation.remainder import results_outside
from dtrack.validation.results import Result, report_of
from dtrack.validation.shapes import is_iri

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from rdflib.term import Node

    from dtrack.model import Progress, Report, Store, Term
    from dtrack.validation.shapes import Shapes
    from dtrack.validation.syntax import Constraint

log = logging.getLogger(__name__)

_AT_ONCE: Final = 500
"""Focus nodes named in one query; more are asked about in portions."""

_SUBCLASSES: Final = f"""
SELECT ?below ?above
WHERE {{ ?below <{RDFS}subClassOf> ?above FILTER(isIRI(?below) && isIRI(?above)) }}
"""


def validate_store(
    store: Store,
    shapes: Shapes,
    focus: Collection[str] | None = None,
    places: Mapping[str, str] | None = None,
    progress: Progress = no_progress,
) -> Report:
    """Report on all of a store, or with ``focus`` on some of its nodes.

    The store holds what class targets need: rdfs:subClassOf of the ontology.
    ``places`` names the file of each graph; findings say where their focus node
    is described.
    """
    subclasses = subclasses_of(store)
    plans = [plan(shapes, subclasses, narrow) for narrow in _portions(store, focus)]
    results: list[Result] = []
    nodes = 0
    total = sum(len(one.tasks) for one in plans)
    done = 0
    for one in plans:
        for task in one.tasks:
            results += _run(store, task, shapes)
            done += 1
            progress("validating", done, total)
        nodes += _count(store, one)
    outside = plans[0].outside if plans else {}
    if outside:
        results += results_outside(store, shapes, outside, focus)
    log.info("store validated", extra={"queries": total, "results": len(results)})
    return report_of(
        results,
        shapes,
        focus_nodes=nodes,
        places=_places(store, results, places or {}),
        by_reference=tuple(sorted(f"{node.n3()}: {reason}" for node, reason in outside.items())),
    )


def _portions(store: Store, focus: Collection[str] | None) -> list[Narrow]:
    """Ways to narrow focus nodes: to all of them, or to portions of those given."""
    if focus is None:
        return [everything]
    chosen = sorted(node for node in focus if is_iri(node))
    portions = (chosen[start : start + _AT_ONCE] for start in range(0, len(chosen), _AT_ONCE))
    return [partial(_among, store, portion) for portion in portions]


def _among(store: Store, nodes: Sequence[str], pattern: str) -> str:
    """Pattern for those of some nodes that a pattern for focus nodes matches."""
    values = f"VALUES ?this {{ {' '.join(f'<{iri}>' for iri in nodes)} }}"
    found = store.select(f"SELECT ?this WHERE {{ {values} FILTER EXISTS {{ {pattern} }} }}")
    chosen = " ".join(f"<{row['this']}>" for row in found.texts())
    return f"VALUES ?this {{ {chosen} }}" if chosen else ""


def subclasses_of(store: Store) -> dict[str, frozenset[str]]:
    """Classes at or below each class that has any below it."""
    below: dict[str, set[str]] = {}
    for row in store.select(_SUBCLASSES).texts():
        below.setdefault(row["above"], set()).add(row["below"])
    closed = {}
    for name in below:
        found, todo = {name}, [name]
        while todo:
            new = below.get(todo.pop(), set()) - found
            found |= new
            todo += new
        closed[name] = frozenset(found)
    return closed


def _run(store: Store, task: Task, shapes: Shapes) -> Iterator[Result]:
    """Results of one query."""
    for row in store.select(task.query):
        focus = row.get("this")
        if focus is None:
            continue
        broken = [
            constraint
            for number, constraint in enumerate(task.constraints)
            if (flag := row.get(f"k{number}")) is None
            or (isinstance(flag, Literal) and flag.lexical != "true")
        ]
        for constraint in broken:
            yield _result(task, constraint, row, shapes)


def _result(
    task: Task, constraint: Constraint, row: Mapping[str, Term | None], shapes: Shapes
) -> Result:
    shape, this = task.shape, _node(row["this"])
    value, path = _node(row.get("value")), _node(row.get("path")) or shape.path_node
    source = constraint.values[0] if constraint.name == "sparql" else None
    own = shapes.messages.get(source, {}) if source is not None else {}
    if source is not None and shape.path is None and value is None:
        value = this
    return Result(
        focus=this or SH.this,
        shape=shape.node,
        component=constraint.component,
        severity=shape.severity,
        path=path,
        value=value,
        constraint=source,
        messages=_filled(own or shapes.messages.get(shape.node, {}), row),
    )


def _filled(messages: Mapping[str, str], row: Mapping[str, Term | None]) -> Mapping[str, str]:
    """Messages with the values of a row in place of {?variable}."""
    if not any("{" in text for text in messages.values()):
        return messages
    filled = {}
    for language, text in messages.items():
        for name, found in row.items():
            for sign in "?$":
                text = text.replace(f"{{{sign}{name}}}", plain(found))
        filled[language] = text
    return filled


def _node(found: Term | None) -> Node | None:
    """Rdflib's term for one of a store."""
    if found is None:
        return None
    if isinstance(found, Literal):
        if found.language:
            return RdfLiteral(found.lexical, lang=found.language)
        return RdfLiteral(found.lexical, datatype=found.datatype, normalize=False)
    return URIRef(found)


def _count(store: Store, one: Plan) -> int:
    """Number of focus nodes of a plan."""
    union = " UNION ".join(f"{{ {pattern} }}" for pattern in one.targets)
    if not union:
        return 0
    rows = store.select(f"SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {union} }}")
    return int(next(rows.texts())["n"])


def _places(store: Store, results: Collection[Result], places: Mapping[str, str]) -> dict[str, str]:
    """File of each focus node: that of a graph which gives it a type, or says anything of it."""
    found: dict[str, str] = {}
    todo = sorted({str(r.focus) for r in results if isinstance(r.focus, URIRef)} if places else ())
    for start in range(0, len(todo), _AT_ONCE):
        nodes = " ".join(f"<{iri}>" for iri in todo[start : start + _AT_ONCE])
        query = (
            f"SELECT DISTINCT ?node ?graph WHERE {{ VALUES ?node {{ {nodes} }} "
            "GRAPH ?graph { ?node ?property ?value } } ORDER BY ?node ?graph"
        )
        for row in store.select(query).texts():
            if row["graph"] in places:
                found.setdefault(row["node"], places[row["graph"]])
    return found
