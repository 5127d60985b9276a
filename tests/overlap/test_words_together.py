"""Words fetched together, in few queries without an order, are those of one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.answer.keeping import Keep
from dtrack.answer.lookup import labels, taggings, taggings_to, wordings
from dtrack.answer.overlaps import OverlapAnswers
from dtrack.answer.words import Words
from dtrack.errors import NotFoundError
from dtrack.model import Revision, Rows, Store
from dtrack.overlap import Selection
from dtrack.searching import TextIndex
from dtrack.stores.building import open_current
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import BASE, DT
from reference_words import LANGUAGES, PROVISIONS, TAGS, THINGS, label, made_up, tagged, wording
from serving import small_service

ROOT = Path(__file__).resolve().parents[2]


def _check(store: Store, things: list[str], provisions: list[str], tags: list[str], tongue: str):
    pairs = [(provision, tag) for provision in provisions for tag in tags]
    long_way = {pair: tagged(store, *pair) for pair in pairs}
    worded = {iri: wording(store, iri, tongue) for iri in provisions}

    assert labels(store, things, tongue) == {iri: label(store, iri, tongue) for iri in things}
    assert wordings(store, provisions, tongue) == {k: v for k, v in worded.items() if v}
    assert taggings_to(store, pairs) == long_way
    assert {k: v for k, v in taggings(store, provisions).items() if k[1] in tags} == {
        k: v for k, v in long_way.items() if v
    }
    return long_way


@pytest.mark.parametrize("seed", range(12))
def test_made_up_words_are_the_same(seed: int) -> None:
    with EmbeddedStore.in_memory() as store:
        store.apply(Revision(1, {"urn:graph": made_up(seed)}))
        for tongue in LANGUAGES[:-1]:
            assert any(_check(store, THINGS, PROVISIONS, TAGS, tongue).values())


@pytest.fixture(scope="module")
def bundled(corpus_home: Path) -> Iterator[Store]:
    with open_current(corpus_home) as store:
        yield store


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_words_of_the_bundled_corpus_are_the_same(bundled: Store, tongue: str) -> None:
    rows = bundled.select(
        f"SELECT ?p ?tag ?text WHERE {{ ?t <{DT}tagged> ?p ; <{DT}tag> ?tag . "
        f"?p <{DT}ofText> ?text }} ORDER BY ?p ?tag"
    )
    every = [row for number, row in enumerate(rows.texts()) if not number % 25]
    assert len(every) > 20
    things = list(dict.fromkeys(row[column] for row in every for column in ("tag", "text")))
    provisions = list(dict.fromkeys(row["p"] for row in every))

    _check(bundled, things, provisions, things[:3], tongue)
    pairs = [(row["p"], row["tag"]) for row in every]
    found = taggings_to(bundled, pairs)
    assert found == {pair: tagged(bundled, *pair) for pair in pairs}
    assert any(found.values())


@pytest.fixture(scope="module")
def texts(bundled: Store) -> TextIndex:
    return TextIndex.build(bundled, ROOT / "queries")


@pytest.mark.parametrize("tongue", ["en", "zh", "fr"])
def test_the_text_index_says_what_the_store_does(
    bundled: Store, texts: TextIndex, tongue: str
) -> None:
    rows = bundled.select(f"SELECT ?p WHERE {{ ?p <{DT}ofText> ?text }} ORDER BY ?p").texts()
    provisions = [row["p"] for number, row in enumerate(rows) if not number % 7]
    found = bundled.select(
        f"SELECT DISTINCT ?t WHERE {{ ?p <{DT}addressesTarget>|<{DT}addressesTheme> ?t }} "
        "ORDER BY ?t"
    )
    things = [row["t"] for row in found.texts()]
    by_index, by_store = Words(bundled, texts, tongue), Words(bundled, None, tongue)

    assert len(provisions) > 100
    assert len(texts.those(provisions)) > 100
    assert by_index.labels([*things, "urn:none"]) == by_store.labels([*things, "urn:none"])
    said = by_index.wordings([*provisions, "urn:none"], by_index.labels)
    assert said == by_store.wordings([*provisions, "urn:none"], by_store.labels)
    assert any(len(wording.verbs) > 1 for wording in said.values())


def test_the_text_index_tells_taggings_as_the_store_does(bundled: Store, texts: TextIndex) -> None:
    rows = bundled.select(
        f"SELECT ?p ?tag WHERE {{ ?t <{DT}tagged> ?p ; <{DT}tag> ?tag }} ORDER BY ?p ?tag"
    )
    pairs = [(row["p"], row["tag"]) for row in rows.texts()]
    others = [(pairs[0][0], "urn:none"), ("urn:none", pairs[0][1])]
    by_index = Words(bundled, texts, "en").taggings([*pairs, *others])

    assert len(pairs) > 500
    assert by_index == taggings_to(bundled, [*pairs, *others])
    assert len(texts.those(iri for iri, _ in pairs)) > 100


@pytest.mark.parametrize("seed", range(6))
def test_made_up_taggings_are_the_same_from_the_text_index(seed: int) -> None:
    with EmbeddedStore.in_memory() as store:
        store.apply(Revision(1, {"urn:graph": made_up(seed)}))
        pairs = [(provision, tag) for provision in PROVISIONS for tag in TAGS]
        found = Words(store, TextIndex.build(store, ROOT / "queries"), "en").taggings(pairs)

        assert found == taggings_to(store, pairs)
        assert any(found.values())


class Counting:
    """A store that says how often it was asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked = 0

    def select(self, query: str) -> Rows:
        self.asked += 1
        return self._store.select(query)


def test_what_was_told_before_is_not_fetched_again() -> None:
    service = small_service(ROOT)
    store = Counting(service.store)
    cbd, cms = (f"{BASE}/id/instrument/{key}" for key in ("cbd", "cms"))
    answers = OverlapAnswers(store, service.answers.index, "en", Keep())  # type: ignore[arg-type]

    first = answers.pairs(cbd, cms, Selection())
    once = store.asked
    again = answers.pairs(cbd, cms, Selection())

    assert first.pairs
    assert once > 0
    assert again == first
    assert store.asked == once


def test_of_what_is_kept_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dtrack.answer.keeping._MOST_EACH", 3)
    keep, made = Keep(), []

    def make(those: list[int]) -> dict[int, int]:
        made.append(those)
        return {each: each * each for each in those if each}

    def get(*wanted: int) -> dict[int, int]:
        return keep.get_each("squares", "en", wanted, make)

    assert get(1, 2, 1, 0) == {1: 1, 2: 4}
    assert get(2, 0, 3) == {2: 4, 3: 9}
    assert get(4, 2, 3) == {4: 16, 2: 4, 3: 9}
    assert get(1) == {1: 1}
    assert get(*range(1, 9)) == {each: each * each for each in range(1, 9)}
    assert made == [[1, 2, 0], [0, 3], [4], [1], [2, 5, 6, 7, 8]]


def refuse() -> None:
    raise NotFoundError("There is none.")


def test_what_was_asked_is_told_in_order_and_goes_with_what_is_kept(monkeypatch) -> None:
    monkeypatch.setattr("dtrack.answer.keeping._MOST", 3)
    keep = Keep()
    for key in "abcad":
        keep.get("view", key, lambda: 1)
    with pytest.raises(NotFoundError):
        keep.get("view", "none", refuse)
    with keep.ahead():
        keep.get("view", "e", lambda: 1)

    assert keep.asked("view") == ["c", "d"]
    assert keep.holds("view", "e")
    assert not keep.holds("view", "a")
