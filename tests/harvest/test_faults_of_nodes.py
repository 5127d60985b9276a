"""A node of which one record comes broken: the rest comes, and that one when it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from desk import decision, make_home
from dtrack.curate.harvests import Run, wanted
from dtrack.curate.harvests.showing import report_harvest
from dtrack.journal.harvests import Harvests
from dtrack.settings import Settings, load_settings
from dtrack.sources.fetching import Fetched, Fetcher, Limits
from dtrack.stores.building import open_current
from dtrack.terms import BASE
from dtrack.wiring.harvesting import run_harvest
from dtrack.wiring.writing import open_journal
from harvesting import Server, state

GRAPH = f"{BASE}/graph/decision/cbd-cop-12-97"
SIGN = b"A title by which it is found"
BROKEN = b'"01"^^<http://www.w3.org/2001/XMLSchema#integer>'


def harvest(settings: Settings) -> Run:
    limits = Limits(pause=0, seconds=60)
    fetcher = Fetcher(settings.home / "fetched", only_named=True, limits=limits)
    return run_harvest(settings, "origin", fetcher=fetcher)


def differing(settings: Settings, server: Server) -> set[str]:
    """Decisions of the node that are not here as they are there."""
    with open_current(settings.home) as here, open_current(server.home) as there:
        graphs = {graph for graph in there.graphs() if graph.startswith(f"{BASE}/graph/decision/")}
        assert len(graphs) > 2
        return {graph for graph in graphs if here.graph(graph) != there.graph(graph)}


@pytest.mark.parametrize("path", ["/ldes", "/feed.atom", "/sparql"])
def test_one_broken_record_keeps_nothing_else_out(
    origin: tuple[Server, str],
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    root: Path,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, key = origin
    # An endpoint is asked once for each graph.
    only = [f"{BASE}/graph/decision/", f"{BASE}/graph/derived"] if path == "/sparql" else []
    server.put(GRAPH, decision(97, SIGN.decode()), key)
    # What decisions point at must be there for the shapes.
    home = make_home(tmp_path_factory, tmp_path, root) if only else tmp_path / "home"
    settings = load_settings({"home": home}, {}, folder=tmp_path)
    with open_journal(settings) as journal:
        Harvests(journal).add(wanted("origin", server.url + path, "tests", only=only))
    ask = Fetcher.ask

    def broken(
        self: Fetcher, url: str, accept: str = "", conditions: Mapping[str, str] | None = None
    ) -> Fetched:
        answer = ask(self, url, accept, conditions)
        lines = answer.body.splitlines(keepends=True)
        bad = [n.replace(b'"' + SIGN + b'"@en', BROKEN) for n in lines]
        return replace(answer, body=b"".join(bad)) if SIGN in answer.body else answer

    with monkeypatch.context() as patched:
        patched.setattr(Fetcher, "ask", broken)
        first = harvest(settings)
        again = harvest(settings)

    for run in (first, again):
        assert (run.outcome, run.faults, run.counts["unusable"]) == ("done with faults", 1, 1)
    with open_journal(settings) as journal:
        (aside,) = report_harvest(journal, "origin").aside
    assert aside.graph == GRAPH
    assert "would be stored as" in aside.reason
    assert differing(settings, server) == {GRAPH}

    mended = harvest(settings)

    assert (mended.outcome, mended.faults) == ("done", 0)
    assert differing(settings, server) == set()
    assert only or state(settings.home) == state(server.home)
