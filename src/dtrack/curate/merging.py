"""Three versions of a graph, triple by triple: what differs, what merges, what conflicts.

A conflict is one subject and predicate (with texts: one language) whose triples
both sides have changed since the base, and not in the same way; or a subject
that one side has removed while the other says something else about it; or a
graph that one side has withdrawn while the other has changed it. No conflict are two days
of the last change (the later stands), and targets, themes and mappings that both add.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal

from dtrack.terms import DCTERMS, DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable

Choice = Literal["ours", "theirs"]
"""Whose triples stand where there is a conflict: the proposal's, or those published."""

Choices = Mapping[str, Choice]
"""Choices by the name of a conflict, by graph, or by "*", which is for all others."""

_Key = tuple[bytes, bytes, bytes]
_MODIFIED: Final = f"<{DCTERMS}modified>".encode()
_SEVERAL: Final = frozenset(
    f"<{iri}>".encode()
    for iri in (
        f"{DT}addressesTarget", f"{DT}addressesTheme", f"{DT}succeededBy",
        *(f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")),
    )
)  # fmt: skip
"""Properties of which a thing has as many values as people find: both sides may add some."""
_LANGUAGE: Final = re.compile(rb'"@([A-Za-z0-9-]+) \.\n?$')


@dataclass(frozen=True, slots=True)
class Difference:
    """What has become of a graph, as N-Triples lines; ``withdrawn`` when nothing is left."""

    graph: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Triples that were changed on both sides, as N-Triples lines.

    ``predicate`` "" means all about the subject, ``subject`` "" the whole graph;
    ``language`` is that of texts, "" for other values.
    """

    graph: str
    subject: str
    predicate: str
    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    language: str = ""

    @property
    def name(self) -> str:
        """What it is chosen by: another where either side says something else."""
        parts = (self.graph, self.subject, self.predicate, self.language)
        sides = ("\n".join(side) for side in (self.base, self.ours, self.theirs))
        return sha256("\0".join((*parts, *sides)).encode()).hexdigest()[:12]

    def chosen(self, choices: Choices) -> Choice | None:
        """What is chosen for it by its name, else for its graph, else for all ("*")."""
        places = (self.name, self.graph, "*")
        return next((choices[place] for place in places if place in choices), None)

    def __str__(self) -> str:
        """Give it as a diff would, each side from the base on."""
        language = f"@{self.language}" if self.language else ""
        parts = (self.graph, self.subject, self.predicate, language, f"[{self.name}]")
        head = " ".join(filter(None, parts))
        sides = [("proposed", self.ours), ("published", self.theirs)]
        lines = [head]
        for name, side in sides:
            lines += [f"  {name} - {line}" for line in self.base if line not in side]
            lines += [f"  {name} + {line}" for line in side if line not in self.base]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Merged:
    """A graph that has both sides' changes; None = withdrawn."""

    content: bytes | None
    conflicts: tuple[Conflict, ...] = ()


def difference(graph: str, before: bytes | None, after: bytes | None) -> Difference:
    """What differs between two versions of a graph; None = there is none."""
    old, new = _lines(before), _lines(after)
    return Difference(graph, _texts(new - old), _texts(old - new), withdrawn=after is None)


def merge(
    graph: str,
    base: bytes | None,
    ours: bytes | None,
    theirs: bytes | None,
    choices: Choices | None = None,
) -> Merged:
    """What our changes since the base make of their version.

    Conflicts are decided by the ``choices``, as published where there is none;
    they are told all the same.
    """
    wanted = choices or {}
    b, o, t = _lines(base), _lines(ours), _lines(theirs)
    if o in (b, t):
        return Merged(theirs)
    if t == b:
        return Merged(ours)
    if base is not None and (ours is None or theirs is None):
        conflict = Conflict(graph, "", "", _texts(b), _texts(o), _texts(t))
        return Merged(ours if conflict.chosen(wanted) == "ours" else theirs, (conflict,))
    torn = _torn_subjects(b, o, t)
    before, here, there = (_by_key(lines, torn) for lines in (b, o, t))
    merged: set[bytes] = set()
    conflicts: list[Conflict] = []
    for key in sorted({*before, *here, *there}):
        was, is_here, is_there = before[key], here[key], there[key]
        if was in (is_here, is_there) or is_here == is_there:
            merged |= is_there if is_here == was else is_here
            continue
        subject, predicate, language = key
        if predicate == _MODIFIED and is_here and is_there:
            # A day is its lines' order.
            merged |= max(is_here, is_there, key=max)
            continue
        if predicate in _SEVERAL and was <= is_here & is_there:
            merged |= is_here | is_there
            continue
        conflict = Conflict(
            graph, subject.decode(), predicate.decode(),
            _texts(was), _texts(is_here), _texts(is_there), language.decode(),
        )  # fmt: skip
        conflicts.append(conflict)
        merged |= is_here if conflict.chosen(wanted) == "ours" else is_there
    return Merged(b"".join(sorted(merged)) or None, tuple(conflicts))


def _lines(content: bytes | None) -> set[bytes]:
    return set((content or b"").splitlines(keepends=True))


def _texts(lines: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(line.decode().rstrip("\n") for line in sorted(lines))


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _torn_subjects(base: set[bytes], ours: set[bytes], theirs: set[bytes]) -> set[bytes]:
    """Subjects that one side has removed, and the other has not left as they were."""
    described = [{_subject(line) for line in lines} for lines in (base, ours, theirs)]
    gone_here, gone_there = described[0] - described[1], described[0] - described[2]
    changed_here = {_subject(line) for line in base ^ ours}
    changed_there = {_subject(line) for line in base ^ theirs}
    return (gone_here & changed_there - gone_there) | (gone_there & changed_here - gone_here)


def _by_key(lines: set[bytes], torn: set[bytes]) -> defaultdict[_Key, set[bytes]]:
    """Lines by what they are about."""
    found: defaultdict[_Key, set[bytes]] = defaultdict(set)
    for line in lines:
        subject, predicate, value = line.split(b" ", 2)
        language = _LANGUAGE.search(value)
        whole = subject in torn
        key = (
            subject,
            b"" if whole else predicate,
            language[1] if language and not whole else b"",
        )
        found[key].add(line)
    return found
