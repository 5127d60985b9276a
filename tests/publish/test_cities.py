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
    (BOTH, "city"): ('"Pyeongchang"@en', '"平昌"@zh'),
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
        ("meeting/cbd-cop-12", "en", "<dd><span>Pyeongchang</span></dd>"),
        ("meeting/cbd-cop-12", "zh", "<dd><span>平昌</span></dd>"),
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
    ("language", "both", "plain"), [("en", "Pyeongchang", "Quito"), ("zh", "平昌", "Quito")]
)
def test_lists_say_where(placed: Told, language: str, both: str, plain: str) -> None:
    page = read(placed, f"/meetings?lang={language}")
    listed = placed.client.get(f"/api/v1/meetings?lang={language}").json()["items"]
    one = placed.client.get(f"/api/v1/meetings/cbd-cop-12?lang={language}").json()
    calendar = Calendar.from_ical(placed.client.get(f"/meetings.ics?lang={language}").content)
    places = {str(each["uid"]): each.get("location") for each in calendar.walk("VEVENT")}

    assert f" · {both} · " in page
    assert f" · {plain} · " in page
    wanted = {BOTH: both, PLAIN: plain}
    assert {row["iri"]: row["city"] for row in listed if row["city"]} == wanted
    assert one["city"] == both
    assert {iri: str(place) for iri, place in places.items() if place} == wanted


def test_harvesters_read_one_city_in_english(placed: Told) -> None:
    answer = placed.client.get("/odata/Meetings?$format=json")
    found = {each["id"]: each["city"] for each in json.loads(answer.text)["d"]["results"]}

    assert found["cbd-cop-12"] == "Pyeongchang"
    assert found["cms-cop-12"] == "Quito"
