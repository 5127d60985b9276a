"""Directives as columns: one array a fact, in the order of instrument, adoption and place.

What an array holds follows from the content alone, so the same content gives the
same bytes, whether it was read at once or came in one text after the other.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from dtrack.overlap.corpus import VALUE_DIMENSIONS, Directive
from dtrack.overlap.ordering import distinct, hash_order
from dtrack.overlap.strings import Strings, joined
from dtrack.overlap.value_sets import NO_SETS, ValueSets, merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from dtrack.overlap.reading import RawDirective

T = TypeVar("T", bound=np.generic)

OPERATIONAL: Final = 1
ACTIVE: Final = 2
PERMISSIVE: Final = 4
RESTRICTIVE: Final = 8
Block = tuple[str, str, str]
"""Instrument, day of adoption and text: its directives stand together."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """All directives of a corpus. Arrays over directives have one entry each, by row.

    ``firsts[b]`` is the first row of block ``b``, with the number of rows at the
    end. ``periods`` are the different pairs of first and last year (0 = open),
    ``period`` says which one. ``sets`` and ``numbers`` give the set of values on
    each dimension. ``spans`` holds row, first and last day of each time in which
    a directive no longer directs anybody. ``hash_order`` sorts ``hashes``, by which
    provisions are looked up.
    """

    blocks: tuple[Block, ...]
    firsts: NDArray[np.int32]
    provisions: Strings
    hashes: NDArray[np.uint64]
    hash_order: NDArray[np.int32]
    flags: NDArray[np.uint8]
    periods: NDArray[np.int32]
    period: NDArray[np.int32]
    sets: Mapping[str, ValueSets]
    numbers: Mapping[str, NDArray[np.int32]]
    spans: NDArray[np.int32]

    def __len__(self) -> int:
        """Count the directives."""
        return len(self.flags)

    def block(self, row: int) -> Block:
        """Block that a row stands in."""
        return self.blocks[int(np.searchsorted(self.firsts, row, side="right")) - 1]

    def row(self, provision: str) -> int | None:
        """Row of a provision; None when it is unknown or directs nobody."""
        wanted = np.uint64(_hash(provision.encode()))
        place = int(np.searchsorted(self.hashes, wanted, sorter=self.hash_order))
        while place < len(self) and self.hashes[self.hash_order[place]] == wanted:
            row = int(self.hash_order[place])
            if self.provisions[row] == provision:
                return row
            place += 1
        return None

    def directive(self, row: int) -> Directive:
        """The directive in a row."""
        return self.directives([row])[0]

    def directives(self, rows: Sequence[int]) -> list[Directive]:
        """The directives in some rows, in the order given."""
        places = np.asarray(rows, dtype=np.int64)
        blocks = np.searchsorted(self.firsts, places, side="right") - 1
        numbers = [self.numbers[name][places].tolist() for name in VALUE_DIMENSIONS]
        return [
            self._directive(row, self.blocks[block], period, flags, of)
            for row, block, period, flags, *of in zip(
                places.tolist(),
                blocks.tolist(),
                self.periods[self.period[places]].tolist(),
                self.flags[places].tolist(),
                *numbers,
                strict=True,
            )
        ]

    def _directive(
        self, row: int, block: Block, period: list[int], flags: int, numbers: list[int]
    ) -> Directive:
        start, end = period
        return Directive(
            provision=self.provisions[row],
            text=block[2],
            instrument=block[0],
            start=start,
            end=end or None,
            operational=bool(flags & OPERATIONAL),
            active=bool(flags & ACTIVE),
            permissive=bool(flags & PERMISSIVE),
            restrictive=bool(flags & RESTRICTIVE),
            values={
                name: self.sets[name].names(number)
                for name, number in zip(VALUE_DIMENSIONS, numbers, strict=True)
                if number
            },
        )


def _hash(provision: bytes) -> int:
    return int.from_bytes(blake2b(provision, digest_size=8).digest(), "little")


def _flags(directive: RawDirective) -> int:
    return (
        OPERATIONAL * directive.operational
        + ACTIVE * directive.active
        + PERMISSIVE * directive.permissive
        + RESTRICTIVE * directive.restrictive
    )


EMPTY: Final = Columns(
    (),
    np.zeros(1, np.int32),
    Strings.of([]),
    np.zeros(0, np.uint64),
    np.zeros(0, np.int32),
    np.zeros(0, np.uint8),
    np.zeros((0, 2), np.int32),
    np.zeros(0, np.int32),
    dict.fromkeys(VALUE_DIMENSIONS, NO_SETS),
    {dimension: np.zeros(0, np.int32) for dimension in VALUE_DIMENSIONS},
    np.zeros((0, 3), np.int32),
)


@dataclass(slots=True)
class _Piece:
    """A run of rows, of the old columns (0) or the new ones (1), with its blocks."""

    side: int
    first: int
    after: int
    blocks: list[Block]
    sizes: list[int]

    def add(self, block: Block, size: int) -> None:
        """Let one more block be of it."""
        self.blocks.append(block)
        self.sizes.append(size)
        self.after += size


def columns_of(directives: Sequence[RawDirective]) -> Columns:
    """Columns of directives in their order."""
    return spliced(EMPTY, frozenset(), directives)


def spliced(old: Columns, texts: frozenset[str], directives: Sequence[RawDirective]) -> Columns:
    """Columns in which the directives given, in their order, replace those of some texts."""
    pieces = _pieces(old, texts, directives)
    provisions = _provisions(old, pieces, directives)
    kept = np.concatenate(
        [np.zeros(0, np.int64)] + [np.arange(p.first, p.after) for p in pieces if not p.side]
    )
    # Where the same provisions stand in the same rows, most of what they say stays, too.
    again = provisions["firsts"] is old.firsts
    rows = np.array(list(_new_rows(pieces)) if again else [], dtype=np.int64)
    sets, numbers = {}, {}
    for dimension in VALUE_DIMENSIONS:
        values = [d.values.get(dimension, ()) for d in directives]
        if again and _say(old, dimension, rows, values):
            sets[dimension], numbers[dimension] = old.sets[dimension], old.numbers[dimension]
            continue
        used = np.zeros(len(old.sets[dimension]), dtype=np.bool_)
        used[old.numbers[dimension][kept]] = True
        sets[dimension], moved, added = merged(old.sets[dimension], used, values)
        numbers[dimension] = _assembled(pieces, moved[old.numbers[dimension]], added)
    years = np.array([(d.start, d.end) for d in directives], dtype=np.int32).reshape(-1, 2)
    periods, period = old.periods, old.period
    if not again or not np.array_equal(old.periods[old.period[rows]], years):
        periods, period = _periods(old, pieces, years)
    return Columns(
        **provisions,
        flags=_assembled(
            pieces, old.flags, np.array([_flags(d) for d in directives], dtype=np.uint8)
        ),
        periods=periods,
        period=period,
        sets=sets,
        numbers=numbers,
        spans=_spans(old, pieces, directives),
    )


def _say(
    old: Columns, dimension: str, rows: NDArray[np.int64], values: Sequence[tuple[str, ...]]
) -> bool:
    """Whether some rows have these values on a dimension, each its own."""
    sets = old.sets[dimension]
    found = old.numbers[dimension][rows].tolist()
    return all(sets.names(number) == some for number, some in zip(found, values, strict=True))


def _provisions(
    old: Columns, pieces: Sequence[_Piece], directives: Sequence[RawDirective]
) -> dict[str, Any]:
    """Columns that say which directives there are: most edits leave these as they are."""
    texts = [directive.provision.encode() for directive in directives]
    blocks = tuple([block for piece in pieces for block in piece.blocks])
    firsts = np.concatenate(
        [np.zeros(1, np.int32), np.cumsum([z for p in pieces for z in p.sizes], dtype=np.int32)]
    )
    if (
        blocks == old.blocks
        and np.array_equal(firsts, old.firsts)
        and all(old.provisions.raw(r) == t for r, t in zip(_new_rows(pieces), texts, strict=True))
    ):
        same = ("blocks", "firsts", "provisions", "hashes", "hash_order")
        return {name: getattr(old, name) for name in same}
    new = Strings.of(texts)
    hashes = _assembled(pieces, old.hashes, np.array([_hash(t) for t in texts], dtype=np.uint64))
    return {
        "blocks": blocks,
        "firsts": firsts,
        "provisions": joined([((old.provisions, new)[p.side], p.first, p.after) for p in pieces]),
        "hashes": hashes,
        "hash_order": hash_order(hashes).astype(np.int32),
    }


def _new_rows(pieces: Sequence[_Piece]) -> Iterator[int]:
    """Rows that the new directives get, in their order."""
    row = 0
    for piece in pieces:
        size = piece.after - piece.first
        if piece.side:
            yield from range(row, row + size)
        row += size


def _pieces(
    old: Columns, texts: frozenset[str], directives: Sequence[RawDirective]
) -> list[_Piece]:
    """Runs of old and new rows, in order."""
    groups = groupby(directives, key=lambda d: (d.instrument, d.adopted, d.text))
    blocks = [(block, len(list(members))) for block, members in groups]
    # Where in the old order something leaves (-1) or a new block comes.
    turns = [(at, -1) for at, block in enumerate(old.blocks) if block[2] in texts]
    turns += [(bisect_left(old.blocks, block), new) for new, (block, _) in enumerate(blocks)]
    pieces: list[_Piece] = []
    sizes = np.diff(old.firsts).tolist()
    at = row = 0
    for place, new in [*sorted(turns), (len(old.blocks), -1)]:
        if place > at:
            run = int(old.firsts[at]), int(old.firsts[place])
            pieces.append(_Piece(0, *run, list(old.blocks[at:place]), sizes[at:place]))
            at = place
        if new < 0:
            at += 1
            continue
        if not pieces or not pieces[-1].side:
            pieces.append(_Piece(1, row, row, [], []))
        pieces[-1].add(*blocks[new])
        row += blocks[new][1]
    return pieces


def _assembled(pieces: Sequence[_Piece], old: NDArray[T], new: NDArray[T]) -> NDArray[T]:
    parts = [(old, new)[piece.side][piece.first : piece.after] for piece in pieces]
    return np.concatenate(parts) if parts else old[:0]


def _periods(
    old: Columns, pieces: Sequence[_Piece], years: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Periods, and that of each row; ``years`` are first and last ones of new directives."""

    def code(spans: NDArray[np.int32]) -> NDArray[np.int32]:
        return spans[:, 0] * 10_000 + spans[:, 1]

    fresh = code(years)
    olds = code(old.periods)
    parts = [old.period[piece.first : piece.after] for piece in pieces if not piece.side]
    used = np.bincount(np.concatenate([np.zeros(0, np.int32), *parts]), minlength=len(olds)) > 0
    known = distinct(np.concatenate([olds[used], fresh]))
    # Places among the known ones: looked up for the different periods, not for each row.
    period = _assembled(
        pieces,
        np.searchsorted(known, olds).astype(np.int32)[old.period],
        np.searchsorted(known, fresh).astype(np.int32),
    )
    return np.column_stack([known // 10_000, known % 10_000]).astype(np.int32), period


def _spans(
    old: Columns, pieces: Sequence[_Piece], directives: Sequence[RawDirective]
) -> NDArray[np.int32]:
    fresh = np.array(
        [(row, *span) for row, d in enumerate(directives) for span in sorted(set(d.ended))],
        dtype=np.int32,
    ).reshape(-1, 3)
    parts, row = [np.zeros((0, 3), np.int32)], 0
    for piece in pieces:
        spans = (old.spans, fresh)[piece.side]
        low, high = np.searchsorted(spans[:, 0], [piece.first, piece.after])
        part = spans[low:high].copy()
        part[:, 0] += row - piece.first
        parts.append(part)
        row += piece.after - piece.first
    return np.concatenate(parts)
