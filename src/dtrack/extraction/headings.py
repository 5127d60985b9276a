"""First lines of texts: kind, symbol and title, in any of the four languages.

Which symbols there are is asked of the code list: after the word for the kind,
the shortest run of words is taken that some convention writes as a symbol.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dtrack.extraction.lexicon import fold
from dtrack.extraction.symbol_lists import between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.symbols import Reading

LONGEST_HEADING = 260
LONGEST_ENTRY = 700
TEXTS = frozenset({"decision", "resolution"})
_LONGEST_SYMBOL = 5
_PLURALS = r"(?:s|es)?"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：！？"}
_PUNCTUATION = str.maketrans({"‑": "-", "‐": "-"})
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./() -]*")
_REVISION = re.compile(r"\s?\(\s?Rev\.?\s?(?:Co?P|MO?P)\s?\d+\s?\)", re.IGNORECASE)
_TITLE_MARK = re.compile(r"[\s.:：–—|*_-]*")
_FRAME = '[]【】〔〕〈〉{}#*_\u201c\u201d"“”|'
_NUMBERED = re.compile(
    r"(?:(?:agenda\s+)?item\s+\d+\s*[:.–—]?|议程项目\s*\d+\s*[:：]?|[(（]?(?:\d{1,3}|[IVX]{1,6}|[a-zA-Z])"
    r"[.)）、．](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[)）、．.])\s*"
)
_SERIES = re.compile(r"^(?:[A-Z]{2,}/)+(?=第|R[eé]soluci[oó]n|R[eé]solution|D[eé]cisi[oó]n)")
"""The series of documents that a heading begins with: UNEP/CMS/Resolution 12.28."""
_ARTICLES = re.compile(r"(?:the|la|le|el|l'|les|los)\s+", re.IGNORECASE)
_AFTER_NAME = re.compile(
    r"^(?:(?:convention|protocol|agreement|cop\d*|cmp\d*|cma\d*)\s+|缔约方(?:大会|会议)\s*)+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;。；,，]$")
_ADVICE = re.compile(r"(?:[A-Z]+-)?(?:\d{1,3}|[IVXL]+)[/.]\d{1,3}|I?CPM-[\d/]+")
_UNTIL = re.compile(
    r"\s*(?:to|through|à|a|[-–—]|号?\s*至\s*第?)\s*(?P<until>[A-Za-z\d][\w./-]*\d)(?=[\s.:：(（号–—]|$)"
)
_UNMISTAKABLE = re.compile(r"/|-\d|^[A-Z]+\.\d|^Conf\b|\bCOM\b")


@dataclass(frozen=True, slots=True)
class Heading:
    """First line of a text, or a line of a table of contents; ``of`` is named in the line."""

    kind: str
    symbol: str
    title: str
    of: str = ""
    until: str = ""
    """Last symbol of a range: Decisions 21.70 to 21.73."""


class Headings:
    """Reader of headings."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._symbols = lexicon.symbols
        self._kinds = {plain(label): kind for _, label, kind in lexicon.text_kinds}
        latin = sorted((w for w in self._kinds if w.isascii()), key=len, reverse=True)
        chinese = [w for w in self._kinds if not w.isascii()]
        self._latin = re.compile(
            rf"(?:(?P<spaced>{'|'.join(map(_spaced, latin))})"
            rf"|(?P<kind>{'|'.join(latin)}){_PLURALS})"
            r"(?:\s+(?:no|n)[.°º]*)?\s*:?\s+(?=[a-z\d(])"
        )
        kinds = "|".join(" ?".join(word) for word in chinese)
        self._numbered = re.compile(rf"第?\s*(?P<symbol>[^第号]+?)\s*号\s*(?P<kind>{kinds})")
        self._numbered_run = re.compile(
            rf"第\s*(?P<symbol>[^第号]+?)\s*号?(?:(?:{kinds}))?\s*至\s*第?\s*"
            rf"(?P<until>[^第号至]+?)\s*号\s*(?P<kind>{kinds})"
        )
        self._named = re.compile(rf"(?P<kind>{kinds})\s*[:：]?\s*(?:第\s*)?(?=[A-Za-z\d])")
        self._group = re.compile(
            rf"(?P<kind>{'|'.join([*latin, *chinese])}){_PLURALS}(?:\s+page)?", re.IGNORECASE
        )
        self._kind = re.compile(rf"(?P<kind>\b(?:{'|'.join(latin)})|{'|'.join(chinese)})")
        self._names = _names(lexicon)
        self._author = _author(lexicon)

    def group(self, text: str) -> str:
        """Kind that a line of a table of contents announces, or ""."""
        match = self._group.fullmatch(plain(text))
        return self._kinds[match["kind"].lower()] if match else ""

    def kind_in(self, text: str) -> str:
        """Kind of text that some words name, or ""."""
        match = self._kind.search(plain(text))
        return self._kinds[match["kind"].lower()] if match else ""

    def read(self, text: str, *, listed: bool = False, freely: bool = False) -> Heading | None:
        """Heading that a block is.

        ``listed`` accepts what only a table of contents has; ``freely`` numbers,
        brackets and names of conventions before the heading, too, and symbols
        with the title right behind them.
        """
        if len(text) > (LONGEST_ENTRY if listed else LONGEST_HEADING):
            return None
        text = _SERIES.sub("", text.translate(_WIDE).translate(_PUNCTUATION).strip())
        found = self._led(text) or self._bare(text, listed=listed)
        if found is not None or not freely:
            return found
        return self._behind_something(text)

    def within(self, text: str, group: Heading) -> tuple[str, str] | None:
        """Symbol of a range at the head of a block, perhaps behind its kind, and what follows."""
        word = self._kind.match(plain(text))
        start = word.end() + (1 if text[word.end() : word.end() + 1] == "s" else 0) if word else 0
        rest = text[start:].lstrip(" 第")
        symbol = re.match(r"[\w./-]*\d(?=[\s.:：)号]|$)", rest)
        if symbol is None or symbol[0] not in {group.symbol, *range_of(group), group.until}:
            return None
        return symbol[0], re.sub(r"^\s*号?\s*(?:决[定议])?[\s.:：–—-]*", "", rest[symbol.end() :])

    def _behind_something(self, text: str) -> Heading | None:
        text = "".join(" " if char in _FRAME else char for char in text)
        text = " ".join(text.split())
        number = _NUMBERED.match(text)
        if number is not None and not _SENTENCE.search(text):
            text = text[number.end() :]
        rest, of = self._without_name(text)
        rest, by = self._without_author(rest)
        of = by or of
        found = self._led(rest, freely=True) or self._bare(text, freely=True)
        return found if found is None or not of else replace(found, of=of)

    def _without_name(self, text: str) -> tuple[str, str]:
        """Text without the name of a convention or body that stands first, and whose it is."""
        head = _ARTICLES.match(text)
        start = head.end() if head else 0
        folded = fold(text)
        if len(folded) != len(text):
            return text, ""
        bare = start + (folded[start : start + 1] == "《")
        for name, of in self._names:
            if folded.startswith(name, bare):
                rest = text[bare + len(name) :].lstrip("》 :：,，")
                return _AFTER_NAME.sub("", rest), of
        return text, ""

    def _without_author(self, text: str) -> tuple[str, str]:
        """Text without the body that adopted it, behind the symbol, and whose body that is."""
        match = self._author.search(text)
        if match is None:
            return text, ""
        name = fold(match["name"])
        of = next((key for known, key in self._names if known == name), "")
        return f"{text[: match.start()]}{match['mark'] or ''}{text[match.end() :]}", of

    def _led(self, text: str, *, freely: bool = False) -> Heading | None:
        return self._led_latin(text, freely=freely) or self._led_chinese(text, freely=freely)

    def _led_latin(self, text: str, *, freely: bool = False) -> Heading | None:
        match = self._latin.match(plain(text)) if text[:1].isalpha() else None
        if match is None:
            return None
        word = match["kind"] or match["spaced"].replace(" ", "")
        rest = text[match.end() :]
        if match["spaced"] and " " in match["spaced"]:
            rest = _closed_up(rest)
        return self._headed(self._kinds[word], rest, freely=freely)

    def _led_chinese(self, text: str, *, freely: bool = False) -> Heading | None:
        match = self._numbered_run.match(text)
        until = match["until"] if match is not None else ""
        match = match or self._numbered.match(text)
        if match is not None:
            kind = self._kinds[match["kind"].replace(" ", "")]
            symbol = match["symbol"].strip()
            behind = _REVISION.match(text, match.end())
            end = behind.end() if behind else match.end()
            symbol += behind[0] if behind else ""
            return self._checked(kind, symbol, text[end:], freely=freely, until=until)
        match = self._named.match(text)
        if match is None:
            return None
        kind = self._kinds[match["kind"].replace(" ", "")]
        return self._headed(kind, text[match.end() :], freely=freely)

    def _headed(self, kind: str, text: str, *, freely: bool = False) -> Heading | None:
        for symbol, rest in _candidates(text):
            known = any(r.kind == kind for r in self._symbols.read(f"{kind} {symbol}"))
            if known or (freely and _advice(kind, symbol)):
                run = _UNTIL.match(rest)
                until = run["until"] if run and _alike(symbol, run["until"]) else ""
                rest = rest[run.end() :] if run and until else rest
                return self._checked(
                    kind, symbol, rest.removeprefix("号"), freely=freely, until=until
                )
        return None

    def _bare(self, text: str, *, listed: bool = False, freely: bool = False) -> Heading | None:
        for symbol, rest in _candidates(text):
            if not _UNMISTAKABLE.search(symbol) and not (freely and not rest.strip()):
                continue
            if symbol.isdigit() or not self._texts(symbol):
                continue
            kind = self._texts(symbol)[0].kind
            if listed:
                return Heading(kind, symbol, rest.strip())
            if rest and rest[0] not in ".:：" and not (freely and _opens_title(rest)):
                return None
            return self._checked(kind, symbol, rest)
        return None

    def _texts(self, symbol: str) -> list[Reading]:
        return [r for r in self._symbols.read(symbol) if r.kind in TEXTS]

    def _checked(
        self, kind: str, symbol: str, rest: str, *, freely: bool = False, until: str = ""
    ) -> Heading | None:
        """The heading, unless it is a sentence about a decision."""
        if kind in TEXTS:
            known = bool(self._symbols.read(f"{kind} {symbol}"))
        else:
            known = freely and _advice(kind, symbol)
        if not known:
            return None
        mark = _TITLE_MARK.match(rest)
        title = rest[mark.end() :].strip() if mark else rest.strip()
        if re.match(r"的?(?:附件|附录)|annex", title, re.IGNORECASE):
            return None
        if re.match(r"[a-zà-ÿ,，;；、)]", title) or re.search(r"[;；,，]$", title):
            return None
        return Heading(kind, symbol, title, until=until)


