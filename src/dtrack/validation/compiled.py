"""The compiled engine: shapes as a few SPARQL queries each, over a whole store.

What the compiler does not cover runs on the reference engine, over the same
data, and the report names it.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import SH, URIRef
from rdflib import Literal as RdfLiteral

from dtrack.model import Literal, no_progress, plain
from dtrack.terms import RDF, RDFS
from dtrack.validation.plan import plan
from dtrack.validation.remainder import results_outside
from dtrack.validation.results import Result, report_of
from dtrack.validation.shapes import is_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from rdflib.term import Node

    from dtrack.model import Progress, Report, Store, Term
    from dtrack.validation.plan import Group, Plan, Task
    from dtrack.validation.shapes import Shapes
    from dtrack.validation.syntax import Constraint

log = logging.getLogger(__name__)

_AT_ONCE: Final = 500
"""Focus nodes named in one query; more are asked about in portions."""

_MOST: Final = 5000
"""Nodes that break something; when there are more, all nodes are asked about."""

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
    *,
    sound: Collection[str] = (),
) -> Report:
    """Report on all of a store, or with ``focus`` on some of its nodes.

    The store holds what class targets need: rdfs:subClassOf of the ontology.
    ``places`` names the file of each graph; findings say where their focus node
    is described. ``sound`` are nodes in focus that are known to break nothing, as
    they broke nothing when they were last asked about: see Plan.lasting.
    """
    chosen = plan(shapes, subclasses_of(store))
    results: list[Result] = []
    if focus is None:
        results, nodes = _of_everything(store, chosen, shapes, progress)
    else:
        results, nodes = _of_some(store, chosen, shapes, focus, frozenset(sound))
    if chosen.outside:
        results += results_outside(store, shapes, chosen.outside, focus)
    log.info("store validated", extra={"groups": len(chosen.groups), "results": len(results)})
    return report_of(
        results,
        shapes,
        focus_nodes=nodes,
        places=_places(store, results, places or {}),
        by_reference=tuple(
            sorted(f"{node.n3()}: {reason}" for node, reason in chosen.outside.items())
        ),
    )


def _of_everything(
    store: Store, chosen: Plan, shapes: Shapes, progress: Progress
) -> tuple[list[Result], int]:
    """Results over all of a store, and the number of focus nodes.

    The engine answers as many questions at once as there are cores, the longest
    first; rules that name the same candidates share one look for them.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        shared: dict[str, Future[set[Term]]] = {}
        for query in {task.candidates: 0 for group in chosen.groups for task in group.tasks}:
            if query:
                shared[query] = threads.submit(_nodes, store, query)
        counting = threads.submit(_count, store, chosen)

        def candidates(query: str) -> set[Term]:
            return shared[query].result()

        def results(group: Group) -> list[Result]:
            return list(_of_group(store, group, group.everything, shapes, candidates))

        longest_first = sorted(
            chosen.groups,
            key=lambda group: (any(task.candidates for task in group.tasks), -len(group.tasks)),
        )
        found: list[Result] = []
        for done, some in enumerate(threads.map(results, longest_first), 1):
            found += some
            progress("validating", done, len(longest_first))
        return found, counting.result()


def _of_some(
    store: Store,
    chosen: Plan,
    shapes: Shapes,
    focus: Collection[str],
    sound: frozenset[str],
) -> tuple[list[Result], int]:
    """Results on some nodes, and how many of them a shape is about."""
    found: list[Result] = []
    nodes = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:

        def results(asked: tuple[Group, list[str]]) -> list[Result]:
            group, some = asked
            return list(_of_group(store, group, values(some), shapes))

        for portion in portions(node for node in sorted(focus) if is_iri(node)):
            members = members_of(store, chosen, portion, sound)
            # In the order of the groups, whichever is answered first.
            for some in threads.map(results, _asked(chosen, members, sound)):
                found += some
            nodes += len(set().union(*members.values()))
    return found, nodes


def _asked(
    chosen: Plan, members: Mapping[int, Collection[str]], sound: frozenset[str]
) -> Iterator[tuple[Group, list[str]]]:
    """Rules, and the nodes of which each is asked: of sound ones only what may find something."""
    for number, some in members.items():
        groups = (chosen.groups[number], chosen.lasting[number])
        for group, nodes in zip(groups, (set(some) - sound, sound & set(some)), strict=True):
            if nodes and group.tasks:
                yield group, sorted(nodes)


def _nodes(store: Store, query: str) -> set[Term]:
    """Nodes in the first column of an answer."""
    return {row[0] for row in store.select(query).rows if row[0] is not None}


def portions(nodes: Iterable[str]) -> Iterator[list[str]]:
    """Nodes in lists that one query can name."""
    todo = iter(nodes)
    while portion := list(islice(todo, _AT_ONCE)):
        yield portion


