"""The bundled corpus holds together: what its files promise is so, in every file."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
import yaml

from dtrack.terms import BASE, DCTERMS, DT, RDF, SKOS, STORABLE_DATATYPES

ID = f"{BASE}/id/"
CODES = f"{BASE}/codes/"
TYPE = f"{RDF}type"
ADOPTED = {f"{DT}{name}" for name in ("Decision", "Resolution", "Recommendation")}
NON_BINDING = {
    f"{DT}{name}"
    for name in (
        "Statement",
        "Consensus",
        "PositionPaper",
        "OptionsPaper",
        "NationalReport",
        "NationalPlan",
    )
}
MAPPING_PREDICATES = {
    f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
} | {f"{DT}succeededBy"}
MAPPING_COLUMNS = [
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "confidence",
    "see_also",
    "comment",
    "ext_strength",
    "ext_review_state",
]


@dataclass(frozen=True)
class Mapping:
    """A mapping set: its header and its rows."""

    header: dict[str, Any]
    rows: list[dict[str, str]]

    def expand(self, curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return str(self.header["curie_map"][prefix]) + name


class Corpus:
    """All triples of the files under ``data``, with the file of each, and of ``ontology``."""

    def __init__(self, root: Path) -> None:
        self.files = {path: parse(path) for path in sorted((root / "data").rglob("*.ttl"))}
        self.triples = [triple for triples in self.files.values() for triple in triples]
        self.vocabulary = [
            triple for path in sorted((root / "ontology").rglob("*.ttl")) for triple in parse(path)
        ]
        self.values: dict[tuple[str, str], list[str]] = defaultdict(list)
        for triple in self.triples:
            self.values[triple.subject.value, triple.predicate.value].append(triple.object.value)
        folder = root / "data" / "mappings"
        self.mappings = {path: read_mapping(path) for path in sorted(folder.glob("*.sssom.tsv"))}

    def get(self, subject: str, term: str) -> list[str]:
        """Objects of a term of ours."""
        return self.values.get((subject, DT + term), [])

    def instances(self, *names: str) -> list[str]:
        wanted = {DT + name for name in names}
        return sorted(
            {
                triple.subject.value
                for triple in self.triples
                if triple.predicate.value == TYPE and triple.object.value in wanted
            }
        )


def parse(path: Path) -> list[pyoxigraph.Triple]:
    quads = pyoxigraph.parse(
        path.read_bytes(), format=pyoxigraph.RdfFormat.TURTLE, base_iri=f"{BASE}/"
    )
    return [quad.triple for quad in quads]


def read_mapping(path: Path) -> Mapping:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line[1:].removeprefix(" ") for line in lines if line.startswith("#")]
    table = [line for line in lines if not line.startswith("#")]
    rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Mapping(yaml.safe_load("\n".join(header)), rows)


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return Corpus(root)


def test_the_corpus_holds_what_it_should_at_least(corpus: Corpus) -> None:
    counts = Counter(
        triple.object.value.removeprefix(DT)
        for triple in corpus.triples
        if triple.predicate.value == TYPE
    )
    mapping_rows = sum(len(mapping.rows) for mapping in corpus.mappings.values())

    assert counts["Record"] == len(corpus.files) >= 780
    assert len(corpus.instances("Convention", "Protocol", "Agreement")) == 31
    assert counts["NonBindingInstrument"] >= 1
    assert counts["InstrumentUnderNegotiation"] >= 1
    assert counts["Forum"] >= 8
    assert counts["Meeting"] >= 380
    assert counts["Framework"] >= 27
    assert counts["Goal"] + counts["Target"] + counts["Indicator"] >= 352 + 35
    assert counts["Decision"] + counts["Resolution"] + counts["Recommendation"] >= 597
    assert counts["OperativeProvision"] >= 840
    assert counts["Element"] >= 850
    assert mapping_rows == 724 + 96


def test_every_file_is_one_record(corpus: Corpus) -> None:
    records = {
        path.name: sorted(
            triple.subject.value
            for triple in set(triples)
            if triple.predicate.value == TYPE and triple.object.value == f"{DT}Record"
        )
        for path, triples in corpus.files.items()
    }

    assert records
    assert {name: found for name, found in records.items() if len(found) != 1} == {}


def test_files_are_named_after_the_slug_of_their_record(corpus: Corpus) -> None:
    folders = {"instruments", "meetings", "frameworks", "sources", "decisions"}
    wrong = []
    for path, triples in corpus.files.items():
        (folder,) = [part.name for part in path.parents if part.parent.name == "data"][-1:]
        graphs = [t.subject.value for t in triples if t.object.value == f"{DT}Record"]
        if folder in folders and [graph.rsplit("/", 1)[-1] for graph in graphs] != [path.stem]:
            wrong.append((path.name, graphs))

    assert wrong == []


def test_every_record_says_where_it_belongs_and_how_far_it_was_checked(corpus: Corpus) -> None:
    records = corpus.instances("Record")

    assert records
    for record in records:
        assert record.startswith(f"{BASE}/graph/"), record
        assert corpus.get(record, "recordOf"), record
        for term in ("belongsToSource", "reviewState"):
            assert len(corpus.get(record, term)) == 1, (record, term)
        assert len(corpus.values[record, f"{DCTERMS}modified"]) == 1, record


def test_no_thing_is_described_in_two_records(corpus: Corpus) -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path, triples in corpus.files.items():
        for triple in triples:
            if triple.predicate.value == TYPE:
                homes[triple.subject.value].add(path.name)

    assert homes
    assert {thing: sorted(names) for thing, names in homes.items() if len(names) > 1} == {}


def test_every_thing_referred_to_is_defined(corpus: Corpus) -> None:
    defined = {triple.subject.value for triple in corpus.triples}
    defined |= {mapping.header["mapping_set_id"] for mapping in corpus.mappings.values()}
    referred = {
        triple.object.value: triple.subject.value
        for triple in corpus.triples
        if triple.object.value.startswith(ID) or triple.object.value.startswith("http://metadata")
    }

    assert len(referred) > 1000
    assert {iri: by for iri, by in referred.items() if iri not in defined} == {}


def test_every_code_referred_to_is_in_a_code_list(corpus: Corpus) -> None:
    defined = {triple.subject.value for triple in corpus.vocabulary}
    referred = {
        triple.object.value: triple.subject.value
        for triple in corpus.triples
        if triple.object.value.startswith(CODES)
    }

    assert len(referred) > 200
    assert {iri: by for iri, by in referred.items() if iri not in defined} == {}


def test_every_term_used_is_in_the_ontology(corpus: Corpus) -> None:
    defined = {triple.subject.value for triple in corpus.vocabulary}
    used = {triple.predicate.value for triple in corpus.triples} | {
        triple.object.value for triple in corpus.triples if triple.predicate.value == TYPE
    }
    ours = {iri for iri in used if iri.startswith(DT)}

    assert len(ours) > 50
    assert ours - defined == set()


def test_parts_lead_to_their_text(corpus: Corpus) -> None:
    texts = set(corpus.instances(*(iri.removeprefix(DT) for iri in ADOPTED | NON_BINDING)))
    parts = corpus.instances("OperativeProvision", "PreambularProvision", "Section", "Annex")
    astray = {}
    for part in parts:
        here, steps = part, [part]
        while here not in texts and len(steps) < 9:
            above = corpus.get(here, "partOf")
            if len(above) != 1:
                break
            here = above[0]
            steps.append(here)
        if here not in texts or corpus.get(part, "ofText") != [here]:
            astray[part] = steps

    assert len(parts) > 840
    assert astray == {}


def test_elements_belong_to_a_provision_and_count_from_one(corpus: Corpus) -> None:
    order: dict[str, list[int]] = defaultdict(list)
    for element in corpus.instances("Element", "Action", "Call"):
        assert len(corpus.get(element, "verb")) >= 1, element
        for provision in corpus.get(element, "elementOf"):
            order[provision].extend(int(value) for value in corpus.get(element, "sequence"))

    uncounted = {
        provision: numbers
        for provision, numbers in order.items()
        if sorted(numbers) != [*range(1, len(numbers) + 1)]
    }
    assert len(order) > 840
    assert uncounted == {}


def test_operational_provisions_of_adopted_texts_address_somebody(corpus: Corpus) -> None:
    adopted = set(corpus.instances("Decision", "Resolution", "Recommendation"))
    addressing = {
        provision
        for element in corpus.instances("Element")
        if corpus.get(element, "kind") == [f"{CODES}kind/operational"]
        and corpus.get(element, "addressee")
        for provision in corpus.get(element, "elementOf")
    }
    operational = {
        provision
        for provision in corpus.instances("OperativeProvision")
        if corpus.get(provision, "kind") == [f"{CODES}kind/operational"]
        and set(corpus.get(provision, "ofText")) & adopted
    }

    assert len(operational) > 600
    assert operational - addressing == set()


def test_plain_taggings_are_exactly_the_accepted_ones(corpus: Corpus) -> None:
    accepted = {
        (corpus.get(tagging, "tagged")[0], corpus.get(tagging, "tag")[0])
        for tagging in corpus.instances("Tagging")
        if corpus.get(tagging, "taggingState") == [f"{CODES}tagging-state/accepted"]
    }
    plain = {
        (triple.subject.value, triple.object.value)
        for triple in corpus.triples
        if triple.predicate.value in {f"{DT}addressesTarget", f"{DT}addressesTheme"}
    }

    assert len(accepted) > 1500
    assert accepted - plain == set()
    assert plain - accepted == set()


def test_plain_citations_are_exactly_the_recorded_ones(corpus: Corpus) -> None:
    relations = {"cites", "recalls", "reaffirms", "amends", "supersedes", "repeals", "implements"}
    recorded = {
        (
            corpus.get(citation, "citing")[0],
            corpus.get(citation, "citationRelation")[0].rsplit("/", 1)[-1],
            corpus.get(citation, "cited")[0],
        )
        for citation in corpus.instances("Citation")
    }
    plain = {
        (triple.subject.value, triple.predicate.value.removeprefix(DT), triple.object.value)
        for triple in corpus.triples
        if triple.predicate.value.removeprefix(DT) in relations
    }

    assert len(recorded) > 150
    assert recorded - plain == set()
    assert plain - recorded == set()


def test_every_adopted_text_has_its_essentials_once(corpus: Corpus) -> None:
    texts = corpus.instances("Decision", "Resolution", "Recommendation")

    assert texts
    for text in texts:
        for term in ("symbol", "instrument", "adoptedBy", "adopted", "datePrecision"):
            assert len(corpus.get(text, term)) == 1, (text, term)
        assert len(corpus.get(text, "adoptedAt")) <= 1, text
    english = {
        triple.subject.value
        for triple in corpus.triples
        if triple.predicate.value == f"{DCTERMS}title" and triple.object.language == "en"
    }
    assert set(texts) - english == set()


def test_a_text_is_adopted_within_its_meeting(corpus: Corpus) -> None:
    late = {}
    texts = corpus.instances("Decision", "Resolution", "Recommendation", "TextVersion")
    for text in texts:
        for meeting in corpus.get(text, "adoptedAt"):
            (day,) = corpus.get(text, "adopted")
            (start,) = corpus.get(meeting, "startDate")
            (end,) = corpus.get(meeting, "endDate")
            closing = corpus.get(text, "datePrecision") == ["meeting"]
            if not start <= day <= end or (closing and day != end):
                late[text] = (day, start, end)

    assert late == {}


def test_symbols_are_unique_within_an_instrument(corpus: Corpus) -> None:
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text in corpus.instances("Decision", "Resolution", "Recommendation"):
        for symbol in {*corpus.get(text, "symbol"), *corpus.get(text, "symbolForm")}:
            for instrument in corpus.get(text, "instrument"):
                holders[instrument, symbol].append(text)

    assert {key: texts for key, texts in holders.items() if len(texts) > 1} == {}


def test_slugs_are_unique_over_all_kinds_of_text(corpus: Corpus) -> None:
    kinds = [iri.removeprefix(DT) for iri in ADOPTED | NON_BINDING] + ["TextVersion"]
    slugs = Counter(text.rsplit("/", 1)[-1] for text in corpus.instances(*kinds))

    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_targets_named_are_not_younger_than_the_text(corpus: Corpus) -> None:
    """Only a curator may map a text to a later framework."""
    young = [
        (tagging, adopted)
        for tagging in corpus.instances("Tagging")
        if "dtrack curation" not in corpus.get(tagging, "author")
        for target in corpus.get(tagging, "tag")
        for framework in corpus.get(target, "ofFramework")
        for provision in corpus.get(tagging, "tagged")
        for text in corpus.get(provision, "ofText")
        for adopted in corpus.get(text, "adopted")
        if any(day > adopted for day in corpus.get(framework, "adopted"))
    ]

    assert young == []


def test_own_judgement_is_never_too_sure(corpus: Corpus) -> None:
    sure = [
        thing
        for thing in corpus.instances("Tagging")
        if corpus.get(thing, "author") == ["dtrack curation"]
        and any(float(value) > 0.7 for value in corpus.get(thing, "confidence"))
    ]

    assert sure == []


def test_literals_survive_storage(corpus: Corpus) -> None:
    for triple in corpus.triples:
        assert not isinstance(triple.subject, pyoxigraph.BlankNode), triple
        assert not isinstance(triple.object, pyoxigraph.BlankNode), triple
        if isinstance(triple.object, pyoxigraph.Literal):
            assert triple.object.datatype.value in STORABLE_DATATYPES, triple
            language = triple.object.language
            assert language is None or language == language.lower(), triple
            assert triple.object.value.strip(), triple
            assert not any(ord(char) < 32 for char in triple.object.value), triple


def test_both_parsers_read_the_same(corpus: Corpus) -> None:
    for path, triples in corpus.files.items():
        graph = rdflib.Graph().parse(path, format="turtle", publicID=f"{BASE}/")

        assert len(graph) == len(set(triples)) > 0, path.name


def test_mapping_sets_are_whole(corpus: Corpus) -> None:
    items = set(corpus.instances("Goal", "Target", "Indicator", "Framework"))

    assert len(corpus.mappings) == 6
    for path, mapping in corpus.mappings.items():
        name = path.name.removesuffix(".sssom.tsv")
        assert mapping.header["mapping_set_id"] == f"{ID}mapping-set/{name}"
        assert mapping.header["ext_record_graph"] == f"{BASE}/graph/mapping-set/{name}"
        assert list(mapping.rows[0]) == MAPPING_COLUMNS
        seen = set()
        for row in mapping.rows:
            triple = tuple(
                mapping.expand(row[f"{p}_id"]) for p in ("subject", "predicate", "object")
            )
            assert triple not in seen, (name, triple)
            seen.add(triple)
            assert triple[0] in items, triple
            assert triple[2] in items, triple
            assert triple[1] in MAPPING_PREDICATES, triple
            assert 0 < float(row["confidence"]) <= 1, row
            if row["author_label"] == "dtrack curation" and row["ext_review_state"] != "evidenced":
                assert float(row["confidence"]) <= 0.7, row
            assert row["ext_strength"] in {"", "high", "medium", "low"}
            assert row["ext_review_state"] in {"evidenced", "unreviewed", "secondhand", "reviewed"}


def test_framework_items_stand_in_their_framework(corpus: Corpus) -> None:
    for item in corpus.instances("Goal", "Target", "Indicator"):
        (framework,) = corpus.get(item, "ofFramework")
        broader = corpus.values.get((item, f"{SKOS}broader"), [])
        top = corpus.values.get((item, f"{SKOS}topConceptOf"), [])
        assert (len(broader), len(top)) in {(1, 0), (0, 1)}, item
        for parent in broader:
            assert corpus.get(parent, "ofFramework") == [framework], item


def test_each_folder_says_where_it_comes_from(root: Path) -> None:
    folders = [path for path in (root / "data").iterdir() if path.is_dir()]

    assert folders
    assert [path.name for path in folders if not (path / "SOURCE.md").is_file()] == []


def test_a_broken_mapping_row_would_be_seen() -> None:
    text = "subject_id\tobject_id\ndtid:target/aichi-11\tsdg:14.5\n"
    row = next(csv.DictReader(io.StringIO(text), delimiter="\t"))

    mapping = Mapping({"curie_map": {"dtid": ID, "sdg": "http://metadata.un.org/sdg/"}}, [row])

    assert mapping.expand(row["subject_id"]) == f"{ID}target/aichi-11"
    with pytest.raises(KeyError):
        mapping.expand("none:x")
