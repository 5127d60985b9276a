"""The gate reports what the audit would, of the nodes that a change concerns."""

from __future__ import annotations

import pytest

from dtrack.model import Record, Severity
from dtrack.stores.embedded import EmbeddedStore
from dtrack.validation.compiled import validate_store
from dtrack.validation.gate import gate
from dtrack.validation.shapes import bundled_shapes
from gate.editing import changed_to, written
from gate.faults import BASE, FAULTS, Fault

DECISION = f"{BASE}graph/decision/cbd-cop-12-19"


def violations(store: EmbeddedStore, graphs: dict[str, bytes]) -> set[tuple[str, str]]:
    """Focus node and shape of what the gate refuses."""
    with changed_to(store, graphs) as changed:
        report = gate(store, bundled_shapes(), changed)
    return {
        (finding.focus.removeprefix(BASE), finding.shape.partition("#")[2])
        for finding in report.findings
        if finding.severity is Severity.VIOLATION
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_gate_refuses_each_fault(fault: Fault, corpus_store: EmbeddedStore) -> None:
    with written(corpus_store, fault.graph, fault.turtle) as changed:
        report = gate(corpus_store, bundled_shapes(), changed)

    assert not report.conforms
    assert fault.shape in {f.shape for f in report.findings if f.severity is Severity.VIOLATION}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_gate_lets_the_sound_twin_pass(fault: Fault, corpus_store: EmbeddedStore) -> None:
    with written(corpus_store, fault.graph, fault.sound) as changed:
        report = gate(corpus_store, bundled_shapes(), changed)

    assert report.conforms
    assert report.focus_nodes


def test_withdrawing_what_others_name_is_refused(corpus_store: EmbeddedStore) -> None:
    found = violations(corpus_store, {f"{BASE}graph/framework/aichi": b""})

    assert {shape for _, shape in found} >= {"TaggingShape-tag", "TaggedShape-addressesTarget"}


def test_withdrawing_a_convention_is_refused_without_asking_all_its_texts(
    corpus_store: EmbeddedStore,
) -> None:
    found = violations(corpus_store, {f"{BASE}graph/instrument/cbd": b""})

    assert "AdoptedTextShape-instrument" in {shape for _, shape in found}


def test_a_meeting_moved_in_time_is_seen_at_its_decisions(
    corpus_store: EmbeddedStore, corpus_records: list[Record]
) -> None:
    (meetings,) = (
        r
        for r in corpus_records
        if b"/id/meeting/cbd-cop-12> <" in r.ntriples and b'"2014-10-06"' in r.ntriples
    )
    later = meetings.ntriples.replace(b'"2014-10-06"', b'"2014-12-06"').replace(
        b'"2014-10-17"', b'"2014-12-17"'
    )

    found = violations(corpus_store, {meetings.graph: later})

    assert ("id/decision/cbd-cop-12-19", "AdoptedTextShape-adopted-near-meeting") in found


def test_a_tagging_taken_away_is_seen_at_the_plain_triple_it_bears_out(
    corpus_store: EmbeddedStore,
) -> None:
    lines = corpus_store.graph(DECISION).splitlines(keepends=True)
    kept = b"".join(line for line in lines if not line.startswith(b"<" + TAGGING))

    found = violations(corpus_store, {DECISION: kept})

    assert ("id/provision/cbd-cop-12-19/preamble-1", "TaggedShape-accepted-tagging") in found


def test_a_tagging_rejected_elsewhere_is_seen_at_the_plain_triple_it_bore_out(
    corpus_store: EmbeddedStore,
) -> None:
    """Taggings may stand in a graph of their own, as those of a machine do."""
    lines = corpus_store.graph(DECISION).splitlines(keepends=True)
    away = [line for line in lines if line.startswith(b"<" + TAGGING)]
    others = f"{BASE}graph/taggings/elsewhere"
    rejected = [line.replace(b"tagging-state/accepted", b"tagging-state/rejected") for line in away]

    kept = {DECISION: b"".join(x for x in lines if x not in away), others: b"".join(away)}
    with changed_to(corpus_store, kept) as moved:
        assert gate(corpus_store, bundled_shapes(), moved).conforms
        found = violations(corpus_store, {others: b"".join(rejected)})

    assert ("id/provision/cbd-cop-12-19/preamble-1", "TaggedShape-accepted-tagging") in found


TAGGING = f"{BASE}id/tagging/cbd-cop-12-19/preamble-1/theme-restoration>".encode()


def test_only_warnings_do_not_refuse(corpus_store: EmbeddedStore) -> None:
    lines = corpus_store.graph(DECISION).splitlines(keepends=True)
    kept = b"".join(line for line in lines if b"#adoptedBy>" not in line)

    with changed_to(corpus_store, {DECISION: kept}) as changed:
        report = gate(corpus_store, bundled_shapes(), changed)

    assert report.conforms
    assert {f.severity for f in report.findings} == {Severity.WARNING}


def test_gate_of_no_change_asks_what_the_graph_describes(corpus_store: EmbeddedStore) -> None:
    content = corpus_store.graph(DECISION)

    report = gate(corpus_store, bundled_shapes(), {DECISION: (content, content)})

    assert report.conforms
    assert report.focus_nodes > 100


def test_audit_after_all_these_edits_finds_the_corpus_as_it_was(
    corpus_store: EmbeddedStore,
) -> None:
    assert validate_store(corpus_store, bundled_shapes()).conforms
