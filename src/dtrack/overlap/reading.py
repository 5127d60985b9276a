"""Facts about directives, read from a store in bulk: few scans, split without a row object each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from dtrack.overlap.told import ToldScans
from dtrack.terms import CODES, DT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from dtrack.model import Store

_TSV: Final = "text/tab-separated-values"
_OPERATIONAL: Final = f"<{CODES}/kind/operational>".encode()
_PERMISSIVE: Final = f"<{CODES}/verb-modality/permissive>".encode()
_RESTRICTIVE: Final = f"<{CODES}/verb-modality/restrictive>".encode()
LAST_DAY: Final = 99991231

Facts = tuple[Sequence[bytes], Sequence[bytes]]
"""Subjects and their values, as N-Triples terms, in step."""
Span = tuple[int, int]
"""First and last day, as yyyymmdd."""


@dataclass(frozen=True, slots=True)
class RawDirective:
    """A directive as it is read; ``values`` are IRIs by dimension, ``ended`` the spans of its end.

    ``start`` is the year of adoption, ``end`` that of the last deadline, 0 = open.
    """

    instrument: str
    adopted: str
    text: str
    sort: str
    provision: str
    start: int
    end: int
    operational: bool
    active: bool
    values: Mapping[str, tuple[str, ...]]
    ended: tuple[Span, ...]
    permissive: bool = False
    restrictive: bool = False

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """Where it stands in the order of all."""
        return (self.instrument, self.adopted, self.text, self.sort, self.provision)


class Scans(Protocol):
    """Where facts come from: a column of terms for each variable of ``queries/index``."""

    def columns(self, name: str, prop: str = "", of: str = "") -> Sequence[Sequence[bytes]]:
        """Columns of a query's answer."""
        ...

    def facts(self, local: str, of: str) -> Facts:
        """Values of a property of our ontology."""
        ...


class _Scans:
    """The queries of ``queries/index`` over all texts, or over some."""

    def __init__(self, store: Store, queries: Path, texts: Iterable[str] | None) -> None:
        self._store = store
        self._queries = queries
        self._texts = None if texts is None else " ".join(f"<{text}>" for text in texts)

    def columns(self, name: str, prop: str = "", of: str = "") -> list[list[bytes]]:
        """Columns of a query's answer."""
        name = name if self._texts is None or not of else f"{name}_of_{of}"
        query = (self._queries / f"{name}.rq").read_text(encoding="utf-8")
        query = query.replace("$texts", self._texts or "").replace("$property", f"<{prop}>")
        body = self._store.serialise(query, _TSV).body
        head, _, rows = body.partition(b"\n")
        width = head.count(b"\t") + 1
        cells = rows.replace(b"\r", b"").replace(b"\n", b"\t").split(b"\t")[:-1]
        return [cells[column::width] for column in range(width)]

    def facts(self, local: str, of: str) -> Facts:
        """Values of a property of our ontology."""
        subjects, values = self.columns("facts", f"{DT}{local}", of)
        return subjects, values


def iri(term: bytes) -> str:
    """IRI of an N-Triples term."""
    return term[1:-1].decode()


def lexical(term: bytes) -> str:
    """Lexical form of a literal without escapes, such as a date or a sort key."""
    return term.split(b'"')[1].decode() if b'"' in term else term.decode()


def _day(term: bytes, default: int) -> int:
    return int(lexical(term)[:10].replace("-", "")) if term else default


def _per_provision(
    scans: Scans, prop: str, provision_of: Mapping[bytes, bytes]
) -> dict[bytes, set[bytes]]:
    found = defaultdict[bytes, set[bytes]](set)
    elements, values = scans.facts(prop, "elements")
    for provision, value in zip(map(provision_of.get, elements), values, strict=True):
        if provision is not None:
            found[provision].add(value)
    return found


def _on_provisions(scans: Scans, prop: str) -> dict[bytes, set[bytes]]:
    found = defaultdict[bytes, set[bytes]](set)
    for provision, value in zip(*scans.facts(prop, "provisions"), strict=True):
        found[provision].add(value)
    return found


def _kinds_of_verbs(scans: Scans, query: str) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for verb, kind in zip(*scans.columns(query), strict=True):
        found.setdefault(verb, []).append(kind)
    return found


def _ended_spans(scans: Scans) -> dict[bytes, list[Span]]:
    """Days on which the force of a thing has ended or its work is done, by the assertions."""
    said: dict[tuple[bytes, bytes], list[tuple[int, int, int, bool]]] = {}
    columns = scans.columns("statuses", of="texts")
    for thing, axis, rank, first, last, ends in zip(*columns, strict=True):
        assertion = (
            int(lexical(rank)), _day(first, 0), _day(last, LAST_DAY), lexical(ends) == "true"
        )  # fmt: skip
        said.setdefault((thing, axis), []).append(assertion)
    found: dict[bytes, list[Span]] = {}
    for (thing, _), assertions in said.items():
        if any(assertion[3] for assertion in assertions):
            found.setdefault(thing, []).extend(_spans(assertions))
    return found


