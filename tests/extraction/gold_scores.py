"""Precision, recall and F1 of what was extracted, against the gold annotations.

Paragraphs are matched by annex and number, preambular ones by their order.
Only paragraphs in the parts that a gold text covers count as extracted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extraction.gold_forms import (
    actor_form,
    annex_form,
    number_form,
    pinpoint_forms,
    section_form,
    symbol_form,
    target_form,
    time_forms,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from extraction.gold_texts import GoldText, Paragraph

FACETS = (
    "verbs",
    "addressees",
    "kind",
    "citations",
    "relations",
    "pinpoints",
    "targets",
    "deadlines",
    "recurrence",
)
ASPECTS = ("texts", "structure", "sections", *FACETS)
NOT_PARAGRAPHS = {"section", "annex", "heading", "title", "footnote"}

Key = tuple[str, str]
Facets = dict[str, Counter[Any]]


@dataclass(frozen=True, slots=True)
class Slip:
    """What one paragraph lacks and has too much of, in one aspect."""

    text: str
    paragraph: str
    aspect: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(slots=True)
class Count:
    """Right, extra and missing items of an aspect."""

    right: int = 0
    extra: int = 0
    missing: int = 0

    def add(self, right: int, extra: int, missing: int) -> None:
        self.right += right
        self.extra += extra
        self.missing += missing

    @property
    def precision(self) -> float | None:
        """Share of the extracted items that are right; None when nothing was extracted."""
        found = self.right + self.extra
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of the gold items that were extracted; None when gold has none."""
        wanted = self.right + self.missing
        return self.right / wanted if wanted else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None when there is nothing to count."""
        total = 2 * self.right + self.extra + self.missing
        return 2 * self.right / total if total else None


@dataclass(slots=True)
class Score:
    """Counts of each aspect, and the slips behind them."""

    counts: dict[str, Count] = field(default_factory=lambda: {each: Count() for each in ASPECTS})
    slips: list[Slip] = field(default_factory=list)
    texts: int = 0
    paragraphs: int = 0

    def merge(self, other: Score) -> None:
        """Add another score to this one."""
        for aspect, count in other.counts.items():
            self.counts[aspect].add(count.right, count.extra, count.missing)
        self.slips += other.slips
        self.texts += other.texts
        self.paragraphs += other.paragraphs

    def tally(
        self, place: tuple[str, str], aspect: str, gold: Counter[Any], found: Counter[Any]
    ) -> None:
        """Count the items of one paragraph in one aspect."""
        missing, extra = gold - found, found - gold
        self.counts[aspect].add((gold & found).total(), extra.total(), missing.total())
        if missing or extra:
            self.slips.append(Slip(*place, aspect, _words(missing), _words(extra)))


def _words(items: Counter[Any]) -> tuple[str, ...]:
    return tuple(sorted(_word(each) for each in items))


def _word(item: object) -> str:
    if isinstance(item, frozenset):
        return "|".join(sorted(item))
    return ":".join(map(str, item)) if isinstance(item, tuple) else str(item)


def score_text(gold: GoldText, text: Mapping[str, Any] | None) -> Score:
    """Score of one text and of what it is said to be; None = it was not found."""
    result = score(gold, text["provisions"] if text else ())
    if gold.instrument and gold.symbol:
        said = (str(text.get("instrument")), str(text.get("kind"))) if text else ()
        symbol = symbol_form(str(text.get("symbol"))) if text else ""
        result.tally(
            (gold.identifier, "text"),
            "texts",
            Counter([(gold.instrument, gold.kind, symbol_form(gold.symbol))]),
            Counter([(*said, symbol)] if text else []),
        )
    return result


def score(gold: GoldText, provisions: Sequence[Mapping[str, Any]]) -> Score:
    """Score of one text; ``provisions`` as in the JSON of ``dtrack extract``."""
    result = Score(texts=1, paragraphs=len(gold.paragraphs))
    wanted = _keyed_gold(gold.paragraphs)
    found = {
        key: each
        for key, each in keyed_provisions(provisions).items()
        if key in wanted or covered(key, gold.covers)
    }
    for key in [*wanted, *(key for key in found if key not in wanted)]:
        _compare(result, (gold.identifier, _name(key)), wanted.get(key), found.get(key))
    return result


def _compare(
    result: Score, place: tuple[str, str], gold: Paragraph | None, found: Mapping[str, Any] | None
) -> None:
    there, nothing = Counter(["paragraph"]), Counter[str]()
    result.tally(place, "structure", there if gold else nothing, there if found else nothing)
    if gold and gold.section:
        section = Counter([section_form(found.get("section"))] if found else [])
        result.tally(place, "sections", Counter([gold.section.lower()]), section)
    if gold and gold.structure_only:
        return
    wanted = gold_facets(gold) if gold else _nothing()
    extracted = found_facets(found) if found else _nothing()
    extracted["deadlines"] = aligned(wanted["deadlines"], extracted["deadlines"])
    # A missing or wrong citation is counted once, as a citation.
    both = wanted["citations"] & extracted["citations"]
    for aspect in ("relations", "pinpoints"):
        wanted[aspect] = _of(both, wanted[aspect])
        extracted[aspect] = _of(both, extracted[aspect])
    for aspect in FACETS:
        result.tally(place, aspect, wanted[aspect], extracted[aspect])


def _nothing() -> Facets:
    return {aspect: Counter() for aspect in FACETS}


def _of(citations: Counter[Any], items: Counter[Any]) -> Counter[Any]:
    return Counter({each: 1 for each in items if each[:2] in citations})


def gold_facets(gold: Paragraph) -> Facets:
    """What gold says of a paragraph, aspect by aspect."""
    deadlines = [frozenset(time_forms(list(each))) for each in gold.deadlines]
    return {
        "verbs": Counter(each.verb for each in gold.directives),
        "addressees": Counter(
            (each.verb, actor_form(actor)) for each in gold.directives for actor in each.addressees
        ),
        "kind": Counter([gold.kind] if gold.kind else []),
        "citations": Counter(
            {(each.instrument, symbol_form(each.symbol)): 1 for each in gold.citations}
        ),
        "relations": Counter(
            {
                (each.instrument, symbol_form(each.symbol), each.relation): 1
                for each in gold.citations
            }
        ),
        "pinpoints": Counter(
            {
                (each.instrument, symbol_form(each.symbol), place): 1
                for each in gold.citations
                for place in pinpoint_forms(each.pinpoint)
            }
        ),
        "targets": Counter({target_form(each): 1 for each in gold.targets}),
        "deadlines": Counter(deadlines),
        "recurrence": Counter([gold.recurrence] if gold.recurrence else []),
    }


def found_facets(provision: Mapping[str, Any]) -> Facets:
    """What the engine says of a paragraph, aspect by aspect."""
    elements = _distinct(provision.get("elements") or ())
    citations = provision.get("citations") or ()
    cited = [(each.get("instrument"), symbol_form(str(each.get("symbol")))) for each in citations]
    kinds = {each.get("kind") for each in elements}
    kind = "operational" if "operational" in kinds else "informational" if kinds else None
    recurrences = {each.get("recurrence") for each in elements}
    return {
        "verbs": Counter(str(each.get("verb")) for each in elements),
        "addressees": Counter(
            (str(each.get("verb")), actor_form(str(actor)))
            for each in elements
            for actor in each.get("addressees") or ()
        ),
        "kind": Counter([kind] if kind else []),
        "citations": Counter(dict.fromkeys(cited, 1)),
        "relations": Counter(
            {(*pair, each.get("relation")): 1 for pair, each in zip(cited, citations, strict=True)}
        ),
        "pinpoints": Counter(
            {
                (*pair, place): 1
                for pair, each in zip(cited, citations, strict=True)
                for place in pinpoint_forms(each.get("pinpoint"))
            }
        ),
        "targets": Counter({target_form(str(each)): 1 for each in provision.get("targets") or ()}),
        "deadlines": Counter(dict.fromkeys(_deadlines(elements), 1)),
        "recurrence": Counter(each for each in recurrences if each),
    }


def _distinct(elements: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Elements without those that say again what the one before says."""
    kept: list[Mapping[str, Any]] = []
    for each in elements:
        before = kept[-1] if kept else {}
        if any(each.get(key) != before.get(key) for key in ("verb", "addressees", "deadline")):
            kept.append(each)
    return kept


