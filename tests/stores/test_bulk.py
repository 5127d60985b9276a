"""Bulk loads of graphs in the engine's own order: the same is stored, in files of whole graphs."""

from __future__ import annotations

import random
from itertools import pairwise

import pyoxigraph as engine
import pytest

from dtrack.model import Record
from dtrack.stores import bulk
from dtrack.stores.bulk import in_engine_order
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import HISTORY_GRAPHS

NAMES = [f"urn:graph:{n}" for n in range(40)] + [f"{HISTORY_GRAPHS}{n}" for n in range(3)]


def content(name: str, lines: int) -> bytes:
    return b"".join(sorted(f'<urn:s> <urn:p> "{n} of {name}" .\n'.encode() for n in range(lines)))


def records(seed: int) -> list[Record]:
    """Graphs of none, few and many lines, of which some are said in several."""
    dice = random.Random(seed)
    sizes = {name: dice.choice((0, 1, 7, 30, 150)) for name in NAMES}
    return [
        Record(name, content(dice.choice((name, "all")), sizes[name]), name)
        for name in in_engine_order(NAMES)
    ]


def test_order_of_graphs_is_that_of_the_engine(tmp_path):
    store = engine.Store(str(tmp_path / "store"))
    for name in NAMES:
        store.add_graph(engine.NamedNode(name))

    found = in_engine_order(NAMES)

    assert found == [name.value for name in store.named_graphs()]
    assert found != NAMES


def test_graphs_stay_as_they_are_where_no_order_can_be_had(monkeypatch, tmp_path):
    monkeypatch.setattr(bulk.tempfile, "tempdir", str(tmp_path / "missing"))
    assert in_engine_order(NAMES) == NAMES


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_same_is_stored_whatever_the_order_and_the_lots(monkeypatch, trusted, seed):
    monkeypatch.setattr(bulk, "LOT", 100)
    monkeypatch.setattr(bulk, "PORTION", 1000)
    with EmbeddedStore.in_memory() as plain, EmbeddedStore.in_memory() as filled:
        graphs = records(seed)
        count = plain.load(graphs)
        assert filled.load(graphs, trusted=trusted, in_order=True) == count

        assert filled.dump() == plain.dump()
        union = "CONSTRUCT WHERE { ?s ?p ?o }"
        assert filled.construct(union) == plain.construct(union)


@pytest.mark.parametrize("seed", range(4))
def test_no_graph_is_parted_among_two_lots(monkeypatch, seed):
    monkeypatch.setattr(bulk, "LOT", 100)
    given = [(record.graph, record.ntriples) for record in records(seed)]
    quads = [
        name
        for graph, text in bulk._filled(given)
        for name in [graph] * text.count(b"\n") * (2 if graph and bulk.is_shown(graph) else 1)
    ]

    small = {graph for graph, text in given if text.count(b"\n") <= 30}
    lots = [set(quads[start : start + 100]) - {""} for start in range(0, len(quads), 100)]
    # Before the first graph of the union there is nothing that could be repeated.
    first = quads.index("") if "" in quads else 0
    parted = {g for a, b in pairwise(lots) for g in a & b}
    assert first
    assert not parted & small - set(quads[:first])
    assert [g for g in dict.fromkeys(quads) if g] == [g for g, text in given if text]


@pytest.mark.parametrize("trusted", [False, True])
def test_the_end_is_told_once_the_engine_has_read_the_last_piece(monkeypatch, trusted):
    # Whoever goes on then would keep it from reading more, a piece at a time.
    monkeypatch.setattr(bulk, "PORTION", 1000)
    pieces: list[int] = []
    read = bulk._Text.readinto

    def readinto(text: bulk._Text, buffer: object) -> int:
        pieces.append(read(text, buffer))
        return pieces[-1]

    monkeypatch.setattr(bulk._Text, "readinto", readinto)
    ends: list[int] = []
    given = ((f"urn:graph:{n}", content(f"{n}", 20)) for n in range(20))
    bulk.bulk_load(engine.Store(), given, trusted=trusted, at_end=lambda: ends.append(sum(pieces)))
    assert ends
    assert set(ends) == {sum(pieces)}
    assert len([piece for piece in pieces if piece]) > 5
