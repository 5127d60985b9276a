"""The line that opens a text: the body that speaks, in any of the four languages.

Its words ("Conference of the Parties", "缔约方大会") are the labels of governing
bodies in the code list of actors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.lexicon import fold

if TYPE_CHECKING:
    from dtrack.extraction.lexicon import Lexicon

_LONGEST = 240
_ARTICLE = r"(?:the |la |le |el |l\')?"
_OF = (
    r"(?: (?:to|of|for|serving|acting|at its|on|à|au|aux|de|du|des|del|d\'|en|agissant|actuando"
    r"|que)"
    r"\b[^.;:]*?)?"
)


class Opening(NamedTuple):
    """The body that speaks, and what follows it on the same line."""

    body: str
    rest: str


class Openings:
    """Finder of opening lines."""

    def __init__(self, lexicon: Lexicon) -> None:
        names = sorted(lexicon.governing_names, key=lambda name: (-len(name), name))
        latin = "|".join(re.escape(name) for name in names if not _wide(name))
        chinese = "|".join(re.escape(name) for name in names if _wide(name))
        self._bare = re.compile(rf"(?:the|la|le|el) (?:{latin})")
        self._alone = re.compile(rf"{_ARTICLE}(?:{latin}){_OF}\s*(?P<mark>[,:，：]?)")
        self._latin = re.compile(
            rf"{_ARTICLE}(?:{latin})(?P<mark>[,:]?)\s+(?P<rest>\S.*)", re.DOTALL
        )
        self._chinese = re.compile(
            rf"[^，。；：,;:\d]{{0,60}}?(?:{chinese})\s*(?P<mark>[，：,:]?)\s*(?P<rest>.*)",
            re.DOTALL,
        )

    def split(self, text: str) -> Opening | None:
        """The body that a line begins with, and what follows; None where it is none."""
        text = text.strip()
        if _wide(text[:12]):
            match = self._chinese.match(text)
            if match is None or not (match["mark"] or match["rest"]):
                return None
        else:
            folded = fold(text)
            if len(folded) != len(text):
                return None
            if self._bare.fullmatch(folded):
                return Opening(text, "")
            alone = self._alone.fullmatch(folded) if len(text) <= _LONGEST else None
            if alone is not None and (alone["mark"] or text.isupper()):
                return Opening(text.rstrip(",:，： "), "")
            match = self._latin.match(folded)
            if match is None:
                return None
        start = match.start("rest")
        return Opening(text[:start].rstrip(",:，： "), text[start:])


def _wide(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None
