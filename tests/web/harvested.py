"""Harvests as they may stand in a node: never run, done, done with faults, failed, at rest."""

from __future__ import annotations

from collections.abc import Iterator

from desk import GRAPH, OTHER, decision, without
from dtrack.curate.harvests import Batch, Reading, run, wanted
from dtrack.curate.harvests.offering import Told, unusable
from dtrack.curate.writing import Curator
from dtrack.journal.harvests import Ending, Harvests
from dtrack.sources.fetching import Fetcher

NODE = "https://ramsar.example"
THIRD = GRAPH.replace("12-98", "12-97")
FOURTH = GRAPH.replace("12-98", "12-96")
TAKEN = GRAPH.replace("12-98", "12-95")
AT = "2026-11-28T10:00:00.000000Z"
SECRET = "token=secret"


def told(_reading: Reading) -> Iterator[Batch]:
    """A conflict, a record that is refused, one that cannot be used, an entry without a name."""
    contents = {
        OTHER: decision(99, "Told by <b>them</b>"),
        THIRD: without(decision(97), "ontology#adopted>"),
        TAKEN: decision(95, "Taken as it was told"),
    }
    found = [
        Told(graph, content, f"{NODE}/id/revision/{n}/{graph.rpartition('/')[2]}", AT)
        for n, (graph, content) in enumerate(contents.items(), 1)
    ]
    found.append(Told(FOURTH, None, f"{NODE}/id/revision/9", AT, fault="It does not parse."))
    fault = unusable(
        f"{NODE}/ldes/3",
        f"{NODE}/id/revision/8",
        "The member says not of what it is a version, or not when.",
    )
    yield Batch(found, {"done": 1}, faults=(fault,))


def set_up(curator: Curator) -> None:
    """Five harvests."""
    harvests = Harvests(curator.journal)
    for name, path in (
        ("ramsar", f"/ldes?{SECRET}"), ("cms", "/feed.atom"), ("unfccc", "/odata"),
        ("new", "/sparql"), ("resting", "/ldes"),
    ):  # fmt: skip
        harvests.add(wanted(name, f"{NODE}{path}", "eva", every="1d"))
    fetcher = Fetcher()
    try:
        run(curator, "ramsar", lambda _: told, fetcher)
        run(curator, "cms", lambda _: lambda _reading: iter(()), fetcher)
    finally:
        fetcher.close()
    harvests.end("unfccc", Ending("failed", "It does not answer. Try later.", "2999", 3))
    harvests.set_state("resting", "paused")
