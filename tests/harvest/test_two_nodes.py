"""A third node harvests two: it ends with what one node holds that was given everything.

The Show of harvests: CBD's and Ramsar's nodes, each with its own decisions and
with all that conventions share; a third that reads both by their streams, and
another that reads both by OData.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dtrack.curate.harvests import wanted
from dtrack.digests import graph_digest
from dtrack.journal.harvests import Harvests
from dtrack.model import Edit
from dtrack.overlap import Selection
from dtrack.settings import Settings, load_settings
from dtrack.stores.building import open_current
from dtrack.terms import BASE, DERIVED_GRAPH
from dtrack.wiring.harvesting import run_harvest
from dtrack.wiring.reading import open_answers
from dtrack.wiring.writing import open_curator, open_journal
from harvesting import Server, make_home, publisher, serving, state
from processes import wait_until

CHANGED = tuple(f"{BASE}/graph/decision/cbd-cop-12-{number}" for number in (19, 28))
WITHDRAWN = tuple(f"{BASE}/graph/resolution/ramsar-res-13-{number}" for number in (4, 5, 18))
"""Nothing else in the corpus points at them."""
PARTS = {"cbd": ("cbd",), "ramsar": ("ramsar",), "base": (), "both": ("cbd", "ramsar")}


@dataclass(frozen=True)
class Homes:
    """Homes to copy: CBD's, Ramsar's, one with what both share, one with everything."""

    cbd: Path
    ramsar: Path
    base: Path
    both: Path

    def copy(self, name: str, folder: Path) -> Path:
        """A home of its own for a test."""
        home = folder / name / "home"
        home.parent.mkdir(parents=True)
        shutil.copytree(getattr(self, name), home)
        return home


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Homes:
    folder = tmp_path_factory.mktemp("homes")
    return Homes(**{n: make_home(root, folder / n, parts) for n, parts in PARTS.items()})


@dataclass(frozen=True)
class Origins:
    """The two nodes that are harvested, with keys that may publish there."""

    cbd: Server
    ramsar: Server
    keys: tuple[str, str]

    def change(self, graph: str) -> None:
        """Give a decision of the CBD another title."""
        self.cbd.put(graph, changed(content(self.cbd.home, graph)), self.keys[0])

    def withdraw(self, graph: str) -> None:
        """Withdraw a resolution of Ramsar."""
        self.ramsar.put(graph, None, self.keys[1])


@pytest.fixture(scope="module")
def origins(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origins]:
    """Both nodes, served for all tests; what a test changes there stays changed."""
    folder = tmp_path_factory.mktemp("origins")
    cbd, ramsar = Server(homes.copy("cbd", folder)), Server(homes.copy("ramsar", folder))
    keys = publisher(cbd.home), publisher(ramsar.home)
    with serving(cbd, ramsar):
        yield Origins(cbd, ramsar, keys)


def content(home: Path, graph: str) -> bytes:
    with open_current(home) as store:
        return store.graph(graph)


def changed(record: bytes) -> bytes:
    """Record with another English title."""
    lines = record.splitlines(keepends=True)
    (title,) = (n for n in lines if b"/dc/terms/title>" in n and n.endswith(b"@en .\n"))
    other = title.split(b'"', 1)[0] + b'"Changed at the origin"@en .\n'
    return b"".join(sorted([*(line for line in lines if line != title), other]))


def everything(homes: Homes, origins: Origins, folder: Path) -> Path:
    """Home that was given all that both origins hold now, by nobody's harvest."""
    home = homes.copy("both", folder)
    there: dict[str, bytes] = {}
    for server in (origins.cbd, origins.ramsar):
        with open_journal(load_settings({"home": server.home}, {})) as journal:
            heads = journal.heads()
            held = dict(journal.contents({head.digest for head in heads.values()}))
            there |= {graph: held[head.digest] for graph, head in heads.items()}
    with open_curator(load_settings({"home": home}, {})) as curator:
        here = curator.journal.heads()
        made: dict[str, bytes | None] = {
            graph: record
            for graph, record in there.items()
            if graph not in here or here[graph].digest != graph_digest(record)
        }
        made |= {graph: None for graph in here if graph not in there}
        if made:
            curator.write(Edit(made, "tests", "As at the origins", "desk"))
    return home


def set_up(home: Path, origins: Origins, path: str, every: str = "1h") -> Settings:
    """Let a home harvest both."""
    settings = load_settings({"home": home}, {})
    with open_journal(settings) as journal:
        for name, server in (("cbd", origins.cbd), ("ramsar", origins.ramsar)):
            Harvests(journal).add(wanted(name, server.url + path, "tests", every=every))
    return settings


def derived(home: Path) -> list[bytes]:
    """What follows from the records: closures, statuses, the matrix as observations."""
    return content(home, DERIVED_GRAPH).splitlines()


