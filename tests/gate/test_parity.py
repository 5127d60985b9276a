"""Faults that a dice makes: the gate finds what the audit finds, both engines the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from rdflib import Graph

from dtrack.model import Record, Report, Severity
from dtrack.stores.embedded import EmbeddedStore
from dtrack.validation.compiled import validate_store
from dtrack.validation.gate import gate
from dtrack.validation.reference import validate_graph
from dtrack.validation.shapes import bundled_shapes
from gate.editing import changed_to
from validation.examples import key, subclasses
from validation.plain_store import PlainStore

Lines = list[str]
Mutation = Callable[[Lines, random.Random], Lines]


def drop(lines: Lines, dice: random.Random) -> Lines:
    """Leave a triple out."""
    return [line for line in lines if line != dice.choice(lines)]


def retype(lines: Lines, dice: random.Random) -> Lines:
    """Give a literal another datatype."""
    at = dice.choice([n for n, line in enumerate(lines) if '"' in line])
    mended = re.sub(
        r'"(\^\^<[^>]*>|@[a-z-]+)? \.$', '"^^<http://www.w3.org/2001/XMLSchema#gYear> .', lines[at]
    )
    return [*lines[:at], mended, *lines[at + 1 :]]


def miscode(lines: Lines, dice: random.Random) -> Lines:
    """Write a code in the wrong letter case."""
    coded = [n for n, line in enumerate(lines) if re.search(r"/codes/[a-z-]+/[a-z-]+> \.$", line)]
    at = dice.choice(coded)
    head, _, code = lines[at].rpartition("/")
    return [*lines[:at], f"{head}/{code.capitalize()}", *lines[at + 1 :]]


def double(lines: Lines, dice: random.Random) -> Lines:
    """State something twice, with two values."""
    line = dice.choice([one for one in lines if '"' in one])
    return sorted([*lines, re.sub(r'"(.*)"', r'"\1 again"', line, count=1)])


def dangle(lines: Lines, dice: random.Random) -> Lines:
    """Name something that is not there."""
    at = dice.choice([n for n, line in enumerate(lines) if re.search(r"/id/[^>]*> \.$", line)])
    return [*lines[:at], re.sub(r"> \.$", "-nowhere> .", lines[at]), *lines[at + 1 :]]


def vanish(lines: Lines, dice: random.Random) -> Lines:
    """Take away all that is said of one thing, but not what names it."""
    subject = dice.choice(lines).split(" ", 1)[0]
    return [line for line in lines if not line.startswith(f"{subject} ")]


MUTATIONS: list[Mutation] = [drop, retype, miscode, double, dangle, vanish]
CASES = [(mutation, seed) for mutation in MUTATIONS for seed in (1, 2)]


def mutated(records: list[Record], mutation: Mutation, seed: int) -> tuple[Record, bytes]:
    """A decision of the corpus, and its content with a fault."""
    dice = random.Random(f"{mutation.__name__} {seed}")
    decisions = [r for r in records if "/decisions/" in r.place and r.size > 150]
    record = dice.choice(decisions)
    lines = mutation(record.ntriples.decode().splitlines(), dice)
    return record, "".join(f"{line}\n" for line in sorted(set(lines))).encode()


def refused(report: Report) -> set[tuple[str, ...]]:
    return {key(f) for f in report.findings if f.severity is Severity.VIOLATION}


@pytest.mark.parametrize(("mutation", "seed"), CASES)
def test_gate_finds_every_violation_that_the_audit_finds(
    mutation: Mutation, seed: int, corpus_store: EmbeddedStore, corpus_records: list[Record]
) -> None:
    record, content = mutated(corpus_records, mutation, seed)

    with changed_to(corpus_store, {record.graph: content}) as changed:
        quick = gate(corpus_store, bundled_shapes(), changed)
        whole = validate_store(corpus_store, bundled_shapes())

    assert refused(quick) == refused(whole)
    assert {key(finding) for finding in quick.findings} <= {key(f) for f in whole.findings}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_engines_agree_on_a_fault(mutation: Mutation, corpus_records: list[Record]) -> None:
    _, content = mutated(corpus_records, mutation, 3)
    graph = Graph().parse(data=content.decode(), format="nt")
    store = PlainStore()
    store.add(content)
    for triple in subclasses():
        graph.add(triple)
        store.add(f"{' '.join(node.n3() for node in triple)} .".encode())

    reference, compiled = validate_graph(graph, bundled_shapes()), None
    compiled = validate_store(store, bundled_shapes())

    assert {key(f) for f in compiled.findings} == {key(f) for f in reference.findings}
    assert reference.findings
