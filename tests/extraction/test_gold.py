"""The gold annotations are well formed, and the engine keeps to its goals on those for tuning."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from extraction import evaluate
from extraction.gold_forms import annex_form, number_form
from extraction.gold_scores import covered
from extraction.gold_texts import GOLD, NEXT, ROOT, GoldText, Paragraph, read_all, read_next

NUMBER = re.compile(r"(preamble-\d+|n-\d+|\d+(\.\d+)?)(\.[a-z]+)*")
TIME = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|[a-z]+(-[a-z]+)*(-\d+)+")
TARGET = re.compile(r"(aichi|gbf)-\d+|sdg-\d+(\.\w+)?")
PLACE = re.compile(r"\d+(\.[a-z]+)?(-\d+)?|annex(-[IVX]+)?|section-[IVX]+")
CODES = "https://w3id.org/dtrack/codes/"


def codes(scheme: str, *labels: URIRef) -> set[str]:
    graph = Graph().parse(ROOT / "ontology" / "codes" / f"{scheme}.ttl")
    concepts = set(graph.subjects(SKOS.inScheme, URIRef(f"{CODES}{scheme}")))
    if labels:
        words = (word for each in concepts for word in graph.objects(each, labels[0]))
        return {str(word) for word in words if word.language == "en"}
    return {str(each).rsplit("/", 1)[-1] for each in concepts}


@pytest.fixture(scope="module")
def gold() -> list[GoldText]:
    return read_all()


@pytest.fixture(scope="module")
def annotated(gold: list[GoldText]) -> list[GoldText]:
    """All texts, those that are in no split yet included."""
    return [*gold, *read_next()]


def everywhere(gold: list[GoldText]) -> list[tuple[str, Paragraph]]:
    found = [
        (f"{text.identifier} {each.number}", each) for text in gold for each in text.paragraphs
    ]
    assert found
    return found


def test_at_least_three_hundred_paragraphs_are_annotated_in_two_languages(
    gold: list[GoldText],
) -> None:
    read = Counter(
        text.language for text in gold for each in text.paragraphs if not each.structure_only
    )

    assert read.total() >= 300
    assert read["en"] >= 200
    assert read["zh"] >= 80
    assert {"fr", "es"} <= set(read)


def test_each_split_holds_its_share_and_no_text_twice(
    gold: list[GoldText], annotated: list[GoldText]
) -> None:
    sizes = Counter[str]()
    for text in gold:
        sizes[text.split] += len(text.paragraphs)

    # Between two test splits there is none: its texts join the tuning split before they are read.
    assert sizes["test"] >= 300 or not (GOLD / "test").exists()
    assert sizes["tuning"] >= 300
    assert len({text.identifier for text in annotated}) == len(annotated)
    places = Counter(
        (text.path, text.symbol, text.kind, each.annex, each.number)
        for text in annotated
        for each in text.paragraphs
    )
    assert [place for place, times in places.items() if times > 1] == []


def test_every_annotation_file_is_read_and_every_own_text_has_one(
    annotated: list[GoldText],
) -> None:
    files = {path.stem for root in (GOLD, NEXT) for path in root.rglob("*.yaml")}
    texts = {path.resolve() for root in (GOLD, NEXT) for path in root.rglob("*.txt")}

    assert files == {text.identifier for text in annotated}
    assert texts == {text.path.resolve() for text in annotated if text.own}


def test_official_texts_named_are_in_the_shared_folder(
    annotated: list[GoldText], shared: Path
) -> None:
    official = [text.path for text in annotated if not text.own]

    assert official
    assert [path for path in official if not path.is_file()] == []


def test_verbs_are_labels_of_the_code_list(annotated: list[GoldText]) -> None:
    verbs = codes("verb", SKOS.prefLabel)

    wrong = [
        (where, directive.verb)
        for where, each in everywhere(annotated)
        for directive in each.directives
        if directive.verb not in verbs
    ]

    assert wrong == []


def test_addressees_are_keys_of_the_actors(annotated: list[GoldText]) -> None:
    actors = codes("actor")

    wrong = [
        (where, actor)
        for where, each in everywhere(annotated)
        for directive in each.directives
        for actor in directive.addressees
        if actor not in actors
    ]

    assert wrong == []


def test_kinds_relations_and_recurrences_are_codes(annotated: list[GoldText]) -> None:
    kinds, relations = codes("kind"), codes("citation-relation")
    recurrences = codes("recurrence")

    for where, each in everywhere(annotated):
        assert each.kind in kinds | {None}, where
        assert (each.kind is None) == (not each.directives), where
        assert each.recurrence in recurrences | {None}, where
        assert {citation.relation for citation in each.citations} <= relations, where


def test_instruments_cited_are_in_the_corpus(annotated: list[GoldText]) -> None:
    known = {path.stem for path in (ROOT / "data" / "instruments").glob("*.ttl")}

    named = {
        citation.instrument for _, each in everywhere(annotated) for citation in each.citations
    }

    assert named
    assert named <= known


def test_symbols_cited_stand_in_the_own_texts(annotated: list[GoldText]) -> None:
    own = {
        text.identifier: " ".join(text.path.read_text("utf-8").split())
        for text in annotated
        if text.own
    }

    cited = [
        (text.identifier, each.number, citation.symbol)
        for text in annotated
        if text.own
        for each in text.paragraphs
        for citation in each.citations
    ]

    assert cited
    assert [place for place in cited if place[2] not in own[place[0]]] == []


def test_numbers_places_targets_and_times_are_well_formed(annotated: list[GoldText]) -> None:
    for where, each in everywhere(annotated):
        assert NUMBER.fullmatch(each.number), where
        assert all(TARGET.fullmatch(target) for target in each.targets), where
        assert all(TIME.fullmatch(time) for one in each.deadlines for time in one), where
        assert all(
            PLACE.fullmatch(place) for citation in each.citations for place in citation.pinpoint
        ), where


def test_every_item_has_its_parent_in_the_same_part(annotated: list[GoldText]) -> None:
    for text in annotated:
        numbers = {(each.annex, each.number) for each in text.paragraphs}
        for each in text.paragraphs:
            if each.parent:
                assert (each.annex, each.parent) in numbers, (text.identifier, each.number)
                assert each.number.rpartition(".")[0] == each.parent


def test_inherited_directives_stand_in_the_chapeau(annotated: list[GoldText]) -> None:
    for text in annotated:
        placed = {(each.annex, each.number): each for each in text.paragraphs}
        for each in text.paragraphs:
            for directive in each.directives:
                if directive.inherited:
                    above = placed[(each.annex, str(each.parent))].directives
                    wording = [(one.verb, one.addressees) for one in above]
                    assert (directive.verb, directive.addressees) in wording, (
                        text.identifier,
                        each.number,
                    )


def test_gold_covers_every_paragraph_that_it_annotates(annotated: list[GoldText]) -> None:
    for text in annotated:
        for each in text.paragraphs:
            key = (annex_form(each.annex), number_form(each.number))
            listed = "listed" in text.covers
            assert listed or covered(key, text.covers), (text.identifier, each.number)


def test_figures_on_own_texts_for_tuning_do_not_fall_below_the_goals(gold: list[GoldText]) -> None:
    texts = [text for text in gold if text.own and text.split == "tuning"]
    said: list[str] = []

    groups = evaluate.evaluate(texts, evaluate.extract, lambda split, line: said.append(line))

    assert said == []
    counts = groups[("tuning", "own")].counts
    figures = {aspect: counts[aspect].f1 or 0.0 for aspect in evaluate.GOALS}
    low = {each: figures[each] for each, goal in evaluate.GOALS.items() if figures[each] < goal}
    assert low == {}, evaluate.errors(groups, "tuning")
