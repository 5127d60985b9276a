"""The actor scheme: its hierarchy, the codes of other systems, and the facts' words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS

from codes.hierarchy import CODES, DT, ROOT, rows, scheme, words

if TYPE_CHECKING:
    from pathlib import Path

ACTORS = scheme("actor")
FILE = ROOT / "ontology" / "codes" / "actor.ttl"
SCHEME = URIRef(f"{CODES}/actor")

# The 41 codes of the CBD decision-tracking tool, in its letter case.
TOOL_CODES = [
    "parties",
    "governments",
    "other-governments",
    "executive-secretary",
    "SBSTTA",
    "SBI",
    "WGRI",
    "WG8J",
    "WGABS",
    "CP-MOP",
    "NP-MOP",
    "GEF",
    "UNGA",
    "UNEP",
    "executive-director",
    "FAO",
    "UNESCO",
    "UNDP",
    "WTO",
    "WIPO",
    "CITES",
    "CMS",
    "ITPGRFA",
    "RAMSAR",
    "WHC",
    "IPPC",
    "IPBES",
    "WHO",
    "IUCN",
    "IPCC",
    "IPLC",
    "organizations",
    "economic-organizations",
    "int-organizations",
    "inter-gov-organizations",
    "private-sector",
    "donors",
    "businesses",
    "stakeholders",
    "youth",
    "women",
]

SEVEN = {"cbd", "cites", "cms", "itpgrfa", "ramsar", "whc", "ippc"}

PAPER_ACTORS = [
    "blg",
    "unep",
    "unep-ro",
    "unep-mea-fp",
    "unep-ed",
    "mea-secretariats",
    "mea-gov-bodies",
    "parties",
    "governments",
    "ipbes",
    "gef",
    "gef-agencies",
    "gcf",
    "undg",
    "unct",
    "undp",
    "emg",
    "csab",
    "nbsap-forum",
    "aichi-tf",
    "mea-ikm-sc",
    "vpr-wg",
    "informea-partners",
    "scientific-advisory-bodies",
    "observers",
    "member-states",
    "cbd-secretariat",
    "unep-mea-secretariats",
    "un-agencies",
    "partners",
]

# Words that only the instrument which speaks can tell apart.
IN_CONTEXT = {
    ("CBD", "COP"): "cbd-cop",
    ("Ramsar", "COP"): "ramsar-cop",
    ("WHC", "COP"): "whc-com",
    ("unfccc", "COP"): "unfccc-cop",
    ("stockholm", "COP"): "stockholm-cop",
    ("Cartagena", "COP-MOP"): "cartagena-mop",
    ("Nagoya", "COP-MOP"): "nagoya-mop",
    ("CBD", "Executive Secretary"): "executive-secretary",
    ("Cartagena", "Executive Secretary"): "executive-secretary",
    ("CMS", "Executive Secretary"): "cms-es",
    ("unfccc", "executive-secretary"): "unfccc-es",
    ("CBD", "Secretariat"): "cbd-secretariat",
    ("CMS", "Secretariat"): "cms-secretariat",
    ("CITES", "Secretariat"): "cites-secretariat",
    ("Ramsar", "Secretariat"): "ramsar-secretariat",
    ("WHC", "Secretariat"): "whc-secretariat",
    ("ITPGRFA", "Secretariat"): "itpgrfa-secretariat",
    ("unfccc", "secretariat"): "unfccc-secretariat",
    ("paris", "secretariat"): "unfccc-secretariat",
    ("unccd", "secretariat"): "unccd-secretariat",
    ("stockholm", "secretariat"): "brs-secretariat",
    ("basel", "secretariat"): "brs-secretariat",
    ("minamata", "secretariat"): "minamata-secretariat",
    ("montreal", "secretariat"): "ozone-secretariat",
    ("CMS", "Standing Committee"): "cms-stc",
    ("CITES", "Standing Committee"): "cites-sc",
    ("Ramsar", "Standing Committee"): "ramsar-sc",
    ("unfccc", "SBI"): "unfccc-sbi",
    ("kyoto", "SBI"): "unfccc-sbi",
    ("basel", "regional-centres"): "basel-regional-centres",
}

# Words that mean several actors at once.
TOGETHER = {
    "Animals and Plants Committees": {"cites-ac", "cites-pc"},
    "Parties to the CBD and its Protocols": {"cbd-parties", "cartagena-parties", "nagoya-parties"},
    "Parties to the Rio conventions": {"cbd-parties", "unfccc-parties", "unccd-parties"},
    "scientific bodies of Rio conventions": {"cbd-sbstta", "unfccc-sbsta", "unccd-cst"},
    "secretariats of CBD and UNFF": {"cbd-secretariat", "unff-secretariat"},
}


INSTRUMENTS = {
    ACTORS.key(actor)
    for actor in ACTORS.graph.subjects(URIRef(f"{DT}sourcePlace"), Literal("facts: instruments"))
}


def said_by(instrument: str, word: str) -> set[str]:
    """Actors that a word may mean: the nearest to the instrument that speaks, or to its parent."""
    found = set(ACTORS.by_label.get(word.casefold(), ()))
    circle = {instrument.casefold()} & set(ACTORS.keys)
    while len(found) > 1 and circle:
        near = {key for key in found if circle & (ACTORS.ancestors(key) | {key})}
        if near:
            return near
        circle = {p for key in circle for p in ACTORS.broader[key] if p in INSTRUMENTS}
    return found


def test_top_concepts_are_few_and_have_narrower_actors() -> None:
    tops = {key for key in ACTORS.keys if not ACTORS.broader[key]}
    declared = {ACTORS.key(top) for top in ACTORS.graph.objects(SCHEME, SKOS.hasTopConcept)}
    claimed = {ACTORS.key(top) for top in ACTORS.graph.subjects(SKOS.topConceptOf, SCHEME)}
    parents = {parent for key in ACTORS.keys for parent in ACTORS.broader[key]}

    assert 1 < len(tops) < 15
    assert tops == declared == claimed
    assert tops <= parents
    assert max(map(ACTORS.depth, ACTORS.keys)) >= 3


def test_hierarchy_has_no_cycle_and_no_loose_end() -> None:
    assert not [key for key in ACTORS.keys if key in ACTORS.ancestors(key)]
    assert {p for key in ACTORS.keys for p in ACTORS.broader[key]} <= set(ACTORS.keys)


def test_no_actor_names_a_broader_one_twice() -> None:
    idle = [
        (key, parent)
        for key in ACTORS.keys
        for parent in ACTORS.broader[key]
        for other in ACTORS.broader[key]
        if parent in ACTORS.ancestors(other)
    ]

    assert not idle


def test_related_actors_are_not_above_each_other() -> None:
    pairs = {
        (ACTORS.key(one), ACTORS.key(other))
        for one, other in ACTORS.graph.subject_objects(SKOS.related)
    }

    assert pairs
    assert {(b, a) for a, b in pairs} == pairs
    assert not [(a, b) for a, b in pairs if b in ACTORS.ancestors(a)]


def test_every_actor_has_key_type_labels_definition_place_and_state() -> None:
    graph = ACTORS.graph
    for key in ACTORS.keys:
        iri = ACTORS.iri(key)
        assert key in ACTORS.notations(key)
        assert (iri, RDF.type, URIRef(f"{DT}Actor")) in graph
        assert list(graph.objects(iri, SKOS.inScheme)) == [SCHEME]
        for language in ("en", "zh"):
            assert len(ACTORS.labels(key, language, SKOS.prefLabel)) == 1, (key, language)
        for language, end in (("en", "."), ("zh", "。")):
            ends = [text[-1] for text in ACTORS.labels(key, language, SKOS.definition)]
            assert ends == [end], (key, language)
        places = set(graph.objects(iri, URIRef(f"{DT}sourcePlace")))
        assert places or (iri, DCTERMS.source, Literal("dtrack curation")) in graph, key
        states = [str(o) for o in graph.objects(iri, URIRef(f"{DT}reviewState"))]
        assert [s.rsplit("/", 1)[1] for s in states] in (["evidenced"], ["unreviewed"]), key


def test_our_own_actors_are_unreviewed() -> None:
    graph = ACTORS.graph
    ours = list(graph.subjects(DCTERMS.source, Literal("dtrack curation")))

    assert len(ours) > 50
    for iri in ours:
        assert graph.value(iri, URIRef(f"{DT}reviewState")) == URIRef(
            f"{CODES}/review-state/unreviewed"
        )


def test_no_notation_names_two_actors() -> None:
    notations = [n for key in ACTORS.keys for n in ACTORS.notations(key)]

    assert len(notations) == len(set(notations)) > len(ACTORS.keys)


def test_preferred_labels_tell_actors_apart() -> None:
    for language in ("en", "zh"):
        labels = [
            label.casefold()
            for key in ACTORS.keys
            for label in ACTORS.labels(key, language, SKOS.prefLabel)
        ]
        assert len(labels) == len(set(labels)) == len(ACTORS.keys)


def test_the_41_codes_of_the_tracking_tool_are_present_and_listed() -> None:
    members = {
        ACTORS.key(member)
        for member in ACTORS.graph.objects(URIRef(f"{CODES}/actor/cbd-tool-codes"), SKOS.member)
    }
    holders = {
        code: [key for key in ACTORS.keys if code in ACTORS.notations(key)] for code in TOOL_CODES
    }

    assert len(TOOL_CODES) == len(set(TOOL_CODES)) == 41
    assert all(len(keys) == 1 for keys in holders.values()), holders
    assert members == {keys[0] for keys in holders.values()}
    assert len(members) == 41


def test_indigenous_peoples_are_rights_holders_and_not_stakeholders() -> None:
    above = ACTORS.ancestors("iplc")

    assert "rights-holders" in above
    assert "stakeholders" not in above
    assert {"businesses", "youth", "women", "ngos", "donors", "research-institutions"} <= {
        key for key in ACTORS.keys if "stakeholders" in ACTORS.ancestors(key)
    }


@pytest.mark.parametrize(
    ("group", "suffixes"),
    [
        ("mea-secretariats", {f"{key}-secretariat" for key in SEVEN}),
        (
            "mea-gov-bodies",
            {
                "cbd-cop",
                "cites-cop",
                "cms-cop",
                "itpgrfa-gb",
                "ramsar-cop",
                "whc-com",
                "ippc-cpm",
            },
        ),
        ("biodiversity-conventions", SEVEN),
    ],
)
def test_seven_conventions_are_the_biodiversity_related_ones(
    group: str, suffixes: set[str]
) -> None:
    members = {key for key in ACTORS.keys if group in ACTORS.broader[key]}

    assert members - {"mea-executive-heads"} == suffixes


@pytest.mark.parametrize("key", PAPER_ACTORS)
def test_actors_of_the_options_paper_are_present(key: str) -> None:
    assert key in ACTORS.keys


def test_both_parsers_read_the_same_triples() -> None:
    text = FILE.read_text(encoding="utf-8")
    parsed = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))

    assert len(parsed) == len(ACTORS.graph) > 3000
    assert not any(isinstance(t.subject, pyoxigraph.BlankNode) for t in parsed)


def test_all_actors_of_the_facts_are_carried_over(shared: Path) -> None:
    facts = rows(shared / "data" / "facts" / "actors.tsv")
    graph = ACTORS.graph

    assert len(facts) == 137
    for row in facts:
        (key,) = (k for k in ACTORS.keys if row["key"] in ACTORS.notations(k))
        iri = ACTORS.iri(key)
        assert ACTORS.labels(key, "en", SKOS.prefLabel) == {row["name_en"]}
        assert {row["name_zh"], *words(row["name_zh_alt"])} <= ACTORS.labels(key, "zh"), key
        assert str(graph.value(iri, URIRef(f"{DT}shortName")) or "") == row["abbreviation"], key
        assert str(graph.value(iri, FOAF.page) or "") == row["website"], key
        assert str(graph.value(iri, URIRef(f"{DT}reviewState"))).endswith(f"/{row['state']}"), key
        recalled = {str(o) for o in graph.objects(iri, URIRef(f"{DT}recalled"))}
        assert recalled == set(words(row["memory_fields"])), key
        places = {str(o) for o in graph.objects(iri, URIRef(f"{DT}sourcePlace"))}
        seeds = {f"seed {part[6:9]}" for part in words(row["source"])}
        assert places == {"facts: actors"} | seeds, key
        related = {ACTORS.key(o) for o in graph.objects(iri, SKOS.related)}
        assert not row["parent"] or row["parent"] in ACTORS.ancestors(key) | related, key
        link = "http" in row["note"]
        kept = list(graph.objects(iri, DCTERMS.source if link else URIRef(f"{DT}note")))
        assert len(kept) == bool(row["note"]), key


def test_all_bodies_of_the_facts_instruments_are_actors(shared: Path) -> None:
    facts = rows(shared / "data" / "facts" / "instruments.tsv")

    assert len(facts) == 33
    for row in facts:
        assert row["key"] in ACTORS.keys
        assert {row["name_en"]} == ACTORS.labels(row["key"], "en", SKOS.prefLabel)
        assert {row["name_zh"]} == ACTORS.labels(row["key"], "zh", SKOS.prefLabel)
        for column in ("governing_body", "subsidiary_bodies"):
            for body in words(row[column]):
                key = body.split("=")[0]
                assert key in ACTORS.keys, body
                family = ACTORS.ancestors(key)
                assert family & ({row["key"]} | ACTORS.ancestors(row["key"])), body
                state = ACTORS.graph.value(ACTORS.iri(key), URIRef(f"{DT}reviewState"))
                given = "facts: instruments" in {
                    str(o)
                    for o in ACTORS.graph.objects(ACTORS.iri(key), URIRef(f"{DT}sourcePlace"))
                }
                if given and column in words(row["memory_fields"]):
                    assert str(state).endswith("/unreviewed"), key


def test_every_addressee_word_of_the_directives_leads_to_an_actor(shared: Path) -> None:
    pairs = {
        (row["instrument"], word)
        for file in sorted((shared / "data" / "facts").glob("directives_*.tsv"))
        for row in rows(file)
        for word in words(row["addressees"])
    }
    found = {pair: said_by(*pair) for pair in pairs}

    assert len(pairs) > 200
    assert not {pair for pair, keys in found.items() if not keys}
    several = {pair: keys for pair, keys in found.items() if len(keys) > 1}
    beside = {  # read in the row, not in the word
        ("UNGA", "Executive Secretary"),
        ("unga", "executive-secretary"),
        ("minamata", "regional-centres"),
    }
    assert beside <= several.keys()
    assert {word for _, word in several.keys() - beside} <= set(TOGETHER)


@pytest.mark.parametrize(("said", "meant"), IN_CONTEXT.items())
def test_the_speaking_instrument_tells_an_ambiguous_word_apart(
    said: tuple[str, str], meant: str
) -> None:
    assert said_by(*said) == {meant}


@pytest.mark.parametrize(("word", "keys"), TOGETHER.items())
def test_a_word_for_several_actors_leads_to_all_of_them(word: str, keys: set[str]) -> None:
    assert ACTORS.by_label[word.casefold()] == keys
