"""Corpora of any size that look like the real one and conform to the shapes.

The ontology, instruments, meetings, frameworks and mappings are the bundled
ones; the generator adds conventions, their meetings, and decisions with
provisions in four languages, elements, deadlines, citations, taggings and
statuses. There are as many conventions at every size, few of them with very many
decisions; few targets, themes and actors are used very often and most are rare,
as in reality. The same seed gives the same bytes; memory does not grow with the
size. The texts are made up.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final

from dtrack.model import Record
from dtrack.resources import root_folder
from dtrack.sources.corpus import Corpus
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES: Final = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
_KEPT: Final = (
    "ontology",
    "data/instruments",
    "data/meetings",
    "data/frameworks",
    "data/mappings",
    "data/sources",
)
CONVENTIONS: Final = 33
"""Made-up conventions, the first with most decisions."""
_MEETINGS: Final = 20

_B: Final = "https://w3id.org/dtrack/"
_DT: Final = f"{_B}ontology#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL: Final = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DAY: Final = f"^^<{_XSD}date>"
_TEXT: Final = (
    "soil water trade reports fish plans forests funds seeds data wetlands ports nets rivers "
    "training birds permits reefs fences guides maps labels markets schools islands"
)
_WORDS: Final = tuple(_TEXT.split())
_FRENCH: Final = ("sols", "eau", "commerce", "rapports", "poissons", "plans", "fonds", "ports")
_SPANISH: Final = ("suelos", "agua", "comercio", "informes", "peces", "planes", "fondos")
_CITED: Final = 500
"""Decisions that later ones may recall."""
_SIGNS: Final = ("土壤", "水", "贸易", "报告", "鱼类", "计划", "森林", "资金", "种子", "数据")
_ASKS: Final = ("invites", "requests", "encourages", "urges")


def base_records() -> list[Record]:
    """Bundled records that every corpus holds."""
    corpus = Corpus(root_folder("ontology"), root_folder("data"), parse_turtle)
    return [record for record in corpus.read() if record.place.startswith(_KEPT)]


def corpus(triples: int, seed: int = 1) -> Iterator[Record]:
    """Records of a corpus of about so many triples, never fewer."""
    base = base_records()
    yield from base
    made = sum(record.size for record in base)
    writer = _Writer(random.Random(seed), base)  # noqa: S311 - the same again is wanted
    while made < triples:
        for record in writer.decision():
            made += record.size
            yield record


class _Skewed:
    """Choices of which the first are much more frequent than the last."""

    def __init__(self, dice: random.Random, choices: Sequence[str]) -> None:
        self._dice = dice
        self._choices = choices
        total = 0.0
        self._sums = [total := total + 1 / (rank + 1) for rank in range(len(choices))]

    def some(self, count: int) -> list[str]:
        """So many different ones, or fewer."""
        found = self._dice.choices(self._choices, cum_weights=self._sums, k=count)
        return list(dict.fromkeys(found))


class _Writer:
    """Writes one decision after the other, and what each first needs."""

    def __init__(self, dice: random.Random, base: Sequence[Record]) -> None:
        self._dice = dice
        text = b"\n".join(record.ntriples for record in base).decode()
        self._themes = _Skewed(dice, _members(text, "theme"))
        self._actors = _Skewed(dice, _members(text, "actor"))
        self._targets = _Skewed(dice, _targets(text))
        self._bodies = _Skewed(dice, [str(number) for number in range(CONVENTIONS)])
        self._held: dict[int, list[int]] = {}
        self._cited: list[tuple[int, str]] = []

    def decision(self) -> Iterator[Record]:
        """Record of a decision, after that of its convention where it is the first."""
        body = int(self._bodies.some(1)[0])
        if body not in self._held:
            self._held[body] = [0] * _MEETINGS
            yield _convention(body)
        session = self._dice.randrange(_MEETINGS)
        place = self._held[body][session]
        self._held[body][session] += 1
        yield self._decision(body, session, place)

    def _decision(self, body: int, session: int, place: int) -> Record:
        slug = f"bench{body}-cop-{session + 1}-{place + 1}"
        text = f"<{_B}id/decision/{slug}>"
        day = f'"{_year(session)}-10-17"{_DAY}'
        lines = [
            *_record("decision", slug, text),
            f"{text} {_TYPE} <{_DT}Decision> .",
            f'{text} <{_DT}symbol> "B{body}.{session + 1}/{place + 1}" .',
            f'{text} <http://purl.org/dc/terms/title> "{self._words(4)}"@en .',
            f'{text} <http://purl.org/dc/terms/title> "{self._signs(4)}"@zh .',
            f"{text} <{_DT}instrument> <{_B}id/instrument/bench{body}> .",
            f"{text} <{_DT}adoptedBy> <{_B}id/body/bench{body}-cop> .",
            f"{text} <{_DT}adoptedAt> <{_B}id/meeting/bench{body}-cop-{session + 1}> .",
            f"{text} <{_DT}adopted> {day} .",
            f"{text} <{_DT}documentType> <{_B}codes/document-type/decision> .",
            f"{text} <http://xmlns.com/foaf/0.1/page> <https://example.org/{slug}> .",
            *self._citations(slug, session, text),
        ]
        for paragraph in range(1, self._dice.randint(4, 18) + 1):
            lines += self._provision(slug, str(paragraph), f"2.{paragraph:04}", text, session)
            parent = f"<{_B}id/provision/{slug}/{paragraph}>"
            for item in range(self._dice.choice((0, 0, 0, 2, 4))):
                name, key = f"{paragraph}.{'abcd'[item]}", f"2.{paragraph:04}.{item + 1:04}"
                lines += self._provision(slug, name, key, parent, session)
        return _made(f"{_B}graph/decision/{slug}", lines)

    def _provision(
        self, slug: str, number: str, key: str, above: str, session: int
    ) -> Iterator[str]:
        """Lines of a provision with its element, taggings and now and then a status."""
        node = f"<{_B}id/provision/{slug}/{number}>"
        part = "Item" if "." in number else "Paragraph"
        yield f"{node} {_TYPE} <{_DT}OperativeProvision> ."
        yield f"{node} {_TYPE} <{_DT}{part}> ."
        yield f'{node} <{_DT}number> "{number}" .'
        yield f'{node} <{_DT}sortKey> "{key}" .'
        yield f"{node} <{_DT}partOf> {above} ."
        yield f"{node} <{_DT}ofText> <{_B}id/decision/{slug}> ."
        yield f"{node} <{_DT}kind> <{_B}codes/kind/operational> ."
        yield f'{node} <{_DT}summary> "{self._words(9)}"@en .'
        yield f'{node} <{_DT}summary> "{self._signs(8)}"@zh .'
        yield f'{node} <{_DT}summary> "{self._words(9, _FRENCH)}"@fr .'
        yield f'{node} <{_DT}summary> "{self._words(9, _SPANISH)}"@es .'
        element = f"<{_B}id/element/{slug}/{number}/1>"
        yield f"{element} {_TYPE} <{_DT}Element> ."
        yield f"{element} <{_DT}elementOf> {node} ."
        yield f'{element} <{_DT}sequence> "1"^^<{_XSD}integer> .'
        yield f"{element} <{_DT}verb> <{_B}codes/verb/{self._dice.choice(_ASKS)}> ."
        yield f"{element} <{_DT}kind> <{_B}codes/kind/operational> ."
        for actor in self._actors.some(2):
            yield f"{element} <{_DT}addressee> <{actor}> ."
        for theme in self._themes.some(2):
            yield from _tagging(slug, number, node, theme, "addressesTheme")
        if self._dice.random() < 0.6:
            for target in self._targets.some(2):
                yield from _tagging(slug, number, node, target, "addressesTarget")
        if self._dice.random() < 0.2:
            yield from _status(slug, number, node)
        if self._dice.random() < 0.1:
            yield f'{element} <{_DT}deadline> "{_year(session) + 2}-12-31"{_DAY} .'
            yield f'{element} <{_DT}deadlineText> "two years on" .'

    def _citations(self, slug: str, session: int, text: str) -> Iterator[str]:
        """Lines of what a decision recalls of earlier ones; the decision may be recalled then."""
        earlier = self._dice.sample(self._cited, k=min(2, len(self._cited)))
        for cited, other in earlier:
            if cited < session:
                name = f"<{_B}id/citation/{slug}/{other}>"
                yield f"{name} {_TYPE} <{_DT}Citation> ."
                yield f"{name} <{_DT}citing> {text} ."
                yield f"{name} <{_DT}cited> <{_B}id/decision/{other}> ."
                yield f"{name} <{_DT}citationRelation> <{_B}codes/citation-relation/recalls> ."
                yield f"{text} <{_DT}recalls> <{_B}id/decision/{other}> ."
        if len(self._cited) < _CITED:
            self._cited.append((session, slug))

    def _words(self, count: int, words: Sequence[str] = _WORDS) -> str:
        return " ".join(self._dice.choices(words, k=count))

    def _signs(self, count: int) -> str:
        return "".join(self._dice.choices(_SIGNS, k=count))


def _convention(body: int) -> Record:
    """A convention with its conference and its meetings."""
    node, cop = f"<{_B}id/instrument/bench{body}>", f"<{_B}id/body/bench{body}-cop>"
    lines = [
        *_record("instrument", f"bench{body}", node),
        f"{node} {_TYPE} <{_DT}Convention> .",
        f'{node} {_LABEL} "Convention {body} of the benchmark"@en .',
        f'{node} <{_DT}shortName> "BENCH{body}" .',
        f"{node} <{_DT}governingBody> {cop} .",
        f"{cop} {_TYPE} <{_DT}GoverningBody> .",
        f'{cop} {_LABEL} "Conference of convention {body}"@en .',
        f"{cop} <{_DT}bodyOf> {node} .",
    ]
    for session in range(_MEETINGS):
        meeting = f"<{_B}id/meeting/bench{body}-cop-{session + 1}>"
        lines += [
            f"{meeting} {_TYPE} <{_DT}Meeting> .",
            f'{meeting} {_LABEL} "Meeting {session + 1} of convention {body}"@en .',
            f"{meeting} <{_DT}meetingOf> {cop} .",
            f"{meeting} <{_DT}instrument> {node} .",
            f'{meeting} <{_DT}session> "{session + 1}" .',
            f'{meeting} <{_DT}startDate> "{_year(session)}-10-06"{_DAY} .',
            f'{meeting} <{_DT}endDate> "{_year(session)}-10-17"{_DAY} .',
        ]
    return _made(f"{_B}graph/instrument/bench{body}", lines)


def _record(kind: str, slug: str, thing: str) -> Iterator[str]:
    graph = f"<{_B}graph/{kind}/{slug}>"
    yield f"{graph} {_TYPE} <{_DT}Record> ."
    yield f"{graph} <{_DT}recordOf> {thing} ."
    yield f"{graph} <{_DT}belongsToSource> <{_B}id/source/bundled> ."
    yield f"{graph} <{_DT}reviewState> <{_B}codes/review-state/evidenced> ."
    yield f"{graph} <http://purl.org/dc/terms/source> <https://example.org/{slug}> ."
    yield f'{graph} <http://purl.org/dc/terms/modified> "2026-11-21"{_DAY} .'


def _tagging(slug: str, number: str, node: str, tag: str, plain: str) -> Iterator[str]:
    name = f"<{_B}id/tagging/{slug}/{number}/{tag.removeprefix(_B).replace('/', '-')}>"
    yield f"{node} <{_DT}{plain}> <{tag}> ."
    yield f"{name} {_TYPE} <{_DT}Tagging> ."
    yield f"{name} <{_DT}tagged> {node} ."
    yield f"{name} <{_DT}tag> <{tag}> ."
    yield f"{name} <{_DT}taggingMethod> <{_B}codes/tagging-method/manual> ."
    yield f"{name} <{_DT}taggingState> <{_B}codes/tagging-state/accepted> ."
    yield f'{name} <{_DT}confidence> "0.6"^^<{_XSD}decimal> .'
    yield f'{name} <{_DT}author> "benchmark" .'
    yield f"{name} <{_DT}reviewState> <{_B}codes/review-state/unreviewed> ."


def _status(slug: str, number: str, node: str) -> Iterator[str]:
    name = f"<{_B}id/status/{slug}/{number}/1>"
    yield f"{name} {_TYPE} <{_DT}PublishedStatus> ."
    yield f"{name} <{_DT}statusOf> {node} ."
    yield f"{name} <{_DT}statusAxis> <{_B}codes/status-axis/legal-force> ."
    yield f"{name} <{_DT}statusValue> <{_B}codes/legal-force/elapsed> ."
    yield f"{name} <{_DT}publishedStatus> <{_B}codes/published-status/elapsed> ."
    yield f'{name} <{_DT}assertedBy> "benchmark" .'
    yield f"{name} <http://purl.org/dc/terms/source> <https://example.org/{slug}> ."


def _made(graph: str, lines: list[str]) -> Record:
    content = "".join(f"{line}\n" for line in sorted(set(lines)))
    return Record(graph, content.encode(), graph)


def _year(session: int) -> int:
    return 2016 + session


def _members(text: str, kind: str) -> list[str]:
    """Codes of a list, in an order that has nothing to do with their names' first letters."""
    found = re.findall(
        rf"^<({_B}codes/{kind}/[^>]*)> {_TYPE} <{_DT}[A-Za-z]*> \.$", text, re.MULTILINE
    )
    return sorted(set(found), key=lambda iri: iri[::-1])


def _targets(text: str) -> list[str]:
    """Targets of frameworks that were adopted before the first meeting."""
    adopted = dict(re.findall(rf'^<([^>]*)> <{_DT}adopted> "([0-9-]*)"', text, re.MULTILINE))
    items = re.findall(rf"^<([^>]*)> <{_DT}ofFramework> <([^>]*)> \.$", text, re.MULTILINE)
    fitting = {item for item, framework in items if adopted.get(framework, "9999") < "2016"}
    return sorted(fitting, key=lambda iri: iri[::-1])
