"""Harvests in the journal: positions and offers move together, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dtrack.digests import graph_digest
from dtrack.errors import InputError, NotFoundError, StateError
from dtrack.journal import Journal
from dtrack.journal.harvests import NEW, UNUSABLE, Ending, Harvests, Offer, Subscription

CONTENT = b"<https://a.example/s> <https://a.example/p> <https://a.example/o> .\n"
DIGEST = graph_digest(CONTENT)
AT = "2026-11-29T00:00:0{}.000000Z"


def offer(graph: str, digest: str | None = DIGEST, second: int = 0) -> Offer:
    return Offer(graph, digest, f"https://o.example/{graph[-1]}", AT.format(second))


@pytest.fixture
def harvests(journal: Journal) -> Harvests:
    made = Harvests(journal)
    for name in ("one", "two"):
        made.add(Subscription(name, "ldes", "https://o.example/ldes", {"only": []}, 60, "tests"))
    return made


def test_a_harvest_is_set_up_once_and_forgotten(harvests: Harvests) -> None:
    assert [each.name for each in harvests.listed()] == ["one", "two"]
    assert harvests.get("one").source == "harvest one"
    with pytest.raises(InputError, match="already"):
        harvests.add(harvests.get("one"))
    begun = harvests.begin("one", AT.format(9))
    harvests.read(begun, {}, [offer("urn:a")], {DIGEST: CONTENT})

    harvests.remove("one")

    for act in (harvests.get, harvests.remove, lambda name: harvests.set_state(name, "paused")):
        with pytest.raises(NotFoundError, match="harvest list"):
            act("one")
    assert harvests.offers("one") == []


def test_position_and_offers_move_together(harvests: Harvests, journal: Journal) -> None:
    begun = harvests.begin("one", AT.format(9))
    assert (begun.round, bool(begun.started), begun.due) == (2, True, AT.format(9))
    harvests.read(begun, {"page": 1}, [offer("urn:a"), offer("urn:b")], {DIGEST: CONTENT})

    assert harvests.get("one").position == {"page": 1}
    assert [(o.graph, o.standing, o.round) for o in harvests.offers("one")] == [
        ("urn:a", "new", 2),
        ("urn:b", "new", 2),
    ]
    assert journal.content(DIGEST) == CONTENT
    # What has no content fails whole: the position stays, too.
    with pytest.raises(Exception, match="journal"):
        harvests.read(begun, {"page": 2}, [offer("urn:c", "f" * 64)], {})
    assert harvests.get("one").position == {"page": 1}
    # Read on, not anew.
    assert harvests.begin("one", AT.format(9)).round == 2
    assert harvests.begin("one", AT.format(9), again=True).round == 3
    assert harvests.get("one").position == {}


def test_an_offer_that_says_the_same_keeps_its_standing(harvests: Harvests) -> None:
    begun = harvests.begin("one", AT.format(9))
    harvests.read(begun, {"n": 1}, [offer("urn:a", second=2), offer("urn:b")], {DIGEST: CONTENT})
    harvests.mark("one", {"urn:a": ("taken", ""), "urn:b": ("conflict", "Because.")})

    harvests.read(begun, {"n": 2}, [offer("urn:a", second=3), offer("urn:b", None)], {})
    assert harvests.counts("one") == {"taken": 1, "new": 1}
    # An older version that is read once more says nothing.
    harvests.read(begun, {"n": 3}, [offer("urn:a", None, second=1)], {})
    (first, _) = harvests.offers("one")
    assert (first.digest, first.at) == (DIGEST, AT.format(3))
    assert harvests.offers_of_standing("one", "new")[0].graph == "urn:b"


def test_what_a_whole_reading_has_not_seen_is_gone(harvests: Harvests) -> None:
    begun = harvests.begin("one", AT.format(9))
    harvests.read(begun, {}, [offer("urn:a"), offer("urn:b")], {DIGEST: CONTENT})
    harvests.complete(begun, {}, AT.format(5))
    assert harvests.counts("one") == {"new": 2}

    again = harvests.begin("one", AT.format(9))
    harvests.read(again, {}, [offer("urn:a")], {})
    assert harvests.unseen(again) == (2, 1)
    harvests.complete(again, {"done": True}, AT.format(5))

    assert [o.digest for o in harvests.offers("one")] == [DIGEST, None]
    assert harvests.get("one").position == {"done": True}


def test_other_harvests_are_told_by_graph(harvests: Harvests) -> None:
    for name, digest in (("one", DIGEST), ("two", None)):
        begun = harvests.begin(name, AT.format(9))
        harvests.read(begun, {}, [offer("urn:a", digest)], {DIGEST: CONTENT})

    assert harvests.elsewhere("one", ["urn:a", "urn:b"]) == {"urn:a": {"two": None}}
    assert harvests.elsewhere("two", ["urn:a"]) == {"urn:a": {"one": DIGEST}}


def test_how_a_run_ended(harvests: Harvests) -> None:
    harvests.begin("one", AT.format(1))
    harvests.end("one", Ending("failed", "Down.", AT.format(2), 1))
    found = harvests.get("one")
    assert (found.outcome, found.message, found.failures, found.started) == (
        "failed", "Down.", 1, "",
    )  # fmt: skip
    harvests.end("one", Ending("done", "", AT.format(3), settled=7, remarks=[{"rule": "x"}]))
    found = harvests.get("one")
    assert (found.settled, found.due, list(found.remarks)) == (7, AT.format(3), [{"rule": "x"}])


def test_a_harvest_is_due_at_once_when_asked_and_active(harvests: Harvests) -> None:
    harvests.end("one", Ending("done", "", "2999"))
    assert harvests.get("one").due == "2999"

    harvests.hasten("one")
    assert harvests.get("one").due < "2999"

    harvests.set_state("one", "paused")
    with pytest.raises(StateError, match="is paused"):
        harvests.hasten("one")
    with pytest.raises(NotFoundError):
        harvests.hasten("nobody")


def test_what_is_unusable_keeps_what_was_told_before_until_it_is_no_more_there(
    harvests: Harvests,
) -> None:
    first = harvests.begin("one", AT.format(9))
    harvests.read(first, {"p": 1}, [offer("urn:g")], {DIGEST: CONTENT})
    bad = replace(offer("urn:g", None, 1), standing=UNUSABLE, reason="It does not parse.")
    fresh = replace(offer("urn:h", None, 1), standing=UNUSABLE, reason="It does not parse.")
    harvests.read(first, {"p": 2}, [bad, fresh], {})

    assert [(o.digest, o.standing) for o in harvests.offers("one")] == [
        (DIGEST, UNUSABLE),
        (None, UNUSABLE),
    ]
    # Others see it offered still, as it was last.
    assert harvests.elsewhere("two", ["urn:g"]) == {"urn:g": {"one": DIGEST}}
    assert harvests.unseen(first) == (2, 0)

    again = harvests.begin("one", AT.format(9), again=True)
    assert harvests.unseen(again) == (2, 2)
    harvests.complete(again, {"p": 3}, AT.format(2))
    assert [(o.digest, o.standing) for o in harvests.offers("one")] == [(None, NEW)] * 2
