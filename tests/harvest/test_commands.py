"""`dtrack harvest` as a terminal and a script see it, and what the API tells of it."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desk import GRAPH, OTHER, decision, desk_settings, make_home
from dtrack.cli.harvesting import harvest
from dtrack.curate.harvests import duration, told_duration
from dtrack.errors import (
    DtrackError,
    FetchError,
    InputError,
    NoStoreError,
    NotFoundError,
    RefusedError,
)
from dtrack.journal.harvests import Harvests
from dtrack.web.app import create_app
from dtrack.wiring.serving import open_service
from dtrack.wiring.writing import open_journal
from harvesting import Server, publisher, serving
from serving import TestClient


def run(home: Path, *arguments: str, **environment: str) -> Result:
    """Result of a command; errors of ours go through, as they do to `main`."""
    given = [*arguments, "--home", str(home)]
    result = CliRunner().invoke(harvest, given, env=environment, terminal_width=200)
    if isinstance(result.exception, DtrackError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Server]:
    """A node with a changed decision."""
    home = make_home(tmp_path_factory, tmp_path_factory.mktemp("origin"), root)
    server = Server(home)
    key = publisher(home)
    with serving(server):
        server.put(OTHER, decision(99, title="Told there"), key)
        server.put(GRAPH.replace("12-98", "12-97"), decision(97), key)
        yield server


def test_from_adding_to_removing(
    origin: Server, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path
) -> None:
    home = make_home(tmp_path_factory, tmp_path, root)
    assert "Nothing is harvested" in run(home, "list").output
    added = run(home, "add", "there", f"{origin.url}/feed.atom?lang=en", "--every", "15m")
    assert "(atom), every 15m" in added.output
    assert "never" in run(home, "list").output

    (done,) = json.loads(run(home, "run", "there", "--json").output)
    assert (done["changed"], done["offers"]["conflict"]) == (1, 1)
    assert done["revision"]

    shown = run(home, "show", "there").output
    assert f"conflict: <{OTHER}>" in shown
    assert "curated here (source 'tests')" in shown
    assert "there:" in shown
    assert "here:" in shown
    told = json.loads(run(home, "show", "there", "--json").output)
    assert told["harvest"]["outcome"] == "done"
    assert told["aside"][0]["here"]["source"] == "tests"
    assert "1 conflict" in run(home, "list").output
    compared = run(home, "show", "there", "--graph", OTHER).output
    assert "+ <https://w3id.org/dtrack/id/decision/cbd-cop-12-99>" in compared
    assert '"Told there"@en' in compared.split("+ ", 1)[1]
    assert '"Made up"@en' in compared.split("+ ", 1)[0]
    both = json.loads(run(home, "show", "there", "--graph", OTHER, "--json").output)
    assert (len(both["added"]), len(both["removed"])) == (1, 1)
    with pytest.raises(NotFoundError, match="told nothing"):
        run(home, "show", "there", "--graph", "urn:none")

    _check_api(home)

    run(home, "pause", "there")
    assert "paused" in run(home, "list").output
    assert json.loads(run(home, "run", "--all", "--json").output) == []
    run(home, "resume", "there")
    assert "active" in run(home, "list").output
    removed = run(home, "remove", "there").output
    assert "1 records that it brought stay" in removed
    assert 'dtrack withdraw --source "harvest there"' in removed
    with pytest.raises(NotFoundError, match="no harvest named"):
        run(home, "show", "there")


def _check_api(home: Path) -> None:
    node = open_service(desk_settings(home))
    try:
        with TestClient(create_app(node)) as client:
            answer = client.get("/api/v1/harvests")
            (listed,) = answer.json()
            assert answer.headers["cache-control"] == "no-store"
            assert (listed["name"], listed["every"], listed["outcome"]) == ("there", "15m", "done")
            assert listed["url"].endswith("/feed.atom")
            told = client.get("/api/v1/harvests/there?limit=1").json()
            assert told["aside"][0]["graph"] == OTHER
            assert told["aside"][0]["there"]["digest"] != told["aside"][0]["here"]["digest"]
            assert client.get("/api/v1/harvests/nobody").status_code == 404
            compared = client.get("/api/v1/harvests/there/difference", params={"graph": OTHER})
            assert len(compared.json()["added"]) == 1
    finally:
        node.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Upper", "https://a.example/ldes"), "no name of a harvest"),
        (("a", "ftp://a.example/ldes"), "no address"),
        (("a", "https://me:secret@a.example/ldes"), "no address"),
        (("a", "https://a.example/what"), "what kind"),
        (("a", "https://a.example/ldes", "--every", "soon"), "no time"),
        (("a", "https://a.example/ldes", "--graphs", "SELECT"), "takes no queries"),
        (("a", "https://a.example/sparql", "--construct", "CONSTRUCT"), "needs the IRI"),
        (("a", "https://a.example/sparql", "--graphs", "@none.rq"), "cannot be read"),
    ],
)
def test_what_cannot_be_set_up_is_told(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    with pytest.raises(InputError, match=told) as error:
        run(tmp_path, "add", *arguments)
    assert error.value.remedy


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    run(tmp_path, "add", "a", "https://a.example/ldes")
    with pytest.raises(InputError, match="already"):
        run(tmp_path, "add", "a", "https://b.example/ldes")
    with pytest.raises(InputError, match="No harvest is named"):
        run(tmp_path, "run")


def test_a_failure_is_told_once(
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    root: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = make_home(tmp_path_factory, tmp_path, root)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    run(home, "add", "gone", "http://127.0.0.1:9/ldes")

    # The command prints what it raises, so nothing more is to be said.
    with pytest.raises(FetchError, match="does not answer"):
        run(home, "run", "gone")

    assert [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}] == []
    assert "does not answer" in run(home, "show", "gone").output


def test_a_key_must_be_an_administrator_s(tmp_path: Path) -> None:
    with open_journal(desk_settings(tmp_path)) as journal:
        key = journal.create_key("anna", ["publish"], None, "tests", "cli")[1]
        admin = journal.create_key("eva", ["admin"], None, "tests", "cli")[1]

    with pytest.raises(RefusedError, match="may not set up harvests"):
        run(tmp_path, "add", "a", "https://a.example/ldes", DTRACK_KEY=key)
    run(tmp_path, "add", "a", "https://a.example/ldes", DTRACK_KEY=admin)

    with open_journal(desk_settings(tmp_path)) as journal:
        entry = journal.entries(limit=1)[0]
    assert (entry.agent, entry.action) == ("eva", "add-harvest")


@pytest.mark.parametrize(
    ("text", "seconds", "told"),
    [("90", 90, "90s"), ("15m", 900, "15m"), ("60m", 3600, "1h"), ("1d", 86400, "1d")],
)
def test_times_between_runs(text: str, seconds: int, told: str) -> None:
    assert duration(text) == seconds
    assert told_duration(seconds) == told


def test_what_was_broken_off_is_not_taken_for_running(tmp_path: Path) -> None:
    run(tmp_path, "add", "there", "http://127.0.0.1:9/ldes")
    with open_journal(desk_settings(tmp_path)) as journal:
        Harvests(journal).begin("there", "2999")

    # As a run that was killed has left it.
    assert "not ended" in run(tmp_path, "list").output
    assert "broken off" in run(tmp_path, "show", "there").output

    (tmp_path / "harvests").mkdir()
    with (tmp_path / "harvests" / "there.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "running" in run(tmp_path, "list").output
        shown = run(tmp_path, "show", "there").output
        assert "running since" in shown
        assert "broken off" not in shown


def test_a_home_without_data_may_begin_with_a_harvest(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError, match="dtrack harvest run --all"):
        open_service(desk_settings(tmp_path))


def test_a_service_is_not_harvested_beside_nothing(tmp_path: Path) -> None:
    run(tmp_path, "add", "there", "http://127.0.0.1:9/odata")

    with pytest.raises(NoStoreError, match=r"beside what is held.*harvest a node first"):
        run(tmp_path, "run", "there")

    assert "1 run has failed\n" in run(tmp_path, "show", "there").output
