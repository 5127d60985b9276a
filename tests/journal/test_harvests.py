"""Harvests in the journal: positions and offers move together, on every database."""

from __future__ import annotations

import pytest

from dtrack.digests import graph_digest
from dtrack.errors import InputError, NotFoundError
from dtrack.journal import Journal
from dtrack.journal.harvests import Ending, Harvests, Offer, Subscription

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
