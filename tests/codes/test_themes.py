"""The theme scheme: its size, its hierarchy, and that the facts' words are found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from codes.hierarchy import CODES, DT, ROOT, rows, scheme, words

if TYPE_CHECKING:
    from pathlib import Path

THEMES = scheme("theme")
FILE = ROOT / "ontology" / "codes" / "theme.ttl"
SCHEME = URIRef(f"{CODES}/theme")

# Alternative labels of the facts that named two themes, or now name a narrower one.
MOVED = {
    ("un-system", "2030 Agenda"): "sdgs",
    ("un-system", "SDGs"): "sdgs",
    ("un-system", "2030年可持续发展议程"): "sdgs",
    ("science-policy", "IPBES"): "ipbes",
    ("science-policy", "assessments"): "assessments",
    ("information-management", "databases"): "data",
    ("information-management", "data sharing"): "data",
    ("information-management", "数据共享"): "data",
    ("information-management", "InforMEA"): "information-portals",
    ("decision-review", "decision tracking"): "decision-tracking",
    ("decision-review", "决定跟踪"): "decision-tracking",
    ("synergies", "liaison groups"): "liaison-groups",
    ("review-implementation", "voluntary peer review"): "peer-review",
    ("strategic-plan", "global biodiversity framework"): "gbf",
    ("big-cats", "tigers"): "tigers-leopards",
    ("big-cats", "leopards"): "tigers-leopards",
    ("big-cats", "虎豹"): "tigers-leopards",
    ("big-cats", "虎"): "tigers-leopards",
    ("big-cats", "豹"): "tigers-leopards",
    ("transboundary-areas", "transboundary protected areas"): "transboundary-protected-areas",
    ("transboundary-areas", "跨界保护区"): "transboundary-protected-areas",
    ("connectivity", "ecological corridors"): "ecological-corridors",
    ("connectivity", "生态廊道"): "ecological-corridors",
    ("harmonized-reporting", "modular reporting"): "modular-reporting",
    ("harmonized-reporting", "模块化报告"): "modular-reporting",
    ("scientific-cooperation", "South-South cooperation"): "south-south-cooperation",
    ("scientific-cooperation", "南南合作"): "south-south-cooperation",
    ("innovative-finance", "payments for ecosystem services"): "eco-compensation",
    ("innovative-finance", "生态补偿"): "eco-compensation",
    ("wetlands", "Ramsar Sites"): "ramsar-sites",
    ("wetlands", "国际重要湿地"): "ramsar-sites",
    ("capacity-building", "training"): "training",
    ("migration-barriers", "power lines"): "power-lines",
    ("migration-barriers", "electrocution"): "power-lines",
    ("energy", "power lines"): "power-lines",
    ("zoonoses", "wildlife disease"): "wildlife-health",
    ("financial-mechanism", "GEF"): "gef-funding",
    ("financial-mechanism", "GCF"): "gcf-funding",
    ("financial-mechanism", "全球环境基金"): "gef-funding",
}

SEED_SUBJECTS = [
    "tigers and leopards",
    "human-wildlife conflict",
    "transboundary protected areas",
    "ecological corridors",
    "in-kind contributions",
    "synergies among conventions",
    "peer review of NBSAPs",
    "UNDAF",
    "resource efficiency and cost-effectiveness",
    "decision tracking",
    "shared modular reporting",
    "lead roles of secretariats",
    "liaison groups",
    "human-based solutions",
    "ecological civilization",
    "生态保护红线",
    "虎豹",
    "生境连通性",
    "共享模块化报告",
    "决定跟踪工具",
]


def test_scheme_has_at_least_200_themes_in_three_levels() -> None:
    assert len(THEMES.keys) >= 200
    assert max(map(THEMES.depth, THEMES.keys)) >= 3


def test_top_concepts_are_few_and_have_narrower_themes() -> None:
    tops = {key for key in THEMES.keys if not THEMES.broader[key]}
    declared = {THEMES.key(top) for top in THEMES.graph.objects(SCHEME, SKOS.hasTopConcept)}
    claimed = {THEMES.key(top) for top in THEMES.graph.subjects(SKOS.topConceptOf, SCHEME)}
    parents = {parent for key in THEMES.keys for parent in THEMES.broader[key]}

    assert 1 < len(tops) < 15
    assert tops == declared == claimed
    assert tops <= parents


def test_hierarchy_has_no_cycle_and_no_loose_end() -> None:
    assert not [key for key in THEMES.keys if key in THEMES.ancestors(key)]
    assert {p for key in THEMES.keys for p in THEMES.broader[key]} <= set(THEMES.keys)


def test_related_themes_are_not_above_each_other() -> None:
    pairs = [
        (THEMES.key(one), THEMES.key(other))
        for one, other in THEMES.graph.subject_objects(SKOS.related)
    ]

    assert pairs
    assert {(b, a) for a, b in pairs} == set(pairs)
    assert not [(a, b) for a, b in pairs if b in THEMES.ancestors(a)]


@pytest.mark.parametrize("language", ["en", "zh", "fr", "es"])
def test_every_theme_has_one_label_in_four_languages(language: str) -> None:
    wrong = [k for k in THEMES.keys if len(THEMES.labels(k, language, SKOS.prefLabel)) != 1]

    assert THEMES.keys
    assert not wrong


def test_every_theme_has_key_type_definition_source_and_state() -> None:
    graph = THEMES.graph
    for key in THEMES.keys:
        iri = THEMES.iri(key)
        assert THEMES.notations(key) == {key}
        assert (iri, RDF.type, URIRef(f"{DT}Theme")) in graph
        assert list(graph.objects(iri, SKOS.inScheme)) == [SCHEME]
        for language, end in (("en", "."), ("zh", "。")):
            assert [text[-1] for text in THEMES.labels(key, language, SKOS.definition)] == [end]
        assert (iri, DCTERMS.source, Literal("dtrack curation")) in graph
        assert (
            iri,
            URIRef(f"{DT}reviewState"),
            URIRef(f"{CODES}/review-state/unreviewed"),
        ) in graph
        assert list(graph.objects(iri, URIRef(f"{DT}sourcePlace")))


def test_a_label_names_one_theme_only() -> None:
    shared = {label: keys for label, keys in THEMES.by_label.items() if len(keys) > 1}
    across_languages = {  # the same spelling in two languages is no clash
        label: keys
        for label, keys in shared.items()
        if any(
            sum(label in {t.casefold() for t in THEMES.labels(k, language)} for k in keys) > 1
            for language in ("en", "zh", "fr", "es")
        )
    }

    assert not across_languages


def test_matches_point_to_known_thesauri_and_are_explained() -> None:
    graph = THEMES.graph
    exact = list(graph.subject_objects(SKOS.exactMatch))
    close = list(graph.subject_objects(SKOS.closeMatch))
    homes = ("http://eurovoc.europa.eu/", "http://metadata.un.org/thesaurus/")

    assert exact
    assert close
    assert len({target for _, target in exact}) == len(exact)
    for subject, target in exact + close:
        assert str(target).startswith(homes)
        assert any("Match found by" in str(n) for n in graph.objects(subject, SKOS.editorialNote))


def test_each_area_of_the_options_paper_has_its_theme() -> None:
    areas = URIRef(f"{CODES}/theme/options-paper-areas")
    members = [THEMES.key(member) for member in THEMES.graph.objects(areas, SKOS.member)]

    assert len(members) == 7
    assert set(members) <= set(THEMES.keys)
    numbered = {
        note.split("area ")[1].split(" ")[0]
        for key in members
        for note in THEMES.labels(key, "en", SKOS.scopeNote)
        if "area " in note
    }
    assert numbered == set("1234567")


@pytest.mark.parametrize("label", SEED_SUBJECTS)
def test_subjects_of_the_seeds_are_found_by_label(label: str) -> None:
    assert len(THEMES.by_label[label.casefold()]) == 1


def test_both_parsers_read_the_same_triples() -> None:
    text = FILE.read_text(encoding="utf-8")
    parsed = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))

    assert len(parsed) == len(THEMES.graph) > 3000
    assert not any(isinstance(t.subject, pyoxigraph.BlankNode) for t in parsed)


def test_all_themes_of_the_facts_are_carried_over(shared: Path) -> None:
    facts = rows(shared / "data" / "facts" / "themes.tsv")

    assert len(facts) == 252
    for row in facts:
        key = row["key"]
        assert key in THEMES.keys
        for language in ("en", "zh", "fr", "es"):
            label = row[f"label_{language}"]
            assert not label or THEMES.labels(key, language, SKOS.prefLabel) == {label}, key
        assert not row["parent_key"] or row["parent_key"] in THEMES.ancestors(key), key
        for kind, predicate in (
            ("exact_match", SKOS.exactMatch),
            ("close_match", SKOS.closeMatch),
        ):
            given = set(row[kind].split())
            assert given == {str(o) for o in THEMES.graph.objects(THEMES.iri(key), predicate)}


def test_all_alternative_labels_of_the_facts_are_carried_over(shared: Path) -> None:
    facts = rows(shared / "data" / "facts" / "themes.tsv")
    labels = [
        (row["key"], language, label)
        for row in facts
        for language in ("en", "zh")
        for label in words(row[f"alt_labels_{language}"])
    ]

    assert len(labels) > 300
    for key, language, label in labels:
        home = MOVED.get((key, label), key)
        assert label in THEMES.labels(home, language), (key, label)


def test_every_theme_word_of_the_directives_leads_to_one_theme(shared: Path) -> None:
    used = {
        word
        for file in sorted((shared / "data" / "facts").glob("directives_*.tsv"))
        for row in rows(file)
        for word in words(row["themes"])
    }

    assert len(used) > 150
    assert not {w: f for w in used if len(f := THEMES.by_label.get(w.casefold(), ())) != 1}
