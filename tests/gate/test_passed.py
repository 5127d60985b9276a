"""Of graphs that passed before, the gate asks less and tells the same."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import pytest

from dtrack.model import Record, Report
from dtrack.stores.embedded import EmbeddedStore
from dtrack.validation.affected import change_of
from dtrack.validation.gate import gate
from dtrack.validation.shapes import bundled_shapes
from gate.editing import Changed, changed_to, written
from gate.faults import BASE, FAULTS, Fault
from gate.test_parity import MUTATIONS, Lines, Mutation, refused
from validation.examples import key

DECISION = f"{BASE}graph/decision/cbd-cop-12-19"


def asked(store: EmbeddedStore, changed: Changed, passed: Collection[str] = ()) -> Report:
    return gate(store, bundled_shapes(), changed, passed)


def keys(report: Report) -> set[tuple[str, ...]]:
    return {key(finding) for finding in report.findings}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_refused_where_the_graph_passed(
    fault: Fault, corpus_store: EmbeddedStore
) -> None:
    with written(corpus_store, fault.graph, fault.turtle) as changed:
        report = asked(corpus_store, changed, changed)
        assert keys(report) == keys(asked(corpus_store, changed))

    assert fault.shape in {finding.shape for finding in report.findings}
    assert not report.conforms


def lines_of(record: Record) -> Lines:
    return record.ntriples.decode().splitlines()


def text(lines: Lines) -> bytes:
    return "".join(f"{line}\n" for line in sorted(set(lines))).encode()


@contextmanager
def edited(
    store: EmbeddedStore, seed: int, records: list[Record]
) -> Iterator[tuple[Report, Changed]]:
    """A store in which two graphs were wrong perhaps, and were edited at random.

    Given is what the gate says of them as they were, and the edit.
    """
    dice = random.Random(seed)
    rich = [r for r in records if r.size > 20]
    chosen = [dice.choice([r for r in records if "/decisions/" in r.place and r.size > 150])]
    chosen += dice.sample(rich, 1)
    before = {r.graph: some_of(lines_of(r), dice) for r in chosen}
    after = {
        r.graph: some_of(list(dice.choice([lines_of(r), before[r.graph]])), dice) for r in chosen
    }
    with ExitStack() as stack:
        was = stack.enter_context(changed_to(store, {g: text(b) for g, b in before.items()}))
        report = asked(store, {graph: (new, new) for graph, (_, new) in was.items()})
        yield report, stack.enter_context(changed_to(store, {g: text(a) for g, a in after.items()}))


def some_of(lines: Lines, dice: random.Random) -> Lines:
    """Lines, with a fault or with two, or without any."""
    for mutation in dice.sample(MUTATIONS, dice.choice([0, 1, 1, 2])):
        lines = _try(mutation, lines, dice)
    return lines


def _try(mutation: Mutation, lines: Lines, dice: random.Random) -> Lines:
    try:
        return mutation(lines, dice)
    except IndexError:  # nothing in these lines that it could change
        return lines


@pytest.mark.parametrize("seed", range(12))
def test_nothing_new_escapes(
    seed: int, corpus_store: EmbeddedStore, corpus_records: list[Record]
) -> None:
    """Told less is only what broke a rule before, and cannot be where it passed."""
    with edited(corpus_store, seed, corpus_records) as (before, changed):
        whole = asked(corpus_store, changed)
        less = asked(corpus_store, changed, changed)

    assert keys(less) <= keys(whole)
    assert refused(whole) - refused(less) <= refused(before)
    assert keys(whole) - refused(whole) == keys(less) - refused(less)


def retitled(content: bytes) -> bytes:
    """A decision with another title."""
    lines = content.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"/terms/title> " in line and b"@en" in line)
    lines[at] = lines[at].replace(b'"@en', b' again"@en')
    return b"".join(sorted(lines))


def wrong(content: bytes) -> bytes:
    """A decision one of whose provisions does not say what it is of."""
    provision = f"<{BASE}id/provision/cbd-cop-12-19/2> ".encode()
    lines = content.splitlines(keepends=True)
    return b"".join(x for x in lines if not (x.startswith(provision) and b"#ofText>" in x))


def test_what_the_edit_leaves_alone_is_not_asked_again(corpus_store: EmbeddedStore) -> None:
    content = wrong(corpus_store.graph(DECISION))

    with changed_to(corpus_store, {DECISION: content}):
        assert not asked(corpus_store, {DECISION: (content, content)}).conforms
        with changed_to(corpus_store, {DECISION: retitled(content)}) as changed:
            assert asked(corpus_store, changed, {DECISION}).conforms
            assert not asked(corpus_store, changed).conforms


def test_warnings_about_what_stays_are_told_again(corpus_store: EmbeddedStore) -> None:
    lines = corpus_store.graph(DECISION).splitlines(keepends=True)
    content = b"".join(line for line in lines if b"#adoptedBy>" not in line)
    at = retitled(content)

    with (
        changed_to(corpus_store, {DECISION: content}),
        changed_to(corpus_store, {DECISION: at}) as changed,
    ):
        report = asked(corpus_store, changed, {DECISION})
        assert keys(report) == keys(asked(corpus_store, changed))
        assert report.focus_nodes == asked(corpus_store, changed).focus_nodes

    assert report.conforms
    assert report.findings


def change(graphs: Mapping[str, tuple[str, str]], passed: Collection[str]) -> set[str]:
    told = {graph: (b.encode(), a.encode()) for graph, (b, a) in graphs.items()}
    return {node.removeprefix("urn:") for node in change_of(told, passed).settled}


STAY = '<urn:a> <urn:p> <urn:b> .\n<urn:b> <urn:p> <urn:c> .\n<urn:d> <urn:q> "1" .\n'


@pytest.mark.parametrize(
    ("after", "settled"),
    [
        (STAY, {"a", "b", "d"}),
        (f'{STAY}<urn:d> <urn:q> "2" .\n', {"a", "b"}),
        (f"{STAY}<urn:e> <urn:q> <urn:b> .\n", {"a", "d"}),
        (STAY.replace("<urn:c>", "<urn:d>"), {"a"}),
        ("", set()),
    ],
)
def test_settled_is_what_no_changed_triple_is_of_or_names(after: str, settled: set[str]) -> None:
    assert change({"urn:g": (STAY, after)}, {"urn:g"}) == settled


def test_a_node_is_settled_where_all_its_graphs_passed() -> None:
    graphs = {"urn:g": (STAY, STAY), "urn:h": ('<urn:d> <urn:q> "3" .\n',) * 2}

    assert change(graphs, {"urn:g", "urn:h"}) == {"a", "b", "d"}
    assert change(graphs, {"urn:g"}) == {"a", "b"}
    assert change(graphs, ()) == set()


def test_what_was_named_before_it_was_described_is_not_new() -> None:
    told = {"urn:g": (b"<urn:a> <urn:p> <urn:b> .\n",) * 2}
    told["urn:g"] = (told["urn:g"][0], told["urn:g"][0] + b"<urn:b> <urn:q> <urn:c> .\n")

    assert change_of(told).new == frozenset()
