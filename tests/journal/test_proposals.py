"""Proposals as the journal keeps them: whole steps, in order, and nothing forgotten."""

from __future__ import annotations

import threading

import pytest

from dtrack.digests import graph_digest
from dtrack.errors import ConflictError, JournalError, NotFoundError
from dtrack.journal import Journal
from dtrack.journal.proposals import Event, Proposals, Step
from dtrack.model import Edit

GRAPH, OTHER = "https://example.org/g", "https://example.org/h"
ONE, TWO = b"<a:a> <a:b> <a:c> .\n", b"<a:a> <a:b> <a:d> .\n"


@pytest.fixture
def proposals(journal: Journal) -> Proposals:
    return Proposals(journal)


def publish(journal: Journal, content: bytes) -> None:
    digest = graph_digest(content)
    edit = Edit({GRAPH: content}, "eve", "An edit", "desk")
    journal.write(journal.plan(edit, {GRAPH: digest}, {digest: 1}, "0" * 64), {digest: content})


def create(proposals: Proposals, title: str = "A change", content: bytes | None = ONE) -> int:
    return proposals.create(title, "curation", Event("propose", "ann"), {GRAPH: content}).number


def test_a_new_proposal_is_a_draft_against_what_is_there(
    journal: Journal, proposals: Proposals
) -> None:
    publish(journal, ONE)
    found = proposals.create(
        "A change", "curation", Event("propose", "ann", "why"), {GRAPH: TWO, OTHER: ONE}
    )

    assert (found.state, found.author, found.base, found.revision) == ("draft", "ann", 1, None)
    assert proposals.get(found.number) == found
    assert [(i.graph, i.base, i.digest) for i in proposals.graphs(found.number)] == [
        (GRAPH, graph_digest(ONE), graph_digest(TWO)),
        (OTHER, None, graph_digest(ONE)),
    ]
    (event,) = proposals.events(found.number)
    assert (event.act, event.agent, event.text, event.number) == (
        "propose", "ann", "why", found.version,
    )  # fmt: skip
    assert journal.content(graph_digest(TWO)) == TWO


def test_a_step_changes_graphs_state_and_story_together(
    journal: Journal, proposals: Proposals
) -> None:
    number = create(proposals)
    publish(journal, TWO)

    after = proposals.take(
        number,
        Step(
            [Event("edit", "ben"), Event("accept", "ben", about="https://example.org/t")],
            state="submitted",
            title="Another",
            graphs={OTHER: None},
            bases={OTHER: graph_digest(ONE)},
            dropped=[GRAPH],
            rebased=True,
        ),
    )

    assert (after.state, after.title, after.base) == ("submitted", "Another", 1)
    assert [(i.graph, i.base, i.digest) for i in proposals.graphs(number)] == [
        (OTHER, graph_digest(ONE), None)
    ]
    assert [e.act for e in proposals.events(number)] == ["propose", "edit", "accept"]
    assert after.version == proposals.events(number)[-1].number


def test_a_step_decided_on_an_earlier_version_is_refused_whole(proposals: Proposals) -> None:
    number = create(proposals)
    seen = proposals.get(number).version
    proposals.take(number, Step([Event("comment", "ben", "Wait.")]))

    with pytest.raises(ConflictError):
        proposals.take(
            number, Step([Event("edit", "ann")], state="submitted", graphs={GRAPH: TWO}), seen
        )

    assert proposals.get(number).state == "draft"
    assert proposals.graphs(number)[0].digest == graph_digest(ONE)
    assert len(proposals.events(number)) == 2


def test_a_state_that_is_none_is_refused_and_nothing_of_its_step_is_kept(
    proposals: Proposals,
) -> None:
    number = create(proposals)

    with pytest.raises(JournalError):
        proposals.take(number, Step([Event("edit", "ann")], state="odd", graphs={OTHER: TWO}))

    assert [item.graph for item in proposals.graphs(number)] == [GRAPH]
    assert len(proposals.events(number)) == 1


def test_of_many_who_act_on_one_version_one_succeeds(proposals: Proposals) -> None:
    number = create(proposals)
    version = proposals.get(number).version
    outcomes: list[str] = []

    def act(name: str) -> None:
        try:
            proposals.take(number, Step([Event("approve", name)], state="approved"), version)
            outcomes.append("done")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=act, args=(f"agent {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict"] * 7 + ["done"]
    assert len(proposals.events(number)) == 2


def test_proposals_are_listed_by_state_latest_first(proposals: Proposals) -> None:
    numbers = [create(proposals, f"Title {n}") for n in range(4)]
    proposals.take(numbers[1], Step([Event("submit", "ann")], state="submitted"))

    assert [p.number for p in proposals.listed()] == numbers[::-1]
    assert [p.number for p in proposals.listed(limit=2)] == numbers[:1:-1]
    assert [p.number for p in proposals.listed(before=numbers[2], limit=1)] == [numbers[1]]
    assert [p.number for p in proposals.listed("submitted")] == [numbers[1]]
    assert proposals.listed("rejected") == []


def test_a_proposal_that_is_none_is_not_found(proposals: Proposals) -> None:
    for call in (
        lambda: proposals.get(7),
        lambda: proposals.get(10**30),
        lambda: proposals.get(-1),
        lambda: proposals.take(7, Step([Event("comment", "ann")])),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert proposals.listed(before=10**30) == []
    assert proposals.graphs(7) == []
    assert proposals.events(7) == []


def test_drafts_leave_the_state_of_the_journal_alone(
    journal: Journal, proposals: Proposals
) -> None:
    publish(journal, ONE)
    create(proposals, content=TWO)

    assert journal.check() == []
    assert journal.last() == 1
    assert {g: head.digest for g, head in journal.heads().items()} == {GRAPH: graph_digest(ONE)}
