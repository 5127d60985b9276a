"""Deadlines and meetings as calendars: all-day, stably named, filtered."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar

from dtrack.model import Edit
from dtrack.terms import BASE, DT
from publish_homes import Told


def events(told: Told, address: str) -> dict[str, object]:
    answer = told.client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    calendar = Calendar.from_ical(answer.content)
    return {str(each["uid"]): each for each in calendar.walk("VEVENT")}


def test_deadlines_are_whole_days(told: Told) -> None:
    found = events(told, "/deadlines.ics")

    (event,) = found.values()
    assert [*found] == [f"{BASE}/id/element/cbd-cop-12-19/1/1"]
    assert event["dtstart"].dt == date(2015, 6, 30)
    assert event["dtend"].dt == date(2015, 7, 1)
    assert str(event["summary"]).startswith("XII/19 1: ")
    assert "Asks for wetlands work." in str(event["description"])
    assert str(event["url"]) == f"{BASE}/doc/provision/cbd-cop-12-19/1"


def test_deadlines_are_filtered(told: Told) -> None:
    assert len(events(told, "/deadlines.ics?instrument=cbd&actor=parties")) == 1
    assert not events(told, "/deadlines.ics?instrument=ramsar")
    assert not events(told, "/deadlines.ics?actor=unep")
    assert told.client.get("/deadlines.ics?actor=nobody-at-all").status_code == 404


def test_meetings(told: Told) -> None:
    found = events(told, "/meetings.ics?lang=en")

    event = found[f"{BASE}/id/meeting/cbd-cop-12"]
    assert event["dtstart"].dt == date(2014, 10, 6)
    assert event["dtend"].dt == date(2014, 10, 7)
    assert str(event["summary"]) == "cbd COP12"
    assert len(found) == 3
    assert len(events(told, "/meetings.ics?instrument=cbd")) == 1
    first = told.client.get("/meetings.ics")
    again = told.client.get("/meetings.ics", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert told.client.get("/meetings.ics").content == first.content


def test_a_meeting_is_in_a_country_that_is_called_by_its_name(changing: Told) -> None:
    meeting, party = f"<{BASE}/id/meeting/cbd-cop-12>", f"<{BASE}/id/party/kor>"
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    lines = [
        f'{meeting} <{DT}city> "Pyeongchang" .', f'{meeting} <{DT}countryCode> "KOR" .',
        f'{party} {label} "Republic of Korea"@en .', f'{party} {label} "大韩民国"@zh .',
        f'<{BASE}/id/meeting/cms-cop-12> <{DT}countryCode> "XYZ" .',
    ]  # fmt: skip
    content = "".join(f"{line}\n" for line in sorted(lines)).encode()
    edit = Edit({f"{BASE}/graph/meetings/places": content}, "ana", "x", "desk")
    changing.node.desk.write(edit)

    found = events(changing, "/meetings.ics?lang=en")
    page = changing.client.get("/doc/meeting/cbd-cop-12?lang=zh", headers={"Accept": "text/html"})

    place = str(found[f"{BASE}/id/meeting/cbd-cop-12"]["location"])
    assert place == "Pyeongchang, Republic of Korea"
    assert str(found[f"{BASE}/id/meeting/cms-cop-12"]["location"]) == "XYZ"
    assert '<span lang="en">Pyeongchang</span> (大韩民国)' in page.text


def test_a_deadline_by_a_meeting_is_its_last_day(changing: Told) -> None:
    graph = f"{BASE}/graph/decision/cbd-cop-12-19"
    journal = changing.node.current().journal
    content = journal.content(journal.heads([graph])[graph].digest)
    old = next(line for line in content.splitlines(True) if b"ontology#deadline>" in line)
    new = (
        f"<{BASE}/id/element/cbd-cop-12-19/1/1> <{BASE}/ontology#deadlineMeeting> "
        f"<{BASE}/id/meeting/cms-cop-12> .\n"
    ).encode()
    changing.node.desk.write(Edit({graph: content.replace(old, new)}, "ana", "x", "desk"))

    (event,) = events(changing, "/deadlines.ics").values()
    assert event["dtstart"].dt == date(2014, 10, 6)
