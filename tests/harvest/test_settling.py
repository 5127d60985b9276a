"""What becomes of offers: taken, kept, refused, told as conflicts; and never done twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dtrack.curate.harvests import Batch, Reading, Run, run, wanted
from dtrack.curate.harvests.offering import Told
from dtrack.curate.harvests.showing import AsideView, list_harvests, report_harvest
from dtrack.curate.returning import withdraw_graphs
from dtrack.curate.writing import Curator
from dtrack.digests import graph_digest
from dtrack.errors import FetchError, StateError
from dtrack.journal.harvests import Harvests
from dtrack.model import Edit
from dtrack.sources.fetching import Fetcher
from dtrack.stores.building import open_current
from dtrack.terms import DERIVED_GRAPH
from small_home import edit_of, faults_of, fill, note, note_graph, small_curator

AT = "2026-11-28T10:00:{:02}.000000Z"
URL = "https://origin.example/ldes"


class Origin:
    """An origin whose records a test says; it is read whole, or what is new of it."""

    def __init__(self, *, is_stream: bool = True) -> None:
        self.told: list[Told] = []
        self.fault: BaseException | None = None
        self.is_stream = is_stream

    def tell(self, number: int, text: str | None, *more: str) -> None:
        graph = note_graph(number)
        content = None if text is None else note(number, text, *more)
        member = f"https://origin.example/id/revision/{len(self.told)}/note/{number}"
        self.told.append(Told(graph, content, member, AT.format(len(self.told))))

    def __call__(self, reading: Reading) -> Iterator[Batch]:
        former = reading.subscription.position
        done = int(former.get("done", 0)) if self.is_stream else 0
        whole = self.is_stream and former.get("whole", True)
        for place in range(done, len(self.told)):
            position = {"done": place + 1, "whole": whole} if self.is_stream else {}
            yield Batch([self.told[place]], position)
        if self.fault is not None:
            raise self.fault
        position = {"done": len(self.told), "whole": False} if self.is_stream else {}
        yield Batch((), position, is_last=bool(whole) or not self.is_stream)


@pytest.fixture
def curator(tmp_path: Path) -> Iterator[Curator]:
    """Home with notes 0 to 29, curated here."""
    with small_curator(tmp_path) as made:
        fill(made)
        yield made


def harvest(curator: Curator, origin: Origin, name: str = "one", *, again: bool = False) -> Run:
    harvests = Harvests(curator.journal)
    if name not in {each.name for each in harvests.listed()}:
        harvests.add(wanted(name, URL, "tests"))
    fetcher = Fetcher()
    try:
        return run(curator, name, lambda _: origin, fetcher, again=again)
    finally:
        fetcher.close()


def aside(curator: Curator, name: str = "one") -> dict[str, AsideView]:
    return {each.graph: each for each in report_harvest(curator.journal, name).aside}


def shown(curator: Curator, number: int) -> bytes:
    with open_current(curator.home) as store:
        return store.graph(note_graph(number))


def sound(curator: Curator) -> Sequence[str]:
    return faults_of(curator, {})


def test_records_are_taken_with_their_origin_in_the_history(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")
    origin.tell(101, "two")

    done = harvest(curator, origin)

    assert shown(curator, 100) == note(100, "one")
    assert done.counts == {"taken": 2}
    number = done.settled.revision
    assert number is not None
    (version,) = curator.journal.versions(note_graph(100))
    assert (version.facts.agent, version.change.source) == ("harvest one", "harvest one")
    assert version.change.origin == origin.told[0].member
    assert version.change.told == AT.format(0)
    with open_current(curator.home) as store:
        told = store.graph(f"https://w3id.org/dtrack/graph/history/{number}").decode()
    assert f"hadPrimarySource> <{origin.told[0].member}>" in told
    assert f"<{origin.told[0].member}> <http://purl.org/dc/terms/created>" in told
    curator.rebuild()
    with open_current(curator.home) as store:
        assert store.graph(f"https://w3id.org/dtrack/graph/history/{number}").decode() == told
    assert not sound(curator)


def test_nothing_new_makes_no_revision(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")
    harvest(curator, origin)
    last = curator.journal.last()

    assert harvest(curator, origin).settled.revision is None
    assert harvest(curator, origin, again=True).settled.revision is None
    assert curator.journal.last() == last


def test_what_changes_and_goes_at_the_origin_does_so_here(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")
    origin.tell(101, "two")
    harvest(curator, origin)

    origin.tell(100, "one, changed")
    origin.tell(101, None)
    done = harvest(curator, origin)

    assert shown(curator, 100) == note(100, "one, changed")
    assert shown(curator, 101) == b""
    assert done.counts == {"taken": 1, "gone": 1}
    assert curator.journal.withdrawal(note_graph(101).replace("/graph/", "/id/")) is not None


def test_what_the_shapes_refuse_stays_outside_until_it_is_mended(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")
    origin.tell(101, "two", "and a second text")
    origin.tell(102, "three")

    done = harvest(curator, origin)

    assert done.counts == {"taken": 2, "refused": 1}
    assert shown(curator, 101) == b""
    assert "one text" in aside(curator)[note_graph(101)].reason
    assert harvest(curator, origin).settled.revision is None

    origin.tell(101, "two")
    assert harvest(curator, origin).counts == {"taken": 3}
    assert shown(curator, 101) == note(101, "two")
    assert not sound(curator)


def test_what_is_curated_here_is_not_written_over(curator: Curator) -> None:
    origin = Origin()
    origin.tell(1, "otherwise")
    origin.tell(2, "first")
    origin.tell(3, None)
    before = curator.journal.last()

    done = harvest(curator, origin)

    assert done.settled.revision is None
    assert done.counts == {"conflict": 1, "same": 1, "gone": 1}
    assert shown(curator, 1) == note(1, "first")
    assert shown(curator, 3) == note(3, "first")
    told = aside(curator)[note_graph(1)]
    assert "curated here (source 'notes')" in told.reason
    assert told.there.digest == graph_digest(note(1, "otherwise"))
    assert told.there.version == origin.told[0].member
    assert told.here is not None
    assert told.here.digest == graph_digest(note(1, "first"))
    assert told.here.version == f"revision {before}"
    # Both sides can be looked at.
    assert curator.journal.content(told.there.digest) == note(1, "otherwise")

    withdraw_graphs(curator, [note_graph(1)], "tests", "Theirs is better", "cli")
    harvest(curator, origin)
    assert shown(curator, 1) == note(1, "otherwise")


def test_two_origins_of_one_record(curator: Curator) -> None:
    one, two = Origin(), Origin()
    for origin in (one, two):
        origin.tell(100, "the same")
        origin.tell(101, "the same")
    two.tell(101, "another")
    harvest(curator, one)

    assert harvest(curator, two, "two").counts == {"same": 1, "conflict": 1}
    assert "harvested from 'one'" in aside(curator, "two")[note_graph(101)].reason

    one.tell(100, None)
    one.tell(101, None)
    harvest(curator, one)
    # The other origin still has the first, and something else of the second.
    assert shown(curator, 100) == note(100, "the same")
    harvest(curator, two, "two")
    assert shown(curator, 101) == note(101, "another")

    two.tell(100, None)
    two.tell(101, None)
    harvest(curator, two, "two")
    assert shown(curator, 100) == shown(curator, 101) == b""
    assert not sound(curator)


def test_what_was_edited_here_is_kept(curator: Curator) -> None:
    origin = Origin()
    for number in (100, 101, 102, 103):
        origin.tell(number, "as harvested")
    harvest(curator, origin)
    curator.write(edit_of(100, 101, 102, text="edited here"))
    withdraw_graphs(curator, [note_graph(103)], "tests", "Wrong", "cli")

    origin.tell(101, "changed there")
    origin.tell(102, None)
    done = harvest(curator, origin)

    assert done.settled.revision is None
    assert done.counts == {"kept": 2, "conflict": 2}
    for number in (100, 101, 102):
        assert shown(curator, number) == note(number, "edited here")
    assert shown(curator, 103) == b""
    told = aside(curator)
    assert "has changed at the origin" in told[note_graph(101)].reason
    assert "has been withdrawn at the origin" in told[note_graph(102)].reason
    assert "withdrawn here" in told[note_graph(103)].reason

    origin.tell(103, "mended there")
    assert harvest(curator, origin).counts == {"kept": 1, "conflict": 3}


def test_what_cannot_be_used_is_told(curator: Curator) -> None:
    origin = Origin()
    origin.told = [
        Told(DERIVED_GRAPH, note(1, "x"), URL, AT.format(0)),
        Told("no iri", note(1, "x"), URL, AT.format(1)),
        Told(note_graph(100), note(100, "x"), URL, AT.format(2), digest="0" * 64),
    ]
    origin.tell(101, "good")

    done = harvest(curator, origin)

    assert done.counts == {"unusable": 2, "taken": 1}
    assert (done.outcome, done.faults) == ("done with faults", 3)
    assert [(r.rule, r.about) for r in done.remarks] == [("unusable", "no iri")]
    assert "dtrack writes itself" in aside(curator)[DERIVED_GRAPH].reason
    assert "digest" in aside(curator)[note_graph(100)].reason


def test_a_run_that_fails_keeps_what_it_read_and_backs_off(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")
    origin.fault = FetchError("The origin is down.", remedy="Try again later.")
    harvests = Harvests(curator.journal)
    waits = []
    for _ in range(3):
        with pytest.raises(FetchError, match="down"):
            harvest(curator, origin)
        found = harvests.get("one")
        waits.append(_seconds_until(found.due))
    assert waits[0] < 70 < 100 < waits[1] < 130 < 220 < waits[2] < 260
    (told,) = list_harvests(curator.journal)
    assert (told.outcome, told.failures, told.running) == ("failed", 3, None)
    assert "The origin is down." in told.message
    assert shown(curator, 100) == b""

    origin.fault = FetchError("Too many.", code=429, wait=7200)
    with pytest.raises(FetchError):
        harvest(curator, origin)
    assert _seconds_until(harvests.get("one").due) > 7100

    origin.fault = None
    done = harvest(curator, origin)
    assert (done.read, done.counts) == (0, {"taken": 1})
    (told,) = list_harvests(curator.journal)
    assert (told.outcome, told.failures, told.message) == ("done", 0, "")
    assert 3300 < _seconds_until(told.next) < 3900


def _seconds_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


def test_a_run_killed_after_reading_is_settled_by_the_next(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")
    origin.fault = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        harvest(curator, origin)
    assert Harvests(curator.journal).get("one").started

    origin.fault = None
    assert harvest(curator, origin).counts == {"taken": 1}
    assert shown(curator, 100) == note(100, "one")
    assert Harvests(curator.journal).get("one").started == ""


def test_a_run_killed_after_writing_does_nothing_twice(
    curator: Curator, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Origin()
    origin.tell(100, "one")
    with monkeypatch.context() as patched:
        patched.setattr(Harvests, "mark", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            harvest(curator, origin)
    last = curator.journal.last()
    assert shown(curator, 100) == note(100, "one")

    assert harvest(curator, origin).counts == {"taken": 1}
    assert curator.journal.last() == last


def test_origins_that_are_read_whole_withdraw_by_silence(curator: Curator) -> None:
    origin = Origin(is_stream=False)
    for number in range(100, 140):
        origin.tell(number, "one")
    assert harvest(curator, origin).counts == {"taken": 40}

    origin.told = origin.told[:35]
    assert harvest(curator, origin).counts == {"taken": 35, "gone": 5}
    assert shown(curator, 139) == b""

    # Half of it gone is more likely a fault of the service.
    origin.told = origin.told[:3]
    done = harvest(curator, origin)
    assert done.counts == {"taken": 35, "gone": 5}
    assert [remark.rule for remark in done.remarks] == ["much-is-gone"]
    assert report_harvest(curator.journal, "one").remarks[0]["rule"] == "much-is-gone"
    assert harvest(curator, origin, again=True).counts == {"taken": 3, "gone": 37}


def test_large_harvests_build_the_store_anew(curator: Curator) -> None:
    origin = Origin()
    origin.told = [
        Told(note_graph(n), note(n, "many"), f"{URL}#{n}", AT.format(0)) for n in range(100, 700)
    ]
    origin.tell(700, "one", "two")

    done = harvest(curator, origin)

    assert done.counts == {"taken": 600, "refused": 1}
    assert shown(curator, 699) == note(699, "many")
    assert curator.journal.versions(note_graph(699))[0].change.origin == f"{URL}#699"
    assert not sound(curator)


def test_one_run_at_a_time(curator: Curator) -> None:
    origin = Origin()
    origin.tell(100, "one")

    class Meddler(Origin):
        def __call__(self, reading: Reading) -> Iterator[Batch]:
            with pytest.raises(StateError, match="another process"):
                harvest(curator, origin)
            yield from super().__call__(reading)

    harvest(curator, Meddler())


def test_others_who_write_meanwhile_are_heeded(
    curator: Curator, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Origin()
    origin.tell(100, "there")
    plan = curator.journal.plan
    calls = []

    def overtaken(*arguments: object) -> object:
        if not calls:
            calls.append(1)
            with small_curator(curator.home) as other:
                edit = Edit({note_graph(100): note(100, "here")}, "other", "First", "desk")
                monkeypatch.setattr(curator.journal, "plan", plan)
                monkeypatch.setattr(other, "home", curator.home / "other")
                digest = {note_graph(100): graph_digest(note(100, "here"))}
                made = {digest[note_graph(100)]: note(100, "here")}
                planned = other.journal.plan(edit, digest, {digest[note_graph(100)]: 17}, "small")
                other.journal.write(planned, made)
        return plan(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(curator.journal, "plan", overtaken)

    assert harvest(curator, origin).counts == {"conflict": 1}
    curator.recover()
    assert shown(curator, 100) == note(100, "here")
