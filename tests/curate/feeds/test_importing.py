"""Feeds beside the curated corpus: matched by symbol, never over it, and gone in one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk import DECISION, DT, desk_settings, published, state_of
from dtrack.cli.main import run
from dtrack.curate.feeds import Import
from dtrack.errors import SyntaxProblem
from dtrack.sources.fetching import Fetcher, Limits
from dtrack.stores.building import open_current
from dtrack.terms import BASE
from dtrack.wiring.importing import Options, import_source
from odata import Service, decision, page, serving

ENTRY = f"{BASE}/graph/entry/feed/decision-d-1"
Bring = Callable[..., Import]


@pytest.fixture
def bring(bring_file: Bring) -> Bring:
    """Import rows as a page of a set."""

    def act(*rows: dict[str, Any], name: str = "Decisions", **given: Any) -> Import:
        return bring_file("informea", f"{name}.json", page(*rows), "feed", **given)

    return act


def rules(found: Import) -> list[str]:
    return sorted(remark.rule for remark in found.harvest.remarks)


def text(home: Path, graph: str = ENTRY) -> str:
    return published(home, graph).decode()


def test_curated_record_stays_and_the_source_is_set_beside_it(home: Path, bring: Bring) -> None:
    before = published(home)
    row = decision(title=[{"language": "en", "value": "Another title"}], status="retired",
                   published="/Date(0)/",
                   keywords=[{"term": "wetlands", "namespace": "https://t.example/"}],
                   files=[{"url": "https://f.example/a.pdf", "language": "fr"}])  # fmt: skip

    found = bring(row)

    assert found.harvest.matched == 1
    assert rules(found) == ["differs-title", "published-away-from-meeting"]
    assert published(home) == before
    entry = text(home)
    assert f"<{DT}entryOf> <{DECISION}>" in entry
    assert f"<{DT}statusOf> <{DECISION}>" in entry
    assert f"{BASE}/codes/published-status/retired>" in entry
    assert "https://f.example/a.pdf" in entry
    assert f"<{DT}tag> <{BASE}/codes/theme/wetlands>" in entry
    assert "tagging-state/proposed" in entry
    assert f"<{DECISION}> <{DT}" not in entry


def test_every_record_says_where_it_is_from_and_who_read_it(home: Path, bring: Bring) -> None:
    bring(decision())

    head = text(home)
    assert f'<{DT}sourcePlace> "Decisions.json, id d-1"' in head
    assert f'<{DT}readBy> "informea reader 1"' in head
    assert f"<{DT}belongsToSource> <{BASE}/id/source/feed>" in head
    assert "https://feed.example/d-1" in head


def test_importing_twice_changes_nothing(home: Path, bring: Bring) -> None:
    first = bring(decision(), decision("XII/50", "d-2"))
    state = state_of(home)

    again = bring(decision("XII/50", "d-2"), decision())

    assert (first.new, first.loading and first.loading.revision) == (3, state[1])
    assert (again.new, again.changed, again.same) == (0, 0, 3)
    assert again.loading is not None
    assert again.loading.revision is None
    assert state_of(home) == state


def test_a_date_of_change_alone_is_no_change(home: Path, bring: Bring) -> None:
    bring(decision())

    assert bring(decision(updated="/Date(1700000000000)/")).changed == 0


def test_an_edited_row_changes_its_own_graph_alone(home: Path, bring: Bring) -> None:
    bring(decision(), decision("XII/50", "d-2"))

    found = bring(decision(), decision("XII/50", "d-2", displayOrder=8))

    assert found.loading is not None
    assert found.loading.changed == (f"{BASE}/graph/entry/feed/decision-d-2",)


def test_what_was_edited_here_stays_until_the_source_may_win(home: Path, bring: Bring) -> None:
    bring(decision())
    edited = home.parent / "edited.nt"
    edited.write_text(text(home).replace("Made up", "Edited here"))
    words = ["propose", str(edited), "--graph", ENTRY, "--submit"]
    assert run([*words, "--as", "ana", "--home", str(home)]) == 0
    for act in (["review", "1", "--approve"], ["publish", "1"]):
        assert run([*act, "--as", "ben", "--home", str(home)]) == 0

    same = bring(decision())
    other = bring(decision(displayOrder=9))
    won = bring(decision(displayOrder=9), overwrite=True)

    kept = [found.loading.kept for found in (same, other, won) if found.loading]
    assert kept == [(), (ENTRY,), ()]
    assert "Edited here" not in text(home)


def test_new_decision_is_described_by_its_source(home: Path, bring: Bring) -> None:
    found = bring(decision("XII/50", "d-1"))

    assert found.harvest.matched == 0
    assert rules(found) == []
    entry = text(home)
    new = f"{BASE}/id/decision/cbd-cop-12-50"
    assert f"<{new}> <{DT}adoptedAt> <{BASE}/id/meeting/cbd-cop-12>" in entry
    assert f'<{new}> <{DT}adopted> "2014-10-17"' in entry
    with open_current(home) as store:
        assert store.ask(f"ASK {{ <{new}> a <{DT}Decision> }}")


def test_symbol_goes_before_the_treaty_it_is_filed_under(home: Path, bring: Bring) -> None:
    found = bring(decision("NP-1/98", "d-1", meetingId=None, meetingTitle="First meeting"))

    assert rules(found) == ["treaty-of-symbol"]
    assert f"<{DT}instrument> <{BASE}/id/instrument/nagoya>" in text(home)
    assert '"treaty=cbd"' in text(home)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("unknown-treaty", {"treaty": "no-such"}),
        ("not-described", {"title": [{"language": "fr", "value": "Inventé"}]}),
        ("not-described", {"meetingId": "", "number": "XXX/50"}),
        ("not-described", {"type": "official_document"}),
    ],
)
def test_what_says_too_little_is_kept_as_an_entry(
    home: Path, bring: Bring, rule: str, change: dict[str, Any]
) -> None:
    found = bring(decision("XII/50", "d-1") | change)

    assert rule in rules(found)
    assert f"<{DT}Entry>" in text(home)
    assert f"<{DT}entryOf>" not in text(home)


def test_published_status_that_contradicts_another_is_told_only(home: Path, bring: Bring) -> None:
    bring(decision(status="retired"))

    found = import_source(
        desk_settings(home), "informea", [str(_other(home, decision(status="amended")))],
        Options("tester", source="other"),
    )  # fmt: skip

    assert rules(found) == ["differs-status"]


def _other(home: Path, *rows: dict[str, Any]) -> Path:
    path = home.parent / "other" / "Decisions.json"
    path.parent.mkdir()
    path.write_bytes(page(*rows))
    return path


def test_withdrawing_the_source_leaves_the_curated_record(home: Path, bring: Bring) -> None:
    before = published(home)
    bring(decision(), decision("XII/50", "d-2"))

    assert run(["withdraw", "--source", "feed", "--home", str(home)]) == 0

    assert published(home) == before
    with open_current(home) as store:
        assert [graph for graph in store.graphs() if "/entry/" in graph or "/feed" in graph] == []


def test_complete_source_withdraws_what_it_has_no_more(home: Path, bring: Bring) -> None:
    bring(decision(), decision("XII/50", "d-2"))

    kept = bring(decision())
    gone = bring(decision(), complete=True)

    assert kept.gone == gone.gone == (f"{BASE}/graph/entry/feed/decision-d-2",)
    assert gone.loading is not None
    assert gone.loading.changed == kept.gone


def test_dry_run_changes_nothing_and_says_what_would(home: Path, bring: Bring) -> None:
    state = state_of(home)

    found = bring(decision(), dry_run=True)

    assert (found.new, found.loading) == (2, None)
    assert state_of(home) == state


def test_rows_of_other_sets_find_their_places(home: Path, bring: Bring) -> None:
    common = {"treaty": "cbd", "country": "SEN",
              "title": [{"language": "en", "value": "Made up"}]}  # fmt: skip
    meeting = {"id": "m-1", **common, "start": "2014-10-06", "end": "2014-10-16"}
    report = {"id": "r-1", **common, "submission": "2014-10-06", "url": "https://f.example/r"}
    contact = {"id": "c-1", "country": "SN", "institution": "A ministry", "type": "NFP",
               "lastName": "Else", "treaties": ["cbd", "cms"]}  # fmt: skip

    assert rules(bring(meeting, name="Meetings")) == ["differs-days"]
    assert rules(bring(report, name="CountryReports")) == []
    assert rules(bring({**report, "type": "nbsap"}, name="NationalPlans")) == []
    assert rules(bring(contact, name="Contacts")) == ["personal-data"]

    graph = f"{BASE}/graph/entry/feed"
    assert f"<{DT}entryOf> <{BASE}/id/meeting/cbd-cop-12>" in text(home, f"{graph}/meeting-m-1")
    assert f"<{DT}issuedBy> <{BASE}/id/party/sen>" in text(home, f"{graph}/country-report-r-1")
    assert f"<{DT}NationalPlan>" in text(home, f"{graph}/national-plan-r-1")
    focal = text(home, f"{graph}/contact-c-1")
    assert f"<{DT}FocalPoint>" in focal
    assert "Else" not in focal


def test_nothing_to_import_is_an_error(home: Path, bring: Bring) -> None:
    state = state_of(home)
    with pytest.raises(SyntaxProblem):
        bring()

    assert state_of(home) == state


def test_service_is_harvested_and_asked_on_condition_next_time(home: Path, tmp_path: Path) -> None:
    rows = [decision(f"XII/{n}", f"d-{n}") for n in range(50, 55)]
    with serving(Service({"Decisions": rows})) as service:
        for expected in (6, 0):
            fetcher = Fetcher(home / "fetched", limits=Limits(pause=0))
            found = import_source(
                desk_settings(home), "informea", [service.url],
                Options("tester", source="feed", fetcher=fetcher),
            )  # fmt: skip
            assert found.new == expected
        assert service.statuses == [200, 200, 200, 200, 304, 304, 304, 304]
    place = f"{service.url}/Decisions, id d-50"
    assert place in text(home, f"{BASE}/graph/entry/feed/decision-d-50")


def test_command_tells_remarks_by_rule_and_writes_all(
    home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Decisions.json"
    path.write_bytes(page(*(decision(f"XII/{n}", f"d-{n}", status="Adopted") for n in range(5))))
    report = tmp_path / "report.json"
    words = ["import", "informea", str(path), "--source", "feed", "--home", str(home)]

    assert run([*words, "--report", str(report)]) == 0
    told = capfd.readouterr().out
    assert run([*words, "--json"]) == 0
    again = json.loads(capfd.readouterr().out)

    assert "letter-case: 5" in told
    assert "row 3" in told
    assert "row 4" not in told
    assert len(json.loads(report.read_text("utf-8"))) == len(again["remarks"]) == 6
    assert (again["revision"], again["same"], again["rows"]) == (None, 6, {"Decisions": 5})


def test_command_refuses_what_it_cannot_read(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["import", "informea", "--home", str(home)]

    assert run([*words, "nowhere.json"]) == 2
    assert run([*words, "x.json", "--since", "soon"]) == 2
    assert run([*words, "http://u:p@feed.example/"]) == 2
    assert "Traceback" not in capfd.readouterr().err


HOSTILE = 'a"b\\c\nd\te\r\u2028 \ud800 \x00\x1b[31m <x> . \u0085 {} $'


def test_hostile_texts_are_kept_or_told_and_break_nothing(
    home: Path, bring: Bring, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    row = decision(title=[{"language": "en", "value": HOSTILE}], number=HOSTILE, link=HOSTILE,
                   meetingTitle=HOSTILE, keywords=[{"term": HOSTILE, "namespace": HOSTILE}],
                   files=[{"url": HOSTILE}], **{HOSTILE: HOSTILE, "more": HOSTILE})  # fmt: skip
    tree = {"code": "CBD/COP/12/98", "title": {"en": HOSTILE}, HOSTILE: 1, "nodes": [
        {"code": HOSTILE, "paragraph": HOSTILE, "type": HOSTILE, "html": {"en": HOSTILE},
         "actors": [HOSTILE], "statuses": [HOSTILE], "notes": HOSTILE}]}  # fmt: skip
    pair = {"subject_scheme": "GBF", "subject": "Target 3", "object_scheme": "AICHI",
            "object": "Aichi Target 11", "source_url": "https://p.example/\ud800"}  # fmt: skip
    for kind, body in (("informea", [row]), ("cbd-tree", tree), ("target-pairs", pair)):
        path = tmp_path / "Decisions.json"
        path.write_text(json.dumps(body))
        report = tmp_path / f"{kind}.report"
        words = ["import", kind, str(path), "--report", str(report), "--home", str(home)]
        assert run(words) == (2 if kind == "target-pairs" else 0), kind

    told = capfd.readouterr()
    assert "Traceback" not in told.err
    assert "\x1b" not in told.out
