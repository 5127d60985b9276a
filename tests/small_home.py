"""A home that is written in milliseconds: few records, one real shape, a cheap derivation.

For tests and benches of what happens when a writer is killed or its disk fails.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from dtrack.curate.loading import load
from dtrack.curate.rules import Basis, Derived, Rules
from dtrack.curate.writing import Curator
from dtrack.errors import ConflictError
from dtrack.journal import Journal
from dtrack.model import Edit, Progress, Record, Report, Store
from dtrack.stores.building import current_marker, open_current
from dtrack.stores.markers import marker_of
from dtrack.stores.parsing import sorted_lines
from dtrack.terms import BASE, DERIVED_GRAPH
from dtrack.validation.compiled import validate_store
from dtrack.validation.shapes import Shapes, parse_shapes

SHAPES = b"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:NoteShape a sh:NodeShape ; sh:targetClass ex:Note ; sh:property ex:NoteShape-text .
ex:NoteShape-text sh:path ex:text ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:message "A note has one text."@en .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
EX = "https://example.org/"
RECORDS = 30
LINES = 15


@cache
def shapes() -> Shapes:
    return parse_shapes(SHAPES, "small shapes")


def note_graph(number: int) -> str:
    return f"{BASE}/graph/note/{number}"


def note(number: int, text: str, *more: str) -> bytes:
    """Canonical N-Triples of a note; it conforms with one text, and with no other number."""
    iri = f"<{BASE}/id/note/{number}>"
    texts = [f'{iri} <{EX}text> "{t}" .' for t in (text, *more)]
    lines = [f'{iri} <{EX}line> "{n} of {text}" .' for n in range(LINES)]
    return sorted_lines("\n".join([f"{iri} {TYPE} <{EX}Note> .", *texts, *lines, ""]).encode())


def notes(first: int, count: int, text: str) -> list[Record]:
    return [Record(note_graph(n), note(n, text), f"note {n}") for n in range(first, first + count)]


def _audit(store: Store, places: Mapping[str, str], progress: Progress) -> Report:
    return validate_store(store, shapes(), places=places, progress=progress)


def _gate(
    store: Store, changed: Mapping[str, tuple[bytes, bytes]], _passed: Collection[str]
) -> Report:
    focus = {f"{BASE}/id/note/{graph.rsplit('/', 1)[-1]}" for graph in changed}
    return validate_store(store, shapes(), focus)


def _derive(basis: Basis, _progress: Progress) -> Derived:
    """What follows from the notes: which text each has, so that a stale derivation shows."""
    store = basis.store
    found = store.construct(f"CONSTRUCT {{ ?n <{EX}says> ?t }} WHERE {{ ?n <{EX}text> ?t }}")
    former, now = (set(text.splitlines(True)) for text in (store.graph(DERIVED_GRAPH), found))
    store.patch(DERIVED_GRAPH, former - now, now - former)
    return Derived(former - now, now - former)


def rules() -> Rules:
    return Rules(audit=_audit, gate=_gate, derive=_derive, version=lambda: "small")


@contextmanager
def small_curator(home: Path, url: str = "") -> Iterator[Curator]:
    """Curator of a home; its journal is a file in it, or at a URL."""
    with Journal.open(url or f"sqlite:///{home / 'journal.sqlite'}") as journal:
        yield Curator(home, journal, rules())


def fill(curator: Curator, count: int = RECORDS, text: str = "first") -> int:
    """Load some notes; number of the revision."""
    edit = Edit({}, "filler", "Load", "notes", "import")
    revision = load(curator, notes(0, count, text), edit, complete=True).revision
    assert revision is not None
    return revision


def edit_of(*numbers: int, text: str, **more: object) -> Edit:
    """Edit that gives some notes a text."""
    changes = {note_graph(n): note(n, text) for n in numbers}
    return Edit(changes, "writer", "Because", "desk", **more)  # type: ignore[arg-type]


def outcome(home: Path, url: str, number: int, text: str, expected: str | None) -> tuple[str, str]:
    """What one writer is told: the text that won, or what was different."""
    wanted = {note_graph(number): expected} if expected else {}
    with small_curator(home, url) as curator:
        try:
            receipt = curator.write(edit_of(number, text=text, expected=wanted))
        except ConflictError as error:
            return "conflict", error.difference
    return "done", str(receipt.revision)


def random_act(curator: Curator, dice: random.Random, turn: int) -> tuple[str, int]:
    """One change as a curator or a feed makes it; its kind, and the number of its revision."""
    text = f"turn {turn} {dice.random()}"
    kind = dice.choices(("edit", "withdrawal", "import"), (6, 1, 2))[0]
    if kind == "import":
        edit = Edit({}, "feed", "Load", "feed", "import")
        records = notes(1000, dice.randint(20, 120), text)
        revision = load(curator, records, edit, complete=True).revision
    elif kind == "withdrawal":
        # What the feed has brought comes back with its next import.
        number = 1000 + dice.randrange(20)
        graph = note_graph(number)
        content = None if curator.journal.heads([graph]) else note(number, text)
        revision = curator.write(Edit({graph: content}, "writer", "Gone", "desk")).revision
    else:
        numbers = dice.sample(range(RECORDS), dice.randint(1, 3))
        revision = curator.write(edit_of(*numbers, text=text)).revision
    assert revision is not None
    return kind, revision


def faults_of(curator: Curator, acknowledged: Mapping[int, str]) -> list[str]:
    """What is wrong with journal and store after a recovery, in sentences.

    ``acknowledged`` are the revisions that were told to a writer, with the
    digest of the state after each.
    """
    journal = curator.journal
    last = journal.last()
    found = journal.check()
    for number, digest in acknowledged.items():
        if number > last:
            found.append(f"Acknowledged revision {number} is lost; the last is {last}.")
        elif journal.facts(number).digest != digest:
            found.append(f"Acknowledged revision {number} is another one now.")
    marker = current_marker(curator.home)
    if (marker.revision, marker.journal) != (last, journal.identity):
        found.append(f"The store is at revision {marker.revision}, the journal at {last}.")
    with open_current(curator.home) as store:
        seen = marker_of(store)
        for graph, digest in journal.state(last).items():
            if not store.graph(graph):
                found.append(f"The store lacks <{graph}> ({digest[:8]}).")
        histories = sum("/graph/history/" in graph for graph in store.graphs())
        again = store.construct(f"CONSTRUCT {{ ?n <{EX}says> ?t }} WHERE {{ ?n <{EX}text> ?t }}")
        if again != store.graph(DERIVED_GRAPH):
            found.append("What is derived is not what the records say.")
    if (seen.digest, seen.triples, seen.graphs) != (marker.digest, marker.triples, marker.graphs):
        found.append("The store does not hold what its marker says.")
    if histories != last:
        found.append(f"The store tells of {histories} revisions, the journal of {last}.")
    return found


__all__ = [
    "EX",
    "RECORDS",
    "edit_of",
    "faults_of",
    "fill",
    "note",
    "note_graph",
    "notes",
    "random_act",
    "rules",
    "small_curator",
]
