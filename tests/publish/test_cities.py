"""Cities and seats: in the language of the reader where they are told in it, else in English."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from dtrack.model import Edit
from dtrack.terms import BASE, DT, XSD

if TYPE_CHECKING:
    from publish_homes import Told

BOTH, PLAIN = f"{BASE}/id/meeting/cbd-cop-12", f"{BASE}/id/meeting/cms-cop-12"
CBD, CMS = f"{BASE}/id/instrument/cbd", f"{BASE}/id/instrument/cms"
SAID = {
    (BOTH, "city"): ('"Wuhan"@en', '"武汉"@zh', '"Geneva"@en', '"日内瓦"@zh'),
    (BOTH, "countryCode"): ('"CHN"', '"CHE"'),
    (BOTH, "instrument"): (f"<{CBD}>", f"<{CMS}>"),
    (PLAIN, "city"): ('"Quito"',),
    (CBD, "seat"): ('"Geneva"@en', '"日内瓦"@zh', '"Rome"@en', '"罗马"@zh'),
    (CMS, "seat"): ('"Bonn"',),
}
HTML = {"Accept": "text/html"}


@pytest.fixture
def placed(changing: Told) -> Told:
    """A node whose meetings have cities and whose instruments have seats."""
    lines = [
        f"<{thing}> <{DT}{term}> {value} .\n"
        for (thing, term), values in SAID.items()
        for value in values
    ]
    day = f'<{DT}endDate> "2014-10-17"^^<{XSD}date>'
    lines += [f"<{meeting}> {day} .\n" for meeting in (BOTH, PLAIN)]
    content = "".join(sorted(lines)).encode()
    changing.node.desk.write(Edit({f"{BASE}/graph/meetings/places": content}, "ana", "x", "desk"))
    return changing


def read(told: Told, address: str) -> str:
    answer = told.client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text
    return str(answer.text).partition("<main")[2]


def cell(page: str, term: str) -> str:
    """What stands beside a term in the facts of a page."""
    found = re.search(rf"<dt>{term}</dt>(<dd.*?</dd>)", page)
    assert found is not None, page
    return found[1]


@pytest.mark.parametrize(
    ("path", "language", "said"),
    [
        ("meeting/cbd-cop-12", "en", "<dd><span>Geneva; Wuhan</span> (CHE, CHN)</dd>"),
        ("meeting/cbd-cop-12", "zh", "<dd><span>日内瓦；武汉</span> (CHE、CHN)</dd>"),
        ("meeting/cms-cop-12", "en", "<dd><span>Quito</span></dd>"),
        ("meeting/cms-cop-12", "zh", '<dd><span lang="en">Quito</span></dd>'),
        ("instrument/cbd", "en", "<dd>Geneva; Rome</dd>"),
        ("instrument/cbd", "zh", "<dd>日内瓦；罗马</dd>"),
        ("instrument/cms", "en", "<dd>Bonn</dd>"),
        ("instrument/cms", "zh", '<dd lang="en">Bonn</dd>'),
    ],
)
def test_pages_say_where(placed: Told, path: str, language: str, said: str) -> None:
    page = read(placed, f"/doc/{path}?lang={language}")

    seat = path.startswith("instrument")
    term = {"en": ("Place", "Seat"), "zh": ("地点", "所在地")}[language][seat]
    assert cell(page, term) == said


@pytest.mark.parametrize(
    ("language", "both", "plain"),
    [("en", ["Geneva", "Wuhan"], ["Quito"]), ("zh", ["日内瓦", "武汉"], ["Quito"])],
)
def test_lists_say_where(placed: Told, language: str, both: list[str], plain: list[str]) -> None:
    page = read(placed, f"/meetings?lang={language}")
    listed = placed.client.get(f"/api/v1/meetings?lang={language}").json()["items"]
    one = placed.client.get(f"/api/v1/meetings/cbd-cop-12?lang={language}").json()
    calendar = Calendar.from_ical(placed.client.get(f"/meetings.ics?lang={language}").content)
    places = {str(each["uid"]): each.get("location") for each in calendar.walk("VEVENT")}

    assert f" · {({'en': '; ', 'zh': '；'}[language]).join(both)} · " in page
    assert f" · {plain[0]} · " in page
    assert {row["iri"]: row["cities"] for row in listed if row["cities"]} == {
        BOTH: both, PLAIN: plain,
    }  # fmt: skip
    assert one["cities"] == both
    assert one["country_codes"] == ["CHE", "CHN"]
    assert {iri: str(place) for iri, place in places.items() if place} == {
        BOTH: f"{'; '.join(both)}, CHE; CHN", PLAIN: plain[0],
    }  # fmt: skip


def test_harvesters_read_one_city_in_english(placed: Told) -> None:
    answer = placed.client.get("/odata/Meetings?$format=json")
    found = {each["id"]: each["city"] for each in json.loads(answer.text)["d"]["results"]}

    assert found["cbd-cop-12"] == "Geneva"
    assert found["cms-cop-12"] == "Quito"


def test_a_meeting_of_several_instruments_tells_them_all(placed: Told) -> None:
    listed = placed.client.get("/api/v1/meetings").json()["items"]
    of_cms = placed.client.get("/api/v1/meetings?instrument=cms").json()["items"]
    one = placed.client.get("/api/v1/meetings/cbd-cop-12").json()
    calendar = Calendar.from_ical(placed.client.get("/meetings.ics").content)
    (said,) = [each for each in calendar.walk("VEVENT") if str(each["uid"]) == BOTH]

    assert {row["iri"]: row["instruments"] for row in listed}[BOTH] == one["instruments"]
    assert {row["iri"]: row["instruments"] for row in of_cms}[BOTH] == one["instruments"]
    assert [each["iri"] for each in one["instruments"]] == [CBD, CMS]
    assert [str(name) for name in said["categories"].cats] == [
        each["label"] for each in one["instruments"]
    ]
