"""Each rule of the domain refuses its fault, and nothing of its sound twin."""

from __future__ import annotations

import pytest

from dtrack.model import Severity
from dtrack.stores.embedded import EmbeddedStore
from dtrack.validation.compiled import validate_store
from dtrack.validation.shapes import bundled_shapes
from gate.editing import subjects_of, written
from gate.faults import FAULTS, Fault

RULES = {
    *("codes-in-list", "updated-after-published", "symbol-of-its-instrument", "english-title"),
    *("meeting-named", "published-near-meeting", "one-status-at-a-time"),
    *("superseding-text-named", "evidence-of-implementation", "addressee-named"),
    *("deadline-while-active", "parent-chain", "unique-identifier", "no-control-characters"),
    *("hierarchy-of-concepts", "known-target", "framework-not-younger"),
}


def test_every_rule_has_a_fault() -> None:
    assert {fault.rule for fault in FAULTS} == RULES
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_a_violation_of_its_rule(fault: Fault, corpus_store: EmbeddedStore) -> None:
    with written(corpus_store, fault.graph, fault.turtle) as changed:
        report = validate_store(corpus_store, bundled_shapes(), subjects_of(changed))

    refusing = {f.shape for f in report.findings if f.severity is Severity.VIOLATION}
    assert fault.shape in refusing


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_sound_twin_breaks_nothing(fault: Fault, corpus_store: EmbeddedStore) -> None:
    with written(corpus_store, fault.graph, fault.sound) as changed:
        report = validate_store(corpus_store, bundled_shapes(), subjects_of(changed))

    assert [f for f in report.findings if f.severity is Severity.VIOLATION] == []
    assert report.focus_nodes
