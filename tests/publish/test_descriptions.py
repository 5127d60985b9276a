"""DCAT, VoID, schema.org and sitemaps: valid, and true of what the store holds."""

from __future__ import annotations

import json
import re
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, VOID

from dtrack.publish.describing.schema_org import schema_legislation
from dtrack.publish.statements import turtle, value
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from publish_homes import Told

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}
WHOLE = URIRef(f"{BASE}/dataset#whole")


def described(told: Told, address: str, media: str = "text/turtle") -> Graph:
    answer = told.client.get(address, headers={"Accept": media})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(media)
    return Graph().parse(data=answer.content, format=FORMS[media])


@pytest.mark.parametrize("address", ["/dataset", "/.well-known/void"])
def test_descriptions_say_the_same_in_every_format(told: Told, address: str) -> None:
    graphs = [set(described(told, address, media)) for media in FORMS]

    assert len(graphs[0]) > 50
    assert all(graph == graphs[0] for graph in graphs)


def test_catalogue_conforms_to_the_profile(told: Told, root) -> None:  # type: ignore[no-untyped-def]
    shapes = Graph().parse(root / "shapes" / "publish" / "catalogue.ttl", format="turtle")
    graph = described(told, "/dataset")

    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)

    assert conforms, text
    catalogue = URIRef(f"{BASE}/dataset#catalogue")
    datasets = set(graph.objects(catalogue, DCAT.dataset))
    assert WHOLE in datasets
    assert {str(each).rsplit("#", 1)[1] for each in datasets} >= {"kind-decision", "kind-codes"}
    assert len(set(graph.objects(catalogue, DCAT.service))) == 5
    period = graph.value(WHOLE, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2014-10-17"


BROKEN = [
    (DCTERMS.title, "dcat:Dataset"), (DCTERMS.publisher, "dcat:Catalog"),
    (DCAT.accessURL, "dcat:Distribution"), (DCAT.endpointURL, "dcat:DataService"),
    (DCTERMS.license, "dcat:Dataset"), (DCAT.startDate, "dcterms:PeriodOfTime"),
]  # fmt: skip


@pytest.mark.parametrize(("lost", "of"), BROKEN)
def test_profile_finds_what_is_missing(told: Told, root, lost: URIRef, of: str) -> None:  # type: ignore[no-untyped-def]
    shapes = Graph().parse(root / "shapes" / "publish" / "catalogue.ttl", format="turtle")
    graph = described(told, "/dataset")
    thing = next(s for s in graph.subjects(lost) if graph.qname(graph.value(s, RDF.type)) == of)
    graph.remove((thing, lost, None))

    assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


def test_void_counts_what_the_endpoint_counts(told: Told) -> None:
    graph = described(told, "/.well-known/void")
    store = told.node.current().store

    def count(query: str) -> int:
        (row,) = store.select(query).texts()
        return int(row["n"])

    # What revisions did lies outside of what is described.
    inside = "FILTER(!STRSTARTS(STR(?g), 'https://w3id.org/dtrack/graph/history/'))"
    total = count(f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {inside} }}")
    assert int(graph.value(WHOLE, VOID.triples)) == total
    parts = {graph.value(p, VOID["class"]): p for p in graph.objects(WHOLE, VOID.classPartition)}
    decisions = parts[URIRef(f"{BASE}/ontology#Decision")]
    assert int(graph.value(decisions, VOID.entities)) == 2
    graphs = {graph.value(g, SD.name): g for g in graph.subjects(RDF.type, SD.NamedGraph)}
    assert URIRef(f"{BASE}/graph/decision/cbd-cop-12-19") in graphs
    assert sum(int(graph.value(g, VOID.triples)) for g in graphs.values()) == total
    linksets = list(graph.subjects(RDF.type, VOID.Linkset))
    eurovoc = [s for s in linksets if "eurovoc" in str(graph.value(s, VOID.objectsTarget))]
    assert eurovoc
    for linkset in eurovoc:
        relation = graph.value(linkset, VOID.linkPredicate)
        told_links = int(graph.value(linkset, VOID.triples))
        query = f"""SELECT (COUNT(*) AS ?n) {{ ?s <{relation}> ?o
            FILTER(STRSTARTS(STR(?o), "http://eurovoc.europa.eu/")) }}"""
        assert told_links == count(query)
    service = described(told, "/sparql")
    (union,) = service.objects(None, SD.defaultGraph)
    assert (union, DCTERMS.isPartOf, WHOLE) in graph


