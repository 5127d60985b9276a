"""The short code lists: their values, and that each is a well-formed scheme."""

from __future__ import annotations

import re
from collections import Counter

import pyoxigraph
import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from codes.hierarchy import CODES, DT, ROOT, Scheme, scheme

FOLDER = ROOT / "ontology" / "codes"
LICENSE = URIRef("https://creativecommons.org/licenses/by/4.0/")

# What each closed list must hold, no more and no less.
VALUES = {
    "kind": "operational informational",
    "force": "binding-decision instruction request recommendation encouragement invitation "
    "acknowledgement preambular",
    "verb-modality": "restrictive permissive neutral requiring",
    "status-axis": "legal-force implementation review",
    "legal-force": "in-force amended superseded repealed retired elapsed",
    "implementation": "not-started in-progress implemented stagnant requires-funding no-indication",
    "review": "keep consolidate retire update",
    "published-status": "active implemented elapsed superseded retired inactive require-funding "
    "stagnant adopted amended draft",
    "review-state": "evidenced secondhand unreviewed reviewed",
    "tagging-state": "proposed accepted refused",
    "tagging-method": "manual lexical imported",
    "citation-relation": "cites recalls reaffirms amends supersedes repeals implements",
    "strength": "high medium low",
    "meeting-status": "approved cancelled concluded confirmed nodate over postponed tentative "
    "upcoming pending",
    "meeting-kind": "interest official partner",
    "party-status": "acceptance accession approval continuation party ratification signatory "
    "signed_not_ratified succession unknown",
    "evidence-type": "document notification meeting-outcome report",
    "framework-item-kind": "goal objective target indicator",
}
# Lists that may grow, and what they hold at least.
AT_LEAST = {
    "document-type": "decision resolution recommendation official-document statement consensus "
    "position-paper options-paper national-report national-plan",
    "provision-level": "annex section paragraph item subitem point",
    "recurrence": "once annual biennial every-meeting",
    "arrangement-kind": "joint-work-programme cooperation-memorandum",
    "text-cue": "option recommended-actions agreement recognition necessity call accompaniment "
    "progress commitment about",
    "unit": "percent hectare year times person",
}
LISTS = sorted({*VALUES, *AT_LEAST})
ALL = [*LISTS, "verb"]

CBD_TOOL = {
    "active",
    "implemented",
    "elapsed",
    "superseded",
    "retired",
    "inactive",
    "require-funding",
    "stagnant",
}
INFORMEA = {"active", "adopted", "amended", "draft", "retired"}


def texts(codes: Scheme, key: str, name: str) -> dict[str, list[str]]:
    """Texts of one property of a concept, by language."""
    found: dict[str, list[str]] = {}
    for value in codes.graph.objects(codes.iri(key), getattr(SKOS, name)):
        assert isinstance(value, Literal)
        found.setdefault(value.language or "", []).append(str(value))
    return found


def targets(codes: Scheme, key: str, name: str) -> set[str]:
    """Scheme and key of the codes a property of ours leads to."""
    return {
        str(value).removeprefix(f"{CODES}/")
        for value in codes.graph.objects(codes.iri(key), URIRef(f"{DT}{name}"))
    }


@pytest.mark.parametrize("name", VALUES)
def test_a_closed_list_has_exactly_its_values(name):
    assert set(scheme(name).keys) == set(VALUES[name].split())


@pytest.mark.parametrize("name", AT_LEAST)
def test_an_open_list_has_at_least_these_values(name):
    assert set(scheme(name).keys) >= set(AT_LEAST[name].split())


@pytest.mark.parametrize("name", ALL)
def test_two_parsers_read_the_same_number_of_triples(name):
    file = FOLDER / f"{name}.ttl"

    read = set(pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.TURTLE))

    assert len(read) == len(scheme(name).graph) > 20


@pytest.mark.parametrize("name", ALL)
def test_a_scheme_says_what_it_is(name):
    graph, iri = scheme(name).graph, URIRef(f"{CODES}/{name}")

    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [iri]
    for term in (DCTERMS.title, DCTERMS.description):
        written = [value.language for value in graph.objects(iri, term)]
        assert sorted(written) == ["en", "zh"], term
    assert graph.value(iri, DCTERMS.license) == LICENSE
    assert graph.value(iri, DCTERMS.creator)


