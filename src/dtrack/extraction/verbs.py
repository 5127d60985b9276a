"""Directives of a paragraph in English, French and Spanish: which verbs, and where.

A paragraph of a decision begins with its verb, since the body speaks: its
further verbs stand where a clause of the same sentence begins. Elsewhere, as
in annexes, the subject is named and the verb is a modal or passive.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.lexicon import fold
from dtrack.extraction.pronouns import points_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.actors import Actors
    from dtrack.extraction.lexicon import Form, Lexicon, Verb

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[a-z0-9)\]”\"][.;])(?<!\bRev\.)\s+(?=[A-ZÀ-Ý])")
"""The full stop of ``(Rev. CoP18)`` ends no sentence."""
_LONGEST = 7
_AND = {"en": r"and|as well as", "fr": r"et|ainsi que", "es": r"y|e|así como"}
_THAT = {"en": r"that|which|who|whose", "fr": r"que|qui|dont", "es": r"que|cual|cuales"}
_NOUN_TAIL = {
    "en": r"(?:of|from|by|for|and|or|between|under|within|made)\b|[,.;:)]|$",
    "fr": r"(?:de|du|des|par|et|ou|pour)\b|[,.;:)]|$",
    "es": r"(?:de|del|por|y|o|para)\b|[,.;:)]|$",
}
_INTRO = 260
_OBJECT = re.compile(r"\s+(?:the|our|all|that|those|governments?|parties|to|its)\b")
_DETERMINERS = re.compile(r"\s*(?:the |all |other |les |la |los |las |el |a )*")
_PASSIVE = re.compile(r"(?P<is>is|are) (?:(?:[a-z]+ly|hereby) )?(?P<rest>[a-z]+ed(?: to)?)")
_MODAL_PASSIVE = re.compile(
    r"(?:shall|should|must) (?:(?:also|further) )?be (?:[a-z]+ly )?(?P<rest>[a-z]+ed to)"
)
_THE_SAME = re.compile(r"(?:it|they)\s+(?=[a-z])")
_LATER_ACT = re.compile(r",[^;:.]{1,160}?, to [a-z]")
_NEW_CLAUSE = re.compile(r"[,;]\s*(?:and|or|et|y)?\s*[^,;]{0,60}$|\b(?:and|et|y)\s+[^,;]{0,30}$")


class Hit(NamedTuple):
    """A verb found: ``end`` is where its object begins; ``subject`` is where its subject does.

    ``subject`` is -1 for the body that speaks; ``until`` is where a subject
    that a verb shares with one before it ends, -1 where it ends at the verb.
    """

    verb: Verb
    family: str
    start: int
    end: int
    subject: int = -1
    until: int = -1


_OF_THAT_CLAUSE = re.compile(
    r"\b(?:that|que)\b[^,;]*,\s*(?:by|in|through|under|par|dans|por|en|mediante)\s+"
    r"(?:its|their|sa|son|ses|leurs?|sus?)\b[^,;]*,\s*$"
)
"""``that the Fund, by its decision, asks``: the verb is that of the clause."""


class Verbs:
    """Finder of verbs in a language that writes words apart."""

    def __init__(self, lexicon: Lexicon, language: str, actors: Actors) -> None:
        self._forms = lexicon.forms(language)
        self._modifiers = lexicon.modifiers(language)
        self._actors = actors
        conjunction = _AND[language]
        self._boundary = re.compile(
            rf"(?:[,;]|\b(?:{conjunction})\b)(?:\s*(?:{conjunction})\b)?"
            r"(?:\s*,?\s*(?:in th(?:is|at)|to this|à cet|dans ce|a este|en este)[^,;]{0,40},)?"
            r"\s*$"
        )
        self._comma = re.compile(rf"[,;]\s*(?:{conjunction})?\s*(?:[^,;]{{0,60}},)?\s*$")
        self._that = re.compile(rf"\b(?:{_THAT[language]})\b")
        self._dependent = re.compile(rf"\b(?:{_THAT[language]}|as|if|where|it)$")
        self._noun = re.compile(rf"\s*(?:{_NOUN_TAIL[language]})")

    def lead(self, text: str) -> Hit | None:
        """Verb with which the body that speaks begins, perhaps after an introduction."""
        folded = _same_length(text)
        hit = self._at_start(folded, 0)
        if hit is not None:
            return hit
        for comma in re.finditer(r"[,，]\s+", folded[:_INTRO]):
            if self._subject_mode(folded[: comma.start()], 0):
                return None
            hit = self._at_start(folded, comma.end())
            if hit is not None and hit.family == "finite":
                return hit
        return self._after_body(folded)

    def find(self, text: str) -> list[Hit]:
        """Verbs of a paragraph, in order."""
        hits: list[Hit] = []
        start = 0
        for end in [*(m.end() for m in _SENTENCE.finditer(text)), len(text)]:
            found = self._sentence(text, start, end)
            hits += found or self._of_the_same(text, start, end, hits)
            start = end
        return hits

    def _sentence(self, text: str, start: int, end: int) -> list[Hit]:
        sentence = text[start:end]
        lead = self.lead(sentence)
        if lead is None:
            folded = _same_length(sentence)
            return [_moved(hit, start) for hit in self._subject_mode(folded, 0)]
        hits = [lead, *self._further(_same_length(sentence), lead)]
        return [_moved(hit, start) for hit in hits]

    def _of_the_same(self, text: str, start: int, end: int, hits: list[Hit]) -> Iterator[Hit]:
        """``It may also …`` behind a sentence with a subject goes on about that one."""
        folded = _same_length(text[:end])
        again = _THE_SAME.match(folded, start)
        hit = self._longest(folded, again.end()) if again and hits else None
        if hit is not None and hit.family == "modal" and hits[-1].subject >= 0:
            former = hits[-1]
            until = former.until if former.until >= 0 else former.start
            yield hit._replace(subject=former.subject, until=until)

    def _at_start(self, folded: str, start: int) -> Hit | None:
        """Verb right at a place, words such as "hereby" and "strongly" aside."""
        for skipped, match in enumerate(_WORD.finditer(folded, start)):
            if not skipped and match.start() != start:
                return None
            found = self._longest(folded, match.start())
            if found is not None and found.family == "bare" and start == 0:
                told = _OBJECT.match(folded, found.end) is not None
                return found._replace(family="finite") if told else None
            if found is not None and found.family in {"finite", "participle"}:
                if found.family == "finite" and self._noun_like(folded, found):
                    return None
                return found
            if skipped >= 3 or not self._adverb(match[0]):
                return None
        return None

    def _adverb(self, word: str) -> bool:
        return word in self._modifiers or word.endswith(("ly", "ment", "mente")) or len(word) == 1

    def _noun_like(self, folded: str, hit: Hit) -> bool:
        """``Requests from Parties`` begins with a noun; ``calls for`` is a form of its own."""
        single = " " not in folded[hit.start : hit.end]
        noun = self._noun.match(folded, hit.end)
        # "Welcomes:" opens a list of what is welcomed.
        opens = folded[hit.end :].strip() == ":" and not folded[: hit.start].strip()
        if not single or noun is None or opens:
            return False
        tied = re.match(r"\s*(?:,|\band\b|\bet\b|\by\b)\s*", folded[hit.end :])
        # "Decides, in accordance with" and "urges and requests" go on as verbs do.
        return tied is None or (hit.start > 0 and not tied[0].startswith(","))

    def _after_body(self, folded: str) -> Hit | None:
        """``The Conference of the Parties decides to``."""
        for named in self._actors.find(folded[:_INTRO]):
            if named.start > 8:
                return None
            begin = re.compile(r"\s*,?\s*").match(folded, named.end)
            hit = self._at_start(folded, begin.end() if begin else named.end)
            if hit is not None and hit.family == "finite":
                subject = named.start if named.key != self._actors.body else -1
                return hit._replace(subject=subject)
            return None
        return None

    def _longest(self, folded: str, start: int) -> Hit | None:
        ends: list[int] = []
        for match in _WORD.finditer(folded, start):
            if ends and folded[ends[-1] : match.start()] not in {" ", ", "}:
                break
            ends.append(match.end())
            if len(ends) == _LONGEST:
                break
        for end in reversed(ends):
            written = folded[start:end].replace(",", "")
            form: Form | None = self._forms.get(written) or self._parted(written, folded, end)
            if form is not None:
                return Hit(form.verb, form.family, start, end)
        return None

    def _parted(self, written: str, folded: str, end: int) -> Form | None:
        """Passive with an adverb inside, under a modal, or with a condition before its "to".

        "Are kindly invited to", "should be invited to", "are encouraged, subject to law, to".
        """
        asked = _MODAL_PASSIVE.fullmatch(written)
        if asked is not None:
            return self._forms.get(f"are {asked['rest']}")
        passive = _PASSIVE.fullmatch(written)
        if passive is None:
            return None
        plain = f"{passive['is']} {passive['rest']}"
        form = self._forms.get(plain)
        if form is None and _LATER_ACT.match(folded, end):
            form = self._forms.get(f"{written} to") or self._forms.get(f"{plain} to")
        return form

    def _further(self, folded: str, lead: Hit) -> Iterator[Hit]:
        """Verbs of the same speaker after the first, where a clause begins."""
        position = lead.end
        last = lead
        while True:
            match = _WORD.search(folded, position)
            if match is None:
                return
            position = match.end()
            hit = self._longest(folded, match.start())
            if hit is None or not self._continues(folded, last, hit):
                continue
            yield hit
            last = hit
            position = hit.end

    def _continues(self, folded: str, last: Hit, hit: Hit) -> bool:
        before = folded[last.end : hit.start]
        if hit.family == "participle":
            # ", noting that …" hangs on its sentence; "and noting that …" stands beside the first.
            beside = re.search(rf"(?:;|\b(?:and|et|y|e)\b)\s*(?:{self._adverbs()})?$", before)
            return last.family == "participle" and beside is not None
        if hit.family != "finite" or not self._boundary.search(before):
            return False
        if self._noun_like(folded, hit) or _OF_THAT_CLAUSE.search(before):
            return False
        if self._comma.search(before):
            return not self._inside_relative(before)
        if self._that.search(before) is None:
            return True
        return self._speaks_again(folded, hit)

    def _adverbs(self) -> str:
        return "|".join(map(re.escape, sorted(self._modifiers, key=len, reverse=True))) + r"\s*"

    def _inside_relative(self, before: str) -> bool:
        """``, which supports A, and encourages B`` goes on about the same subject."""
        tail = before.rsplit(";", 1)[-1]
        match = re.search(r",\s*(?:which|who|qui|cual)\b(?P<rest>[^,;]*),?[^,;]{0,12}$", tail)
        return match is not None and tail.rstrip().endswith(("and", "et", "y"))

    def _speaks_again(self, folded: str, hit: Hit) -> bool:
        """After a that-clause: whom the body addresses, or what it settles, follows at once."""
        after = folded[hit.end : hit.end + 60]
        named = self._actors.find(after)
        if named and re.fullmatch(
            r"\s*(?:the |all |other |les |la |los |las |el |a )*", after[: named[0].start]
        ):
            return True
        if points_back(folded, hit.end):
            return True
        return (
            hit.verb.force == "binding-decision"
            and re.match(r"\s+(?:to|that|de|que)\b", after) is not None
        )

    def _subject_mode(self, folded: str, start: int) -> list[Hit]:
        """Modals and passives, and what named actors do, in a sentence with a subject."""
        hits: list[Hit] = []
        position = start
        while True:
            match = _WORD.search(folded, position)
            if match is None:
                return hits
            position = match.end()
            hit = self._longest(folded, match.start())
            if hit is None:
                continue
            if self._has_subject(folded, hit, hits):
                hits.append(self._with_its_subject(folded, hit, hits, start))
            position = hit.end

    def _with_its_subject(self, folded: str, hit: Hit, hits: list[Hit], start: int) -> Hit:
        """The verb with its subject: behind the verb before, or that one's if it shares it."""
        if not hits:
            return hit._replace(subject=start)
        former = hits[-1]
        clause = re.split(r"\b(?:and|or|et|y)\b", folded[former.end : hit.start])[-1]
        named = self._actors.find(clause)
        if named and _DETERMINERS.fullmatch(clause[: named[0].start]):
            # "… publish the list and Parties should": the subject is what "and" joins on.
            joined = "," not in folded[former.end : hit.start]
            return hit._replace(subject=hit.start - len(clause) if joined else former.end)
        if named:
            return hit._replace(subject=former.end)
        until = former.until if former.until >= 0 else former.start
        return hit._replace(subject=former.subject, until=until)

    def _has_subject(self, folded: str, hit: Hit, hits: list[Hit]) -> bool:
        before = folded[: hit.start].rstrip()
        if not before and hit.family == "passive" and folded.startswith("it "):
            return not hits
        if not before or self._dependent.search(before):
            return False
        if hit.family in {"modal", "passive"}:
            if not hits:
                return True
            between = folded[hits[-1].end : hit.start]
            return bool(
                re.search(r"[,;]\s*(?:and|or|et|y)?\s*[^,;]{0,60}$|\band\s+[^,;]{0,30}$", between)
            )
        if hit.family in {"bare", "finite"} and not hits:
            named = self._actors.find(before)
            return bool(named) and len(before) - named[-1].end <= 9 and named[0].start < 20
        return False


def _same_length(text: str) -> str:
    """Folded text in which every character keeps its place."""
    folded = text.replace("’", "'").replace("\u00a0", " ").lower()
    return folded if len(folded) == len(text) else fold(text).ljust(len(text))


def _moved(hit: Hit, offset: int) -> Hit:
    subject = hit.subject + offset if hit.subject >= 0 else -1
    until = hit.until + offset if hit.until >= 0 else -1
    moved = hit._replace(start=hit.start + offset, end=hit.end + offset)
    return moved._replace(subject=subject, until=until)
