"""One run of the reasoner over an ontology and all the data."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from rdflib import OWL, URIRef

from dtrack.reasoning import ontologies
from dtrack.reasoning.clashes import find_clashes, one_and_the_same
from dtrack.reasoning.facts import gather, is_blank, origin
from dtrack.reasoning.hermit import Task, find_hermit
from dtrack.reasoning.narrowing import smallest_contradiction
from dtrack.reasoning.results import Clash, ClashKind, Reasoning
from dtrack.reasoning.schema import Schema, closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdflib import Graph

    from dtrack.reasoning.facts import Facts
    from dtrack.reasoning.hermit import Answer, Hermit

    Hierarchy = Mapping[URIRef, frozenset[URIRef]]


def reason(graphs: Iterable[Graph], *, seconds: float = 600.0, megabytes: int = 3000) -> Reasoning:
    """Consistency, empty classes, hierarchy and types of things, over all graphs together.

    Graphs that are records have their graph IRI as identifier. HermiT reads
    every logical axiom and every fact in terms that some graph declares, and
    three times: terms alone, everything, everything with values blurred (see
    ``ontologies``). ``seconds`` and ``megabytes`` bound each reading. Raises
    MissingExtraError without Java or owlready2, ReasonerError when HermiT fails.
    """
    hermit = find_hermit(seconds=seconds, megabytes=megabytes)
    records = list(graphs)
    started = time.monotonic()
    schema = Schema.read(records)
    facts = gather(records, schema)
    seconds_taken = {"read": time.monotonic() - started}

    with ThreadPoolExecutor(max_workers=2) as pool:
        terms = pool.submit(hermit.ask, Task.CLASSIFY, ontologies.terms(schema))
        whole = pool.submit(hermit.ask, Task.CHECK, ontologies.whole(schema, facts))
        classified, checked = terms.result(), whole.result()
    seconds_taken |= {"classify": classified.seconds, "check": checked.seconds}

    hierarchy = closure(classified.parents) if classified.consistent else schema.asserted
    clashes = find_clashes(schema, facts, hierarchy, classified.unsatisfiable)
    faulty = not checked.consistent or any(clash.kind is ClashKind.VALUE for clash in clashes)
    result = Reasoning(
        consistent=not faulty,
        unsatisfiable=tuple(sorted(map(str, classified.unsatisfiable))),
        subclasses=_new_pairs(hierarchy, schema.asserted),
        subclass_axioms=_unstated(schema, hierarchy),
        merged=tuple(sorted((str(a), str(b)) for a, b, _, _ in one_and_the_same(schema, facts))),
        undeclared=dict(facts.undeclared.most_common()),
        classes=len(schema.classes),
        individuals=len(facts.things),
        statements=facts.size,
        seconds=seconds_taken,
    )
    if faulty:
        if not clashes:
            clashes = _unexplained(hermit, schema, records)
        return replace(result, clashes=tuple(_placed(clash, records) for clash in clashes))
    realised = hermit.ask(Task.REALISE, ontologies.blurred(schema, facts))
    seconds_taken["realise"] = realised.seconds
    return replace(result, types=_new_types(realised, hierarchy, facts))


def _is_named(name: URIRef) -> bool:
    return name not in {OWL.Thing, OWL.Nothing} and not name.startswith(ontologies.PRIVATE)


def _pairs(hierarchy: Hierarchy) -> set[tuple[str, str]]:
    return {
        (str(name), str(parent))
        for name, parents in hierarchy.items()
        for parent in parents
        if _is_named(name) and _is_named(parent)
    }


def _new_pairs(hierarchy: Hierarchy, asserted: Hierarchy) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_pairs(hierarchy) - _pairs(asserted)))


def _unstated(schema: Schema, hierarchy: Hierarchy) -> int:
    return sum(1 for pair in _pairs(hierarchy) if not schema.states(*map(URIRef, pair)))


def _new_types(answer: Answer, hierarchy: Hierarchy, facts: Facts) -> tuple[tuple[str, str], ...]:
    found: set[tuple[str, str]] = set()
    for thing, nearest in answer.types.items():
        if thing.startswith(ontologies.PRIVATE) or is_blank(thing):
            continue
        everything = nearest.union(*(hierarchy.get(name, frozenset()) for name in nearest))
        stated = facts.types.get(thing, set())
        found |= {(str(thing), str(name)) for name in everything - stated if _is_named(name)}
    return tuple(sorted(found))


def _unexplained(hermit: Hermit, schema: Schema, records: Sequence[Graph]) -> list[Clash]:
    """One clash that names the fewest records that HermiT finds inconsistent together.

    It names none when the ontology contradicts itself without any data.
    """

    def contradicts(some: Sequence[Graph]) -> bool:
        whole = ontologies.whole(schema, gather(some, schema))
        return not hermit.ask(Task.CHECK, whole).consistent

    guilty = [] if contradicts([]) else smallest_contradiction(records, contradicts)
    names = tuple(sorted(str(graph.identifier) for graph in guilty))
    return [Clash(ClashKind.UNEXPLAINED, "", (), (), names)]


def _placed(clash: Clash, records: Sequence[Graph]) -> Clash:
    """Clash in plain strings, with the records that speak of its thing."""
    if clash.kind is ClashKind.UNEXPLAINED:
        return clash
    node = origin(URIRef(clash.thing))
    names = {
        str(graph.identifier)
        for graph in records
        if isinstance(graph.identifier, URIRef)
        and ((node, None, None) in graph or (None, None, node) in graph)
    }
    terms = tuple(map(str, clash.terms))
    return replace(clash, thing=str(clash.thing), terms=terms, records=tuple(sorted(names)))