def _spans(assertions: list[tuple[int, int, int, bool]]) -> list[Span]:
    """Spans in which the assertion that counts ends a thing: curated first, then the latest."""
    turns = sorted({a[1] for a in assertions} | {a[2] + 1 for a in assertions})
    spans: list[Span] = []
    for start, after in zip(turns, [*turns[1:], LAST_DAY + 1], strict=True):
        holding = [a for a in assertions if a[1] <= start <= a[2]]
        best = max((a[:2] for a in holding), default=None)
        if best and start < after and any(a[3] for a in holding if a[:2] == best):
            spans.append((start, after - 1))
    return spans


def _is_active(spans: Sequence[Span]) -> bool:
    """Whether nothing without a last day has ended it."""
    return not any(last == LAST_DAY for _, last in spans)


def _texts_of(
    instruments: Mapping[bytes, bytes], adopted: Mapping[bytes, bytes]
) -> dict[bytes, tuple[str, str, str]]:
    """Instrument, day of adoption and IRI of each text of which both are known."""
    return {
        text: (iri(instrument), lexical(adopted[text]), iri(text))
        for text, instrument in instruments.items()
        if text in adopted
    }


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is known of verbs: how strongly each asks, and whether it permits or requires."""

    forces: Mapping[bytes, Sequence[bytes]]
    modalities: Mapping[bytes, Sequence[bytes]]


def read_verbs(store: Store, queries: Path) -> Verbs:
    """Verbs of a store. ``queries`` is ``queries/index``."""
    return _verbs_of(_Scans(store, queries, None))


def _verbs_of(scans: Scans) -> Verbs:
    return Verbs(_kinds_of_verbs(scans, "verb_forces"), _kinds_of_verbs(scans, "verb_modalities"))


def read_directives(
    store: Store, queries: Path, texts: Iterable[str] | None = None, known: Verbs | None = None
) -> list[RawDirective]:
    """Directives of a store, or of some texts, in their order. ``queries`` is ``queries/index``.

    ``known`` are the verbs of the store, where somebody has read them.
    """
    told = store.told() if texts is None else None
    scans: Scans = ToldScans(told) if told else _Scans(store, queries, texts)
    of_verb = known or _verbs_of(scans)
    forces, modalities = of_verb.forces, of_verb.modalities
    text_of = dict(zip(*scans.facts("ofText", "provisions"), strict=True))
    sort_of = dict(zip(*scans.facts("sortKey", "provisions"), strict=True))
    instrument_of = dict(zip(*scans.facts("instrument", "texts"), strict=True))
    adopted_of = dict(zip(*scans.facts("adopted", "texts"), strict=True))
    element_of = dict(zip(*scans.facts("elementOf", "elements"), strict=True))
    directing = set(element_of.values())
    kinds = _per_provision(scans, "kind", element_of)
    deadlines = _per_provision(scans, "deadline", element_of)
    verbs = _per_provision(scans, "verb", element_of)
    values = {
        "target": _on_provisions(scans, "addressesTarget"),
        "theme": _on_provisions(scans, "addressesTheme"),
        "actor": _per_provision(scans, "addressee", element_of),
        "verb": {
            provision: {force for verb in found for force in forces.get(verb, ())}
            for provision, found in verbs.items()
        },
    }
    permissive, restrictive = (
        {verb for verb, kinds in modalities.items() if kind in kinds}
        for kind in (_PERMISSIVE, _RESTRICTIVE)
    )
    ended = _ended_spans(scans)
    held = chain.from_iterable(by_provision.values() for by_provision in values.values())
    named = {term: iri(term) for term in set[bytes]().union(*held)}
    texts_of = _texts_of(instrument_of, adopted_of)
    found = []
    for provision in dict.fromkeys(scans.columns("operative", of="texts")[0]):
        text, sort = text_of.get(provision), sort_of.get(provision)
        if text is None or sort is None or provision not in directing or text not in texts_of:
            continue
        asking = verbs.get(provision, ())
        instrument, day, work = texts_of[text]
        last = max(map(lexical, deadlines.get(provision, ())), default="0")
        spans = (*ended.get(text, ()), *ended.get(provision, ()))
        found.append(
            RawDirective(
                instrument, day, work, lexical(sort), iri(provision), int(day[:4]), int(last[:4]),
                _OPERATIONAL in kinds.get(provision, ()), _is_active(spans),
                {
                    dimension: tuple(sorted(map(named.__getitem__, by_provision[provision])))
                    for dimension, by_provision in values.items()
                    if by_provision.get(provision)
                },
                spans, not permissive.isdisjoint(asking), not restrictive.isdisjoint(asking),
            )
        )  # fmt: skip
    found.sort(key=lambda directive: directive.place)
    return found
