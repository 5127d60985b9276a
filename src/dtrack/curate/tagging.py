"""The story of tagging what is held already: candidates beside what people have decided.

What a thing is tagged with, in whatever state, is not proposed again: an
accepted tagging stands, and a refused one was looked at.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.curate.candidates import candidates, decided
from dtrack.extraction.codes import triples
from dtrack.extraction.tagging.as_triples import Tagged, tag_iri, tagging_lines
from dtrack.model import Literal, TagCandidate, no_progress
from dtrack.terms import BASE, DCTERMS, DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.candidates import Selection
    from dtrack.model import Progress, Tagger

_WORDS: Final = (f"{DT}text", f"{DT}summary")
_TITLES: Final = frozenset({f"{DCTERMS}title", f"{SKOS}prefLabel"})
_PARTS: Final = frozenset({f"{DT}partOf", f"{DT}elementOf", f"{DT}ofText"})


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate for a thing of a graph; ``words`` are those that it was found by."""

    graph: str
    thing: str
    tag: str
    confidence: float
    words: tuple[str, ...]


@dataclass(slots=True)
class _Thing:
    """What a graph says of a thing, as far as tagging looks at it."""

    texts: dict[str, dict[str, str]]
    titles: dict[str, str]
    tags: set[str]
    is_part: bool = False


def tag_graphs(
    graphs: Mapping[str, bytes],
    tagger: Tagger,
    least: float,
    base: str = BASE,
    progress: Progress = no_progress,
) -> tuple[dict[str, bytes], list[Found]]:
    """Graphs that gain taggings, as they would read, and the candidates in them.

    Contents are canonical N-Triples; candidates below ``least`` are left out.
    """
    changed: dict[str, bytes] = {}
    found: list[Found] = []
    for done, (graph, content) in enumerate(graphs.items()):
        progress("Tagging", done, len(graphs))
        lines: list[str] = []
        for thing, said in sorted(_things(content).items()):
            new = [
                (language, one)
                for language, one in _candidates(said, tagger)
                if one.confidence >= least and tag_iri(one.tag, base) not in said.tags
            ]
            for language, one in new:
                place = Tagged(thing, _key(thing, base), f"{_held(said, language)} held", language)
                lines += tagging_lines(place, [one], tagger, base)
                words = tuple(evidence.words for evidence in one.evidence)
                found.append(Found(graph, thing, one.tag, one.confidence, words))
        if lines:
            all_lines = {f"{line} ." for line in lines} | set(content.decode().splitlines())
            text = "".join(f"{line}\n" for line in sorted(all_lines, key=str.encode))
            changed[graph] = text.encode()
    return changed, found


def decide_held(graphs: Mapping[str, bytes], selection: Selection) -> dict[str, bytes]:
    """Graphs whose proposed taggings a selection accepts or refuses, as they would read."""
    changed: dict[str, bytes] = {}
    for graph, content in graphs.items():
        verdicts = {
            candidate.iri: verdict
            for candidate in candidates(graph, None, content)
            if candidate.kind == "tagging" and (verdict := selection.verdict(candidate)) is not None
        }
        if verdicts:
            changed[graph] = decided(content, verdicts)
    return changed


def _things(content: bytes) -> dict[str, _Thing]:
    """Parts of a text with their words, and what they are tagged with in any state."""
    things: dict[str, _Thing] = defaultdict(lambda: _Thing(defaultdict(dict), {}, set()))
    tagged: dict[str, str] = {}
    tags: dict[str, str] = {}
    for subject, predicate, value in triples(content):
        if predicate in _WORDS and isinstance(value, Literal):
            things[subject].texts[value.language or "en"][predicate] = value.lexical
        elif predicate in _TITLES and isinstance(value, Literal):
            things[subject].titles[value.language or "en"] = value.lexical
        elif predicate in _PARTS:
            things[subject].is_part = True
        elif predicate == f"{DT}tagged":
            tagged[subject] = str(value)
        elif predicate == f"{DT}tag":
            tags[subject] = str(value)
    for tagging, thing in tagged.items():
        if thing in things:
            things[thing].tags.add(tags.get(tagging, ""))
    return {iri: thing for iri, thing in things.items() if thing.is_part and thing.texts}


def _candidates(thing: _Thing, tagger: Tagger) -> Iterator[tuple[str, TagCandidate]]:
    """Candidates of a thing in all its languages: of each tag the surest, with its language."""
    best: dict[str, tuple[str, TagCandidate]] = {}
    for language, texts in sorted(thing.texts.items()):
        # The official words say more than the summary of them.
        text = next(texts[name] for name in _WORDS if name in texts)
        for one in tagger.tags(text, language, thing.titles.get(language, "")):
            former = best.get(one.tag)
            if former is None or one.confidence > former[1].confidence:
                best[one.tag] = (language, one)
    yield from sorted(best.values(), key=lambda pair: (-pair[1].confidence, pair[1].tag))


def _held(thing: _Thing, language: str) -> str:
    return next(name for name in _WORDS if name in thing.texts[language]).removeprefix(DT)


def _key(thing: str, base: str) -> str:
    """What follows the kind in the IRI of a tagging: ``SLUG/1.2`` or ``SLUG/action-1.2.a``."""
    kind, _, rest = thing.removeprefix(f"{base}/id/").partition("/")
    slug, slash, part = rest.partition("/")
    if kind == "provision" or not slash:
        return rest or kind
    return f"{slug}/{kind}-{part}"
