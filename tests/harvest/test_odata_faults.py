"""Rows of a service that cannot be used: told, left aside, and the rest comes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from desk import desk_settings, make_home
from dtrack.cli.harvesting import harvest as harvest_command
from dtrack.curate.feeds import bringing
from dtrack.curate.harvests import Run, wanted
from dtrack.errors import SyntaxProblem
from dtrack.journal.harvests import Harvests
from dtrack.settings import Settings
from dtrack.sources.fetching import Fetcher, Limits
from dtrack.stores.building import open_current
from dtrack.wiring.harvesting import run_harvest
from dtrack.wiring.writing import open_journal
from odata import Service, decision, serving

ENTRY = "https://w3id.org/dtrack/graph/entry/harvest-feed/decision-d-{}"


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Settings:
    return desk_settings(make_home(tmp_path_factory, tmp_path, root))


def rows(*odd: object) -> list[Any]:
    good = [decision(f"XII/{90 + n}", f"d-{n}") for n in (1, 2, 3)]
    return [good[0], *odd, *good[1:]]


def harvest(settings: Settings, service: Service) -> Run:
    with open_journal(settings) as journal:
        if not Harvests(journal).listed():
            Harvests(journal).add(wanted("feed", service.url, "tests", kind="informea"))
    fetcher = Fetcher(settings.home / "fetched", only_named=True, limits=Limits(pause=0))
    return run_harvest(settings, "feed", fetcher=fetcher)


def shown(settings: Settings, number: int) -> bytes:
    with open_current(settings.home) as store:
        return store.graph(ENTRY.format(number))


@pytest.mark.parametrize(
    ("odd", "told"), [(7, "no object"), (None, "no object"), (decision(id=None), "has no id")]
)
def test_a_row_that_cannot_be_used_withdraws_nothing(
    here: Settings, odd: object, told: str
) -> None:
    with serving(Service({"Decisions": rows()}, size=3)) as service:
        harvest(here, service)
        before = shown(here, 2)
        # The second row has lost what tells which it is; the page is as full as before.
        service.sets["Decisions"] = [rows()[0], odd, rows()[2], decision("XII/94", "d-4")]
        done = harvest(here, service)

        assert (done.outcome, done.faults) == ("done with faults", 1)
        assert set(done.counts) == {"taken"}
        assert before
        assert shown(here, 2) == before
        assert shown(here, 4)
        assert [r.rule for r in done.remarks[:1]] == ["unusable"]
        assert told in done.remarks[0].message
        assert done.remarks[0].place.endswith("/Decisions, row 2")
        assert "may-be-gone" in {r.rule for r in done.remarks}

        service.sets["Decisions"] = [rows()[0], rows()[2]]
        done = harvest(here, service)
    assert (done.outcome, done.counts["gone"]) == ("done", 2)
    assert shown(here, 2) == b""


def test_a_row_that_cannot_be_stored_stays_as_it_was(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Service({"Decisions": rows()}, size=3)) as service:
        harvest(here, service)
        before = shown(here, 2)
        changed = [decision(f"XII/{90 + n}", f"d-{n}", link="https://f.example/") for n in (2, 3)]
        service.sets["Decisions"] = [rows()[0], *changed]
        make = bringing._stamped

        def refuse(graph: str, *arguments: Any) -> bytes:
            if graph == ENTRY.format(2):
                raise SyntaxProblem("It would not keep its form.")
            return make(graph, *arguments)

        monkeypatch.setattr(bringing, "_stamped", refuse)
        done = harvest(here, service)

        assert done.counts["unusable"] == 1
        assert shown(here, 2) == before
        assert b"https://f.example/" in shown(here, 3)

        arguments = ["show", "feed", "--home", str(here.home)]
        told = CliRunner().invoke(harvest_command, arguments, terminal_width=200).output
        assert "done with faults 1 entry of the origin cannot be used" in told
        assert f"unusable: <{ENTRY.format(2)}>" in told
        assert "row 2: It would not keep its form." in told
        assert "there: unusable" in told
        arguments = ["run", "feed", "--home", str(here.home)]
        again = CliRunner().invoke(harvest_command, arguments, terminal_width=200)
        assert again.exit_code == 0
        assert "feed: done with faults" in again.output
        (as_json,) = json.loads(CliRunner().invoke(harvest_command, [*arguments, "--json"]).output)
        assert (as_json["outcome"], as_json["faults"]) == ("done with faults", 1)