@pytest.mark.parametrize("name", ALL)
def test_a_file_speaks_of_nothing_but_its_scheme(name):
    codes = scheme(name)
    own = {URIRef(f"{CODES}/{name}"), *(codes.iri(key) for key in codes.keys)}

    assert codes.keys
    assert set(codes.graph.subjects()) == own


@pytest.mark.parametrize("name", ALL)
def test_a_concept_is_labelled_defined_and_placed(name):
    codes = scheme(name)
    iri = URIRef(f"{CODES}/{name}")

    for key in codes.keys:
        labels, definitions = texts(codes, key, "prefLabel"), texts(codes, key, "definition")
        for language in ("en", "zh", "fr", "es"):
            assert len(labels[language]) == 1, (key, language)
        for language in ("en", "zh"):
            assert len(definitions[language]) == 1, (key, language)
        assert definitions["en"][0].endswith((".", "?")), key
        assert definitions["zh"][0].endswith(("。", "？")), key
        assert codes.notations(key) == {key}
        assert list(codes.graph.objects(codes.iri(key), SKOS.inScheme)) == [iri], key
        assert (codes.iri(key), RDF.type, SKOS.Concept) in codes.graph, key


@pytest.mark.parametrize("name", ALL)
def test_preferred_labels_and_definitions_tell_concepts_apart(name):
    codes = scheme(name)
    for label in ("prefLabel", "definition"):
        seen = Counter(
            (language, text.casefold())
            for key in codes.keys
            for language, found in texts(codes, key, label).items()
            for text in found
        )
        assert seen
        assert [text for text, count in seen.items() if count > 1] == []


@pytest.mark.parametrize(("name", "least"), [("symbol-form", 48), ("symbol-prefix", 23)])
def test_symbols_are_defined_once_a_language(name, least):
    graph, iri = scheme(name).graph, URIRef(f"{CODES}/{name}")
    values = list(graph.subjects(SKOS.inScheme, iri))
    told = [text for value in values for text in graph.objects(value, SKOS.definition)]

    assert len(values) >= least
    assert sorted(text.language for text in graph.objects(iri, DCTERMS.description)) == ["en", "zh"]
    for value in values:
        ends = {text.language: text[-1] for text in graph.objects(value, SKOS.definition)}
        assert ends == {"en": ".", "zh": "。"}, value
    assert len(set(told)) == len(told) == 2 * len(values)


@pytest.mark.parametrize("name", ALL)
def test_no_label_is_both_preferred_and_alternative(name):
    codes = scheme(name)
    for key in codes.keys:
        for language in ("en", "zh", "fr", "es"):
            kinds = [
                codes.labels(key, language, each)
                for each in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
            ]
            assert sum(map(len, kinds)) == len(set().union(*kinds)), (key, language)


@pytest.mark.parametrize("name", ALL)
def test_the_hierarchy_has_a_top_and_no_cycle(name):
    codes = scheme(name)
    iri = URIRef(f"{CODES}/{name}")
    tops = {key for key in codes.keys if not codes.broader[key]}

    assert tops
    assert {codes.key(top) for top in codes.graph.objects(iri, SKOS.hasTopConcept)} == tops
    assert {codes.key(top) for top in codes.graph.subjects(SKOS.topConceptOf, iri)} == tops
    for key in codes.keys:
        assert set(codes.broader[key]) <= set(codes.keys), key
        assert key not in codes.ancestors(key), key


def test_a_concept_is_in_one_scheme_only():
    seen = Counter(str(codes.iri(key)) for codes in map(scheme, ALL) for key in codes.keys)

    assert len(seen) > 200
    assert set(seen.values()) == {1}


@pytest.mark.parametrize("name", ALL)
def test_links_to_other_codes_lead_somewhere(name):
    codes = scheme(name)
    for value in codes.graph.objects():
        if (
            isinstance(value, URIRef)
            and value.startswith(f"{CODES}/")
            and value.removeprefix(f"{CODES}/").count("/")
        ):
            other, key = value.removeprefix(f"{CODES}/").split("/")
            assert key in scheme(other).keys, value


def test_every_list_file_is_tested_here_or_beside():
    elsewhere = {"actor", "theme", "symbol-form", "symbol-prefix"}
    present = {file.stem for file in FOLDER.glob("*.ttl")}

    assert present >= set(ALL)
    assert present - set(ALL) <= elsewhere


