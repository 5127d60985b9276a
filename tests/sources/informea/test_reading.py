"""Pages of every version become the same items; what is odd about them is told with its row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtrack.errors import DtrackError, SyntaxProblem
from dtrack.sources.informea import File, Item, Keyword, check, read_items, read_page
from dtrack.sources.informea.values import moment
from odata import MS, decision, page

CODES = {
    "published-status": frozenset({"active", "adopted", "amended", "draft", "retired"}),
    "document-type": frozenset({"decision", "official-document"}),
    "meeting-status": frozenset({"confirmed"}),
    "meeting-kind": frozenset({"official"}),
    "party-status": frozenset({"ratification"}),
    "country": frozenset({"CH", "CHE", "SEN"}),
}


def items_of(data: bytes, name: str = "Decisions.json") -> list[Item]:
    items, _ = read_items(read_page(data, name), name)
    return items


def rules_of(*rows: dict[str, Any], name: str = "Decisions.json") -> list[str]:
    read, first = read_items(read_page(page(*rows), name), name)
    _, second = check(read, CODES)
    return sorted(remark.rule for remark in (*first, *second))


def test_all_envelopes_give_the_same_item() -> None:
    row = decision()
    plain = {k: v for k, v in row.items() if k != "__metadata"}
    version_2 = {
        **row, "title": {"results": row["title"]}, "keywords": {"__deferred": {"uri": "http://h"}}
    }  # fmt: skip
    version_4 = {
        **plain, "title": row["title"], "longTitle": [], "summary": [], "content": [],
        "keywords": [], "files": [], "published": "2015-02-10T15:44:25Z",
        "updated": "2015-02-10T15:44:26Z",
    }  # fmt: skip
    bodies: list[Any] = [
        {"d": [row]}, {"d": {"results": [row]}}, {"d": {"results": [version_2]}},
        {"@odata.context": "http://h/$metadata#Decisions", "value": [version_4]},
        [plain], {"data": [plain]},
    ]  # fmt: skip

    found = [items_of(json.dumps(body).encode()) for body in bodies]

    assert [len(items) for items in found] == [1] * 6
    first = found[0][0]
    assert first.text("title") == "Made up"
    assert first.moments["published"] == "2015-02-10T15:44:25Z"
    assert first.files == ()
    assert first.page == "https://feed.example/d-1"
    assert all(items == [first] for items in found[1:])


def test_newer_json_is_read_under_the_same_names() -> None:
    row = {"_id": "F-1", "decision_number": "POPRC-21/9", "treaty": "stockholm",
           "decision_type": "decision", "status": "active", "date": "2025-09-29",
           "title": "Made up", "text": "Words of our own.", "url": "https://feed.example/1",
           "meeting_title": "A meeting", "keywords": [], "_fetched_at": "2026-03-24"}  # fmt: skip

    (item,) = items_of(json.dumps(row).encode(), "record.json")

    assert (item.set.name, item.id, item.field("number")) == ("Decisions", "F-1", "POPRC-21/9")
    assert (item.field("meetingTitle"), item.day("published")) == ("A meeting", "2025-09-29")
    assert item.page == "https://feed.example/1"
    assert item.text("content") == "Words of our own."
    assert "_fetched_at" not in item.fields


def test_lists_and_files_keep_all_that_they_say() -> None:
    row = decision(
        keywords={"results": [{"term": "wetlands", "namespace": "https://t.example/"}]},
        files=[{"url": "https://f.example/a.pdf", "language": "fr", "mimeType": "application/pdf",
                "fileName": "a.pdf", "id": "f1"}],
    )  # fmt: skip

    (item,) = items_of(page(row))

    assert item.keywords == (Keyword("wetlands", "https://t.example/"),)
    assert item.files == (File("https://f.example/a.pdf", "fr", "application/pdf", "a.pdf", "f1"),)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (f"/Date({MS})/", "2015-02-10T15:44:25Z"),
        ("/Date(1398998810120)/", "2014-05-02T02:46:50.12Z"),
        ("/Date(-86400000+0200)/", "1969-12-31T00:00:00Z"),
        ("2015-02-10", "2015-02-10T00:00:00Z"),
        ("2015-02-10T16:44:25+01:00", "2015-02-10T15:44:25Z"),
        ("/Date(999999999999999)/", None),
        ("2015-02-31", None),
        ("soon", None),
        (None, None),
    ],
)
def test_moments_are_read_in_utc(value: object, wanted: str | None) -> None:
    assert moment(value) == wanted


def test_a_good_row_has_nothing_said_about_it() -> None:
    assert rules_of(decision()) == []


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("id-missing", [decision(id=None)]),
        ("duplicate-id", [decision(), decision(number="XII/97")]),
        ("field-missing", [decision(number=...)]),
        ("title-english", [decision(title=[{"language": "fr", "value": "Inventé"}])]),
        ("letter-case", [decision(status="Adopted")]),
        ("unknown-code", [decision(status="valid")]),
        ("updated-before-published", [decision(updated="/Date(0)/")]),
        ("meeting-missing", [decision(meetingId=None)]),
        ("control-characters", [decision(title=[{"language": "en", "value": "Made\x00 up"}])]),
        ("language", [decision(title=[{"language": "en", "value": "A"},
                                      {"language": "English", "value": "B"}])]),
        ("date", [decision(updated="yesterday")]),
        ("link", [decision(link="www.feed.example")]),
        ("deferred", [decision(keywords={"__deferred": {"uri": "http://h"}})]),
        ("unknown-field", [decision(brs_Title="x")]),
        ("status-constant", [decision(identifier=f"d-{n}", number=f"XII/{n}") for n in range(3)]),
    ],
)  # fmt: skip
def test_each_defect_is_told(rule: str, rows: list[dict[str, Any]]) -> None:
    assert rules_of(*rows) == [rule]


def test_dates_of_creation_are_told_from_dates_of_change() -> None:
    rows = [decision(identifier=f"d-{n}", updated=f"/Date({MS})/", status=status)
            for n, status in enumerate(("active", "retired", "amended"))]  # fmt: skip

    assert rules_of(*rows) == ["updated-is-creation"]


def test_codes_of_countries_are_compared_over_the_feed() -> None:
    rows = [{"id": str(n), "treaty": "cbd", "country": code, "name": "A site",
             "__metadata": {"type": "informea.Site"}}
            for n, code in enumerate(("CHE", "ch", "XX"))]  # fmt: skip

    assert rules_of(*rows) == ["country-code", "country-codes-mixed", "letter-case"]


def test_what_is_personal_is_never_read() -> None:
    row = {"__metadata": {"type": "Contact"}, "id": "c-1", "country": "CHE",
           "firstName": "Somebody", "lastName": "Else", "email": "a@b.example",
           "institution": "A ministry", "hobby": "chess",
           "treaties": [{"value": "cbd"}]}  # fmt: skip

    items, remarks = read_items(read_page(page(row), "Contacts"), "Contacts")

    assert items[0].fields == {
        "country": ("CHE",), "institution": ("A ministry",), "treaties": ("cbd",)
    }  # fmt: skip
    told = {(remark.rule, remark.about) for remark in remarks}
    assert told == {("personal-data", n) for n in ("email", "firstName", "lastName")} | {
        ("unknown-field", "hobby")
    }


@pytest.mark.parametrize("data", [
    b"", b"[1]", b"7", b"\xff", b"{\"d\": 1}", b"[" * 100_000, b'{"error": {"code": "1"}}',
    b"<html></html>", b"9" * 5000,
])  # fmt: skip
def test_what_is_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(SyntaxProblem):
        read_page(data, "page.json")


NAMES = [*decision(), "start", "country", "treaties", "firstName", "__metadata", "results"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(f"/Date({MS})/"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=8)
    ),
    max_leaves=8,
)
BUSY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@BUSY
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON), max_size=4))
def test_mangled_rows_give_remarks_and_no_traceback(rows: list[dict[str, Any]]) -> None:
    read, _ = read_items(read_page(json.dumps({"d": {"results": rows}}).encode(), "Decisions"), "x")

    kept, _ = check(read, CODES)

    assert len({item.id for item in kept}) == len(kept) <= len(rows)


@BUSY
@given(JSON, st.binary(max_size=40))
def test_mangled_pages_give_one_clear_error_at_most(body: Any, noise: bytes) -> None:
    for data in (json.dumps(body).encode(), noise, json.dumps(body).encode()[:-1] + noise):
        told = None
        try:
            read_items(read_page(data, "Decisions.json"), "Decisions.json")
        except DtrackError as error:
            told = error
        assert told is None or (told.exit_code == 2 and told.remedy)


def test_real_samples_are_read_whole(shared: Path) -> None:
    found: dict[str, int] = {}
    for path in sorted((shared / "data" / "informea_odata").glob("*.json")):
        items, _ = read_items(read_page(path.read_bytes(), path.name), path.name)
        assert items
        assert all(item.id and item.field("treaty") for item in items)
        found[path.stem] = len(items)

    assert len(found) == 9
    assert sum(found.values()) == 18
