"""Machine-made taggings and mappings: accepted or refused, one by one or in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import (
    BASE,
    GRAPH,
    OTHER,
    PROVISION,
    decision,
    desk_settings,
    make_home,
    published,
    tagging,
    turtle,
    with_lines,
)  # fmt: skip
from dtrack.curate.acts import Agent
from dtrack.curate.candidates import Selection
from dtrack.curate.proposing import Proposing
from dtrack.errors import InputError, NotConformingError, NotFoundError, RefusedError
from dtrack.wiring.writing import open_curator

MACHINE = Agent("tagger", frozenset({"propose"}))
ANN = Agent("ann", frozenset({"review", "publish"}))
AICHI_5 = f"{BASE}/id/target/aichi-5"
AICHI_11 = f"{BASE}/id/target/aichi-11"
FORESTS = f"{BASE}/codes/theme/forests"
PREFIX = f"{BASE}/id/tagging/cbd-cop-12-98/1"
THEME_TAGGING = f"{PREFIX}/theme-wetlands"
SET = f"{BASE}/graph/mapping-set/machine"
TARGET = f"<{PROVISION}> <{BASE}/ontology#addressesTarget> <{AICHI_5}> .".encode()
THEME = f"<{PROVISION}> <{BASE}/ontology#addressesTheme> <{FORESTS}> .".encode()


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path, root)


@pytest.fixture
def desk(home: Path) -> Iterator[Proposing]:
    with open_curator(desk_settings(home)) as curator:
        yield Proposing(curator)


@pytest.fixture
def number(desk: Proposing) -> int:
    """Proposal with three taggings, submitted."""
    graph = with_lines(
        decision(98), tagging(AICHI_5, 0.9), tagging(AICHI_11, 0.4), tagging(FORESTS, 0.85)
    )
    found = desk.propose(MACHINE, "Machine taggings", {GRAPH: graph}).proposal.number
    desk.submit(found, MACHINE)
    return found


def mappings(*pairs: tuple[str, str, float]) -> bytes:
    rows = "".join(
        f"""<id/mapping/machine/{n}> a dt:Mapping ; dt:inMappingSet <id/mapping-set/machine> ;
        dt:mappingSubject <id/target/{a}> ; dt:mappingPredicate skos:relatedMatch ;
        dt:mappingObject <id/target/{b}> ; dt:justification semapv:LexicalMatching ;
        dt:author "a machine" ; dt:confidence {confidence} ;
        dt:reviewState <codes/review-state/unreviewed> .
        <id/target/{a}> skos:relatedMatch <id/target/{b}> .
        """
        for n, (a, b, confidence) in enumerate(pairs, 1)
    )
    return turtle(f"""<graph/mapping-set/machine> a dt:Record ;
        dt:recordOf <id/mapping-set/machine> ; dt:belongsToSource <id/source/bundled> ;
        dcterms:modified "2026-11-21"^^xsd:date ; dt:reviewState <codes/review-state/unreviewed> .
        <id/mapping-set/machine> a dt:MappingSet ; dcterms:title "By a machine"@en .
        {rows}""")


def states(desk: Proposing, number: int) -> dict[str, str]:
    return {c.iri.rsplit("/", 1)[-1]: c.state for c in desk.candidates(number)}


def test_candidates_say_method_confidence_and_state(desk: Proposing, number: int) -> None:
    first = desk.candidates(number)[1]

    assert (first.kind, first.iri, first.target) == ("tagging", f"{PREFIX}/aichi-5", AICHI_5)
    assert (first.subject, first.method, first.confidence) == (PROVISION, "lexical", 0.9)
    assert (first.author, first.state) == ("a machine", "proposed")
    assert states(desk, number) == dict.fromkeys(["aichi-5", "aichi-11", "forests"], "proposed")


def test_only_accepted_taggings_yield_the_plain_triple(
    desk: Proposing, number: int, home: Path
) -> None:
    desk.decide(number, ANN, Selection(accept=[f"{PREFIX}/aichi-5"]))
    desk.decide(number, ANN, Selection(refuse=[f"{PREFIX}/aichi-11"]))
    desk.approve(number, ANN)
    desk.publish(number, ANN)

    text = published(home)
    assert TARGET in text
    assert THEME not in text
    assert f"<{PROVISION}> <{BASE}/ontology#addressesTarget> <{AICHI_11}>".encode() not in text
    for name, state in (("aichi-5", "accepted"), ("aichi-11", "refused"), ("forests", "proposed")):
        code = f"<{PREFIX}/{name}> <{BASE}/ontology#taggingState> <{BASE}/codes/tagging-state/"
        assert f"{code}{state}>".encode() in text
        assert text.count(code.encode()) == 1


def test_a_verdict_can_be_turned_round(desk: Proposing, number: int) -> None:
    iri = f"{PREFIX}/aichi-5"
    desk.decide(number, ANN, Selection(accept=[iri]))
    desk.decide(number, ANN, Selection(refuse=[iri]))

    assert states(desk, number)["aichi-5"] == "refused"
    assert TARGET not in (desk.contents(number)[0].ours or b"")


@pytest.mark.parametrize(
    ("selection", "accepted", "refused"),
    [
        (Selection(accept_above=0.8), {"aichi-5", "forests"}, set()),
        (Selection(accept_above=0.8, refuse_below=0.5), {"aichi-5", "forests"}, {"aichi-11"}),
        (Selection(accept_above=0.0, target="aichi-11"), {"aichi-11"}, set()),
        (Selection(accept_above=0.0, target=FORESTS), {"forests"}, set()),
        (Selection(accept_above=0.0, method="imported"), set(), set()),
        (
            Selection(accept_above=0.8, refuse=[f"{PREFIX}/forests"], method="lexical"),
            {"aichi-5"},
            {"forests"},
        ),
    ],
)
def test_many_are_decided_by_confidence_target_and_method(
    desk: Proposing, number: int, selection: Selection, accepted: set[str], refused: set[str]
) -> None:
    decided = desk.decide(number, ANN, selection)

    found = states(desk, number)
    assert {name for name, state in found.items() if state == "accepted"} == accepted
    assert {name for name, state in found.items() if state == "refused"} == refused
    assert len(decided) == len(accepted) + len(refused)
    events = [e for e in desk.proposals.events(number) if e.act in {"accept", "refuse"}]
    assert {e.about for e in events} == {f"{PREFIX}/{name}" for name in accepted | refused}


def test_a_decision_is_left_to_reviewers_and_to_what_is_there(desk: Proposing, number: int) -> None:
    with pytest.raises(RefusedError):
        desk.decide(number, MACHINE, Selection(accept_above=0.0))
    with pytest.raises(NotFoundError):
        desk.decide(number, ANN, Selection(accept=[f"{PREFIX}/nowhere"]))
    with pytest.raises(NotFoundError):
        desk.decide(number, ANN, Selection(accept=[f"{PREFIX}/theme-wetlands"]))
    iri = f"{PREFIX}/forests"
    with pytest.raises(InputError):
        desk.decide(number, ANN, Selection(accept=[iri], refuse=[iri]))
    assert set(states(desk, number).values()) == {"proposed"}


def test_a_verdict_that_would_not_conform_changes_nothing(desk: Proposing) -> None:
    # The plain triple of an accepted tagging goes; the one in the other record needs it.
    plain = f"<{PROVISION}> dt:addressesTheme <codes/theme/wetlands> ."
    graph = with_lines(decision(98, "Better"), f"<{THEME_TAGGING}> dt:note 'seen'@en .")
    graphs = {GRAPH: graph, OTHER: with_lines(decision(99), plain)}
    number = desk.propose(MACHINE, "Twice", graphs).proposal.number
    desk.submit(number, MACHINE)

    with pytest.raises(NotConformingError):
        desk.decide(number, ANN, Selection(refuse=[THEME_TAGGING]))

    assert states(desk, number) == {"theme-wetlands": "accepted"}


def test_mappings_of_a_machine_are_decided_before_approval(desk: Proposing, home: Path) -> None:
    graph = mappings(("aichi-5", "gbf-2", 0.9), ("aichi-11", "gbf-3", 0.2))
    number = desk.propose(MACHINE, "Machine mappings", {SET: graph}).proposal.number
    desk.submit(number, MACHINE)

    with pytest.raises(InputError) as raised:
        desk.approve(number, ANN)
    assert "2 mappings" in str(raised.value)

    desk.decide(number, ANN, Selection(accept_above=0.8, refuse_below=0.5))
    desk.approve(number, ANN)
    desk.publish(number, ANN)

    text = published(home, SET)
    assert f"<{AICHI_5}> <http://www.w3.org/2004/02/skos/core#relatedMatch>".encode() in text
    assert AICHI_11.encode() not in text
    assert b"/id/mapping/machine/2>" not in text
    state = f"<{BASE}/ontology#reviewState> <{BASE}/codes/review-state/reviewed>"
    assert f"<{BASE}/id/mapping/machine/1> {state}".encode() in text