def range_of(heading: Heading) -> tuple[str, ...]:
    """Symbols between the first and the last that the heading of a range names."""
    return tuple(between(heading.symbol, heading.until)) if heading.until else ()


def _advice(kind: str, symbol: str) -> bool:
    """Whether a symbol is one of a recommendation, whose forms bodies of all sorts share."""
    return kind == "recommendation" and _ADVICE.fullmatch(symbol) is not None


def _alike(first: str, last: str) -> bool:
    """Whether two symbols may be the ends of a range: the same up to a last, greater number."""
    heads = [re.match(r"(.*?)(\d+)$", symbol) for symbol in (first, last)]
    if heads[0] is None or heads[1] is None:
        return False
    return heads[0][1] == heads[1][1] and int(heads[0][2]) < int(heads[1][2])


def plain(text: str) -> str:
    """Text in lower case without the accents that words for kinds have; as long as before."""
    return text.strip().strip("|").strip().lower().translate(str.maketrans("éó", "eo"))


def _spaced(word: str) -> str:
    return " ".join(word)


def _closed_up(text: str) -> str:
    """Text with its first letter-spaced words closed up: ``1 5 / 4`` gives ``15/4``."""
    match = re.match(r"\S(?: \S)+(?=\s|$)", text)
    return text if match is None else match[0].replace(" ", "") + text[match.end() :]


