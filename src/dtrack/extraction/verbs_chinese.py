"""Directives of a paragraph in Chinese: which verbs, and where.

The verb stands first, or last ("对……表示欢迎"), or at the head of a later
clause. Texts converted from official files keep a blank where the verb was
set in italics, which tells a directive from the same word inside a sentence.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from dtrack.extraction.addressees import ADDRESSING
from dtrack.extraction.addressees_chinese import GAP, asked
from dtrack.extraction.pronouns import points_back
from dtrack.extraction.verbs import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.actors import Actors
    from dtrack.extraction.lexicon import Form, Lexicon

_LONGEST = 10
_NEAR = 3
"""Characters such as 各, 所有, 有关 between a verb and whom it addresses."""
_INTRO = re.compile(
    r"(?:(?:在此|就此|为[此了]|有鉴于|鉴于|根据|考虑到|在这|按照|依照|遵照|依据|本着)[^，。；]{0,40}，|[酌适]情|谨|兹|特此|进而|同时)"
)
_CLAUSE = re.compile(
    r"(?P<joined>(?<=[^，；。,;\s])(?=并(?!且)))|[，；。,;]\s*(?:\d{1,2}\s+)?(?P<tie>并|还|又|也|同时|以及|亦|但|而)?\s*(?P<intro>在此背景下，|在这方面，|为此，|就此，|酌情|同时|在此|进而)?\s*"
)
_MORE = re.compile(
    r"(?:还|又|也|亦|另|最后|进一步|再度|再次|特别|并|现|谨|兹|特|故|因此|同样|继续|紧急|积极|诚挚地?|郑重|衷心"
    r"|大力|热忱|真诚地?|迫切|恳切)+"
)
"""Adverbs before a verb that change neither what it asks nor whom."""
_CONFUSED_BEFORE = "反适供响效感相对因理"
_CONFUSED_AFTER = "用对急付邀变战"
_ALSO_ACTS = frozenset({"supports"})
"""Verbs of the body that speaks that those whom it asks may do as well: 请……，支持……."""
_SENTENCE = re.compile(r"(?<=[。；])\s*")
_TOWARDS = re.compile(r"\s*(?:对|对于|向|就|为)")


class ChineseVerbs:
    """Finder of verbs in Chinese."""

    def __init__(self, lexicon: Lexicon, actors: Actors) -> None:
        self._forms = lexicon.forms("zh")
        self._actors = actors

    def lead(self, text: str) -> Hit | None:
        """Verb with which the body that speaks begins."""
        start = len(text) - len(text.lstrip())
        for _ in range(3):
            hit = self._longest(text, start)
            if hit is not None and hit.family == "modal":
                hit = self._passive(text, hit)
            if hit is not None and hit.family != "modal":
                return hit
            intro = _INTRO.match(text, start)
            if intro is None:
                break
            start = intro.end()
        return self._last(text) if _TOWARDS.match(text) else None

    def _passive(self, text: str, modal: Hit) -> Hit | None:
        """What ``应鼓励各缔约方……`` asks for: its subject is left out, as in a passive."""
        hit = self._longest(text, modal.end)
        named = self._actors.find(text[hit.end : hit.end + 12]) if hit else []
        near = bool(named) and named[0].start <= _NEAR
        return hit if hit and hit.family != "modal" and near else None

    def find(self, text: str) -> list[Hit]:
        """Verbs of a paragraph, in order."""
        hits: list[Hit] = []
        lead = self.lead(text)
        if lead is None:
            return list(self._with_subject(text))
        hits.append(lead)
        hits += self._further(text, lead)
        hits += self._added(text, hits)
        return sorted(hits, key=lambda hit: hit.start)

    def _added(self, text: str, hits: list[Hit]) -> Iterator[Hit]:
        """Modals of sentences behind the first one that name their subject."""
        ends = [*(m.end() for m in re.finditer(r"。\s*(?=\S)", text)), len(text)]
        for start, end in pairwise(ends):
            if any(start <= hit.start < end for hit in hits):
                continue
            found = self._modal(text, start, end)
            named = self._actors.find(text[start : found.start]) if found else []
            if found and named and GAP.fullmatch(text, start, start + named[0].start):
                yield found

    def _longest(self, text: str, start: int) -> Hit | None:
        """Longest form at a place, with "also" and "further" before it left aside."""
        hit = self._form_at(text, start)
        if hit is not None:
            return hit
        more = _MORE.match(text, start)
        return self._form_at(text, more.end()) if more else None

    def _form_at(self, text: str, start: int) -> Hit | None:
        for length in range(_LONGEST, 0, -1):
            form: Form | None = self._forms.get(text[start : start + length])
            if form is not None and length <= len(text) - start:
                return Hit(form.verb, form.family, start, start + length)
        return None

    def _last(self, text: str) -> Hit | None:
        """Verb at the end of the first clause that ends with one: 对……表示感谢."""
        for clause in re.finditer(r"[，；。,;]|$", text):
            end = len(text[: clause.start()].rstrip())
            for length in range(_LONGEST, 1, -1):
                form = self._forms.get(text[max(0, end - length) : end])
                if form is not None and form.family != "modal" and length < end:
                    return Hit(form.verb, form.family, end - length, end)
        return None

    def _further(self, text: str, lead: Hit) -> Iterator[Hit]:
        position = lead.end
        while True:
            clause = _CLAUSE.search(text, position)
            if clause is None:
                return
            position = max(clause.end(), position + 1)
            hit = self._tied(text, clause)
            last = self._valued(text, clause) if hit is None else None
            if last is not None:
                yield last
                position = last.end
            elif hit is not None and self._directs(text, hit, clause):
                yield hit
                position = hit.end

    def _valued(self, text: str, clause: re.Match[str]) -> Hit | None:
        """Verb at the end of a further clause that opens with what it values: 并对……表示赞赏."""
        if not text.startswith(("对", "就"), clause.end()):
            return None
        until = re.compile(r"[，；。,;]|$").search(text, clause.end())
        end = until.start() if until else len(text)
        for start in range(max(clause.end() + 1, end - _LONGEST), end - 1):
            hit = self._form_at(text, start)
            if hit is not None and hit.end == end and hit.verb.kind == "informational":
                return hit
        return None

    def _tied(self, text: str, clause: re.Match[str]) -> Hit | None:
        """Verb at the head of a clause, with the tie that some forms hold already (并请)."""
        if clause["joined"] is not None:
            return self._longest(text, clause.end())
        if clause["tie"] and not clause["intro"]:
            hit = self._longest(text, clause.start("tie"))
            if hit is not None:
                return hit
        hit = self._longest(text, clause.end())
        return hit if hit is None or hit.family != "modal" else None

    def _directs(self, text: str, hit: Hit, clause: re.Match[str]) -> bool:
        after = text[hit.end : hit.end + 40]
        if after[:1] in "的了着；。，、" or not after.strip():
            return False
        if hit.verb.key in _ALSO_ACTS and not (clause["tie"] or clause["joined"] is not None):
            return False
        follower = self._longest(text, hit.end)
        set_apart = after[:1] == " " or (follower is not None and text[follower.end :][:1] == " ")
        if set_apart:
            return True
        settles = (
            hit.verb.force == "binding-decision" and hit.verb.key not in self._actors.empowering
        )
        if hit.verb.kind == "operational" and not settles and points_back(text, hit.end):
            # What is settled has no pronoun for those asked: 通过其机构 is "through".
            return True
        if clause["joined"] is not None:
            if hit.verb.force == "acknowledgement" and hit.end - hit.start > 1:
                named = self._actors.find(after)
                return bool(named) and named[0].start < _NEAR
            return hit.verb.kind == "operational" and bool(asked(text[hit.end :], self._actors))
        if hit.verb.kind == "operational":
            return self._addresses(hit, after)
        tied = bool(clause["tie"] or clause["intro"]) or after.startswith("其")
        named = self._actors.find(after)
        if hit.verb.force == "acknowledgement" and named and named[0].start < 3:
            return True
        return hit.verb.force == "acknowledgement" and (tied or hit.end - hit.start > 2)

    def _addresses(self, hit: Hit, after: str) -> bool:
        named = self._actors.find(after)
        near = (
            bool(named)
            and len(re.sub(r"[各其他有关相关所有国家\s]", "", after[: named[0].start])) < 2
        )
        asks = hit.verb.force in ADDRESSING or hit.verb.key in self._actors.empowering
        return (
            # 通过 before an actor is "through", not "adopts".
            (asks and (near or bool(asked(after, self._actors))))
            or hit.verb.force in {"request", "recommendation"}
            or (hit.verb.force == "binding-decision" and after[:1] in "将在由")
        )

    def _with_subject(self, text: str) -> Iterator[Hit]:
        """Modals in sentences that name their subject: 缔约方应……."""
        start = 0
        for end in [*(m.end() for m in _SENTENCE.finditer(text)), len(text)]:
            found = self._asking(text, start) if start else None
            found = found or self._modal(text, start, end)
            while found is not None:
                yield found
                found = self._joined_modal(text, found, end)
            start = end

    def _asking(self, text: str, start: int) -> Hit | None:
        """Verb at the head of a later sentence, with those it asks: 邀请大学参与."""
        hit = self._longest(text, start)
        asks = hit is not None and hit.family != "modal" and hit.verb.force in ADDRESSING
        return hit if hit and asks and asked(text[hit.end :], self._actors) else None

    def _joined_modal(self, text: str, former: Hit, end: int) -> Hit | None:
        """A further modal of the same subject: 不得……，并应……."""
        for clause in _CLAUSE.finditer(text, former.end, end):
            other = self._with_another(text, clause.end(), end)
            if other is not None:
                return other
            if not clause["tie"]:
                continue
            for place in (clause.start("tie"), clause.end()):
                hit = self._longest(text, place)
                if hit is not None and hit.family == "modal" and not self._confused(text, hit):
                    until = former.until if former.until >= 0 else former.start
                    return hit._replace(subject=former.subject, until=until)
        return None

    def _with_another(self, text: str, start: int, end: int) -> Hit | None:
        """A modal with a subject of its own behind a comma: ……，秘书处应……."""
        stop = re.compile(r"[，；。,;]").search(text, start, end)
        clause = text[start : stop.start() if stop else end]
        named = self._actors.find(clause)
        if not named or GAP.fullmatch(clause[: named[0].start]) is None:
            return None
        found = self._modal(text, start, start + len(clause))
        # What somebody else may then do is no directive of its own.
        asks = found is not None and found.family == "modal" and found.verb.force != "invitation"
        return found if asks else None

    def _modal(self, text: str, start: int, end: int) -> Hit | None:
        opening = self._longest(text, start)
        if opening is not None and opening.family == "modal" and opening.end < end:
            # Nobody is named: 应建立……. The subject may stand behind: 应由……建立.
            return opening._replace(subject=start) if not self._confused(text, opening) else None
        for position in range(start + 1, min(end, start + 80)):
            hit = self._longest(text, position)
            if hit is None or hit.end > end:
                continue
            if hit.family == "modal" and not self._confused(text, hit):
                return hit._replace(subject=start)
            named = self._actors.find(text[start:position])
            if hit.family != "modal" and named and start + named[-1].end == position:
                return hit._replace(subject=start)
        return None

    @staticmethod
    def _confused(text: str, hit: Hit) -> bool:
        """Whether the character belongs to another word: 适应, 应用, 可持续."""
        single = hit.end - hit.start == 1
        before, after = text[hit.start - 1 : hit.start], text[hit.end : hit.end + 1]
        if text.startswith("应邀请", hit.start):
            return False
        if single and (
            (before and before in _CONFUSED_BEFORE) or (after and after in _CONFUSED_AFTER)
        ):
            return True
        return text[hit.start : hit.end + 2].startswith(
            ("可持", "可能", "可再", "需求", "可行", "可靠", "可信", "可观")
        )
