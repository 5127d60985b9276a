"""Actors that a text names, by their labels, with what the speaking instrument lets mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.lexicon import GOVERNING, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.extraction.lexicon import Actor, Lexicon

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)(?=['’])|[^\W_]+(?:['’.-][^\W_]+)*")
"""French words, those that lost their vowel apart: ``l'Organisation``."""
_OF = re.compile(r"\s+(?:to|of|under|for|de|du|à)\s+(?:the |la |le |el |l')?$")
_HEADS = frozenset({"organizations", "organisations", "agencies", "authorities", "institutions"})
_ONE = frozenset({"convention", "protocol", "agreement"})
"""Words that in the singular mean one of them, and not all."""
_FAR = 90
_PROPER = re.compile(
    r"(?:Organi[sz]ation|Agency|Foundation|Institution|Network|Bank|Centre|Fund)\Z"
)
"""How the name of one body ends, which is no class of them: International Labour Organization."""
_ZH_TAILS = "《》"
_GATHERINGS = ("大会", "会议")
_ALIKE = str.maketrans(dict.fromkeys("－—–‐‑", "-") | dict.fromkeys("与及", "和"))
"""What may be written one way or the other inside a name."""
_ONE_WORD = re.compile(r"[A-Z][a-zé]+")
_NOUN = re.compile(
    r" (?!(?:to|and|or|in|at|on|for|as|by|with|is|are|of|that|which|who|should|shall|may|must|will"
    r"|can|has|have|through|about)\b)[a-z]"
)
_CAPITAL = re.compile(r"[a-z][\w -]* Parties")
_WHOLE = frozenset({"united nations", "un", "联合国"})
_OTHERS = {"印度": ("尼西亚", "洋")}
"""Countries and seas whose names begin as another's does."""
_GOES_ON = re.compile(
    r" [A-Z][a-z]+"
    r"|[^，；。：、的应]{0,20}?(?:办公室|办事处|研究所|大学|特使|高级专员|妇女署|难民署)"
)
"""What makes such a name that of a part: an office of the United Nations."""
_MEETINGS = ("parties", "partes", "缔约方大会", "缔约方会议")


class Named(NamedTuple):
    """An actor named in a text, and where."""

    key: str
    start: int
    end: int