def values(nodes: Iterable[str]) -> str:
    """Pattern that binds ?this to some nodes."""
    return f"VALUES ?this {{ {' '.join(f'<{iri}>' for iri in nodes)} }}"


def _of_group(
    store: Store,
    group: Group,
    focus: str,
    shapes: Shapes,
    candidates: Callable[[str], set[Term]] | None = None,
) -> Iterator[Result]:
    """Results of one shape: a screening first, then the tasks that found something.

    ``candidates`` answers queries for the nodes that alone can break a rule; it
    is given when the focus is all nodes of the shape.
    """
    suspects = _suspects(store, group, focus)
    for number, task in enumerate(group.tasks):
        found = suspects.get(number, set()) if task.holds else None
        if candidates and task.candidates:
            found = candidates(task.candidates)
        if found is not None and not found:
            continue
        if found is None or len(found) > _MOST or not all(map(_is_name, found)):
            yield from _run(store, task.about(focus), task, shapes)
            continue
        for portion in portions(sorted(map(str, found))):
            some = values(portion)
            named = group.those_of(some) if task.candidates else some
            yield from _run(store, task.about(named), task, shapes)


def _suspects(store: Store, group: Group, focus: str) -> dict[int, set[Term]]:
    """For each task that can be screened the nodes that break it."""
    found: dict[int, set[Term]] = {}
    query = group.screen(focus)
    if not query:
        return found
    rows = store.select(query)
    numbers = [int(name.removeprefix("screen")) for name in rows.columns[1:]]
    for node, *flags in rows.rows:
        for number, flag in zip(numbers, flags, strict=True):
            if node is not None and not (isinstance(flag, Literal) and flag.lexical == "true"):
                found.setdefault(number, set()).add(node)
    return found


def _is_name(node: Term) -> bool:
    """Whether a query can name a node."""
    return not isinstance(node, Literal) and not node.startswith("_:") and is_iri(node)


def members_of(
    store: Store, chosen: Plan, nodes: Sequence[str], sound: Collection[str] = ()
) -> dict[int, list[str]]:
    """Nodes that each group of a plan targets, by the number of the group; no empty ones.

    A ``sound`` node is left out of some where only rules that are not lasting would
    be asked of it, but never out of all.
    """
    classes = _pairs(store, f"{values(nodes)} ?this <{RDF}type> ?key .")
    keyed = nodes
    if not any(group.tasks and group.targets.by_property for group in chosen.lasting):
        # To look for what else targets them takes several times as long.
        named = {str(key) for group in chosen.groups for key in group.targets.classes}
        known = set().union(*(classes[key] for key in named & classes.keys()))
        keyed = [node for node in nodes if node not in sound or node not in known]
    subjects = {str(p) for group in chosen.groups for p in group.targets.subjects_of}
    objects = {str(p) for group in chosen.groups for p in group.targets.objects_of}
    of = _pairs(store, f"{values(keyed)} ?this ?key ?any ." if keyed and subjects else "")
    by = _pairs(store, _existing(keyed, objects, "?any ?key ?this"))
    found: dict[int, list[str]] = {}
    for number, group in enumerate(chosen.groups):
        targets = group.targets
        some = set(nodes) & set(map(str, targets.nodes))
        for table, keys in (
            (classes, targets.classes),
            (of, targets.subjects_of),
            (by, targets.objects_of),
        ):
            some.update(*(table.get(str(key), ()) for key in keys))
        if some:
            found[number] = sorted(some)
    return found


def _existing(nodes: Sequence[str], keys: Collection[str], pattern: str) -> str:
    """Pattern for pairs of a node and a predicate that it has; "" for none of either."""
    if not nodes or not keys:
        return ""
    names = " ".join(f"<{iri}>" for iri in sorted(keys))
    return f"{values(nodes)} VALUES ?key {{ {names} }} FILTER EXISTS {{ {pattern} }}"


def _pairs(store: Store, pattern: str) -> dict[str, set[str]]:
    """Nodes by key, of a pattern that binds ?this and ?key."""
    found: dict[str, set[str]] = {}
    if pattern:
        for row in store.select(f"SELECT DISTINCT ?this ?key WHERE {{ {pattern} }}").texts():
            found.setdefault(row["key"], set()).add(row["this"])
    return found


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


def _run(store: Store, query: str, task: Task, shapes: Shapes) -> Iterator[Result]:
    """Results of one query."""
    for row in store.select(query):
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


def _count(store: Store, chosen: Plan) -> int:
    """Number of focus nodes of a plan."""
    union = " UNION ".join(group.pattern for group in chosen.groups)
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
