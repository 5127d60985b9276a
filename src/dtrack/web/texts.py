"""Words of the pages, one file per language; plurals, days and numbers as each language has them.

A file in ``texts`` holds words by key, ``[counts]`` with the plural forms of
what is counted, ``[forms]`` with what stands before numbers of provisions and
targets, ``[aims]`` with what targets of some frameworks are called among those
of others, ``[terms]`` with what terms of other vocabularies are called (our own
say so themselves), and the locale (CLDR) that says which form goes with which
number.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from dtrack.terms import PREFIXES, SEMAPV

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent / "texts"
_FORM: Final = re.compile(r"([A-Za-z][A-Za-z ]*)[ -]([0-9A-Z][0-9A-Za-z.()]*)")
_UNNUMBERED: Final = re.compile(r"n-\d+")
_PREFIXES: Final = PREFIXES | {"semapv": SEMAPV}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a language says: ``words`` by key, plural forms by key, and its ways with figures.

    ``terms`` are by IRI.
    """

    words: Mapping[str, str]
    counts: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, str]
    aims: Mapping[str, str]
    terms: Mapping[str, str]
    locale: Locale

    def count(self, key: str, number: int) -> str:
        """So many of something, such as "1 pair", "2 pairs"."""
        forms = self.counts[key]
        form = forms.get(str(self.locale.plural_form(number)), forms["other"])
        return form.format(n=self.number(number))

    def number(self, number: float) -> str:
        """Number as the language groups its digits."""
        return str(format_decimal(number, locale=self.locale))

    def numbered(self, number: str) -> str:
        """Number of a provision or target in words, such as "preamble 3" for ``preamble-3``."""
        found = _FORM.fullmatch(number)
        if found and found[1] in self.forms:
            return self.forms[found[1]].format(n=found[2])
        # A part without a number within one that has some, such as ``V.n-1``.
        head, dot, last = number.rpartition(".")
        if dot and _UNNUMBERED.fullmatch(last):
            return f"{self.numbered(head)}{self.words['at_number']}{self.numbered(last)}"
        return number

    def aim(self, key: str, framework: str, number: str) -> str:
        """Goal or target among those of other frameworks, such as "Aichi Target 14".

        ``key`` and ``framework`` are the key and the name of its framework.
        """
        found = _FORM.fullmatch(number)
        kind, n = (found[1], found[2]) if found else ("", number)
        if own := self.aims.get(f"{key} {kind}".rstrip()):
            return own.format(n=n)
        return self.words["aim"].format(framework=framework, number=self.numbered(number))

    def called(self, tag: str) -> str:
        """Name of a language in this one, from its tag; the tag where it has none."""
        return self.locale.languages.get(tag.replace("-", "_"), "") or tag

    def day(self, text: str) -> str:
        """Day in words from its ISO form; a year, or what is no day, stays as it is."""
        parts = text[:10].split("-")
        try:
            day = date(*(int(part) for part in parts))
        except (ValueError, TypeError):
            return self._month(parts) or text
        return str(format_date(day, "medium", locale=self.locale))

    def _month(self, parts: list[str]) -> str:
        """Month with its year, "" for what is none."""
        try:
            year, month = (int(part) for part in parts)
            return str(format_date(date(year, month, 1), self.words["month"], locale=self.locale))
        except ValueError:
            return ""


def _read(path: Path) -> Wording:
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    counts, forms, aims = (table.pop(name) for name in ("counts", "forms", "aims"))
    terms = {_iri(name): label for name, label in table.pop("terms").items()}
    return Wording(table, counts, forms, aims, terms, Locale.parse(table["locale"]))


def _iri(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return _PREFIXES[prefix] + rest


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, Wording]:
    """What each language says, English first."""
    paths = sorted(FOLDER.glob("*.toml"), key=lambda path: (path.stem != "en", path.stem))
    return {path.stem: _read(path) for path in paths}


def words() -> Mapping[str, Mapping[str, str]]:
    """Words by language and key; English first."""
    return {language: wording.words for language, wording in wordings().items()}


def relation_words(language: str, relation: str) -> str:
    """How two values relate, in a language; a mapping predicate keeps its name."""
    return words()[language].get(f"relation_{relation}", relation)
