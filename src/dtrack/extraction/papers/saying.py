"""Drafts of parts to parts: directives, citations, targets, names, figures, assertions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dtrack.extraction.papers.asserting import Asserting
from dtrack.extraction.papers.citing import Citing
from dtrack.extraction.papers.directing import Directing
from dtrack.extraction.papers.figures import Figures
from dtrack.extraction.papers.naming import Names
from dtrack.extraction.papers.statements import ROLES, Cues
from dtrack.extraction.papers.values import Draft, Part
from dtrack.extraction.targets import targets_in
from dtrack.extraction.texts import Element, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.papers.heading import Head
    from dtrack.extraction.papers.values import Assertion
    from dtrack.extraction.papers.words import PaperWords

_NEEDS = "needs-to"
_STOP = re.compile(r"[。：.:][”\"’）)]*\s*$")
_LINE = 30
"""Characters up to which a line in front of the parts is a title or a caption."""


class Saying:
    """Reader of what the parts of one paper say."""

    def __init__(
        self,
        words: PaperWords,
        language: str,
        kind: str,
        whole: str,
        head: Head,
        titles: Mapping[str, str],
    ) -> None:
        self._kind = kind
        self._directing = Directing(words, language, whole, head.year)
        self._citing = Citing(words.lexicon, language, titles)
        wide = language == "zh"
        self._instruments = Names(words.instruments, wide=wide)
        self._frameworks = Names([(n, (k,)) for k, n in words.lexicon.frameworks], wide=wide)
        self._figures = Figures(words, language)
        self._asserting = Asserting(words, language, self._figures, head.author)
        self._necessity = words.cue("necessity", language)
        self._cues = Cues(words, language)
        names = "|".join(re.escape(name) for name in sorted(head.author, key=len, reverse=True))
        self._author = (
            re.compile(rf"(?:^|[^，。]{{0,30}}，)(?:{names})(?:政府)?", re.IGNORECASE)
            if names
            else None
        )
        self._verbs = {verb.key: verb for verb in words.lexicon.verbs}

    def parts(self, drafts: Sequence[Draft]) -> Iterator[Part]:
        """Parts in order; a theme's actions stand below its options."""
        chapters = {draft.number: draft for draft in drafts if draft.level == "section"}
        for draft in drafts:
            if draft.level != "actions":
                yield self._part(draft, chapters.get(draft.parent))

    def preface(self, front: Sequence[Block]) -> Part | None:
        """What stands in front of the numbered parts of an options paper, as one part."""
        if not front or self._kind != "options-paper":
            return None
        notes = tuple(note for block in front for note in block.footnotes)
        text = "\n".join(block.text for block in front)
        spot = Spot(front[0].first, front[-1].last, front[0].page)
        part = self._filled("preface", "preface", "", text, spot, notes)
        return replace(part, part="preambular", sort_key="1.0001")

    def preamble(self, front: Sequence[Block]) -> Iterator[Part]:
        """Paragraphs in front of the chapters of other papers."""
        if self._kind == "options-paper":
            return
        spoken = [block for block in front if _STOP.search(block.text) and len(block.text) > _LINE]
        for number, block in enumerate(spoken, start=1):
            draft = Draft("point", f"preamble-{number}", "", block.spot, text=block.text)
            draft.notes = tuple(block.footnotes)
            yield replace(self._part(draft, None), part="preambular", sort_key=f"1.{number:04d}")

    def _part(self, draft: Draft, chapter: Draft | None) -> Part:
        text = "\n".join(filter(None, (draft.text, draft.explained)))
        part = self._filled(draft.level, draft.number, draft.title, text, draft.spot, draft.notes)
        elements, supporters = self._directives(draft, chapter)
        asserts = self._kind == "position-paper" or draft.level in {"option-theme", "option"}
        return replace(
            part,
            parent=draft.parent,
            sort_key=_sort_key(draft.number),
            number_known=draft.lettered,
            elements=elements,
            supporters=supporters,
            assertions=self._assertions(text) if asserts else (),
        )

    def _filled(
        self, level: str, number: str, title: str, text: str, spot: Spot, notes: tuple[str, ...]
    ) -> Part:
        words = "\n".join(filter(None, (title, text)))
        noted = "\n".join((words, *notes))
        return Part(
            number=number,
            key=number,
            part="operative",
            level=level,
            parent="",
            text=text,
            spot=spot,
            sort_key="",
            title=title,
            citations=self._citing.find(noted),
            targets=targets_in(words),
            footnotes=notes,
            instruments=self._instruments.find(noted),
            frameworks=self._frameworks.find(noted),
            figures=self._figures.find(noted),
        )

    def _assertions(self, text: str) -> tuple[Assertion, ...]:
        found = [one for line in text.split("\n") for one in self._asserting.find(line)]
        if self._kind != "position-paper":
            # What an options paper tells of others is a claim only with figures or targets.
            found = [one for one in found if one.kind == "claim" and one.figures]
        return tuple(found)

    def _directives(
        self, draft: Draft, chapter: Draft | None
    ) -> tuple[tuple[Element, ...], tuple[str, ...]]:
        if draft.level not in {"action", "point"}:
            return (), ()
        if draft.kind in ROLES:
            # What depends on the verb of the cue is no directive of its own.
            _, _, more = re.sub(r"([。；]|[.;]\s)", r"\1\0", draft.text, count=1).partition("\0")
            _, supporters = self._directing.read(self._cues.bare(draft.text))
            elements, _ = self._directing.read(more) if more.strip() else ((), ())
            return self._with_role(draft, elements), supporters
        if self._kind == "position-paper":
            return tuple(self._attitudes(draft.text)), ()
        elements, supporters = self._directing.read(draft.text.replace("\n", ""))
        needed = chapter is not None and self._necessity.search(chapter.title) is not None
        asked = any(element.kind == "operational" for element in elements)
        if draft.level == "point" and needed and not asked and chapter is not None:
            chapeau = self._element(_NEEDS, ())
            return (replace(chapeau, inherited_from=chapter.number), *elements), supporters
        return elements, supporters

    def _attitudes(self, text: str) -> Iterator[Element]:
        """Verbs by which the author of a position paper speaks: "China supports …"."""
        for sentence in re.split(r"(?<=[。；])|(?<=[.;])\s|\n", text):
            opened = self._author.match(sentence) if self._author else None
            if opened is not None:
                yield from self._directing.spoken(sentence[opened.end() :].lstrip())

    def _with_role(self, draft: Draft, elements: tuple[Element, ...]) -> tuple[Element, ...]:
        """Elements of a point of a statement: the verb of its cue leads."""
        role = ROLES[draft.kind]
        if any(element.verb == role for element in elements):
            return elements
        whom = self._directing.named_first(draft.text) if draft.kind in {"call", "hope"} else ()
        return (self._element(role, whom), *(e for e in elements if e.verb != role))

    def _element(self, key: str, addressees: tuple[str, ...]) -> Element:
        verb = self._verbs[key]
        return Element(verb=key, name=verb.name, kind=verb.kind, addressees=addressees)


def _sort_key(number: str) -> str:
    """Key in reading order: ``2.0001.0002.0003`` for 1.2.c; closing words come last."""
    if number.startswith("n-"):
        return f"2.9{int(re.sub(r'[^0-9]', '', number) or 0):03d}"
    if number.startswith("preamble"):
        return ""
    steps = [int(step) if step.isdigit() else ord(step[0]) - 96 for step in number.split(".")]
    return ".".join(["2", *(f"{step:04d}" for step in steps)])
