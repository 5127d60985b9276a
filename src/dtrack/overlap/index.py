"""The index: columns of directives with their alignments and measures, ready for every question.

An index never changes; after an edit there is another one. What a question
derives from it is kept with it, so the next question finds it.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from dtrack.errors import StoreError
from dtrack.model import at_once
from dtrack.overlap.alignment import align
from dtrack.overlap.carried_gaps import carry_served
from dtrack.overlap.carried_leaders import carry_leaders
from dtrack.overlap.changing import read_again, read_whole
from dtrack.overlap.columns import Columns, columns_of
from dtrack.overlap.corpus import VALUE_DIMENSIONS, Corpus, Directive, Tables
from dtrack.overlap.counting import carry_over, groups_of, pair_counts
from dtrack.overlap.gaps import ITEMS, SERVED, served
from dtrack.overlap.leaders import leaders
from dtrack.overlap.moving import moves
from dtrack.overlap.profiles import FINISHED, PARTS, totals
from dtrack.overlap.reading import LAST_DAY, RawDirective
from dtrack.overlap.saving import (
    Saved,
    load,
    load_leaders,
    load_served,
    load_totals,
    save,
    save_leaders,
    save_totals,
)
from dtrack.overlap.selection import DEFAULT
from dtrack.overlap.similarity import Measure, information_content, period_table
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS, Weights, default_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dtrack.model import Store
    from dtrack.overlap.alignment import Alignments

T = TypeVar("T")
ALIGNED: Final = "aligned lines"
"""Under which what is published of the alignments is kept."""
_VERBS: Final = "verbs"
MEASURE: Final = "measure"
"""Under which the measures of dimensions are kept."""
_KEPT: Final = 512
"""Answers of one kind that an index keeps."""
_DIRECTIVES: Final = 100_000
"""Directives that it keeps."""


class OverlapIndex:
    """Directives, alignments, measures.

    ``now`` is the year to which open periods run: that of the newest text, so
    that the same corpus always gives the same index. ``without`` names mappings
    that do not count.
    """

    def __init__(
        self,
        columns: Columns,
        tables: Tables,
        *,
        weights: Weights | None = None,
        now: int | None = None,
        without: frozenset[str] = frozenset(),
        alignments: Alignments | None = None,
    ) -> None:
        self.columns = columns
        self.tables = tables
        self.weights = weights or default_weights()
        self.given_now = now
        self.now = now or int(columns.periods[:, 0].max(initial=1))
        self.without = without
        self.alignments: Alignments = alignments or align(tables, self.weights, without=without)
        self.instruments: tuple[str, ...] = tuple(sorted({block[0] for block in columns.blocks}))
        self._kept: dict[str, dict[Hashable, Any]] = {}
        self._lock = threading.RLock()

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        *,
        weights: Weights | None = None,
        now: int | None = None,
        without: frozenset[str] = frozenset(),
    ) -> OverlapIndex:
        """Index of a corpus made by hand; directives stand by instrument, year, text and name."""
        raw = sorted((_raw(d) for d in corpus.directives), key=lambda directive: directive.place)
        tables = Tables(corpus.mappings, corpus.ancestors, corpus.items)
        return cls(columns_of(raw), tables, weights=weights, now=now, without=without)

    @classmethod
    def built(
        cls, store: Store, queries: Path, derived: Callable[[], None] = at_once
    ) -> OverlapIndex:
        """Index of what a store holds. ``queries`` is the root folder of queries.

        ``derived`` returns once the store holds what follows by rules too.
        Raises StoreError when the derived graph is missing, since without it
        hierarchies would silently be empty.
        """
        read = read_whole(store, queries / "index", derived)
        if len(read.columns) and not read.tables.ancestors:
            raise StoreError(
                "The store has no derived graph, so hierarchies are unknown.",
                remedy="Load it again with `dtrack init`.",
            )
        return cls(read.columns, read.tables)

    def updated(
        self, store: Store, queries: Path, changes: Mapping[str, tuple[bytes, bytes]]
    ) -> OverlapIndex:
        """The index after some graphs of the store have changed; this one stays as it is.

        ``changes`` maps each changed graph to its N-Triples before and after; the
        closures of the derived graph must already be those after. What is given
        is, byte for byte, what built() would give.
        """
        verbs = self.kept(_VERBS, (), lambda: None)
        read = read_again(self.columns, self.tables, store, queries / "index", changes, verbs)
        same = read.tables is self.tables
        new = OverlapIndex(
            read.columns,
            read.tables,
            weights=self.weights,
            now=self.given_now,
            without=self.without,
            alignments=self.alignments if same else None,
        )
        if same:
            new._adopt(self)
        new.keep(_VERBS, (), read.verbs)
        if self.has(PARTS, ()):
            new.keep(PARTS, (), self.kept(PARTS, (), lambda: None))
        if same:
            # They follow from the tables alone.
            for kind in (ALIGNED, ITEMS):
                new._kept[kind] = dict(self._kept.get(kind, {}))
        with ThreadPoolExecutor(1) as thread:
            # What both read is made first, or each would make it.
            _ = new.measures, new.owner, new.presence, groups_of(new, DEFAULT)
            summing = thread.submit(totals, new, DEFAULT, new.weights.dimensions)
            if read.texts is not None:
                moved = moves(self.columns, new.columns, read.texts)
                carry_over(self, new, moved)
                carry_leaders(self, new, moved)
                carry_served(self, new, moved)
            summing.result()
        return new

    def save(self, folder: Path, former: tuple[Path, OverlapIndex] | None = None) -> str:
        """Write the index into a folder, with what is dear to find; gives its digest.

        That is the counts of pairs, the best ones of every two instruments, the totals of the
        finished matrix, and how many directives serve each item. Files that are the same as
        those of a ``former`` index in its folder are shared with it.
        """
        counts = {"default": pair_counts(self, DEFAULT, SUBJECT_DIMENSIONS)}
        save_leaders(folder, leaders(self))
        save_totals(folder, totals(self, DEFAULT, self.weights.dimensions), served(self))
        known = Saved(former[0], former[1].columns, former[1].tables) if former else None
        return save(folder, self.columns, self.tables, counts, known)

    @classmethod
    def load(cls, folder: Path) -> OverlapIndex:
        """Index that save() wrote; its arrays are mapped. Raises StoreError."""
        columns, tables, counts = load(folder)
        index = cls(columns, tables)
        index.keep("pair counts", (DEFAULT, SUBJECT_DIMENSIONS), counts["default"])
        for kind, known in (
            ("leaders", load_leaders(folder)),
            (FINISHED, load_totals(folder)),
            (SERVED, load_served(folder)),
        ):
            if known is not None:
                index.keep(kind, (), known)
        return index

    def row(self, provision: str) -> int | None:
        """Row of a provision; None when it is unknown or directs nobody."""
        return self.columns.row(provision)

    def withdrawing(self, mappings: frozenset[str]) -> OverlapIndex:
        """The index as it would be without some mappings."""
        return OverlapIndex(
            self.columns,
            self.tables,
            weights=self.weights,
            now=self.given_now,
            without=self.without | mappings,
        )

    def __len__(self) -> int:
        """Count the directives."""
        return len(self.columns)

    @cached_property
    def bounds(self) -> NDArray[np.int64]:
        """Row where each instrument begins, with the number of rows at the end."""
        if not self.instruments:
            return np.zeros(1, dtype=np.int64)
        names = [block[0] for block in self.columns.blocks]
        new = [i for i, name in enumerate(names) if not i or name != names[i - 1]]
        return np.append(self.columns.firsts[new], len(self)).astype(np.int64)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many directives each instrument has, those that have ended included."""
        return dict(zip(self.instruments, np.diff(self.bounds).tolist(), strict=True))

    @cached_property
    def owner(self) -> NDArray[np.int32]:
        """Place in ``instruments`` of each directive's instrument."""
        sizes = np.diff(self.bounds)
        return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """Measure of each dimension whose values are concepts."""
        return {name: self._measure(name) for name in VALUE_DIMENSIONS}

    def _measure(self, name: str) -> Measure:
        return self.kept(MEASURE, name, lambda: self._measured(name))

    def _adopt(self, former: OverlapIndex) -> None:
        """Take over measures of a former index that come to the same here, with what hangs on them.

        The alignments and the tables are those of the former one.
        """
        for name, measure in former.measures.items():
            columns, others = self.columns, former.columns
            if columns.sets[name] is others.sets[name] and np.array_equal(
                columns.numbers[name], others.numbers[name]
            ):
                self.keep(MEASURE, name, measure)

    def _measured(self, name: str) -> Measure:
        sets = self.columns.sets[name]
        counts = np.bincount(self.columns.numbers[name], minlength=len(sets))
        ic = information_content(sets, counts, self.tables.ancestors)
        return Measure(sets, ic, self.alignments)

    @cached_property
    def periods(self) -> NDArray[np.float64]:
        """Similarity of every two periods."""
        return period_table(self.columns.periods, self.now)

    @cached_property
    def presence(self) -> NDArray[np.uint8]:
        """What each directive states: one bit a dimension, in the order of DIMENSIONS."""
        found = np.full(len(self), 1 << DIMENSIONS.index("period"), dtype=np.uint8)
        for bit, name in enumerate(VALUE_DIMENSIONS):
            found |= (self.columns.numbers[name] > 0).astype(np.uint8) << bit
        return found

    @cached_property
    def starts(self) -> NDArray[np.int32]:
        """Year of adoption of each directive."""
        return self.columns.periods[:, 0][self.columns.period]

    def directive(self, row: int) -> Directive:
        """The directive in a row."""
        return self.directives([row])[0]

    def directives(self, rows: Sequence[int]) -> list[Directive]:
        """The directives in some rows, in the order given."""
        known: dict[int, Directive] = self.kept("directives", (), dict)
        missing = [row for row in rows if row not in known]
        if missing:
            if len(known) + len(missing) > _DIRECTIVES:
                known = {row: known[row] for row in rows if row in known}
                self.keep("directives", (), known)
            known.update(zip(missing, self.columns.directives(missing), strict=True))
        return [known[row] for row in rows]

    def ic(self, dimension: str, value: str) -> float:
        """Information content of a value, 1 for one that nobody has."""
        measure = self.measures[dimension]
        place = measure.sets.position.get(value)
        return 1.0 if place is None else float(measure.ic[place])

    def dimension_bits(self, dimensions: Mapping[str, float]) -> tuple[int, int]:
        """Bits of the dimensions that have a weight, and of the subjects among them."""
        weighed = sum(1 << i for i, name in enumerate(DIMENSIONS) if dimensions[name] > 0)
        subjects = sum(1 << DIMENSIONS.index(name) for name in SUBJECT_DIMENSIONS)
        return weighed, weighed & subjects

    def kept(self, kind: str, key: Hashable, make: Callable[[], T], limit: int = _KEPT) -> T:
        """What was made for a key before, or is made now."""
        shelf = self._kept.setdefault(kind, {})
        if key in shelf:
            found: T = shelf[key]
            return found
        made = make()
        self.keep(kind, key, made, limit)
        return made

    def has(self, kind: str, key: Hashable) -> bool:
        """Whether something was made for a key before."""
        return key in self._kept.get(kind, {})

    def keep(self, kind: str, key: Hashable, made: object, limit: int = _KEPT) -> None:
        """Keep what was made for a key; the oldest goes when there is too much."""
        with self._lock:
            shelf = self._kept.setdefault(kind, {})
            shelf.pop(key, None)
            while len(shelf) >= limit:
                shelf.pop(next(iter(shelf)))
            shelf[key] = made


def _raw(directive: Directive) -> RawDirective:
    return RawDirective(
        instrument=directive.instrument,
        adopted=f"{directive.start:04}-01-01",
        text=directive.text,
        sort="",
        provision=directive.provision,
        start=directive.start,
        end=directive.end or 0,
        operational=directive.operational,
        active=directive.active,
        values={name: tuple(sorted(values)) for name, values in directive.values.items() if values},
        ended=() if directive.active else ((0, LAST_DAY),),
        permissive=directive.permissive,
        restrictive=directive.restrictive,
    )