def _deadlines(elements: Iterable[Mapping[str, Any]]) -> list[frozenset[str]]:
    values: list[Any] = []
    for each in elements:
        value = each.get("deadline")
        values += value if isinstance(value, list) else [value]
    return [frozenset(forms) for value in values if (forms := time_forms(value))]


def aligned(gold: Counter[Any], found: Counter[Any]) -> Counter[Any]:
    """Found deadlines, each as the gold one with which it shares a reading."""
    result: Counter[Any] = Counter()
    for each in found:
        result[next((one for one in gold if one & each), each)] = 1
    return result


def keyed_provisions(provisions: Iterable[Mapping[str, Any]]) -> dict[Key, Mapping[str, Any]]:
    """Provisions by annex and number; preambular and unnumbered ones by their order."""
    keyed: dict[Key, Mapping[str, Any]] = {}
    orders: Counter[str] = Counter()
    for each in provisions:
        role = str(each.get("kind"))
        if role in NOT_PARAGRAPHS:
            continue
        annex, number = annex_form(each.get("annex")), number_form(each.get("number"))
        if role == "preambular" and "." not in number:
            orders["preamble"] += 1
            number = f"preamble-{orders['preamble']}"
        elif re.fullmatch(r"(n-?\d+)?", number):
            orders[f"n{annex}"] += 1
            number = f"n-{orders[f'n{annex}']}"
        keyed.setdefault((annex, number), each)
    return keyed


def _keyed_gold(paragraphs: Iterable[Paragraph]) -> dict[Key, Paragraph]:
    return {(annex_form(each.annex), number_form(each.number)): each for each in paragraphs}


def covered(key: Key, covers: Iterable[str]) -> bool:
    """Whether a paragraph lies in one of the parts that gold covers in full."""
    return any(_covers(part, *key) for part in covers)


def _covers(part: str, annex: str, number: str) -> bool:
    word, _, rest = part.partition(" ")
    preambular = number.startswith("preamble")
    if word == "preamble":
        return preambular and not annex
    if word == "annex":
        return annex == annex_form(part)
    if word == "below":
        return not annex and number.startswith(f"{rest}.")
    if annex or preambular or word != "body":
        return False
    first = re.match(r"\d+", number)
    if not rest or first is None:
        return not rest
    low, _, high = rest.partition("-")
    return int(low) <= int(first[0]) <= int(high or low)


def _name(key: Key) -> str:
    return f"annex {key[0]}, {key[1]}" if key[0] else key[1]


def best_text(gold: GoldText, texts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The extracted text that the gold text is about; alone in its file, it is the only one."""
    alone = gold.own or gold.kind not in {"decision", "resolution"}
    if alone and len(texts) == 1:
        return texts[0]
    if gold.symbol is None:
        return None
    named = [
        each for each in texts if symbol_form(str(each.get("symbol"))) == symbol_form(gold.symbol)
    ]
    of_kind = [each for each in named if each.get("kind") == gold.kind]
    return next(iter(of_kind or named), None)
