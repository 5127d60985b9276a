"""Drafts against the bundled corpus: what they repeat, contradict, amend, and lack."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dtrack.answer.answers import Answers
from dtrack.cli.main import run
from dtrack.errors import InputError, NotFoundError
from dtrack.model import no_progress
from dtrack.screen import ScreeningView, relations_of, screening, told_below
from dtrack.screen.views import CloseView, DirectiveView, MissView
from dtrack.screen.weighing import default_weights
from dtrack.settings import load_settings
from dtrack.terms import BASE
from dtrack.wiring.reading import open_answers
from dtrack.wiring.screening import screen_draft

DRAFTS = Path(__file__).parent / "drafts"
WEIGHTS = default_weights()
Screen = Callable[..., ScreeningView]


@pytest.fixture(scope="module")
def answers(corpus_home: Path) -> Iterator[Answers]:
    with open_answers(load_settings({"home": corpus_home}, {})) as answers:
        yield answers


@pytest.fixture(scope="module")
def screen(answers: Answers) -> Screen:
    def call(name: str, data: bytes | None = None, **given: object) -> ScreeningView:
        content = (DRAFTS / name).read_bytes() if data is None else data
        return screen_draft(answers, content, name, no_progress, **given)  # type: ignore[arg-type]

    return call


@pytest.fixture(scope="module")
def wetlands(screen: Screen) -> ScreeningView:
    return screen("wetlands.txt", instrument="ramsar")


def directive(view: ScreeningView, number: str) -> DirectiveView:
    return next(found for found in view.directives if found.number == number)


def repeated(found: DirectiveView) -> list[str]:
    return [
        f"{match.provision.symbol} {match.provision.number}"
        for match in found.matches
        if "repeats" in match.relations
    ]


def test_draft_is_read_with_who_adopts_it(wetlands):
    assert wetlands.instrument is not None
    assert wetlands.instrument.key == "ramsar"
    assert wetlands.title == ""
    assert wetlands.language == "en"
    assert wetlands.recitals == 1
    assert [found.number for found in wetlands.directives] == list("123456")
    assert wetlands.work is None


def test_same_thing_in_other_words_is_found_with_its_evidence(wetlands):
    found = directive(wetlands, "6")

    assert repeated(found)[0] == "Recommendation 4.1 b"
    best = found.matches[0]
    assert best.provision.instrument.key == "ramsar"
    assert best.wording is not None
    assert best.wording.likeness > 0.35
    assert {"restoration", "mission", "wetland"} <= set(best.wording.words)
    theme = next(dimension for dimension in best.dimensions if dimension.name == "theme")
    assert "wetland-restoration" in {value.first.key for value in theme.shared}
    assert 0 < theme.similarity <= 1
    assert not found.is_new


def test_verb_that_bars_contradicts_those_that_ask(wetlands):
    found = directive(wetlands, "2")

    clashes = [match for match in found.matches if "contradicts" in match.relations]
    assert clashes
    assert {match.provision.instrument.key for match in clashes} >= {"ramsar"}
    for match in clashes:
        assert "repeats" not in match.relations
        assert [conflict.draft for conflict in match.conflicts] == ["suspends"]
    assert "sunset" in found.lacks


def test_amendment_names_the_provision_that_it_changes(wetlands):
    (act,) = directive(wetlands, "3").acts

    assert act.relation == "amends"
    assert act.cited.iri == f"{BASE}/id/provision/cbd-cop-12-19/4.d"
    assert act.instrument is not None
    assert act.instrument.key == "cbd"
    assert act.recorded
    assert next(c for c in wetlands.conventions if c.instrument.key == "cbd").amends == 1


def test_what_a_directive_leaves_open_is_told(wetlands):
    lacks = {found.number: found.lacks for found in wetlands.directives}

    assert lacks["1"] == []
    assert lacks["4"] == ["deadline", "sunset"]
    assert lacks["5"] == ["deadline", "addressee"]


def test_summary_counts_directives_by_relation(wetlands):
    counts = relations_of(wetlands.directives)

    assert counts["amends"] == 1
    assert counts["contradicts"] == 1
    assert counts["repeats"] >= 1
    assert counts["new"] == sum(found.is_new for found in wetlands.directives)


def test_chinese_draft_meets_the_same_provisions(screen):
    view = screen("湿地.txt", language="zh")

    assert view.language == "zh"
    assert repeated(directive(view, "1"))[0].startswith("Recommendation 4.1")
    clashes = [m for m in directive(view, "2").matches if "contradicts" in m.relations]
    assert clashes
    assert {match.provision.instrument.key for match in clashes} == {"ramsar"}
    assert "湿地恢复" in clashes[0].wording.words
    alike = max(directive(view, "3").matches, key=lambda match: match.wording.likeness)
    assert (alike.provision.symbol, alike.provision.number) == ("XII/19", "4.g")
    assert directive(view, "1").new_words == []


def test_draft_with_nothing_in_common_says_so_with_coverage(screen):
    view = screen("letterboxes.txt")

    assert view.nothing_in_common
    assert view.conventions == []
    assert all(found.is_new and not found.matches for found in view.directives)
    assert {found.instrument.key for found in view.coverage} >= {"cbd", "ramsar", "cms"}
    assert all(found.texts_recorded for found in view.coverage)


def test_screening_can_be_narrowed_to_instruments(screen):
    view = screen("wetlands.txt", against=["cms"])

    assert {found.instrument.key for found in view.coverage} == {"cms"}
    assert {m.provision.instrument.key for d in view.directives for m in d.matches} <= {"cms"}


def test_record_is_screened_as_it_states_things(screen):
    view = screen("record.ttl")
    (found,) = view.directives

    assert view.work is not None
    assert view.work.key == "cbd-cop-12-19"
    assert view.newer
    assert [view.value.key for view in found.themes] == ["restoration", "wetlands"]
    assert found.deadlines == ["2031-12-31"]
    assert [(act.relation, act.cited.key) for act in found.acts] == [
        ("supersedes", "cbd-cop-11-16")
    ]
    assert found.matches
    assert found.lacks == []


@pytest.mark.parametrize(("revision", "newer"), [(" (Rev. CoP20)", True), ("", False)])
def test_next_revision_of_a_text_would_supersede_it(screen, revision, newer):
    data = f"""Conf. 16.4{revision}

