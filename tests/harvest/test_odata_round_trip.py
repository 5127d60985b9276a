"""Our own OData, read by our own reader of InforMEA feeds: what the format carries comes whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import desk_settings, make_home
from dtrack.curate.harvests import wanted
from dtrack.journal.harvests import Harvests
from dtrack.wiring.harvesting import run_harvest
from dtrack.wiring.importing import Options, import_source
from dtrack.wiring.writing import open_journal
from harvesting import Server, serving
from odata import page
from processes import wait_until

CARRIED = {
    "Decisions": ("number", "type", "treaty", "status", "published", "meetingTitle"),
    "Meetings": ("treaty", "start", "end", "status", "city", "country", "type", "location"),
    "CountryReports": ("treaty", "country", "submission", "url"),
    "NationalPlans": ("treaty", "country", "submission", "url", "type"),
}
"""What each set says of a thing beside its title and its files; ids, times and IRIs are a node's
own."""
TITLE = [
    {"language": "en", "value": 'Sixth report: "land" & sea'},
    {"language": "fr", "value": "Sixième rapport"},
    {"language": "zh", "value": "第六次国家报告"},
]
FILES = [
    {"url": "https://f.example/6-en.pdf", "language": "en", "mimeType": "application/pdf"},
    {"url": "https://f.example/6-fr.pdf", "language": "fr", "mimeType": "application/pdf"},
]
REPORTS = [
    {"id": "r-1", "treaty": "cbd", "country": "SEN", "title": TITLE, "files": FILES,
     "submission": "/Date(1546300800000)/", "url": "https://f.example/r-1"},
    {"id": "r/2 ü", "treaty": "cbd", "country": "FR", "title": TITLE[:1]},
    {"id": "r-3", "treaty": "ramsar", "country": "KEN", "title": TITLE[:2],
     "submission": "2018-01-24T00:00:00"},
]  # fmt: skip
PLANS = [
    {"id": "p-1", "treaty": "cbd", "country": "SEN", "type": "nbsap", "title": TITLE,
     "files": FILES[:1], "submission": "2015-12-31", "url": "https://f.example/p-1"},
    {"id": "p-2", "treaty": "cbd", "country": "BRA", "type": "nap", "title": TITLE[:1]},
]  # fmt: skip


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Server]:
    """A node that has read reports and plans from a feed."""
    folder = tmp_path_factory.mktemp("origin")
    home = make_home(tmp_path_factory, folder, root)
    for name, rows in (("CountryReports", REPORTS), ("NationalPlans", PLANS)):
        path = folder / f"{name}.json"
        path.write_bytes(page(*rows))
        options = Options("tester", source="feed", complete=False)
        import_source(desk_settings(home), "informea", [str(path)], options)
    server = Server(home)
    with serving(server):
        yield server


def carried(server: Server, name: str) -> list[str]:
    """What a set of a node says, each thing as sorted JSON."""
    parts = "title,description,files" if name == "Meetings" else "title,files"
    parts = "title,description" if name == "Meetings" else parts
    answer: Any = server.get(f"/odata/{name}?$format=json&$top=1000&$expand={parts}")
    found = []
    for row in answer["d"]["results"]:
        kept = {field: row.get(field) for field in CARRIED[name]}
        kept["title"] = sorted((t["language"], t["value"]) for t in row["title"]["results"])
        if "files" in parts:
            files = row["files"]["results"]
            kept["files"] = sorted((f["url"], f.get("language") or "") for f in files)
        found.append(json.dumps(kept, sort_keys=True, ensure_ascii=False))
    return sorted(found)


def test_what_the_format_carries_comes_whole(
    origin: Server, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path
) -> None:
    settings = desk_settings(make_home(tmp_path_factory, tmp_path, root))
    with open_journal(settings) as journal:
        Harvests(journal).add(wanted("origin", f"{origin.url}/odata", "tests"))
    assert set(run_harvest(settings, "origin").counts) == {"taken"}
    here = Server(settings.home)

    with serving(here):
        for name in CARRIED:
            there = carried(origin, name)
            assert there, name
            assert carried(here, name) == there, name
        assert len(carried(here, "CountryReports")) == len(REPORTS)
        assert len(carried(here, "NationalPlans")) == len(PLANS)
        assert json.loads(carried(here, "CountryReports")[0])["title"]

        # And once more: the third in a row still says the same, and nothing twice.
        assert run_harvest(settings, "origin").settled.revision is None
        assert wait_until(
            lambda: carried(here, "NationalPlans") == carried(origin, "NationalPlans")
        )
