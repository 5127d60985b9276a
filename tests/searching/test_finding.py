"""Search over a few made-up records: what is found, in which order, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.searching import Filters, Found, Question, TextIndex
from dtrack.searching import index as searching
from dtrack.searching.analysis import pieces
from dtrack.searching.likeness import Alike
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import BASE
from searched import RECORDS, record, records


@pytest.fixture(scope="module")
def index(root: Path) -> TextIndex:
    store = EmbeddedStore.in_memory()
    store.load(records())
    return TextIndex.build(store, root / "queries")


def keys(found: Found) -> list[str]:
    return [hit.thing.iri.removeprefix(f"{BASE}/id/") for hit in found.hits]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("restoring wetland", "provision/x-1/1"),
        ("湿地", "target/t-1"),
        ("红树林", "provision/x-2/1"),
        ("水", "provision/x-2/1"),
        ("restaurer les écosystèmes", "provision/x-3/1"),
        ("restauraciones ecosistemas", "provision/x-3/1"),
        ("ecosystemes", "provision/x-3/1"),
        ("mangr", "provision/x-2/1"),
        ("X/2", "decision/x-2"),
        ("cites", "provision/x-1/1"),
    ],
)
def test_words_are_found_in_four_languages_by_stem_or_beginning(index, words, first):
    found = index.search(Question(words))

    assert keys(found)[:1] == [first]


def test_all_words_are_needed_but_not_those_that_every_text_has(index):
    assert keys(index.search(Question("the coastal mangroves of a"))) == ["provision/x-2/1"]
    assert index.search(Question("mangroves glaciers")).total == 0
    assert index.search(Question("…")).total == 0


def test_name_that_is_just_the_words_goes_before_names_that_hold_them(index):
    found = index.search(Question("Wetland care"))

    assert keys(found)[:2] == ["decision/x-1", "decision/x-2"]


def test_what_is_named_goes_first_even_without_the_words(index):
    named = f"{BASE}/id/decision/x-3"

    found = index.search(Question("mangroves", (named,)))

    assert keys(found) == ["decision/x-3", "provision/x-2/1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kind="OperativeProvision"), {"provision/x-1/1"}),
        (Filters(instrument=f"{BASE}/id/instrument/b"), {"decision/x-2"}),
        (Filters(year="2014"), {"decision/x-1", "provision/x-1/1"}),
        (Filters(theme=f"{BASE}/codes/theme/wetlands"), {"provision/x-1/1"}),
        (Filters(status="retired"), {"provision/x-1/1"}),
        (Filters(language="zh"), set()),
        (Filters(language="en", year="2014", kind="Decision"), {"decision/x-1"}),
    ],
)
def test_filters_narrow_what_is_found(index, filters, expected):
    found = index.search(Question("wetland", filters=filters))

    assert set(keys(found)) == expected


def test_facets_count_all_finds_not_the_page(index):
    found = index.search(Question("wetland"), limit=1, facets=True)

    assert found.total == 4
    assert found.facets["kind"] == {"Decision": 2, "OperativeProvision": 1, "Target": 1}
    assert found.facets["year"] == {"2014": 2, "2018": 1}
    assert found.facets["instrument"] == {f"{BASE}/id/instrument/{key}": n for key, n in
                                          (("a", 2), ("b", 1))}  # fmt: skip
    assert found.facets["status"] == {f"{BASE}/codes/published-status/retired": 1}
    assert found.facets["language"]["en"] == 4


@pytest.mark.parametrize("words", ["wetland", "mangr", "湿地", "x"])
def test_facets_of_most_things_are_those_of_all_without_the_others(index, words, monkeypatch):
    filters = Filters(language="en") if words == "x" else Filters()
    counted = {}
    for share in (1.0, 0.0):
        monkeypatch.setattr(searching, "_BROAD", share)
        # What is kept of a question would hide that it is counted in another way.
        index._counts.clear()
        counted[share] = index.search(Question(words, filters=filters), facets=True).facets

    assert counted[0.0] == counted[1.0]
    assert counted[0.0]["kind"]


def test_pages_follow_each_other_without_gap(index):
    whole = keys(index.search(Question("wetland"), limit=10))
    paged = [keys(index.search(Question("wetland"), limit=1, offset=n))[0] for n in range(4)]

    assert paged == whole


@pytest.mark.parametrize(
    ("words", "language", "marked"),
    [
        ("restoring wetland", "en", ["Restore", "wetlands"]),
        ("湿地", "zh", ["湿地"]),
        ("écosystème", "fr", ["écosystèmes"]),
        ("mangr", "en", ["mangroves", "mangroves"]),
    ],
)
def test_snippet_marks_what_matches_in_the_language_asked_for(index, words, language, marked):
    snippet = index.search(Question(words), language=language).hits[0].snippet

    assert [snippet.text[start:end] for start, end in snippet.marks] == marked
    assert snippet.language == language


def test_long_texts_are_cut_around_the_match(index):
    snippet = index.search(Question("needle")).hits[0].snippet

    assert len(snippet.text) <= 202
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["needle"]


def test_question_is_cut_into_words_and_signs():
    cut = [(piece.text, piece.chinese) for piece in pieces("The 爱知目标11 – XII/19 the")]

    assert cut == [("the", False), ("爱知目标", True), ("11", False), ("xii/19", False)]


@pytest.mark.parametrize("text", ["\x00", '"', "zz AND (", "kind:Decision", "\\", "*" * 50, "🦆"])
def test_signs_of_query_languages_mean_nothing(index, text):
    assert index.search(Question(text), facets=True).total == 0


def test_equal_stores_give_the_same_order(index, root):
    again = EmbeddedStore.in_memory()
    again.load(reversed(records()))

    other = TextIndex.build(again, root / "queries")

    for words in ("wetland", "restore", "湿地"):
        assert keys(other.search(Question(words))) == keys(index.search(Question(words)))


def test_records_are_all_found(index):
    assert len(RECORDS) == len(records())
    assert len(index) == 11
    assert record("x-1", RECORDS["x-1"]).size > 10


CODES = """
    <codes/actor/z> a dt:Actor ; skos:prefLabel "Keepers"@en ;
        skos:definition "Those who plant mangroves."@en, "种植红树林的人。"@zh .
    <codes/theme/z> a dt:Theme ; skos:prefLabel "Mangroves"@en ;
        skos:definition "All about mangroves on a coastal plain."@en, "沿海的红树林。"@zh ."""


def test_definitions_of_codes_change_no_likeness(root: Path) -> None:
    texts = [
        ("Plant mangroves on the plain.", "en", "Keep mangroves on every coastal plain."),
        ("种植红树林，净化空气。", "zh", "种植红树林，保持水质。"),
    ]
    found = []
    for more in ([], [record("codes", CODES)]):
        store = EmbeddedStore.in_memory()
        store.load([*records(), *more])
        alike = Alike(TextIndex.build(store, root / "queries"))
        found.append([alike.likeness(one, [other], lang).score for one, lang, other in texts])

    assert found[0] == found[1]
    assert min(found[0]) > 0.2
