"""What is held of a text already: its record, and what that says of each provision."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dtrack.curate.texts.report import Difference
from dtrack.extraction.codes import triples
from dtrack.model import Literal
from dtrack.terms import DT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dtrack.extraction.statements import Origin
    from dtrack.extraction.texts import ExtractedText, Provision

_CITING = ("cites", "recalls", "reaffirms", "amends", "supersedes", "repeals", "implements")


@dataclass(slots=True)
class HeldProvision:
    """Place in the text, verbs and cited texts of a provision, as a record has them."""

    sort_key: str = ""
    verbs: set[str] = field(default_factory=set)
    cited: set[str] = field(default_factory=set)


def held_provisions(content: bytes) -> dict[str, HeldProvision]:
    """Provisions of a record by number."""
    numbers: dict[str, str] = {}
    keys: dict[str, str] = {}
    verbs: dict[str, str] = {}
    of: dict[str, str] = {}
    cited: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in triples(content):
        term = predicate.removeprefix(DT)
        if term == "number" and isinstance(value, Literal):
            numbers[subject] = value.lexical
        elif term == "sortKey" and isinstance(value, Literal):
            keys[subject] = value.lexical
        elif term == "verb":
            verbs[subject] = str(value).rsplit("/", 1)[-1]
        elif term == "elementOf":
            of[subject] = str(value)
        elif term in _CITING:
            cited[subject].add(str(value))
    found = {
        iri: HeldProvision(keys.get(iri, ""), cited=cited[iri])
        for iri in numbers
        if "/provision/" in iri
    }
    for element, verb in verbs.items():
        if of.get(element) in found:
            found[of[element]].verbs.add(verb)
    return {numbers[iri]: provision for iri, provision in found.items()}


def set_beside(provisions: Iterable[Provision], held: dict[str, HeldProvision]) -> list[Provision]:
    """Provisions with places of their own among those of a record, right behind them."""
    taken = {each.sort_key for each in held.values()}
    placed: list[Provision] = []
    for provision in provisions:
        key, count = provision.sort_key, 0
        while key in taken:
            count += 1
            key = f"{provision.sort_key}.{9000 + count}"
        taken.add(key)
        placed.append(replace(provision, sort_key=key))
    return placed


def differences(
    text: ExtractedText,
    held: dict[str, HeldProvision],
    origin: Origin,
    symbol_of: Callable[[str], str],
) -> Iterator[Difference]:
    """Where a record and its text differ, in the order of the text."""
    keys = {provision.key for provision in text.provisions}
    for number in held:
        if number not in keys:
            yield Difference(number, "structure", (number,), ())
    for provision in text.provisions:
        record = held.get(provision.key)
        if record is None:
            yield Difference(provision.key, "structure", (), (provision.key,))
            continue
        yield from _said(provision, record, origin, symbol_of)


def _said(
    provision: Provision, record: HeldProvision, origin: Origin, symbol_of: Callable[[str], str]
) -> Iterator[Difference]:
    verbs = {element.verb for element in provision.elements}
    if verbs != record.verbs:
        ours, theirs = sorted(record.verbs - verbs), sorted(verbs - record.verbs)
        yield Difference(provision.key, "verbs", tuple(ours), tuple(theirs))
    cited = {origin.text(citation.path) for citation in provision.citations}
    if cited != record.cited:
        ours = sorted(symbol_of(iri) for iri in record.cited - cited)
        theirs = sorted(symbol_of(iri) for iri in cited - record.cited)
        yield Difference(provision.key, "citations", tuple(ours), tuple(theirs))
