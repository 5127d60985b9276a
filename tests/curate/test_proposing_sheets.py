"""Spreadsheets as proposals: rows become triples of the records that they are about."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from desk import BASE, DT, GRAPH, PROVISION, decision, desk_settings, make_home
from dtrack.curate.acts import Agent
from dtrack.curate.adding import place_of
from dtrack.curate.handing_in import Handed, graphs_of
from dtrack.curate.proposing import Proposing
from dtrack.sources.spreadsheet import SheetProblem
from dtrack.stores.parsing import sorted_lines
from dtrack.wiring.reading import open_answers
from dtrack.wiring.writing import open_curator

ANN = Agent("ann")
BEN = Agent("ben")
Read = Callable[..., dict[str, bytes]]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path, root)


@pytest.fixture
def desk(home: Path) -> Iterator[Proposing]:
    with open_curator(desk_settings(home)) as curator:
        yield Proposing(curator)


@pytest.fixture
def read(desk: Proposing, home: Path) -> Iterator[Read]:
    with ExitStack() as stack:
        answers = stack.enter_context(open_answers(desk_settings(home)))

        def call(*lines: str, name: str = "sheet.csv") -> dict[str, bytes]:
            data = "\n".join(lines).encode()
            return graphs_of(
                [Handed(name, data)], lambda: place_of(desk.curator, answers.names, answers.store)
            )

        yield call


TAGGINGS = "provision,tag,method,confidence,author,state,note"
MAPPINGS = "subject,predicate,object,justification,confidence,author"
STATUS = "thing,axis,value,from,evidence,asserted_by"
DECISIONS = "key,instrument,type,symbol,title,meeting,adopted,page,review_state"


def test_taggings_join_the_record_of_what_they_tag(desk: Proposing, read: Read) -> None:
    graphs = read(
        TAGGINGS,
        "cbd-cop-12-98/1,aichi-5,lexical,0.9,a machine,,",
        "cbd-cop-12-98/1,theme:forests,manual,0.6,ann,accepted,by hand",
        f"{PROVISION},Aichi Target 11,imported,0.5,a portal,proposed,",
    )

    draft = desk.propose(ANN, "Taggings", {**graphs})
    found = desk.candidates(draft.proposal.number)

    assert draft.report.conforms
    assert list(graphs) == [GRAPH]
    assert set(decision(98).splitlines()) < set(graphs[GRAPH].splitlines())
    assert {(c.iri.rsplit("/", 1)[-1], c.state, c.confidence) for c in found} == {
        ("aichi-5", "proposed", 0.9),
        ("theme-forests", "accepted", 0.6),
        ("aichi-11", "proposed", 0.5),
    }
    plain = f"<{PROVISION}> <{DT}addressesTheme> <{BASE}/codes/theme/forests> .".encode()
    assert plain in graphs[GRAPH]
    assert f"<{PROVISION}> <{DT}addressesTarget>".encode() not in graphs[GRAPH]


def test_a_status_brings_its_evidence(desk: Proposing, read: Read) -> None:
    graphs = read(
        STATUS,
        "cbd-cop-12-98/1,implementation,implemented,2020-01-01,https://example.org/r,Secretariat",
        "cbd-cop-12-98,review,keep,2021-01-01,https://example.org/k,Secretariat",
    )

    draft = desk.propose(ANN, "Status", {**graphs})

    assert draft.report.conforms
    text = graphs[GRAPH].decode()
    assert text.count(f"> <{DT}evidence> <") == 2
    assert text.count(f"<{DT}CuratedStatus>") == 2


def published(desk: Proposing, title: str, graphs: dict[str, bytes]) -> None:
    """Take a draft all the way, with what others have published meanwhile."""
    number = desk.propose(ANN, title, {**graphs}).proposal.number
    publish(desk, number)


def publish(desk: Proposing, number: int) -> None:
    desk.submit(number, ANN)
    desk.rebase(number, BEN)
    desk.approve(number, BEN)
    desk.publish(number, BEN)


KEPT = "cbd-cop-12-98/1,review,keep,2021-01-01,https://example.org/k,Secretariat"
RETIRED = "cbd-cop-12-98/1,review,retire,2022-01-01,https://example.org/r,Secretariat"


def held(desk: Proposing) -> str:
    return desk.journal.content(desk.journal.heads([GRAPH])[GRAPH].digest).decode()


def test_drafts_of_statuses_that_know_nothing_of_each_other_part(
    desk: Proposing, read: Read
) -> None:
    # Both are written against the same record, on the same axis of the same thing.
    drafts = [
        desk.propose(ANN, row, {**read(STATUS, row)}).proposal.number for row in (KEPT, RETIRED)
    ]
    for number in drafts:
        publish(desk, number)

    text = held(desk)
    statuses = re.findall(rf"<(\S+)> <\S+#type> <{DT}StatusAssertion>", text)
    assert len(statuses) == 2
    for status in statuses:
        assert text.count(f"<{status}> <{DT}statusValue>") == 1
        assert text.count(f"<{status}> <{DT}from>") == 1


def test_one_status_drafted_twice_is_one(desk: Proposing, read: Read) -> None:
    drafts = [desk.propose(ANN, "Keep", {**read(STATUS, KEPT)}).proposal.number for _ in "ab"]
    for number in drafts:
        publish(desk, number)

    assert held(desk).count(f"<{DT}StatusAssertion>") == 1
    with pytest.raises(SheetProblem, match="stated so already"):
        read(STATUS, KEPT)
    other = read(STATUS, KEPT.replace("Secretariat", "A Party"))[GRAPH].decode()
    assert other.count(f"<{DT}StatusAssertion>") == 2


def test_a_status_that_was_named_by_a_number_is_known(desk: Proposing, read: Read) -> None:
    graphs = read(STATUS, KEPT)
    (name,) = set(re.findall(r"/id/status/cbd-cop-12-98/1/(\S+)>", graphs[GRAPH].decode()))
    numbered = graphs[GRAPH].decode().replace(name, "review-1")
    reviewed = re.sub(r"(/review-1> <\S+reviewState> <\S+)/unreviewed>", r"\1/reviewed>", numbered)
    assert reviewed != numbered
    published(desk, "As it was named before", {GRAPH: sorted_lines(reviewed.encode())})

    with pytest.raises(SheetProblem, match="stated so already"):
        read(STATUS, KEPT)
    assert read(STATUS, RETIRED)[GRAPH].decode().count(f"<{DT}StatusAssertion>") == 2


def test_mappings_become_a_set_and_later_files_of_its_name_add_to_it(
    desk: Proposing, read: Read
) -> None:
    first = read(
        MAPPINGS,
        "aichi-5,closeMatch,gbf-2,LexicalMatching,0.8,a machine",
        "aichi-11,relatedMatch,gbf-3,LexicalMatching,0.7,a machine",
        name="My matches.csv",
    )
    draft = desk.propose(ANN, "Mappings", {**first})

    assert draft.report.conforms, draft.report.findings[:3]
    assert set(first) == {
        f"{BASE}/graph/mapping-set/my-matches",
        f"{BASE}/graph/source/curation",
    }
    assert {c.iri for c in desk.candidates(1)} == {
        f"{BASE}/id/mapping/my-matches/{name}"
        for name in ("aichi-5-closematch-gbf-2", "aichi-11-relatedmatch-gbf-3")
    }


def test_mappings_of_two_sheets_of_one_name_go_beside_each_other(read: Read) -> None:
    rows = ("aichi-5,closeMatch,gbf-2,,0.8,a", "aichi-11,relatedMatch,gbf-3,,0.7,a")
    sheets = [
        read(MAPPINGS, row.replace(",,", ",LexicalMatching,"), name="Matches.csv") for row in rows
    ]

    graph = f"{BASE}/graph/mapping-set/matches"
    named = [
        {
            line.split()[0]
            for line in sheet[graph].splitlines()
            if line.endswith(b"ontology#Mapping> .")
        }
        for sheet in sheets
    ]
    assert [len(each) for each in named] == [1, 1]
    assert not named[0] & named[1]


def test_decisions_become_records_of_their_own(desk: Proposing, read: Read) -> None:
    page = "https://www.cbd.int/decision/cop?id=1"
    graphs = read(
        DECISIONS,
        f"cbd-cop-12-97,cbd,decision,XII/97,Made up too,cbd-cop-12,2014-10-17,{page},evidenced",
    )

    draft = desk.propose(ANN, "Decisions", {**graphs})

    assert draft.report.conforms, draft.report.findings[:3]
    text = graphs[f"{BASE}/graph/decision/cbd-cop-12-97"].decode()
    thing = f"<{BASE}/id/decision/cbd-cop-12-97>"
    assert f"{thing} <{DT}instrument> <{BASE}/id/instrument/cbd> ." in text
    assert f"{thing} <{DT}adoptedAt> <{BASE}/id/meeting/cbd-cop-12> ." in text


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ([TAGGINGS, "none/1,aichi-5,lexical,0.9,m,,", "cbd-cop-12-98/1,aichi-99,lexical,0.9,m,,"],
         ["A2", "B3"]),
        ([TAGGINGS, "cbd-cop-12-98/1,aichi-5,lexical,0.9,m,accepted,"], ["F2"]),
        ([TAGGINGS, "cbd-cop-12-98/1,theme:wetlands,lexical,0.9,m,,"], ["B2"]),
        ([TAGGINGS, *["cbd-cop-12-98/1,aichi-5,lexical,0.9,m,,"] * 2], ["B3"]),
        ([MAPPINGS, "aichi-5,closeMatch,gbf-99,LexicalMatching,0.8,m"], ["C2"]),
        ([MAPPINGS, *["aichi-5,closeMatch,gbf-2,LexicalMatching,0.8,m"] * 2], ["C3"]),
        ([STATUS, "X/4711,review,keep,2021-01-01,https://example.org/k,S"], ["A2"]),
        ([STATUS, "cbd-cop-12-98,review,keep,2021-01-01,,S"], ["E2"]),
        ([DECISIONS, "cbd-cop-12-98,cbd,decision,XII/98,T,cbd-cop-12,2014-10-17,,"], ["A2"]),
        ([DECISIONS, "x,nobody,decision,XII/97,T,cbd-cop-99,2014-10-17,,"], ["B2", "F2"]),
        ([DECISIONS, "x,cbd,decision,XII/97,T,cbd-cop-12,2014-10-17,,evidenced"], ["I2"]),
    ],
)  # fmt: skip
def test_what_a_cell_names_has_to_be_there(read: Read, lines: list[str], cells: list[str]) -> None:
    with pytest.raises(SheetProblem) as raised:
        read(*lines)

    assert [fault.place for fault in raised.value.faults] == [f"sheet.csv, cell {c}" for c in cells]
    assert all(fault.remedy for fault in raised.value.faults)


def test_hostile_cells_stay_text(desk: Proposing, read: Read) -> None:
    evil = '" . <x:a> <x:b> <x:c> . #\\'
    quoted = evil.replace('"', '""')
    graphs = read(TAGGINGS, f'cbd-cop-12-98/1,aichi-5,lexical,0.9,"{quoted}",,"{quoted}"')

    assert b"<x:a> <x:b> <x:c> .\n" not in graphs[GRAPH].splitlines(keepends=True)
    assert desk.propose(ANN, "Evil", {**graphs}).report.conforms


def test_many_rows_take_seconds_not_minutes(read: Read) -> None:
    rows = [
        f"aichi-{n % 20 + 1},{kind}Match,gbf-{n // 20 + 1},LexicalMatching,0.5,m"
        for kind in ("exact", "close", "broad", "narrow", "related")
        for n in range(400)
    ]
    started = time.monotonic()

    graphs = read(MAPPINGS, *rows, name="many.csv")

    assert graphs[f"{BASE}/graph/mapping-set/many"].count(b"#Mapping> .") == 2000
    assert time.monotonic() - started < 30
