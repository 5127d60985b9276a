"""A document's lines to texts with directives: the order in which the rules are asked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dtrack.extraction.actors import Actors
from dtrack.extraction.addressees import ADDRESSING, addressees, shares_object
from dtrack.extraction.citations import Citations
from dtrack.extraction.deadlines import Clock, deadlines_in, recurrence_in
from dtrack.extraction.furniture import attach_notes, clear
from dtrack.extraction.healing import heal
from dtrack.extraction.language import language_of
from dtrack.extraction.lexicon import fold
from dtrack.extraction.openings import date_in
from dtrack.extraction.saying_again import said_again
from dtrack.extraction.short_names import short_names
from dtrack.extraction.speakers import Openings
from dtrack.extraction.structure import read_structure
from dtrack.extraction.targets import articles_in, targets_in
from dtrack.extraction.texts import Element, ExtractedText, Extraction, Spot, Unclaimed
from dtrack.extraction.verbs import Verbs
from dtrack.extraction.verbs_chinese import ChineseVerbs
from dtrack.extraction.volumes import split_volume
from dtrack.model import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import Provision, SourceLine
    from dtrack.extraction.verbs import Hit
    from dtrack.extraction.volumes import Part
    from dtrack.model import Progress
    from dtrack.symbols import Reading


_STOP = re.compile(r"[.;:。；：]$")
_ZH_BODY = re.compile(r"[^，。；第]*(?:大会|会议|委员会)")
_DEPENDS = re.compile(r"\b(?:that|que)\s*:?\s*$")
_OWN_SUBJECT = re.compile(
    r"[^:;.]{1,40}:\s*(?i:the|each|all|any) (?:(?!that|which|who)[\w-]+ ){1,6}"
)
"""``Knowledge: the platform`` before the modal of an item that explains its own label."""
_AND = re.compile(r"(?:\s|,|\band\b|\bet\b|\by\b|、|并|和|及|而且)*(?:\b(?:also|further)\b\s*)?")


def extract(
    lines: Sequence[SourceLine], lexicon: Lexicon, progress: Progress = no_progress
) -> Extraction:
    """Texts of a document with all that its lines say, and the lines that no rule understood."""
    cleared = clear(lines)
    blocks = heal(cleared.lines)
    attach_notes(blocks, cleared.notes)
    volume = split_volume(blocks, lexicon, cleared.symbols)
    front = " ".join(block.text for block in volume.front)
    openings = Openings(lexicon)
    texts: list[ExtractedText] = []
    left: list[Block] = []
    claims = {**cleared.claims, **volume.claims}
    for done, part in enumerate(volume.parts):
        progress("Reading texts", done, len(volume.parts))
        reader = _TextReader(part, front, lexicon, openings)
        texts.append(reader.read())
        claims |= reader.claims
        left += reader.unclaimed
    counts: dict[str, int] = {}
    for claim in claims.values():
        counts[claim] = counts.get(claim, 0) + 1
    return Extraction(
        texts=tuple(texts),
        contents=volume.contents,
        unclaimed=tuple(Unclaimed(block.first, block.text) for block in left),
        lines=sum(bool(line.text.strip()) for line in lines),
        claims=counts,
    )


class _TextReader:
    """One text of a volume."""

    def __init__(self, part: Part, front: str, lexicon: Lexicon, openings: Openings) -> None:
        self._openings = openings
        self._part = part
        self._lexicon = lexicon
        self._front = front
        body = " ".join(block.text for block in part.blocks)
        self._language = language_of(body)
        self._reading = self._read_symbol(body)
        of = self._reading.of if self._reading else part.heading.of
        self._instrument = of or self._named_most(body)
        self._actors = Actors(lexicon, self._language, self._instrument)
        self._actors.call(short_names(body, self._actors, self._language))
        self._verbs: Verbs | ChineseVerbs = (
            ChineseVerbs(lexicon, self._actors)
            if self._language == "zh"
            else Verbs(lexicon, self._language, self._actors)
        )
        slug = self._reading.slug if self._reading else ""
        self._citations = Citations(lexicon, self._language, self._instrument, slug)
        self.claims: dict[int, str] = {}
        self.unclaimed: list[Block] = []

    def _read_symbol(self, body: str) -> Reading | None:
        """What the heading names; the instrument named most often breaks a tie."""
        heading = self._part.heading
        readings = [
            reading
            for reading in self._lexicon.symbols.read(f"{heading.kind} {heading.symbol}")
            if reading.kind == heading.kind
        ]
        context = fold(f"{self._front} {body[:6000]}")

        def weight(reading: Reading) -> tuple[int, int]:
            if heading.of and heading.of == reading.of:
                return -1000, reading.rank
            return -self._times_named(reading.of, context), reading.rank

        best = min(readings, key=weight, default=None)
        if best is None or len({r.of for r in readings}) == 1:
            return best
        ranked = min(readings, key=lambda reading: reading.rank)
        return best if weight(best)[0] < weight(ranked)[0] else ranked

    def _times_named(self, instrument: str, context: str) -> int:
        item = self._lexicon.instrument.get(instrument)
        names = {fold(name) for name in item.names if len(name) > 2} if item else set()
        return sum(context.count(name) for name in names)

    def _named_most(self, body: str) -> str:
        """Instrument that a text without a symbol names most, first in what stands before it."""
        for context in (fold(self._front), fold(body[:6000])):
            counts = {key: self._times_named(key, context) for key in self._lexicon.instrument}
            best = max(counts, key=lambda key: (counts[key], key), default="")
            if counts.get(best):
                return best
        return ""

    def read(self) -> ExtractedText:
        """The text, complete."""
        part = self._part
        head, blocks = (part.blocks[:1], part.blocks[1:]) if part.headed else ([], part.blocks)
        structure = read_structure(blocks, self._voice, self._speaks, part.heading.title)
        self.claims = {**{block.first: "heading" for block in head}, **structure.claims}
        self.unclaimed = structure.unclaimed
        meeting = self._meeting()
        adopted = next(filter(None, map(date_in, structure.adoption)), "")
        clock = self._clock(meeting, adopted)
        provisions = self._with_directives(structure.provisions, clock)
        return ExtractedText(
            instrument=self._instrument,
            kind=part.heading.kind,
            symbol=part.heading.symbol,
            slug=self._reading.slug if self._reading else "",
            title=" ".join(structure.title) or self._title_before(),
            adopted=adopted,
            meeting=meeting,
            language=self._language,
            spot=Spot(part.blocks[0].first, part.blocks[-1].last, part.blocks[0].page),
            provisions=tuple(provisions),
        )

    def _voice(self, text: str) -> str:
        """How a paragraph begins: with a verb of either part, or a subject told what to do."""
        lead = self._verbs.lead(text)
        if lead is None:
            said = _STOP.search(text) is not None and self._verbs.find(text)
            return "subject" if said else ""
        if self._language == "zh":
            recital = re.search(r"[，,]\s*$", text) is not None
            return "preambular" if recital else "operative"
        return "preambular" if lead.family == "participle" else "operative"

    def _speaks(self, text: str) -> str | None:
        """What follows the body that opens the text on its line, "" where nothing does."""
        opening = self._openings.split(text)
        if opening is not None and (not opening.rest or self._verbs.lead(opening.rest)):
            return opening.rest
        return "" if self._names_body(text) else None

    def _names_body(self, text: str) -> bool:
        """Whether a block names a body and little else."""
        bare = text.strip().rstrip(",，:： ")
        wide = self._language == "zh"
        # Chinese has no capitals; a line that numbers the meeting is a title.
        unmarked = bare == text.strip() and not bare.isupper()
        if len(bare) > 160 or (unmarked and not (wide and _ZH_BODY.fullmatch(bare))):
            return False
        named = self._actors.find(bare)
        covered = sum(item.end - item.start for item in named)
        length = len(bare.replace("《", "").replace("》", ""))
        return bool(named) and covered >= 0.6 * length and not self._verbs.find(bare)

    def _title_before(self) -> str:
        """Title that stands in front of the heading, in title marks: 《……》."""
        match = re.search(r"《([^《》]+)》\s*$", self._front)
        return match[1] if match else ""

    def _meeting(self) -> str:
        """Key of the meeting, from the symbol's slug and the known meetings."""
        if self._reading is None:
            return ""
        item = self._lexicon.instrument.get(self._instrument)
        series = item.body if item else ""
        numbers = re.findall(r"\d+", self._reading.slug)
        key = f"{series}-{numbers[0]}" if series and numbers else ""
        if key in self._lexicon.meetings or not key:
            return key
        return self._meeting_part(key) or key

    def _meeting_part(self, key: str) -> str:
        """Meeting held in parts: that of which the front matter says so."""
        words = fold(self._front)
        for number, ordinal in enumerate(("first", "second", "third", "fourth"), start=1):
            if re.search(rf"\b{ordinal}\s+part of its\b", words):
                part = f"{key}-{number}"
                return part if part in self._lexicon.meetings else ""
        return ""

    def _clock(self, meeting: str, adopted: str) -> Clock:
        held = adopted[:4] or self._lexicon.meetings.get(meeting, "")[:4]
        return Clock(
            meeting=meeting,
            year=int(held or 0),
            body=self._actors.body,
            actors=self._actors,
            bodies=self._lexicon.bodies,
            language=self._language,
        )

    def _with_directives(self, provisions: Iterable[Provision], clock: Clock) -> list[Provision]:
        result: list[Provision] = []
        known: dict[str, Provision] = {}
        for provision in provisions:
            parent = known.get(provision.parent)
            complete = replace(
                provision,
                elements=self._elements(provision, parent, clock),
                citations=self._citations.find(provision.text, parent.text if parent else ""),
                targets=targets_in(provision.text),
                articles=articles_in(
                    provision.text, self._lexicon, self._instrument, self._language
                ),
            )
            known[provision.key] = complete
            result.append(complete)
        return result

    def _elements(
        self, provision: Provision, parent: Provision | None, clock: Clock
    ) -> tuple[Element, ...]:
        text = provision.text
        inherited = tuple(_inherited(parent)) if parent is not None else ()
        if not inherited:
            hits = self._verbs.find(text)
            elements = [self._element(text, hits, i, clock) for i in range(len(hits))]
            return tuple(_with_shared_addressees(text, hits, elements))
        hits = self._added(text, parent.text if parent else "")
        end = hits[0].start if hits else len(text)
        times = deadlines_in(text, 0, end, clock)
        own = (self._element(text, hits, index, clock) for index in range(len(hits)))
        again = recurrence_in(text[:end])
        taken = (
            replace(e, deadlines=times, recurrence=again)
            if e.kind == "operational"
            else replace(e, deadlines=(), recurrence="")
            for e in inherited
        )
        return (*taken, *own)

    def _added(self, text: str, chapeau: str) -> list[Hit]:
        """Directives that an item adds to what its chapeau says, in a clause of its own."""
        if self._language == "zh":
            return []
        depends = _DEPENDS.search(chapeau) is not None
        return [
            hit
            for hit in self._verbs.find(text)
            if (hit.family == "finite" and hit.subject < 0 and hit.start > 0)
            or (hit.family == "modal" and not depends and _OWN_SUBJECT.fullmatch(text[: hit.start]))
        ]

    def _element(self, text: str, hits: Sequence[Hit], index: int, clock: Clock) -> Element:
        hit = hits[index]
        following = hits[index + 1].start if index + 1 < len(hits) else len(text)
        start = hit.subject if hit.subject >= 0 else hit.end
        asks = hit.verb.kind == "operational"
        said = said_again(text, hit, following, self._lexicon, self._actors, self._language)
        return Element(
            verb=hit.verb.key,
            name=hit.verb.name,
            kind=said.verb.kind if said else hit.verb.kind,
            addressees=addressees(text, said or hit, following, self._actors, self._language),
            deadlines=deadlines_in(text, start, following, clock) if asks or said else (),
            recurrence=recurrence_in(text[start:following]) if asks or said else "",
            shared=following < len(text) and shares_object(text[hit.end : following]),
        )


def _with_shared_addressees(
    text: str, hits: Sequence[Hit], elements: Sequence[Element]
) -> Iterator[Element]:
    """Elements; "urges and requests the Facility" addresses it twice."""
    for index, element in enumerate(elements):
        behind = hits[index + 1 : index + 2]
        if behind and not element.addressees and hits[index].verb.force in ADDRESSING:
            between = text[hits[index].end : behind[0].start]
            if _AND.fullmatch(between) and behind[0].subject < 0:
                yield replace(element, addressees=elements[index + 1].addressees)
                continue
        yield element


def _inherited(parent: Provision) -> Iterable[Element]:
    """What items take over from a chapeau: its last directives, with whom they address.

    "Urges Parties, and invites other Governments, to:" hands down both.
    """
    taken = [element for element in parent.elements if element.inherited_from]
    own = parent.elements[-1:]
    while len(own) < len(parent.elements) and parent.elements[-len(own) - 1].shared:
        own = parent.elements[-len(own) - 1 :]
    for element in taken or own:
        yield replace(element, inherited_from=element.inherited_from or parent.number)