def test_page_says_what_it_is_to_search_engines(told: Told) -> None:
    for language in ("en", "zh"):
        page = told.client.get(f"/dataset?lang={language}", headers={"Accept": "text/html"}).text
        match = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert match
        said = json.loads(match[1])
        assert said["@type"] == "Dataset"
        assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert said["temporalCoverage"].startswith("2014-10-17/")
        assert said["name"] in page


def test_a_decision_says_what_it_is_to_search_engines(told: Told) -> None:
    page = told.client.get("/doc/decision/cbd-cop-12-19", headers={"Accept": "text/html"}).text
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert match
    said = json.loads(match[1])

    assert said["@type"] == "Legislation"
    assert said["@id"] == f"{BASE}/id/decision/cbd-cop-12-19"
    assert (said["legislationIdentifier"], said["legislationDate"]) == ("XII/19", "2014-10-17")
    assert said["sameAs"] == ["https://example.org/cbd-cop-12-19"]


def test_nothing_ends_a_script_early() -> None:
    names = {"en": '</script><script>alert("1")</script> & more'}
    text = schema_legislation(
        "urn:x", names, "XII/19", "2014-10-17", "decision", "", ["javascript:alert(1)"]
    )

    assert "<" not in text
    said = json.loads(text)
    assert said["name"] == [{"@language": "en", "@value": names["en"]}]
    assert said["legislationIdentifier"] == "XII/19"
    assert "sameAs" not in said
    assert "legislationPassedBy" not in said


def test_sitemaps_lead_to_pages_that_are_there(told: Told, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("dtrack.api.routes.descriptions.MOST", 200)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ET.fromstring(told.client.get("/sitemap.xml").content)
    sitemaps = [str(each.findtext(f"{space}loc")) for each in index]
    assert len(sitemaps) > 2
    pages: dict[str, str | None] = {}
    for address in sitemaps:
        sitemap = ET.fromstring(told.client.get(address.removeprefix(BASE)).content)
        for each in sitemap:
            pages[str(each.findtext(f"{space}loc"))] = each.findtext(f"{space}lastmod")
    journal = told.node.current().journal

    assert pages[f"{BASE}/doc/decision/cbd-cop-12-20"] == journal.facts(2).at
    assert pages[f"{BASE}/doc/decision/cbd-cop-12-19"] == journal.facts(1).at
    assert f"{BASE}/doc/decision/cms-res-11-10" not in pages
    for address in list(pages)[:: len(pages) // 8]:
        assert told.client.get(address.removeprefix(BASE)).status_code == 200, address
    assert told.client.get("/sitemap/99.xml").status_code == 404
    robots = RobotFileParser()
    robots.parse(told.client.get("/robots.txt").text.splitlines())
    assert robots.can_fetch("*", f"{BASE}/doc/decision/cbd-cop-12-19")
    assert not robots.can_fetch("*", "/sparql?query=x")
    assert robots.site_maps() == [f"{BASE}/sitemap.xml"]


def test_coverage_is_stated(told: Told) -> None:
    answer = told.client.get("/dataset/coverage", headers={"Accept": "text/csv"})

    assert answer.text.splitlines()[0].startswith("under,under_name")
    assert f"{BASE}/id/instrument/ramsar" in answer.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-11-29T01:05:08.485900Z", "2026-11-29T01:05:08.4859Z"),
        ("2026-11-29T01:05:10.000000Z", "2026-11-29T01:05:10Z"),
        ("2026-11-29T01:05:08.485901Z", "2026-11-29T01:05:08.485901Z"),
        ("2026-11-29T01:05:00Z", "2026-11-29T01:05:00Z"),
    ],
)
def test_times_are_written_as_storage_keeps_them(given, kept):
    # One time in ten ends in a nought, and what storage would rewrite it refuses.
    said = value("https://example.org/a", "https://example.org/at", given, "dateTime")

    assert said.value.lexical == kept
    assert kept.encode() in parse_turtle(turtle([said]), "https://example.org/", "test")


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [("en", "Revision 2", ("made by", "time")), ("zh", "修订 2", ("执行者", "时间", "依据"))],
)
def test_page_of_a_revision_says_what_it_is(told: Told, language, heading, said) -> None:
    page = told.client.get(f"/doc/revision/2?lang={language}", headers={"Accept": "text/html"}).text

    assert f"<h1>{heading}</h1>" in page
    assert all(word in page for word in said)
    for key in ("endedAtTime", "wasAssociatedWith", ">used<"):
        assert key not in page


def test_page_of_the_dataset_leads_to_what_was_read_as_a_page(told: Told) -> None:
    page = told.client.get("/dataset?lang=zh", headers={"Accept": "text/html"}).text

    assert '<a href="/instruments?lang=zh">' in page
    assert "/dataset/coverage?lang=zh" in page