@pytest.mark.parametrize("name", ["force", "strength", "provision-level"])
def test_an_ordered_list_counts_from_one(name):
    codes = scheme(name)
    number = URIRef(f"{DT}sequence")

    order = sorted(int(codes.graph.value(codes.iri(key), number)) for key in codes.keys)

    assert order == list(range(1, len(codes.keys) + 1))


def test_force_runs_from_the_strongest_to_the_weakest():
    codes = scheme("force")
    number = URIRef(f"{DT}sequence")

    order = sorted(codes.keys, key=lambda key: int(codes.graph.value(codes.iri(key), number)))

    assert order == VALUES["force"].split()


@pytest.mark.parametrize("axis", ["legal-force", "implementation", "review"])
def test_a_value_of_an_axis_points_to_its_axis(axis):
    codes = scheme(axis)
    for key in codes.keys:
        assert targets(codes, key, "statusAxis") == {f"status-axis/{axis}"}, key


def test_a_published_status_means_a_value_where_it_has_one():
    codes = scheme("published-status")
    without = {"inactive", "adopted", "draft"}

    for key in codes.keys:
        meant = targets(codes, key, "meansStatus")
        assert len(meant) == (0 if key in without else 1), key
    assert targets(codes, "require-funding", "meansStatus") == {"implementation/requires-funding"}
    assert set(codes.keys) == CBD_TOOL | INFORMEA


def test_a_status_of_informea_warns_that_it_proves_nothing():
    codes = scheme("published-status")
    for key in codes.keys:
        notes = " ".join(texts(codes, key, "note").get("en", []))
        assert ("InforMEA" in notes) == (key in INFORMEA), key
        if key in INFORMEA - {"draft"}:
            assert "evidence of nothing" in notes, key


def test_the_document_types_of_informea_are_found_by_their_spelling():
    codes = scheme("document-type")
    found = {
        spelling: [
            key
            for key in codes.keys
            if spelling in codes.labels(key, "en", SKOS.altLabel) | codes.notations(key)
        ]
        for spelling in ("decision", "official_document", "recommendation", "resolution")
    }

    assert found == {
        "decision": ["decision"],
        "official_document": ["official-document"],
        "recommendation": ["recommendation"],
        "resolution": ["resolution"],
    }


def test_a_citation_relation_has_lead_in_words_of_its_own_in_four_languages():
    codes = scheme("citation-relation")
    seen: Counter[tuple[str, str]] = Counter()
    for key in codes.keys:
        for language in ("en", "zh", "fr", "es"):
            words = codes.labels(key, language, URIRef(f"{DT}verbForm"))
            assert len(words) >= 2, (key, language)
            seen.update((language, word.casefold()) for word in words)

    assert len(seen) >= 150
    assert [word for word, count in seen.items() if count > 1] == []
    assert not [word for _, word in seen if re.search(r"[’‘“”A-Z]", word)]


@pytest.mark.parametrize(
    ("language", "word", "key"),
    [
        ("en", "recalling", "recalls"),
        ("en", "amending", "amends"),
        ("en", "superseding", "supersedes"),
        ("en", "pursuant to", "implements"),
        ("en", "in accordance with", "cites"),
        ("zh", "回顾", "recalls"),
        ("zh", "又回顾", "recalls"),
        ("zh", "修订", "amends"),
        ("zh", "取代", "supersedes"),
        ("zh", "根据", "cites"),
        ("fr", "rappelant également", "recalls"),
        ("fr", "abrogeant", "repeals"),
        ("es", "recordando además", "recalls"),
        ("es", "en sustitución", "supersedes"),
    ],
)
def test_a_lead_in_word_leads_to_its_relation(language, word, key):
    codes = scheme("citation-relation")
    form = URIRef(f"{DT}verbForm")

    assert [each for each in codes.keys if word in codes.labels(each, language, form)] == [key]


@pytest.mark.parametrize("key", ["recalls", "reaffirms", "amends", "supersedes", "repeals"])
def test_a_citation_relation_is_a_verb_of_the_same_name_where_there_is_one(key):
    assert key in scheme("verb").keys
    assert scheme("citation-relation").broader[key] == ("cites",)


def test_strength_says_when_to_choose_it():
    codes = scheme("strength")
    for key in codes.keys:
        assert set(texts(codes, key, "scopeNote")) == {"en", "zh"}, key