class Actors:
    """Finder of actors for one language and one speaking instrument."""

    def __init__(self, lexicon: Lexicon, language: str, instrument: str) -> None:
        self._lexicon = lexicon
        self._chinese = language == "zh"
        self._word = _ELIDED if language == "fr" else _WORD
        self._family = lexicon.family_of(instrument)
        self._by_key = {actor.key: actor for actor in lexicon.actors}
        self._keys = lexicon.indexes.get((language, instrument)) or self._index(language)
        lexicon.indexes[language, instrument] = self._keys
        self._short: dict[str, str] = {}
        self._longest = max(map(len, self._keys), default=0)
        self._reach = lexicon.reaches.get((language, instrument)) or self._reaches(self._keys)
        lexicon.reaches[language, instrument] = self._reach

    def _reaches(self, labels: Iterable[str]) -> dict[str, int]:
        """First words of labels, with the number of words of the longest label of each."""
        found: dict[str, int] = {}
        for words in () if self._chinese else (self._word.findall(label) for label in labels):
            for first in {words[0], words[0].split("-")[0]} if words else ():
                found[first] = max(found.get(first, 0), len(words))
        return found

    def _index(self, language: str) -> dict[str, str]:
        """Label to actor; of several the one nearest to the speaking instrument."""
        wanted: dict[str, list[tuple[tuple[int, int], str]]] = {}
        first = {
            fold(text)
            for actor in self._lexicon.actors
            for tag, text, rank in actor.labels
            if rank == 0 and tag == language
        }
        for actor in self._lexicon.actors:
            distance = self._distance(actor)
            for tag, text, rank in self._labels(actor, distance):
                if tag not in {language, "", "en"} or (tag == "en" and self._chinese and rank < 1):
                    continue
                label = _written(text)
                wanted.setdefault(label, []).append(((distance, rank), actor.key))
                if distance < _FAR:
                    shortened = {*self._shortened(label, language), *self._heads(label)}
                    for short in (each.removesuffix(")") for each in shortened):
                        if short not in first:
                            wanted.setdefault(short, []).append(((distance, rank + 3), actor.key))
        for label in self._own_names(language):
            near = any(distance < _FAR for (distance, _), _ in wanted.get(label, ()))
            if language != "en" or not near:
                wanted.setdefault(label, []).append(((0, 9), self.body))
        return {
            label: min(keys)[1]
            for label, keys in wanted.items()
            # A name that several actors share says nothing where none of them is near.
            if len({key for _, key in keys}) == 1 or min(keys)[0][0] < _FAR or self._plain(keys)
        }

    def _labels(self, actor: Actor, distance: int) -> Iterator[tuple[str, str, int]]:
        """Labels that can mean an actor here: expert groups are nobody's where others have some."""
        needed = self._names_needed(actor, distance)
        for tag, text, rank in actor.labels:
            if actor.key == GOVERNING and rank == 2:
                continue
            if needed and not any(name in fold(text) for name in needed):
                continue
            # "Bureau" is what one convention calls its secretariat, and another a body of its own.
            if distance < _FAR or rank < 2 or not _ONE_WORD.fullmatch(text) or not self._own(actor):
                yield tag, text, rank

    def _names_needed(self, actor: Actor, distance: int) -> tuple[str, ...]:
        """Names of which a label has to hold one, to mean a class of another's bodies."""
        if distance < _FAR or any(
            tag == "en" and rank < 2 and not text[0].islower() for tag, text, rank in actor.labels
        ):
            return ()
        own = self._own(actor)
        return tuple(fold(name) for key in own for name in self._lexicon.instrument[key].names)

    def _own(self, actor: Actor) -> frozenset[str]:
        """Instruments whose body an actor is; none for an instrument itself."""
        own = self._chain(actor) & self._lexicon.instrument.keys()
        return frozenset() if actor.key in own else frozenset(own)

    def _own_names(self, language: str) -> Iterator[str]:
        """What a governing body calls itself, without its convention."""
        if not self.body:
            return
        for tag, text, rank in self._by_key[GOVERNING].labels if GOVERNING in self._by_key else ():
            if tag == language and rank == 2 and fold(text).endswith(_MEETINGS):
                yield fold(text)

    @staticmethod
    def _plain(keys: Iterable[tuple[tuple[int, int], str]]) -> bool:
        """Whether exactly one actor has the label as a proper one."""
        return len({key for (_, rank), key in keys if rank < 2}) == 1

    def _distance(self, actor: Actor) -> int:
        """0 for an actor of the speaking instrument, more for its parents, _FAR for others."""
        chain = self._chain(actor)
        for distance, key in enumerate(self._family):
            if key in chain:
                return distance
        return _FAR

    def _chain(self, actor: Actor) -> set[str]:
        found: set[str] = set()
        todo = [actor.key]
        while todo:
            key = todo.pop()
            if key in found:
                continue
            found.add(key)
            # An actor belongs to its convention, but a convention not to its family's others.
            if key in self._lexicon.instrument:
                continue
            known = self._by_key.get(key)
            todo += known.broader if known else ()
        return found

    def _shortened(self, label: str, language: str) -> Iterator[str]:
        """Label without the name of the speaking instrument: "Conference of the Parties"."""
        for key in self._family:
            item = self._lexicon.instrument.get(key)
            if item is None:
                # A parent of which no text is read, such as that of the Montreal Protocol.
                continue
            # 世界遗产委员会咨询机构 are 咨询机构 to that committee.
            for name in (*item.names, *(item.body_names if self._chinese else ())):
                known = fold(name).replace("《", "").replace("》", "")
                known = known.removeprefix("联合国")
                if self._chinese and label.startswith(known) and len(label) > len(known) + 1:
                    yield label[len(known) :]
                if language == "zh" or not re.search(rf"\b{re.escape(known)}$", label):
                    if label.startswith(f"{known} "):
                        yield label[len(known) + 1 :]
                    continue
                head = _OF.sub("", label[: len(label) - len(known)])
                if head and head != label[: len(label) - len(known)]:
                    yield head.strip()

    @staticmethod
    def _heads(label: str) -> Iterator[str]:
        """``Executive Board`` of "Executive Board of the Clean Development Mechanism"."""
        head, of, _ = label.partition(" of the ")
        if of and len(head.split()) > 1:
            yield head

    def call(self, names: Mapping[str, str]) -> None:
        """Let short names mean actors by their keys, unless they mean another one already."""
        self._short = {fold(name): key for name, key in names.items()}
        for first, words in self._reaches(self._short).items():
            self._reach = {**self._reach, first: max(words, self._reach.get(first, 0))}
        if self._chinese:
            self._keys = self._short | self._keys

    def is_instrument(self, key: str) -> bool:
        """Whether a key is that of a convention itself."""
        return key in self._lexicon.instrument

    def secretariat(self, instrument: str) -> str:
        """Key of an instrument's secretariat, or "" where it has none."""
        return self._lexicon.secretariats.get(instrument, "")

    @property
    def empowering(self) -> frozenset[str]:
        """Verbs that hand a power to whom they name: 授权秘书处."""
        return self._lexicon.empowering

    @property
    def body(self) -> str:
        """Governing body of the speaking instrument."""
        item = self._lexicon.instrument.get(self._family[0]) if self._family else None
        return item.body_actor if item else ""

    def find(self, text: str) -> list[Named]:
        """Actors in order, the longest label at each place."""
        return list(self._find_chinese(text) if self._chinese else self._find_words(text))

    def _find_words(self, text: str) -> Iterator[Named]:
        folded = text.lower().replace("’", "'").replace("\u00a0", " ")
        spans = [match.span() for match in self._word.finditer(folded)]
        index = 0
        while index < len(spans):
            step = 1
            first = folded[slice(*spans[index])]
            longest = max(self._reach.get(word, 1) for word in (first, first.split("-")[0]))
            for count in range(min(longest, len(spans) - index), 0, -1):
                start, end = spans[index][0], spans[index + count - 1][1]
                key = self._key(folded[start:end], text[start:end])
                # "the Board" is the one named before, a board is any.
                if not key and text[start].isupper():
                    key = self._short.get(folded[start:end], "")
                if key and _cut_short(text, start, end):
                    # "UN Women" are no women either.
                    step = count + 1
                    break
                if key and not self._misread(key, text, start, end):
                    yield Named(key, start, end)
                    step = count
                    break
            else:
                shared = self._shared_head(folded, spans, index)
                if shared:
                    yield Named(shared, *spans[index])
            index += step

    def _misread(self, key: str, text: str, start: int, end: int) -> bool:
        """Whether "interested Parties" are Parties, and "the public registry" is no public."""
        if text[start:end].lower().removeprefix("the ") == "public" and _NOUN.match(text, end):
            return True
        capital = _CAPITAL.fullmatch(text, start, end) is not None
        return capital and "parties" not in self._chain_of(key)

    def _chain_of(self, key: str) -> set[str]:
        known = self._by_key.get(key)
        return self._chain(known) if known else set()

    def _shared_head(self, folded: str, spans: list[tuple[int, int]], index: int) -> str:
        """Actor of the first of "intergovernmental and non-governmental organizations"."""
        start, end = spans[index]
        following = spans[index + 1 : index + 5]
        for place, (_, last) in enumerate(following):
            head = folded[following[place][0] : last]
            if head in _HEADS and place > 0:
                between = folded[end : following[place][0]]
                tied = re.match(r"\s*(?:,|and\b|or\b)", between) is not None
                return self._key(f"{folded[start:end]} {head}") if tied else ""
        return ""

    def _key(self, words: str, written: str = "") -> str:
        key = self._keys.get(words, "") or self._keys.get(words.replace("-", " "), "")
        if not key and _PROPER.search(written):
            return ""
        if not key and words.endswith("s"):
            key = self._keys.get(words[:-1], "")
        if not key and words.endswith("y") and not words.endswith("body") and "-" not in words:
            key = self._keys.get(f"{words[:-1]}ies", "")
        return key or ("" if words in _ONE else self._keys.get(f"{words}s", ""))

    def _find_chinese(self, text: str) -> Iterator[Named]:
        bare = text.lower()
        index = 0
        while index < len(bare):
            if bare[index] in _ZH_TAILS:
                index += 1
                continue
            found = self._longest_at(bare, index)
            if found is not None:
                yield found
                index = found.end
            else:
                index += 1

    def _longest_at(self, text: str, start: int) -> Named | None:
        window = text[start : start + self._longest + 8]
        bare, ends = [], []
        for offset, char in enumerate(window.translate(_ALIKE)):
            joint = char == "以" and window.startswith("及", offset + 1)
            if char not in "《》 " and not joint:
                bare.append(char)
                ends.append(offset + 1)
        for count in range(len(bare), 0, -1):
            key = self._keys.get("".join(bare[:count]))
            # 缔约方 in a 缔约方大会 that is nobody's here is none of the Parties.
            end = start + ends[count - 1]
            if key and not (text.startswith(_GATHERINGS, end) or _cut_short(text, start, end)):
                return Named(key, start, end)
        return None


def _cut_short(text: str, start: int, end: int) -> bool:
    """Whether a longer name only begins as an actor's does: United Nations Office on …."""
    word = text[start:end].lower()
    if text.startswith(_OTHERS.get(word, ()), end):
        return True
    return word in _WHOLE and _GOES_ON.match(text, end) is not None


def _written(label: str) -> str:
    """A label as it is looked up: without title marks, and alike however its parts are joined."""
    bare = fold(label).replace("《", "").replace("》", "").replace("以及", "和")
    return bare.translate(_ALIKE).removesuffix(")")
