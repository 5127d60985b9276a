"""The life of a proposal, over a real journal and store."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import (
    BASE,
    DECISION,
    GRAPH,
    OTHER,
    decision,
    desk_settings,
    make_home,
    published,
    state_of,
    with_lines,
    without,
)  # fmt: skip
from dtrack.curate import checking
from dtrack.curate.acts import Agent, StateError
from dtrack.curate.checking import check
from dtrack.curate.proposing import Proposing
from dtrack.curate.writing import Curator
from dtrack.errors import (
    ConflictError,
    InputError,
    NotConformingError,
    NotFoundError,
    RefusedError,
)
from dtrack.model import Edit
from dtrack.terms import DERIVED_GRAPH
from dtrack.wiring.writing import open_curator

ANN = Agent("ann", frozenset({"read", "propose"}))
BEN = Agent("ben", frozenset({"read", "propose", "review"}))
CEM = Agent("cem", frozenset({"read", "review"}))
DOT = Agent("dot", frozenset({"read", "publish"}))
NEW = decision(98, "Better")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path, root)


@pytest.fixture
def curator(home: Path) -> Iterator[Curator]:
    with open_curator(desk_settings(home)) as curator:
        yield curator


@pytest.fixture
def desk(curator: Curator) -> Proposing:
    return Proposing(curator)


def approved(desk: Proposing, graphs: dict[str, bytes | None], agent: Agent = ANN) -> int:
    number = desk.propose(agent, "A change", graphs).proposal.number
    desk.submit(number, agent)
    desk.approve(number, CEM)
    return number


def elsewhere(curator: Curator, content: bytes | None, graph: str = GRAPH) -> None:
    """Somebody else publishes meanwhile."""
    curator.write(Edit({graph: content}, "eve", "An edit", "desk"))


def acts(desk: Proposing, number: int) -> list[tuple[str, str]]:
    return [(event.act, event.agent) for event in desk.proposals.events(number)]


def test_an_approved_proposal_becomes_one_revision_that_names_it(
    desk: Proposing, curator: Curator, home: Path
) -> None:
    number = desk.propose(ANN, "Better titles", {GRAPH: NEW, OTHER: None}).proposal.number
    desk.comment(number, CEM, "Is this so?", about=DECISION)
    desk.submit(number, ANN)
    desk.request_changes(number, CEM, "Please source it.")
    desk.edit(number, ANN, {GRAPH: decision(98, "Best")})
    desk.submit(number, ANN)
    desk.approve(number, BEN)
    before = curator.journal.last()

    receipt = desk.publish(number, DOT)

    assert receipt.revision == before + 1
    assert set(receipt.changed) == {GRAPH, OTHER}
    assert published(home) == decision(98, "Best")
    assert published(home, OTHER) == b""
    facts = curator.journal.facts(before + 1)
    assert (facts.agent, facts.door) == ("dot", "proposal")
    assert facts.reason == f"Better titles (proposal {number})"
    proposal = desk.proposals.get(number)
    assert (proposal.state, proposal.revision) == ("published", receipt.revision)
    assert acts(desk, number) == [
        ("propose", "ann"), ("comment", "cem"), ("submit", "ann"), ("request-changes", "cem"),
        ("edit", "ann"), ("submit", "ann"), ("approve", "ben"), ("publish", "dot"),
    ]  # fmt: skip
    assert desk.proposals.events(number)[1].about == DECISION


def test_a_draft_changes_neither_store_nor_journal(
    desk: Proposing, curator: Curator, home: Path
) -> None:
    # Another test may have had the same checked: then no copy would be made here.
    checking._REPORTS.clear()
    before, last = state_of(home), curator.journal.last()

    draft = desk.propose(ANN, "A change", {GRAPH: NEW})
    desk.submit(draft.proposal.number, ANN)
    desk.view(draft.proposal.number)

    assert draft.report.conforms
    assert state_of(home) == before
    assert curator.journal.last() == last
    assert published(home) == decision(98)
    assert not list((home / "checks").iterdir())


def test_a_view_shows_what_is_added_and_removed(desk: Proposing) -> None:
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number

    view = desk.view(number)

    (difference,) = view.differences
    assert [line for line in difference.added if '"Better"@en' in line]
    assert [line for line in difference.removed if '"Made up"@en' in line]
    assert len(difference.added) == len(difference.removed) == 1
    assert view.report is not None
    assert view.report.conforms
    assert not view.moved


def test_what_does_not_conform_can_be_drafted_but_not_submitted(
    desk: Proposing, home: Path
) -> None:
    before = state_of(home)
    broken = without(decision(98), "documentType")
    draft = desk.propose(ANN, "Broken", {GRAPH: broken})
    assert not draft.report.conforms

    with pytest.raises(NotConformingError) as raised:
        desk.submit(draft.proposal.number, ANN)

    assert any(f.shape.endswith("TextShape-documentType") for f in raised.value.report.findings)
    assert desk.proposals.get(draft.proposal.number).state == "draft"
    assert state_of(home) == before


def test_a_withdrawal_that_leaves_others_dangling_is_refused(desk: Proposing) -> None:
    meetings = f"{BASE}/graph/meetings/cbd-cop"
    number = desk.propose(ANN, "Withdraw", {meetings: None}).proposal.number

    with pytest.raises(NotConformingError) as raised:
        desk.submit(number, ANN)

    assert any(f.focus == DECISION for f in raised.value.report.findings)


@pytest.mark.parametrize("agent", [ANN, BEN, Agent("ann")], ids=["scope", "editor", "all scopes"])
def test_who_contributed_cannot_approve(desk: Proposing, agent: Agent) -> None:
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number
    desk.edit(number, BEN, {OTHER: decision(99, "Also")})
    desk.submit(number, ANN)

    with pytest.raises(RefusedError):
        desk.approve(number, agent)

    assert desk.proposals.get(number).state == "submitted"
    assert desk.approve(number, CEM).state == "approved"


def test_who_works_alone_may_be_allowed_to_review(curator: Curator) -> None:
    desk = Proposing(curator, review_by_author=True)
    everything = Agent("ann")
    number = desk.propose(everything, "A change", {GRAPH: NEW}).proposal.number
    desk.submit(number, everything)

    desk.approve(number, everything)

    assert desk.publish(number, everything).revision


def test_a_contributor_can_neither_review_nor_publish(desk: Proposing, home: Path) -> None:
    before = state_of(home)
    number = approved(desk, {GRAPH: NEW})

    for act in (
        lambda: desk.publish(number, ANN),
        lambda: desk.approve(number, ANN),
        lambda: desk.request_changes(number, ANN, "no"),
        lambda: desk.propose(Agent("r", frozenset({"read"})), "x", {GRAPH: NEW}),
        lambda: desk.reject(number, Agent("fay", frozenset({"propose"})), "not mine"),
    ):
        with pytest.raises(RefusedError):
            act()

    assert state_of(home) == before
    assert desk.proposals.get(number).state == "approved"


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("draft", ["approve", "publish", "request_changes"]),
        ("submitted", ["edit", "submit", "publish"]),
        ("changes-requested", ["approve", "publish", "request_changes"]),
        ("approved", ["edit", "submit", "approve"]),
        ("rejected", ["edit", "submit", "approve", "publish", "reject", "rebase"]),
        ("published", ["edit", "submit", "approve", "publish", "reject", "rebase"]),
    ],
)
def test_each_state_allows_its_own_acts_only(
    desk: Proposing, state: str, refused: list[str]
) -> None:
    agent = Agent("all")
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number
    if state not in {"draft", "rejected"}:
        desk.submit(number, ANN)
    if state == "changes-requested":
        desk.request_changes(number, CEM, "Why?")
    if state in {"approved", "published"}:
        desk.approve(number, CEM)
    if state == "published":
        desk.publish(number, DOT)
    if state == "rejected":
        desk.reject(number, CEM, "Not ours to say.")
    calls = {
        "approve": lambda: desk.approve(number, agent),
        "publish": lambda: desk.publish(number, agent),
        "request_changes": lambda: desk.request_changes(number, agent, "x"),
        "edit": lambda: desk.edit(number, agent, {GRAPH: decision(98, "Third")}),
        "submit": lambda: desk.submit(number, agent),
        "reject": lambda: desk.reject(number, agent, "x"),
        "rebase": lambda: desk.rebase(number, agent),
    }

    for name in refused:
        with pytest.raises(StateError) as raised:
            calls[name]()
        assert raised.value.status == 409
        assert raised.value.remedy

    assert desk.proposals.get(number).state == state


def test_publishing_is_refused_when_the_base_has_moved(
    desk: Proposing, curator: Curator, home: Path
) -> None:
    number = approved(desk, {GRAPH: NEW})
    elsewhere(curator, with_lines(decision(98), f"<{DECISION}> dt:note 'more'@en ."))
    before = state_of(home)

    with pytest.raises(ConflictError) as raised:
        desk.publish(number, DOT)

    assert f"dtrack rebase {number}" in raised.value.remedy
    assert raised.value.status == 412
    assert state_of(home) == before


def test_a_rebase_keeps_what_both_sides_changed_and_asks_for_approval_again(
    desk: Proposing, curator: Curator, home: Path
) -> None:
    number = approved(desk, {GRAPH: NEW})
    elsewhere(curator, with_lines(decision(98), f"<{DECISION}> dt:note 'more'@en ."))

    draft = desk.rebase(number, BEN)

    assert draft.proposal.state == "submitted"
    assert draft.proposal.base == curator.journal.last()
    desk.approve(number, BEN)
    desk.publish(number, DOT)
    assert published(home) == with_lines(NEW, f"<{DECISION}> dt:note 'more'@en .")


def test_a_conflict_is_shown_triple_by_triple_and_has_to_be_settled(
    desk: Proposing, curator: Curator, home: Path
) -> None:
    number = approved(desk, {GRAPH: NEW, OTHER: decision(99, "Untouched")})
    elsewhere(curator, decision(98, "Other"))

    with pytest.raises(ConflictError) as raised:
        desk.rebase(number, BEN)

    assert '"Better"@en' in raised.value.difference
    assert '"Other"@en' in raised.value.difference
    assert '"虚构"' not in raised.value.difference
    (conflict,) = desk.view(number).conflicts
    assert (conflict.subject, conflict.predicate) == (
        f"<{DECISION}>",
        "<http://purl.org/dc/terms/title>",
    )
    assert [len(side) for side in (conflict.base, conflict.ours, conflict.theirs)] == [1, 1, 1]

    desk.rebase(number, BEN, {GRAPH: "ours"})
    with pytest.raises(RefusedError):
        desk.approve(number, BEN)
    desk.approve(number, CEM)
    desk.publish(number, DOT)
    assert published(home) == NEW


def test_theirs_leaves_what_is_published(desk: Proposing, curator: Curator) -> None:
    more = f"<{DECISION}> dt:note 'ours'@en ."
    number = approved(desk, {GRAPH: with_lines(NEW, more)})
    elsewhere(curator, decision(98, "Other"))

    desk.rebase(number, ANN, {"*": "theirs"})

    (content,) = desk.contents(number)
    assert content.ours == with_lines(decision(98, "Other"), more)
    assert not content.moved


def test_handing_a_graph_in_again_settles_a_conflict(desk: Proposing, curator: Curator) -> None:
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number
    elsewhere(curator, decision(98, "Other"))
    assert desk.view(number).conflicts

    desk.edit(number, ANN, {GRAPH: decision(98, "Both")})

    view = desk.view(number)
    assert not view.moved
    assert [line for line in view.differences[0].removed if '"Other"' in line]


def test_a_graph_withdrawn_meanwhile_conflicts_as_a_whole(
    desk: Proposing, curator: Curator
) -> None:
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number
    elsewhere(curator, None)

    with pytest.raises(ConflictError):
        desk.rebase(number, ANN)
    desk.rebase(number, ANN, {GRAPH: "theirs"})

    assert desk.contents(number)[0].ours is None


def test_a_graph_handed_in_as_it_is_published_leaves_the_proposal(desk: Proposing) -> None:
    graphs = {GRAPH: NEW, OTHER: decision(99, "Also")}
    number = desk.propose(ANN, "A change", graphs).proposal.number

    desk.edit(number, ANN, {GRAPH: decision(98)})

    assert [item.graph for item in desk.contents(number)] == [OTHER]
    with pytest.raises(InputError):
        desk.edit(number, ANN, {}, drop=(OTHER,))
    with pytest.raises(InputError):
        desk.edit(number, ANN, {})
    with pytest.raises(NotFoundError):
        desk.edit(number, ANN, {}, drop=(GRAPH,))


def test_who_looked_before_others_acted_is_told(desk: Proposing) -> None:
    proposal = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal
    seen = desk.submit(proposal.number, ANN).proposal.version
    desk.comment(proposal.number, BEN, "Wait.")

    with pytest.raises(ConflictError):
        desk.approve(proposal.number, CEM, version=seen)


def test_a_proposal_that_changes_nothing_is_refused(desk: Proposing) -> None:
    with pytest.raises(InputError):
        desk.propose(ANN, "Nothing", {GRAPH: decision(98)})
    with pytest.raises(NotFoundError):
        desk.propose(ANN, "Nothing", {f"{GRAPH}-none": None})
    with pytest.raises(InputError):
        desk.propose(ANN, "Derived", {DERIVED_GRAPH: NEW})
    with pytest.raises(InputError):
        desk.propose(ANN, " ", {GRAPH: NEW})
    assert desk.proposals.listed() == []


def test_a_publication_killed_before_it_was_noted_is_noted_by_the_next(
    desk: Proposing, curator: Curator
) -> None:
    number = approved(desk, {GRAPH: NEW})
    item = desk.proposals.graphs(number)[0]
    edit = Edit({GRAPH: NEW}, "dot", "A change", "x", "proposal", {GRAPH: item.base})
    revision = curator.write(edit).revision

    assert desk.publish(number, DOT).revision == revision

    assert desk.proposals.get(number).state == "published"
    assert curator.journal.last() == revision


def test_published_at_once_by_many_it_is_one_revision(desk: Proposing, curator: Curator) -> None:
    number = approved(desk, {GRAPH: NEW})
    before = curator.journal.last()
    outcomes: list[str] = []

    def publish() -> None:
        try:
            desk.publish(number, DOT)
            outcomes.append("done")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=publish) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 3
    assert "done" in outcomes
    assert curator.journal.last() == before + 1
    assert [act for act, _ in acts(desk, number)].count("publish") == 1


def test_what_broke_after_approval_is_refused_with_the_report(
    desk: Proposing, curator: Curator, home: Path
) -> None:
    citation = f"""<id/citation/cbd-cop-12-99/1> a dt:Citation ; dt:cited <{DECISION}> ;
        dt:citing <id/provision/cbd-cop-12-99/1> ;
        dt:citationRelation <codes/citation-relation/cites> .
        <id/provision/cbd-cop-12-99/1> dt:cites <{DECISION}> ."""
    number = approved(desk, {OTHER: with_lines(decision(99), citation)})
    elsewhere(curator, None)
    before = state_of(home)

    with pytest.raises(NotConformingError):
        desk.publish(number, DOT)

    assert desk.proposals.get(number).state == "approved"
    assert state_of(home) == before


@pytest.mark.parametrize("text", ["\x1b[2J", "a\x00b", "x" * 20_001, "  "])
def test_words_that_are_none_are_refused(desk: Proposing, text: str) -> None:
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number

    for act in (desk.comment, desk.reject):
        with pytest.raises(InputError):
            act(number, BEN, text)
    with pytest.raises(InputError):
        desk.comment(number, BEN, "fine", about='x> "')

    assert len(desk.proposals.events(number)) == 1


def test_a_check_is_made_again_when_others_have_published(
    desk: Proposing, curator: Curator
) -> None:
    cited = f"""<id/citation/cbd-cop-12-99/1> a dt:Citation ; dt:cited <{DECISION}> ;
        dt:citing <id/provision/cbd-cop-12-99/1> ;
        dt:citationRelation <codes/citation-relation/cites> .
        <id/provision/cbd-cop-12-99/1> dt:cites <{DECISION}> ."""
    graphs = {OTHER: with_lines(decision(99), cited)}
    first = check(curator, graphs)

    assert check(curator, graphs) is first
    elsewhere(curator, None)
    assert first.conforms
    assert not check(curator, graphs).conforms


def test_refused_acts_are_in_the_audit_log(desk: Proposing, curator: Curator) -> None:
    number = desk.propose(ANN, "A change", {GRAPH: NEW}).proposal.number
    with pytest.raises(RefusedError):
        desk.publish(number, ANN)

    lines = [
        (e.agent, e.action, e.object, e.outcome)
        for e in curator.journal.entries()
        if e.door == "proposal"
    ]
    assert ("ann", "publish", f"proposal {number}", "refused") in lines
    assert ("ann", "propose", "a new proposal", "done") in lines


def test_events_are_only_ever_added(desk: Proposing, home: Path) -> None:
    desk.propose(ANN, "A change", {GRAPH: NEW})

    with sqlite3.connect(home / "journal.sqlite") as connection:
        for statement in ("UPDATE events SET agent = 'x'", "DELETE FROM events"):
            with pytest.raises(sqlite3.DatabaseError):
                connection.execute(statement)
    connection.close()
