"""Looking back: what changed between revisions, and who said each triple, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.errors import NotFoundError
from dtrack.terms import DT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dtrack.journal import Facts, Journal


@dataclass(frozen=True, slots=True)
class GraphDifference:
    """Triples that a graph gained and lost, as N-Triples lines, sorted."""

    graph: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a revision did to a thing."""

    facts: Facts
    graph: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assertion:
    """A triple that holds, and the revision that brought it."""

    triple: str
    graph: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class History:
    """Steps that made a thing what it is, first to last, and who said each triple of it."""

    thing: str
    steps: tuple[Step, ...]
    assertions: tuple[Assertion, ...]


def difference(graph: str, before: bytes, after: bytes) -> GraphDifference:
    """Triples that came and left between two contents of a graph."""
    old, new = set(before.decode().splitlines()), set(after.decode().splitlines())
    return GraphDifference(graph, tuple(sorted(new - old)), tuple(sorted(old - new)))


def differences(
    journal: Journal, first: int, second: int, graphs: Collection[str] = ()
) -> list[GraphDifference]:
    """What is different after the second revision from after the first, by graph.

    ``graphs`` narrows it to some; revision 0 is the empty state.
    """
    old, new = journal.state(first), journal.state(second)
    changed = sorted(
        graph
        for graph in old.keys() | new.keys()
        if old.get(graph) != new.get(graph) and (not graphs or graph in graphs)
    )
    found: list[GraphDifference] = []
    for graph in changed:
        before, after = old.get(graph), new.get(graph)
        found.append(
            difference(
                graph,
                journal.content(before) if before else b"",
                journal.content(after) if after else b"",
            )
        )
    return found


def history(journal: Journal, thing: str, graphs: Iterable[str]) -> History:
    """What revisions did to a thing in some graphs; of a graph, all that it says.

    Raises NotFoundError when no revision ever said anything about it.
    """
    steps: list[Step] = []
    said: dict[tuple[str, str], Facts] = {}
    for graph in sorted(set(graphs)):
        before: frozenset[str] = frozenset()
        for version in journal.versions(graph):
            digest = version.change.digest
            text = journal.content(digest) if digest else b""
            after = frozenset(_about(text, None if thing == graph else thing))
            if after != before:
                steps.append(
                    Step(
                        version.facts,
                        graph,
                        tuple(sorted(after - before)),
                        tuple(sorted(before - after)),
                    )
                )
                said.update(((graph, line), version.facts) for line in after - before)
                for line in before - after:
                    said.pop((graph, line))
            before = after
    if not steps:
        raise NotFoundError(
            f"The journal knows nothing about <{thing}>.",
            remedy="`dtrack resolve` gives the IRI of a symbol; `dtrack history` lists revisions.",
        )
    assertions = (Assertion(line, graph, facts) for (graph, line), facts in said.items())
    return History(
        thing,
        tuple(sorted(steps, key=lambda step: (step.facts.number, step.graph))),
        tuple(sorted(assertions, key=lambda one: (one.triple, one.graph))),
    )


def graphs_that_told(journal: Journal, thing: str) -> list[str]:
    """Graphs of the revision that took a thing away, for a thing that is no more."""
    facts = journal.withdrawal(thing)
    if facts is None:
        return []
    return [change.graph for change in journal.changes(facts.number) if change.before is not None]


def tells_of(journal: Journal, graph: str, thing: str) -> bool:
    """Whether a graph is the record of a thing, in any of its versions."""
    line = f"<{graph}> <{DT}recordOf> <{thing}> .\n".encode()
    digests = [version.change.digest for version in journal.versions(graph)]
    return any(line in journal.content(digest) for digest in digests[::-1] if digest)


def _about(ntriples: bytes, thing: str | None) -> Iterable[str]:
    """Lines about a thing and what lies below it; all without one."""
    lines = ntriples.decode().splitlines()
    if thing is None:
        return lines
    return [line for line in lines if line.startswith((f"<{thing}> ", f"<{thing}/", f"<{thing}#"))]
