"""Mapping sets are read from SSSOM, each row with its plain triple, or refused by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from dtrack.errors import SyntaxProblem
from dtrack.sources import read_file, read_mapping_set
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from dtrack.terms import DT as DT_IRI

if TYPE_CHECKING:
    from pathlib import Path

DT = Namespace(DT_IRI)
ID = Namespace(f"{BASE}/id/")
ABOUT = f"""\
# mapping_set_id: {BASE}/id/mapping-set/made
# mapping_set_title: "Made: for a test"
# mapping_set_description: "Two rows."
# license: https://creativecommons.org/licenses/by/4.0/
# publication_date: "2026-11-21"
# curie_map:
#   dtid: {BASE}/id/
#   dt: {DT_IRI}
#   skos: http://www.w3.org/2004/02/skos/core#
#   sdg: http://metadata.un.org/sdg/
#   semapv: https://w3id.org/semapv/vocab/
# ext_record_graph: {BASE}/graph/mapping-set/made
# ext_belongs_to_source: {BASE}/id/source/bundled
# ext_review_state: evidenced
# ext_source_place: [page 1, page 2]
"""
COLUMNS = (
    "subject_id subject_label predicate_id object_id object_label mapping_justification "
    "author_label confidence see_also comment ext_strength ext_review_state"
).replace(" ", "\t")
FULL = (
    "dtid:target/aichi-11\tA\tskos:closeMatch\tsdg:14.2\tB\tsemapv:ManualMappingCuration\t"
    'InforMEA\t0.90\thttps://a.org/1|https://a.org/2\tSays "so" \\ here\thigh\tevidenced'
)
BARE = (
    "dtid:framework/aichi\t\tdt:succeededBy\tdtid:framework/gbf\t\t"
    "semapv:ManualMappingCuration\tdtrack curation\t1.0\t\t\t\tunreviewed"
)


def at(piece: str) -> int:
    """Column of a piece of the full row, from 1."""
    return FULL.index(piece) + 1


def text(*rows: str, about: str = ABOUT, columns: str = COLUMNS) -> str:
    return "\n".join([about.rstrip("\n"), columns, *rows, ""])


def read(content: str) -> Graph:
    record = read_mapping_set(content.encode(), "made.sssom.tsv", parse_turtle)
    return Graph().parse(data=record.ntriples, format="nt")


def test_record_and_set_are_described() -> None:
    record = read_mapping_set(text(FULL).encode(), "made.sssom.tsv", parse_turtle)
    graph = Graph().parse(data=record.ntriples, format="nt")

    header, the_set = URIRef(f"{BASE}/graph/mapping-set/made"), ID["mapping-set/made"]
    assert record.graph == str(header)
    assert record.place == "made.sssom.tsv"
    assert set(graph.predicate_objects(header)) == {
        (RDF.type, DT.Record),
        (DT.recordOf, the_set),
        (DT.belongsToSource, ID["source/bundled"]),
        (DT.reviewState, URIRef(f"{BASE}/codes/review-state/evidenced")),
        (DCTERMS.modified, Literal("2026-11-21", datatype=XSD.date)),
        (DT.sourcePlace, Literal("page 1")),
        (DT.sourcePlace, Literal("page 2")),
    }
    assert set(graph.predicate_objects(the_set)) == {
        (RDF.type, DT.MappingSet),
        (DCTERMS.title, Literal("Made: for a test", lang="en")),
        (DCTERMS.description, Literal("Two rows.", lang="en")),
        (DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")),
    }


def test_full_row_says_all_and_has_its_plain_triple() -> None:
    graph = read(text(FULL))

    subject, object_ = ID["target/aichi-11"], URIRef("http://metadata.un.org/sdg/14.2")
    assert (subject, SKOS.closeMatch, object_) in graph
    assert set(graph.predicate_objects(ID["mapping/made/1"])) == {
        (RDF.type, DT.Mapping),
        (DT.inMappingSet, ID["mapping-set/made"]),
        (DT.mappingSubject, subject),
        (DT.mappingPredicate, SKOS.closeMatch),
        (DT.mappingObject, object_),
        (DT.justification, URIRef("https://w3id.org/semapv/vocab/ManualMappingCuration")),
        (DT.author, Literal("InforMEA")),
        (DT.confidence, Literal("0.9", datatype=XSD.decimal)),
        (DT.strength, URIRef(f"{BASE}/codes/strength/high")),
        (DT.reviewState, URIRef(f"{BASE}/codes/review-state/evidenced")),
        (DCTERMS.source, URIRef("https://a.org/1")),
        (DCTERMS.source, URIRef("https://a.org/2")),
        (DT.note, Literal('Says "so" \\ here', lang="en")),
    }


def test_empty_fields_say_nothing() -> None:
    graph = read(text(FULL, BARE))

    mapping = ID["mapping/made/2"]
    assert (ID["framework/aichi"], DT.succeededBy, ID["framework/gbf"]) in graph
    assert len(set(graph.predicate_objects(mapping))) == 9
    assert len(set(graph.subjects(RDF.type, DT.Mapping))) == 2


def test_line_ends_mark_and_columns_of_a_spreadsheet_are_read() -> None:
    columns = COLUMNS + "\tmapping_date"
    content = "\ufeff" + text(FULL + "\t2020-01-31", columns=columns).replace("\n", "\r\n")

    graph = read(content)

    day = Literal("2020-01-31", datatype=XSD.date)
    assert (ID["mapping/made/1"], DT.mappingDate, day) in graph


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (text(FULL.replace("0.90", "2")), f"17:{at('0.90')}", "Column 'confidence' is '2'"),
        (text(FULL.replace("0.90", "")), f"17:{at('0.90')}", "Column 'confidence' is ''"),
        (
            text(BARE, FULL.replace("high", "High")),
            f"18:{at('high')}",
            "is 'High'",
        ),
        (
            text(FULL.replace("evidenced", "sure")),
            f"17:{at('evidenced')}",
            "Column 'ext_review_state'",
        ),
        (text(FULL.replace("dtid:target", "x:target")), "17:1", "Column 'subject_id'"),
        (text(FULL.replace("sdg:14.2", "sdg:14 2")), f"17:{at('sdg')}", "Column 'object_id'"),
        (text(FULL.replace("sdg:14.2", "")), f"17:{at('sdg')}", "Column 'object_id' is ''"),
        (text(FULL.replace("skos:close", "dt:close")), f"17:{at('skos')}", "Column 'predicate_id'"),
        (text(FULL.replace("InforMEA", "")), f"17:{at('InforMEA')}", "Column 'author_label'"),
        (text(FULL.replace("|https", "|//")), f"17:{at('https://a')}", "Column 'see_also'"),
        (text(FULL + "\textra"), "17", "13 fields, and the header 12"),
        (text(FULL, BARE, FULL), "19", "mapping of line 17 stands here again"),
        (text(), "", "no mapping"),
        (text(FULL, columns=COLUMNS.replace("author_label", "author")), "16", "'author_label'"),
        (text(FULL, columns=COLUMNS + "\tother"), "16", "'other' is unknown"),
        (text(FULL, columns=COLUMNS + "\tcomment"), "16", "there twice"),
        (text(FULL, about=ABOUT.replace("# license", "# licence")), "1", "'license' is missing"),
        (text(FULL, about=ABOUT.replace("https://creative", "creative")), "1", "'license' is"),
        (text(FULL, about=ABOUT.replace("2026-11-21", "today")), "1", "'publication_date' is"),
        (text(FULL, about=ABOUT.replace("evidenced", "sure")), "1", "'ext_review_state' is"),
        (text(FULL, about=ABOUT.replace('"Made', '"Ma"de')), "2", "not valid YAML"),
        (text(FULL, about=ABOUT.replace("curie_map:", "curie_map: a #")), "", "YAML"),
        (text(FULL, about=ABOUT.replace("http://metadata", "metadata")), "1", "'curie_map'"),
        (COLUMNS + "\n" + FULL, "1", "says nothing about its mapping set"),
        ("", "1", "says nothing about its mapping set"),
    ],
)
def test_faults_are_found_by_line_and_column(content: str, place: str, message: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read(content)

    assert message in str(caught.value)
    assert caught.value.remedy
    found = str(caught.value.place).removeprefix("made.sssom.tsv").removeprefix(":")
    assert not place or found == place


def test_other_encodings_are_refused() -> None:
    with pytest.raises(SyntaxProblem, match="UTF-8"):
        read_mapping_set(text(FULL).encode("utf-16"), "made.sssom.tsv", parse_turtle)


def test_bundled_mapping_sets_lose_no_row(root: Path) -> None:
    paths = sorted((root / "data/mappings").glob("*.sssom.tsv"))
    rows = 0
    mappings = 0

    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows += sum(not line.startswith("#") for line in lines) - 1
        record = read_file(path, path.name, parse_turtle)
        mappings += record.ntriples.count(f"<{DT.Mapping}> .".encode())

    assert len(paths) >= 6
    assert mappings == rows > 700
