"""The defects of feeds that the rows themselves show, each told with its row."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from dtrack.sources.harvest import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dtrack.sources.informea.items import Item

Codes = dict[str, frozenset[str]]
"""Codes of a list by its name: those that ``LISTS`` names, and ``country``."""

LISTS: Final[Mapping[tuple[str, str], str]] = {
    ("Decisions", "status"): "published-status",
    ("Decisions", "type"): "document-type",
    ("Meetings", "status"): "meeting-status",
    ("Meetings", "kind"): "meeting-kind",
    ("CountryProfiles", "entryIntoForceStatus"): "party-status",
}
"""Which code list a field of a set has its values from."""
_FEW: Final = 3
"""Rows from which on a sameness in all of them says something."""


def check(items: Sequence[Item], codes: Codes) -> tuple[list[Item], list[Remark]]:
    """Items that can be used, one for an identifier, and the defects of all."""
    kept, remarks = _single(items)
    for item in kept:
        for rule in (_needed, _titled, _coded, _ordered, _met, _country):
            remarks += rule(item, codes)
    for whole in (_constant, _created, _mixed):
        remarks += whole(kept)
    return kept, remarks


def code_of(text: str) -> str:
    """Notation as our lists write it: lower case, hyphens (``official_document``)."""
    return text.strip().lower().replace("_", "-").replace(" ", "-")


def _single(items: Iterable[Item]) -> tuple[list[Item], list[Remark]]:
    """First item of each identifier in its set."""
    seen: dict[tuple[str, str], Item] = {}
    remarks: list[Remark] = []
    for item in items:
        former = seen.setdefault((item.set.name, item.id), item)
        if former is not item:
            same = (former.fields, former.texts) == (item.fields, item.texts)
            message = f"The id is that of another row, too: {former.place}. The first is kept."
            if same:
                message = f"The row stands here again: {former.place}. The first is kept."
            remarks.append(
                _remark(
                    item,
                    "duplicate-id",
                    message,
                    "Give each row an id of its own.",
                )
            )
    return list(seen.values()), remarks


def _needed(item: Item, _codes: Codes) -> Iterator[Remark]:
    for name in item.set.needed:
        if not item.field(name) and name not in item.moments:
            yield _remark(item, "field-missing", f"'{name}' is missing.", "Fill it in.")


def _titled(item: Item, _codes: Codes) -> Iterator[Remark]:
    name = item.set.texts[0] if item.set.texts else ""
    if name and not item.text(name):
        yield _remark(item, "title-english", "There is no English title.", "Add one.")


def _coded(item: Item, codes: Codes) -> Iterator[Remark]:
    for (set_name, name), listed in LISTS.items():
        value = item.field(name)
        if set_name != item.set.name or not value:
            continue
        if code_of(value) not in codes[listed]:
            yield _remark(
                item,
                "unknown-code",
                f"'{name}' is '{value[:40]}', which is not in the list.",
                f"Use one of {', '.join(sorted(codes[listed]))}.",
            )
        elif value != value.lower():
            yield _remark(
                item,
                "letter-case",
                f"'{name}' is '{value}'; the list has '{value.lower()}'.",
                "Write codes in lower case.",
            )


def _ordered(item: Item, _codes: Codes) -> Iterator[Remark]:
    for first, last, rule in (
        ("published", "updated", "updated-before-published"),
        ("start", "end", "end-before-start"),
    ):
        before, after = item.moments.get(first, ""), item.moments.get(last, "")
        if before and after and after < before:
            message = f"'{last}' ({after[:10]}) is before '{first}' ({before[:10]})."
            yield _remark(item, rule, message, "Correct one of the two.")


def _met(item: Item, _codes: Codes) -> Iterator[Remark]:
    if item.set.name == "Decisions" and not (item.field("meetingId") or item.field("meetingTitle")):
        yield _remark(
            item,
            "meeting-missing",
            "Neither 'meetingId' nor 'meetingTitle' is there.",
            "Name the meeting by one of them.",
        )


def _country(item: Item, codes: Codes) -> Iterator[Remark]:
    value = item.field("country")
    if not value:
        return
    if value.upper() not in codes["country"]:
        yield _remark(
            item,
            "country-code",
            f"'{value[:20]}' is the code of no Party known here.",
            "Write an ISO 3166-1 code.",
        )
    elif value != value.upper():
        yield _remark(
            item,
            "letter-case",
            f"The country is '{value}'.",
            "Write codes of countries in capitals.",
        )


def _constant(items: Iterable[Item]) -> Iterator[Remark]:
    """A status that all decisions of a treaty have."""
    by_treaty = _grouped(items, "Decisions", lambda item: item.field("treaty"))
    for treaty, found in by_treaty.items():
        statuses = {item.field("status") for item in found}
        if len(found) >= _FEW and len(statuses) == 1 and (status := statuses.pop()):
            yield Remark(
                "status-constant",
                f"{len(found)} rows",
                treaty,
                f"All decisions of '{treaty}' are '{status}': that is evidence of nothing.",
                "Say which are amended or retired.",
            )


def _created(items: Iterable[Item]) -> Iterator[Remark]:
    """Dates of change that are those of creation."""
    dated = [i for i in items if "updated" in i.moments and "published" in i.moments]
    same = [i for i in dated if i.moments["updated"] == i.moments["published"]]
    if len(same) >= _FEW and len(same) * 2 > len(dated):
        yield Remark(
            "updated-is-creation",
            f"{len(same)} rows",
            "",
            f"{len(same)} of {len(dated)} rows have 'updated' as 'published': edits "
            "do not show in it. What is new is told by content here.",
            "Set 'updated' at each change.",
        )


def _mixed(items: Iterable[Item]) -> Iterator[Remark]:
    """Country codes of two and of three letters in one feed."""
    by_length = _grouped(items, "", lambda item: str(len(item.field("country"))))
    two, three = len(by_length.get("2", ())), len(by_length.get("3", ()))
    if two and three:
        yield Remark(
            "country-codes-mixed",
            f"{two + three} rows",
            "",
            f"{two} codes of countries have two letters, {three} have three.",
            "Use one kind.",
        )


def _grouped(
    items: Iterable[Item], set_name: str, key: Callable[[Item], str]
) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if not set_name or item.set.name == set_name:
            found[key(item)].append(item)
    return found


def _remark(item: Item, rule: str, message: str, remedy: str) -> Remark:
    return Remark(rule, item.place, item.id, message, remedy)