def _opens_title(rest: str) -> bool:
    """Whether what follows a symbol looks like a title: a capital, no full stop at its end."""
    words = rest.strip(" –—-|")
    return bool(words) and not words[0].islower() and not _SENTENCE.search(words)


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    """What may be the symbol at the head of a text, shortest first, and what follows it."""
    run = _RUN.match(text)
    words = run[0].rstrip().split(" ") if run else []
    for count in range(1, min(_LONGEST_SYMBOL, len(words)) + 1):
        written = " ".join(words[:count])
        symbol = written.rstrip(".-(")
        revision = _REVISION.match(text, len(symbol))
        end = revision.end() if revision else len(symbol)
        yield text[:end].strip(), text[end:]


def _names(lexicon: Lexicon) -> list[tuple[str, str]]:
    """Names of instruments and their bodies, longest first, with whose they are."""
    pairs = {
        (re.sub(r" \(\w+\)$", "", fold(name)), item.key)
        for item in lexicon.instruments
        for name in (*item.names, *(n for n in item.body_names if len(n) > 4))
    }
    pairs |= {pair for pair in lexicon.author_names if len(pair[0]) > 2}
    # A subsidiary body's recommendation is its convention's.
    pairs |= {
        (fold(text), next((key for key in actor.broader if key in lexicon.instrument), ""))
        for actor in lexicon.actors
        if actor.key in lexicon.bodies
        for _, text, _ in actor.labels
        if len(text) > 2
    }
    named = {name for name, _ in pairs}
    pairs |= {(name, "") for name in lexicon.governing_names if len(name) > 3 and name not in named}
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


def _author(lexicon: Lexicon) -> re.Pattern[str]:
    """Who adopted a text, between its symbol and its title: "of the Governing Body."."""
    names = {name for name, _ in _names(lexicon)}
    some = "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))
    return re.compile(
        r"(?<=[\d)定议])\s*[,，]?\s*(?:(?:of|adopted by|de|du|del|adoptée par|aprobada por)\s+)?"
        rf"(?:the\s+|la\s+|le\s+|el\s+|l['’])?(?P<name>{some})(?:\s*通过)?"
        r"(?:\s+(?:on|at)\s+[^.:–—]{3,60})?\s*(?P<mark>[.:：–—]|$)",
        re.IGNORECASE,
    )