def matrix(home: Path) -> Any:
    """Cell of the overlap matrix for the two conventions, as every face shows it."""
    with open_answers(load_settings({"home": home}, {})) as answers:
        view = answers.overlaps("en").matrix(Selection())
    (cell,) = (c for c in view.cells if {"cbd", "ramsar"} == {_key(c.row), _key(c.column)})
    return cell


def _key(instrument: str) -> str:
    return instrument.rsplit("/", 1)[-1].lower()


def test_by_streams_a_third_node_holds_what_one_with_everything_does(
    homes: Homes, origins: Origins, tmp_path: Path
) -> None:
    settings = set_up(homes.copy("base", tmp_path), origins, "/ldes")
    for name in ("cbd", "ramsar"):
        counts = run_harvest(settings, name).counts
        assert not {"conflict", "refused", "unusable", "kept", "new"} & set(counts)
    _check_same(settings.home, everything(homes, origins, tmp_path / "before"))

    origins.change(CHANGED[0])
    origins.withdraw(WITHDRAWN[0])
    for name in ("cbd", "ramsar"):
        run_harvest(settings, name)
    assert b"Changed at the origin" in content(settings.home, CHANGED[0])
    assert content(settings.home, WITHDRAWN[0]) == b""
    _check_same(settings.home, everything(homes, origins, tmp_path / "after"))


def _check_same(one: Path, other: Path) -> None:
    assert state(one) == state(other)
    assert matrix(one) == matrix(other)
    assert derived(one) == derived(other)


def test_by_odata_a_third_node_holds_what_that_format_carries(
    homes: Homes, origins: Origins, tmp_path: Path
) -> None:
    settings = set_up(homes.copy("base", tmp_path), origins, "/odata")
    for name in ("cbd", "ramsar"):
        assert not {"conflict", "refused", "unusable"} & set(run_harvest(settings, name).counts)

    third = Server(settings.home)
    with serving(third):
        for server, convention in ((origins.cbd, "cbd"), (origins.ramsar, "ramsar")):
            there = decisions(server, convention)
            assert there
            assert decisions(third, convention) == there

        numbers = set(decisions(third, "ramsar"))
        origins.withdraw(WITHDRAWN[1])
        run_harvest(settings, "ramsar")
        assert wait_until(lambda: set(decisions(third, "ramsar")) < numbers, 30)


def decisions(server: Server, convention: str) -> dict[str, dict[str, Any]]:
    """What the format carries of each decision of a convention, as a node tells it."""
    answer: Any = server.get(
        f"/odata/Decisions?$filter=treaty%20eq%20'{convention}'&$format=json&$top=1000"
        "&$expand=title,longTitle,summary,files"
    )
    kept = ("number", "type", "treaty", "published", "meetingTitle")
    return {
        row["number"]: {
            **{name: row.get(name) for name in kept},
            "title": sorted((t["language"], t["value"]) for t in row["title"]["results"]),
        }
        for row in answer["d"]["results"]
    }


def test_whichever_node_is_killed_whenever_nothing_is_lost_or_doubled(
    homes: Homes, origins: Origins, tmp_path: Path
) -> None:
    dice = random.Random(20261129)
    settings = set_up(homes.copy("base", tmp_path), origins, "/ldes", every="1s")
    third = Server(settings.home, harvest_seconds="0.2")
    try:
        third.start(wait=False)
        # The harvester first: it is amid its first reading, then amid its writing.
        victims = [third, third, origins.cbd, third, origins.ramsar, third]
        for number, victim in enumerate(victims):
            time.sleep(dice.uniform(1.0, 5.0))
            victim.kill()
            if victim is not third:
                time.sleep(dice.uniform(0.0, 1.0))
            victim.start(wait=False)
            if number == 2:
                origins.cbd.wait()
                origins.change(CHANGED[1])
            if number == 4:
                origins.ramsar.wait()
                origins.withdraw(WITHDRAWN[2])
        third.wait()
        expected = everything(homes, origins, tmp_path)
        assert wait_until(lambda: state(settings.home) == state(expected), 90), _told(settings)
    finally:
        third.stop()
    with open_curator(settings) as curator:
        curator.recover()
        assert curator.journal.check() == []
        for graph in (*curator.journal.heads(), *WITHDRAWN):
            digests = [each.change.digest for each in curator.journal.versions(graph)]
            assert all(one != other for one, other in pairwise(digests)), graph
            assert len(digests) <= (2 if graph in {*CHANGED, *WITHDRAWN} else 1), graph
    _check_same(settings.home, expected)


def _told(settings: Settings) -> str:
    with open_journal(settings) as journal:
        return str([(e.outcome, e.message, e.due) for e in Harvests(journal).listed()])
