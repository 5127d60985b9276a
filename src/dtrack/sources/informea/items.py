"""Rows to items: fields under their own names, cleaned, with what was odd about them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dtrack.sources.harvest import Remark
from dtrack.sources.informea.fields import ENVELOPE, RENAMED, SETS
from dtrack.sources.informea.values import clean, is_deferred, moment, scalar, several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.sources.informea.envelope import Page
    from dtrack.sources.informea.fields import EntitySet

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a language."""

    language: str
    value: str


@dataclass(frozen=True, slots=True)
class File:
    """A file as offered; all but the address may be ""."""

    url: str
    language: str = ""
    mime: str = ""
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A term and where it is from."""

    term: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A row as read. ``fields`` are simple values as published, ``moments`` are UTC."""

    set: EntitySet
    id: str
    place: str
    texts: Mapping[str, tuple[Text, ...]]
    fields: Mapping[str, tuple[str, ...]]
    moments: Mapping[str, str]
    files: tuple[File, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    page: str = ""

    def field(self, name: str) -> str:
        """Value of a field, "" where there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def text(self, name: str, language: str = "en") -> str:
        """Text of a field in a language, "" where there is none."""
        return next((t.value for t in self.texts.get(name, ()) if t.language == language), "")

    def day(self, name: str) -> str:
        """Day of a moment, "" where there is none."""
        return self.moments.get(name, "")[:10]


LEFT_OUT: Final = frozenset({"unknown-set", "no-object", "id-missing"})
"""Rules of remarks on rows of which nothing is known, not even which they are."""


def read_items(page: Page, place: str, first: int = 1) -> tuple[list[Item], list[Remark]]:
    """Items of a page, rows counted from ``first``, and what was odd about them."""
    if page.entity_set not in SETS:
        where = f"{place}, {len(page.rows)} rows"
        message = "Nothing tells which entity set these rows are of."
        return [], [Remark("unknown-set", where, "", message, "Name the file after its set.")]
    reading = _Reading(SETS[page.entity_set], place)
    items = [item for n, row in enumerate(page.rows, first) if (item := reading.item(row, n))]
    return items, [*reading.remarks, *reading.summary()]


class _Reading:
    """Reads the rows of one page."""

    def __init__(self, entity_set: EntitySet, place: str) -> None:
        self._set = entity_set
        self._place = place
        self.remarks: list[Remark] = []
        self._unknown: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._deferred: Counter[str] = Counter()
        self._stripped: list[str] = []

    def item(self, row: Mapping[str, Any] | None, number: int) -> Item | None:
        """Item of a row; None, and a remark, where it is none or has no identifier."""
        where = f"{self._place}, row {number}"
        if row is None:
            said = "The row is no object; it is left out."
            self._remark("no-object", where, "", said, "Ask the source for one.")
            return None
        # Names that mean the same give way to the field's own.
        named = {RENAMED[k]: v for k, v in row.items() if k in RENAMED} | {
            k: v for k, v in row.items() if k not in RENAMED
        }
        if self._set.page not in named and "url" in named:
            named[self._set.page] = named.pop("url")
        identifier = self._identifier(named)
        if not identifier:
            self._remark(
                "id-missing",
                where,
                "",
                "The row has no id; it is left out.",
                "Ask the source for one.",
            )
            return None
        fields, moments = self._simple(named, where, identifier)
        page = self._address(named.get(self._set.page), self._set.page, where, identifier)
        return Item(
            self._set,
            identifier,
            where,
            {
                name: texts
                for name in self._set.texts
                if (texts := self._texts(named.get(name), name, where, identifier))
            },
            fields,
            moments,
            tuple(self._files(named.get("files"), where, identifier)),
            tuple(self._keywords(named.get("keywords"), where, identifier)),
            page,
        )

    def summary(self) -> Iterator[Remark]:
        """Remarks on fields, one for all rows of the page."""
        for counter, rule, message, remedy in (
            (
                self._unknown,
                "unknown-field",
                "No rule is about the field; it is kept as published.",
                "",
            ),
            (self._dropped, "personal-data", "The field is personal data, which is not read.", ""),
            (
                self._deferred,
                "deferred",
                "Only the address of the values of the field came.",
                "Ask for it: $expand.",
            ),
        ):
            for name, count in sorted(counter.items()):
                where = f"{self._place}, {count} rows"
                yield Remark(rule, where, name, message, remedy)

    def _identifier(self, row: Mapping[str, Any]) -> str:
        if self._set.name == "CountryProfiles" and not row.get("id"):
            parts = [clean(scalar(row.get(name) or ""))[0] for name in ("country", "treaty")]
            return "-".join(parts) if all(parts) else ""
        value = row.get("id")
        return "" if value is None or isinstance(value, dict | list) else clean(scalar(value))[0]

    def _simple(
        self, row: Mapping[str, Any], where: str, about: str
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
        """Simple fields and moments."""
        fields: dict[str, tuple[str, ...]] = {}
        moments: dict[str, str] = {}
        rest = {"id", "files", "keywords", self._set.page, *self._set.texts}
        for name, value in row.items():
            if name in rest or name in ENVELOPE or name.startswith("@odata"):
                continue
            if name in self._set.personal:
                self._dropped[name] += bool(value)
            elif value is None or value == "":
                continue
            elif is_deferred(value):
                self._deferred[name] += name in self._set.known
            elif name in self._set.dates:
                self._moment(moments, name, value, where, about)
            else:
                self._field(fields, name, value, where, about)
        for name in ("files", "keywords", *self._set.texts):
            self._deferred[name] += is_deferred(row.get(name))
        self._deferred = +self._deferred
        return fields, moments

    def _moment(
        self, moments: dict[str, str], name: str, value: object, where: str, about: str
    ) -> None:
        found = moment(value)
        if found is None:
            self._remark(
                "date",
                where,
                about,
                f"'{name}' is '{scalar(value)[:40]}', no date.",
                "Write it as /Date(ms)/ or ISO 8601.",
            )
        else:
            moments[name] = found

    def _field(
        self, fields: dict[str, tuple[str, ...]], name: str, value: object, where: str, about: str
    ) -> None:
        if name not in self._set.known:
            self._unknown[name] += 1
            if self._set.personal or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name):
                # What a list of persons holds beside is not kept on a guess.
                return
        values = several(value) if isinstance(value, dict | list) else ({"value": value},)
        texts = (self._clean(_said(v), where, about) for v in values)
        kept = tuple(text for text in texts if text)
        if kept:
            fields[name] = kept

    def _texts(self, value: object, name: str, where: str, about: str) -> tuple[Text, ...]:
        """Texts of a field, by language, one a language."""
        if isinstance(value, str):
            cleaned = self._clean(value, where, about)
            return (Text("en", cleaned),) if cleaned else ()
        found: dict[str, str] = {}
        for item in several(value, about):
            said = item.get("value", item.get("title", item.get("description", item.get("name"))))
            text = self._clean(scalar(said), where, about) if said is not None else ""
            language = scalar(item.get("language") or "").strip().lower().replace("_", "-")
            if text and not _LANGUAGE.fullmatch(language):
                self._remark(
                    "language",
                    where,
                    about,
                    f"'{name}' is in the language '{language[:20]}', which is none.",
                    "Write en, fr, zh …",
                )
                language = "und"
            if text and language in found and found[language] != text:
                self._remark(
                    "language",
                    where,
                    about,
                    f"'{name}' has two texts in '{language}'; the first is kept.",
                    "Give one.",
                )
            if text:
                found.setdefault(language, text)
        return tuple(Text(language, text) for language, text in found.items())

    def _files(self, value: object, where: str, about: str) -> Iterator[File]:
        for item in several(value, about):
            item = {RENAMED.get(name, name): told for name, told in item.items()}
            url = self._address(item.get("url"), "url of a file", where, about)
            if url:
                name, mime, language, identifier = (
                    self._clean(scalar(item.get(key) or ""), where, about)
                    for key in ("filename", "mimeType", "language", "id")
                )
                yield File(url, language, mime, name, identifier)

    def _keywords(self, value: object, where: str, about: str) -> Iterator[Keyword]:
        for item in several(value, about):
            said = item.get("term") or item.get("literalForm") or item.get("value") or ""
            term = self._clean(scalar(said), where, about)
            home = item.get("namespace") or item.get("termuri") or item.get("sourceURL") or ""
            if term:
                yield Keyword(term, self._clean(scalar(home), where, about))

    def _address(self, value: object, name: str, where: str, about: str) -> str:
        if value is None or value == "" or isinstance(value, dict | list):
            return ""
        address = self._clean(scalar(value), where, about)
        if _ADDRESS.fullmatch(address):
            return address
        self._remark(
            "link",
            where,
            about,
            f"'{name}' is '{address[:60]}', no address.",
            "Write it out, from http:// or https:// on.",
        )
        return ""

    def _clean(self, text: str, where: str, about: str) -> str:
        cleaned, had = clean(text)
        if had and about not in self._stripped:
            self._stripped.append(about)
            self._remark(
                "control-characters",
                where,
                about,
                "Control characters were taken out of the text.",
                "Clean the text at the source.",
            )
        return cleaned

    def _remark(self, rule: str, where: str, about: str, message: str, remedy: str) -> None:
        self.remarks.append(Remark(rule, where, about, message, remedy))


def _said(item: Mapping[str, Any]) -> str:
    """What an object of a list says: its one value, else all of it as JSON."""
    for name in ("value", "treaty", "name"):
        if name in item and not isinstance(item[name], dict | list):
            return "" if item[name] is None else scalar(item[name])
    kept = {key: value for key, value in item.items() if key not in {"__metadata", "id"}}
    return scalar(kept) if kept else ""


def all_items(pages: Iterable[tuple[Page, str]]) -> tuple[list[Item], list[Remark]]:
    """Items of several pages, rows counted on for pages of one place, with all remarks."""
    items: list[Item] = []
    remarks: list[Remark] = []
    first: Counter[str] = Counter()
    for page, place in pages:
        found, said = read_items(page, place, first[place] + 1)
        first[place] += len(page.rows)
        items += found
        remarks += said
    return items, remarks