Cooperation with other conventions

The Conference of the Parties to the Convention,

1. Urges Parties to work together with other conventions.
""".encode()

    view = screen("rev.txt", data)

    assert view.work is not None
    assert view.work.key == "cites-conf-16-4"
    assert view.newer is newer
    counts = {row.instrument.key: row.supersedes for row in view.conventions}
    assert counts.get("cites", 0) == int(newer)


def test_json_holds_the_words_and_who_adopts_them(screen, wetlands):
    text = (DRAFTS / "wetlands.txt").read_text(encoding="utf-8")
    data = json.dumps({"text": text, "instrument": "ramsar"}).encode()

    view = screen("draft.json", data)

    assert view.directives == wetlands.directives


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("draft.txt", "Only a sentence about nothing.", "No draft was found|directs nobody"),
        ("draft.txt", "   ", "empty"),
        ("draft.json", "{", "no JSON"),
        ("draft.json", '{"words": "x"}', "key 'text'"),
        ("draft.json", '{"text": 1}', "key 'text'"),
        ("draft.ttl", "<urn:a> <urn:b> <urn:c> .", "describes no texts"),
        ("draft.ttl", "<urn:a> <urn:b", "draft.ttl:1:9"),
    ],
)
def test_what_is_no_draft_is_told(screen, name, content, message):
    with pytest.raises(InputError, match=message):
        screen(name, content.encode())


def test_several_texts_in_a_document_are_told_apart(screen):
    data = b"".join(
        f"Decision 15/{n}\n\nTitle {n}\n\nThe Conference of the Parties,\n\n"
        f"1. Urges Parties to restore wetlands.\n\n".encode()
        for n in (91, 92)
    )

    with pytest.raises(InputError, match=r"15/91, 15/92"):
        screen("two.txt", data)
    assert screen("two.txt", data, only="15/92").symbol == "15/92"
    with pytest.raises(InputError, match=r"15/93"):
        screen("two.txt", data, only="15/93")


def pairs(view: ScreeningView) -> list[tuple[DirectiveView, CloseView]]:
    return [(found, close) for found in view.directives for close in found.close]


def judged_by(screen, monkeypatch, **figures: float) -> ScreeningView:
    """The draft on wetlands, and more, with some of the figures of weights.toml set otherwise."""
    figures = {"close": 20, **figures}
    monkeypatch.setattr(screening, "default_weights", lambda: WEIGHTS._replace(**figures))
    more = b"\n7. Encourages Contracting Parties to strengthen national reporting.\n"
    data = (DRAFTS / "wetlands.txt").read_bytes() + more
    return screen("wetlands.txt", data, instrument="ramsar")


def test_what_stays_a_little_below_a_threshold_is_told_as_close(screen, monkeypatch):
    seen = next(
        (found.number, match)
        for found in judged_by(screen, monkeypatch).directives
        for match in found.matches
        if match.relations == ["repeats"] and match.wording.likeness < 0.3
    )
    number, before = seen
    iri, limit = before.provision.iri, before.score + 1e-9

    found = directive(judged_by(screen, monkeypatch, repeats=limit), number)
    (after,) = (match for match in found.matches if match.provision.iri == iri)
    (close,) = (close for close in found.close if close.provision.iri == iri)
    assert after.relations == []
    assert close.relations == ["repeats"]
    assert close.misses == [MissView("score", before.score, limit)]
    assert close.provision == before.provision
    assert told_below(before.score) < f"{before.score + 0.001:.3f}"

    # Nearest first, and nothing that is further off than the share of the threshold.
    gaps = [max(1 - m.value / m.threshold for m in each.misses) for each in found.close]
    assert gaps == sorted(gaps)
    assert 0 < gaps[-1] <= 1 - WEIGHTS.near
    far = directive(judged_by(screen, monkeypatch, repeats=before.score / 0.89), number)
    assert iri not in {close.provision.iri for close in far.close}


def test_close_to_a_contradiction_is_told_by_the_wording(screen, monkeypatch):
    clash = next(
        match
        for match in directive(judged_by(screen, monkeypatch), "2").matches
        if "contradicts" in match.relations
    )
    limit = clash.wording.likeness + 1e-9

    found = directive(judged_by(screen, monkeypatch, object=limit, repeats=0.99), "2")

    (close,) = (each for each in found.close if each.provision.iri == clash.provision.iri)
    assert close.relations == ["contradicts"]
    assert close.misses == [MissView("wording", clash.wording.likeness, limit)]


def test_close_to_the_same_words_without_a_common_subject_is_told(screen, monkeypatch):
    alike = judged_by(screen, monkeypatch, repeats=0.99, object=0.99, alike=0.3)
    number, match = next(
        (found.number, match)
        for found in alike.directives
        for match in found.matches
        if match.relations == ["repeats"]
    )
    limit = match.wording.likeness + 1e-9

    view = judged_by(screen, monkeypatch, repeats=0.99, object=0.99, alike=limit)

    close = next(
        close for close in directive(view, number).close
        if close.provision.iri == match.provision.iri
    )  # fmt: skip
    assert close.misses == [MissView("wording", match.wording.likeness, limit)]


def test_what_is_close_counts_for_nothing(screen, monkeypatch):
    with_it = judged_by(screen, monkeypatch)
    without = judged_by(screen, monkeypatch, near=1.0)

    assert len(pairs(with_it)) >= 3
    assert pairs(without) == []
    kept = [replace(found, close=[]) for found in with_it.directives]
    assert replace(with_it, directives=kept) == without
    assert all(0 < len(close.misses) <= 2 for _, close in pairs(with_it))
    few = judged_by(screen, monkeypatch, close=2)
    assert max(len(found.close) for found in few.directives) == 2


def test_command_tells_what_is_close(corpus_home, capsys):
    draft = str(DRAFTS / "wetlands.txt")

    assert run(["screen", draft, "--instrument", "ramsar", "--home", str(corpus_home)]) == 0

    lines = [line for line in capsys.readouterr().out.splitlines() if "close, not counted" in line]
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"   close, not counted: (repeats|contradicts) \S+ .+, \S+  "
            r"(score|wording) 0\.\d{3} below 0\.\d+",
            line,
        )


@pytest.mark.parametrize(
    ("value", "told"), [(0.4495, "0.449"), (0.44999, "0.449"), (0.1, "0.100"), (0.12, "0.120")]
)
def test_what_is_below_a_threshold_looks_so(value, told):
    assert told_below(value) == told


# Named in the reader's language, in French and Spanish first, and under a parent without texts.
@pytest.mark.parametrize("instrument", ["cbd", "aewa", "unfccc", "montreal", "whc"])
@pytest.mark.parametrize(
    ("text", "language"),
    [("1. Invites Parties to restore wetlands;\n", "en"), ("1. 请缔约方恢复湿地；\n", "zh")],
)
def test_bare_paragraph_is_read_whoever_adopts_it(screen, instrument, text, language):
    view = screen("draft.txt", text.encode(), instrument=instrument)

    assert [found.number for found in view.directives] == ["1"]
    assert view.language == language


def test_unknown_instrument_is_told(screen):
    with pytest.raises(NotFoundError):
        screen("wetlands.txt", against=["nothing"])


def test_decision_finds_itself_first_then_what_other_conventions_say(screen, shared):
    (seed,) = (shared / "data" / "seeds").glob("002*")

    view = screen("seed.txt", seed.read_bytes())

    assert view.symbol == "XII/19"
    assert view.work is not None
    assert view.work.key == "cbd-cop-12-19"
    assert not view.newer
    assert len(view.directives) == 15
    for found in view.directives:
        first = found.matches[0]
        assert first.same_text, found.number
        assert first.provision.number == found.number
        assert "repeats" in first.relations
    met = {match.provision.instrument.key for d in view.directives for match in d.matches}
    assert {"ramsar", "cms", "unfccc"} <= met
    others = [
        (match.provision.instrument.key, value.second.key)
        for found in view.directives
        for match in found.matches
        if not match.same_text
        for dimension in match.dimensions
        for value in dimension.shared
    ]
    assert ("ramsar", "restoration") in others
    assert any(key == "ramsar" and "wetlands" in value for key, value in others)
