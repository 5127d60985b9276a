"""What a store is told of some properties while it is loaded, so that nobody need ask it.

To ask the engine for millions of facts takes longer than to read them off the
canonical N-Triples as they pass on their way into it (decision 47).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from itertools import compress, product, repeat
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.stores.bulk import not_canonical
from dtrack.stores.literals import as_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Facts = tuple[list[bytes], list[bytes]]
"""Subjects and their values, as terms of N-Triples, in step."""

Row = tuple[bytes, ...]
Several = dict[bytes, dict[int, list[bytes]]]
"""By subject and place of a property: all values, where there are more than one."""

_IRI: Final = ord("<")
_TYPED: Final = ord(">")


class Told:
    """Facts of some properties in the union of graphs; fulfils dtrack.hearing.Told."""

    def __init__(self, properties: Iterable[str]) -> None:
        self._facts: dict[bytes, Facts] = {f"<{name}>".encode(): ([], []) for name in properties}
        self._terms: dict[bytes, bytes] = {}
        self._subjects: set[bytes] = set()
        self._again: dict[bytes, set[bytes]] = defaultdict(set)
        """By property, subjects that had come before: of them a fact may have come twice."""
        self._lock = threading.Lock()

    def hear(self, ntriples: bytes) -> None:
        """Take in a graph, or a part of one, as canonical N-Triples sorted by their bytes.

        Raises SyntaxProblem for what cannot be that; the engine looks closer.
        """
        try:
            with self._lock:
                self._hear(ntriples)
        except (ValueError, IndexError) as error:
            raise not_canonical() from error

    def _hear(self, ntriples: bytes) -> None:
        # Bound once: this runs for each triple of a corpus.
        takers = {name: (held[0].append, held[1].append) for name, held in self._facts.items()}
        wanted, known = takers.get, self._terms
        last, again = b"", False
        for line in ntriples.splitlines():
            subject, name, value = line.split(b" ", 2)
            taker = wanted(name)
            if taker is None:
                continue
            if subject != last:
                last, again = self._subject(subject)
            if again:
                self._again[name].add(last)
            value = value[:-2]
            if value[0] == _IRI:
                value = known.setdefault(value, value)
            elif value[-1] == _TYPED:
                value = known.get(value) or self._literal(value)
            taker[0](last)
            taker[1](value)

    def knows(self, names: Iterable[str]) -> bool:
        """Whether facts of all these properties are noted."""
        return all(f"<{name}>".encode() in self._facts for name in names)

    def facts(self, name: str) -> Facts:
        """Subjects and values of a property, each fact once. Raises KeyError for one not noted."""
        term = f"<{name}>".encode()
        # Whoever reads them may do so while others are heard.
        with self._lock:
            subjects, values = (part[:] for part in self._facts[term])
            again = frozenset(self._again.get(term, ()))
        if again:
            doubtful = [at for at, subject in enumerate(subjects) if subject in again]
            first = dict[tuple[bytes, bytes], int]()
            for at in doubtful:
                first.setdefault((subjects[at], values[at]), at)
            if twice := set(doubtful).difference(first.values()):
                for part in subjects, values:
                    part[:] = [term for at, term in enumerate(part) if at not in twice]
        return subjects, values

    def rows(self, needed: Sequence[str], others: Sequence[str] = ()) -> Iterator[Row]:
        """Each subject that has all the ``needed`` properties, with each choice of its values.

        A row holds the subject, a value of each property needed, and one of each of the
        ``others``, empty where there is none. Raises KeyError like facts().
        """
        first = self.facts(needed[0])
        known = dict.fromkeys(first[0])
        subjects = [*known]
        # Column by column, for there may be millions of rows.
        columns: list[list[bytes]] = []
        several: Several = {}
        for place, name in enumerate((*needed, *others)):
            of, values = self.facts(name) if place else first
            if len(of) > len(subjects):
                # Many a property is of other things, too.
                wanted = [subject in known for subject in of]
                of, values = [*compress(of, wanted)], [*compress(values, wanted)]
            # What all have once stands in step already: graphs are heard in order.
            if of != subjects:
                values = _in_step(subjects, of, values, place, several)
            columns.append(values)
        rows: Iterator[Row] = zip(subjects, *columns, strict=True)
        count = len(needed)
        if any(b"" in column for column in columns[:count]):
            rows = (row for row in rows if b"" not in row[: count + 1])
        for row in rows:
            choices = several.get(row[0])
            if choices is None:
                yield row
            else:
                found = (choices.get(place, [value]) for place, value in enumerate(row[1:]))
                yield from product(row[:1], *found)

    def _subject(self, term: bytes) -> tuple[bytes, bool]:
        """The object that stands for a subject from now on, and whether it had come before."""
        again = term in self._subjects
        self._subjects.add(term)
        return self._terms.setdefault(term, term), again

    def _literal(self, term: bytes) -> bytes:
        """Note a literal with a datatype, in the form that storage gives it."""
        lexical, _, datatype = term[1:-1].rpartition(b'"^^<')
        plain = b"\\" not in lexical
        kept = _stored(lexical.decode(), datatype.decode()) if plain else term
        self._terms[term] = kept
        return kept


def _in_step(
    subjects: list[bytes], of: list[bytes], values: list[bytes], place: int, several: Several
) -> list[bytes]:
    """A value of each subject, empty where it has none; those with more are noted."""
    held = dict(zip(of, values, strict=True))
    if len(held) < len(of):
        for subject, value in zip(of, values, strict=True):
            if held[subject] != value:
                more = several.setdefault(subject, {})
                more.setdefault(place, [held[subject]]).append(value)
    return [*map(held.get, subjects, repeat(b""))]


def _stored(lexical: str, datatype: str) -> bytes:
    """Term of a literal as the engine gives it back."""
    return str(as_stored(engine.Literal(lexical, datatype=engine.NamedNode(datatype)))).encode()
