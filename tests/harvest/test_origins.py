"""Each kind of origin, read from a node that is served: what is there comes, changes and goes."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from desk import OTHER, decision, desk_settings, make_home
from dtrack.curate.harvests import Run, wanted
from dtrack.curate.harvests.showing import report_harvest
from dtrack.errors import FetchError, RefusedError, SyntaxProblem
from dtrack.journal import Journal
from dtrack.journal.harvests import Harvests
from dtrack.settings import Settings, load_settings
from dtrack.sources.fetching import Fetcher, Limits
from dtrack.stores.building import open_current
from dtrack.terms import BASE
from dtrack.wiring.harvesting import run_harvest
from dtrack.wiring.writing import open_journal
from harvesting import Server, state


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Settings:
    """A node that holds the small corpus already."""
    return desk_settings(make_home(tmp_path_factory, tmp_path, root))


def add(settings: Settings, url: str, **more: object) -> None:
    with open_journal(settings) as journal:
        Harvests(journal).add(wanted("origin", url, "tests", **more))  # type: ignore[arg-type]


def harvest(settings: Settings, *, again: bool = False, **limits: float) -> Run:
    fetcher = Fetcher(
        settings.home / "fetched",
        only_named=True,
        limits=Limits(**{"pause": 0, "seconds": 60, **limits}),  # type: ignore[arg-type]
    )
    return run_harvest(settings, "origin", again=again, fetcher=fetcher)


def shown(settings: Settings, graph: str) -> bytes:
    with open_current(settings.home) as store:
        return store.graph(graph)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/ldes", {}),
        ("/feed.atom", {}),
        (
            "/sparql",
            {
                "graphs": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } "
                'FILTER(CONTAINS(STR(?g), "/graph/decision/")) }'
            },
        ),
    ],
)
def test_records_come_change_and_go(
    origin: tuple[Server, str], here: Settings, path: str, more: dict[str, object]
) -> None:
    server, key = origin
    graph = f"{BASE}/graph/decision/cbd-cop-12-97"
    server.put(graph, decision(97, title="Told there"), key)
    server.put(OTHER, decision(99), key)
    add(here, server.url + path, **more)

    first = harvest(here)

    assert shown(here, graph) == decision(97, title="Told there")
    assert first.counts["taken"] == 1
    assert not {"conflict", "refused", "unusable"} & set(first.counts)
    assert harvest(here).settled.revision is None

    server.put(graph, decision(97, title="Changed there"), key)
    server.put(OTHER, decision(99, title="Changed, but curated here"), key)
    second = harvest(here)
    assert shown(here, graph) == decision(97, title="Changed there")
    assert shown(here, OTHER) == decision(99)
    assert second.counts["conflict"] == 1

    server.put(graph, None, key)
    third = harvest(here)
    assert shown(here, graph) == b""
    assert third.counts["gone"] == 1
    with open_journal(here) as journal:
        told = report_harvest(journal, "origin")
    (conflict,) = told.aside
    assert conflict.graph == OTHER
    assert conflict.there.version.startswith(("https://w3id.org/dtrack/id/revision/", server.url))


def test_an_empty_home_takes_everything(origin: tuple[Server, str], tmp_path: Path) -> None:
    server, _ = origin
    settings = load_settings({"home": tmp_path / "home"}, {}, folder=tmp_path)
    add(settings, f"{server.url}/ldes")

    done = harvest(settings)

    assert set(done.counts) <= {"taken", "gone"}
    assert state(settings.home) == state(server.home)


def test_only_what_is_wanted_comes(origin: tuple[Server, str], here: Settings) -> None:
    server, key = origin
    graph = f"{BASE}/graph/decision/cbd-cop-12-96"
    server.put(graph, decision(96), key)
    add(here, f"{server.url}/ldes", only=[f"{BASE}/graph/meeting"])

    done = harvest(here)

    assert shown(here, graph) == b""
    assert done.read
    with open_journal(here) as journal:
        offers = Harvests(journal).offers("origin")
    assert all(offer.graph.startswith(f"{BASE}/graph/meeting") for offer in offers)
    server.put(graph, None, key)


def test_what_a_construct_gives_is_one_record(origin: tuple[Server, str], here: Settings) -> None:
    server, key = origin
    source = f"{BASE}/graph/decision/cbd-cop-12-95"
    server.put(source, decision(95), key)
    graph = f"{BASE}/graph/decision/cbd-cop-12-95"
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{source}> {{ ?s ?p ?o }} }}"
    add(here, f"{server.url}/sparql", construct=query, graph=graph)

    harvest(here)
    assert shown(here, graph) == decision(95)

    server.put(source, None, key)
    harvest(here)
    assert shown(here, graph) == b""


@pytest.mark.parametrize("path", ["/ldes", "/feed.atom"])
def test_a_reading_that_is_cut_short_is_read_on(
    origin: tuple[Server, str], tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = origin
    settings = load_settings({"home": tmp_path / "home"}, {}, folder=tmp_path)
    add(settings, server.url + path)
    ask, asked = Fetcher.ask, list[str]()

    def cut(self: Fetcher, url: str, *arguments: object) -> object:
        asked.append(url)
        if len(asked) % 60 == 3:
            raise KeyboardInterrupt
        return ask(self, url, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Fetcher, "ask", cut)
    for _ in range(10):
        try:
            harvest(settings)
        except KeyboardInterrupt:
            continue
        break
    else:
        pytest.fail("it never ends")

    assert state(settings.home) == state(server.home)
    contents = [url for url in asked if "/content?" in url]
    assert len(contents) <= 2 * len(set(contents))


def test_an_unchanged_stream_is_asked_on_condition(
    origin: tuple[Server, str], here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = origin
    add(here, f"{server.url}/ldes")
    harvest(here)
    ask, answers = Fetcher.ask, list[bool]()

    def watched(self: Fetcher, *arguments: object) -> object:
        answer = ask(self, *arguments)  # type: ignore[arg-type]
        answers.append(answer.is_new)
        return answer

    monkeypatch.setattr(Fetcher, "ask", watched)
    assert harvest(here).read == 0
    assert answers == [False, False]


class Oddity(BaseHTTPRequestHandler):
    """A server that answers as a test says: status, headers, body by path."""

    answers: dict[str, tuple[int, dict[str, str], bytes]]
    agents: list[str]

    def do_GET(self) -> None:
        self.agents.append(self.headers["User-Agent"])
        status, headers, body = self.answers[self.path.split("?", 1)[0]]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def oddity() -> Iterator[tuple[type[Oddity], str]]:
    handler = type("Handler", (Oddity,), {"answers": {}, "agents": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


TREE = "@prefix tree: <https://w3id.org/tree#> .\n"
BOMB = b'<!DOCTYPE f [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'


@pytest.mark.parametrize(
    ("path", "answers", "error", "told"),
    [
        ("/ldes", {"/ldes": (302, {"Location": "http://localhost:1/x"}, b"")}, RefusedError,
         "nobody has named"),
        ("/ldes", {"/ldes": (302, {"Location": "http://[half"}, b"")}, RefusedError,
         "/ldes redirects to 'http://[half', which is no address"),
        ("/ldes", {"/ldes": (200, {}, f"{TREE}<> tree:relation [ tree:node "
          "<http://10.1.2.3/page> ] .".encode())}, RefusedError, "nobody has named"),
        ("/ldes", {"/ldes": (200, {}, b"<html>")}, SyntaxProblem, "/ldes"),
        ("/ldes", {"/ldes": (200, {}, b"#" * (2 << 20))}, FetchError, "more than 1 MB"),
        ("/ldes", {"/ldes": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"#" * (9 << 20)))},
         FetchError, "more than 1 MB"),
        ("/ldes", {"/ldes": (429, {"Retry-After": "7200"}, b"")}, FetchError, "7200 seconds"),
        ("/feed.atom", {"/feed.atom": (200, {}, BOMB)}, SyntaxProblem, "entities"),
        ("/feed.atom", {"/feed.atom": (200, {}, b"<a/>")}, SyntaxProblem, "no Atom feed"),
        ("/feed.atom", {"/feed.atom": (200, {}, b"no xml")}, SyntaxProblem, "no XML"),
        ("/sparql", {"/sparql": (200, {}, b"[]")}, SyntaxProblem, "SPARQL results"),
        ("/odata", {"/odata": (200, {}, b"{}")}, SyntaxProblem, "entity set"),
        ("/ldes", {"/ldes": (404, {}, b"")}, FetchError, "answers 404"),
        ("/ldes", {"/ldes": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>Hi")},
         FetchError, "a web page"),
        ("/sparql", {"/sparql": (200, {"Content-Type": "Text/HTML"}, b"<p>Sign in")},
         FetchError, "a web page"),
    ],
)  # fmt: skip
def test_odd_origins_are_told_and_change_nothing(
    here: Settings,
    oddity: tuple[type[Oddity], str],
    path: str,
    answers: dict[str, tuple[int, dict[str, str], bytes]],
    error: type[Exception],
    told: str,
) -> None:
    handler, url = oddity
    handler.answers = answers
    add(here, url + path)
    before = state(here.home)

    with pytest.raises(error, match=re.escape(told)):
        harvest(here, megabytes=1)

    assert state(here.home) == before
    with open_journal(here) as journal:
        found = Harvests(journal).get("origin")
    assert (found.outcome, found.failures) == ("failed", 1)
    assert told in found.message
    assert all(agent.startswith("dtrack/") for agent in handler.agents)


def test_an_informea_service_stands_beside_what_is_curated(
    origin: tuple[Server, str], here: Settings
) -> None:
    server, key = origin
    server.put(OTHER, decision(99), key)
    add(here, f"{server.url}/odata")

    first = harvest(here)

    assert set(first.counts) == {"taken"}
    assert harvest(here).settled.revision is None
    with open_journal(here) as journal:
        graphs = set(journal.heads_of_source("harvest origin"))
    entry = f"{BASE}/graph/entry/harvest-origin/decision-cbd-cop-12-99"
    assert entry in graphs
    assert shown(here, OTHER) == decision(99)

    server.put(OTHER, None, key)
    assert harvest(here).counts["gone"] == 1
    assert shown(here, entry) == b""
    server.put(OTHER, decision(99), key)


def test_settings_of_a_harvest_stay_in_a_backup(here: Settings, tmp_path: Path) -> None:
    from dtrack.journal import back_up
    from dtrack.model import no_progress

    add(here, "https://origin.example/ldes", only=["https://a.example/"])
    with open_journal(here) as journal:
        back_up(journal, tmp_path / "backup", no_progress)

    with Journal.open(f"sqlite:///{tmp_path / 'backup'}") as restored:
        found = Harvests(restored).get("origin")
    assert json.loads(json.dumps(dict(found.options))) == {"only": ["https://a.example/"]}
