"""Every published IRI dereferences: to the right document, in the format asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.compare import isomorphic

from dtrack.answer.tombstone import Tombstone
from dtrack.formats.context import bundled_context
from dtrack.formats.vocabulary import read_vocabulary
from dtrack.terms import BASE, DT
from dtrack.validation.shapes import bundled_shapes, shapes_version
from dtrack.web.app import create_app
from serving import HOSTILE, TestClient, small_service

MEDIA = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
DECISION = "/doc/decision/cbd-cop-12-19"
THINGS = [
    "/id/decision/cbd-cop-12-19", "/id/provision/cbd-cop-12-19/1",
    "/id/element/cbd-cop-12-19/1/1", "/id/meeting/cbd-cop-12", "/id/body/cbd-cop",
    "/id/instrument/cbd", "/id/target/aichi-5", "/id/framework/aichi",
    "/codes", "/codes/theme", "/codes/theme/wetlands", "/codes/verb/invites",
    "/graph/decision/cbd-cop-12-19", "/graph/derived", "/ontology",
    "/alignments/skos", "/shapes",
]  # fmt: skip


def parsed(response, ending: str) -> Graph:
    """Graph of a response; the context is handed in, for nothing may be fetched."""
    if ending != "jsonld":
        return Graph().parse(data=response.content, format=PARSERS[ending])
    document = response.json()
    if isinstance(document, dict) and isinstance(document.get("@context"), str):
        assert document["@context"] == f"{BASE}/context.jsonld"
        document["@context"] = dict(bundled_context())
    triples = Graph()
    for subject, predicate, value, _ in Dataset().parse(
        data=json.dumps(document), format="json-ld"
    ):
        triples.add((subject, predicate, value))
    return triples


@pytest.mark.parametrize("path", THINGS)
def test_each_format_says_the_same(client, path):
    graphs = {}
    for ending, media in MEDIA.items():
        response = client.get(path, headers={"Accept": media})
        assert response.status_code == 200, (path, ending, response.text)
        assert response.headers["content-type"].startswith(media)
        graphs[ending] = parsed(response, ending)

    assert len(graphs["nt"]) > 3
    for ending, graph in graphs.items():
        if path.startswith(("/ontology", "/shapes", "/alignments")):
            assert len(graph) == len(graphs["nt"]), ending
        else:
            assert isomorphic(graph, graphs["nt"]), ending


@pytest.mark.parametrize("path", THINGS)
def test_browsers_get_a_page_that_names_the_other_formats(client, path):
    response = client.get(path, headers={"Accept": "text/html"})

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert 'rel="alternate"' in response.text or path == "/id/provision/cbd-cop-12-19/1"


def test_thing_leads_to_a_document_in_the_format_that_is_accepted(client):
    def location(accept: str, address: str = "/id/decision/cbd-cop-12-19") -> str:
        response = client.get(address, headers={"Accept": accept}, follow_redirects=False)
        assert response.status_code == 303
        assert {"Accept", "Accept-Language"} <= set(response.headers["vary"].split(", "))
        assert f'<{DECISION}>; rel="describedby"' in response.headers["link"]
        return response.headers["location"]

    assert location("text/turtle") == f"{DECISION}.ttl"
    assert location("application/ld+json") == f"{DECISION}.jsonld"
    assert location("application/json") == f"{DECISION}.jsonld"
    assert location("application/rdf+xml;q=0.9, application/n-triples") == f"{DECISION}.nt"
    assert location("text/html,application/xml;q=0.9,*/*;q=0.8") == DECISION
    assert location("*/*", "/id/decision/cbd-cop-12-19?format=turtle") == f"{DECISION}.ttl"
    assert location("*/*", "/id/decision/cbd-cop-12-19.rdf") == f"{DECISION}.rdf"


@pytest.mark.parametrize(
    "address", [DECISION, "/id/decision/cbd-cop-12-19", "/ontology", "/codes", "/codes/theme"]
)
def test_format_that_is_not_there_is_refused_with_those_that_are(client, address):
    for asked in ({"headers": {"Accept": "image/png"}}, {"params": {"format": "pdf"}}):
        response = client.get(address, **asked)
        assert response.status_code == 406
        offers = response.json()["offers"]
        assert offers.keys() >= {"text/html", "text/turtle", "application/ld+json"}
        for media, offer in offers.items():
            assert client.get(offer).headers["content-type"].startswith(media)


@pytest.mark.parametrize(
    "address",
    ["/id/decision/nothing", "/doc/decision/nothing.ttl", "/codes/theme/nothing", "/graph/nothing",
     "/doc/decision/cbd-cop-12-19.pdf", "/ontology/9.9", "/ontology.pdf", "/alignments/nothing",
     "/alignments/../dtrack", "/codes.pdf", "/doc?iri=urn:nothing", "/id/", "/doc/"],
)  # fmt: skip
def test_unknown_iri_is_a_problem(client, address):
    response = client.get(address, headers={"Accept": "application/json"})

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_links_connect_a_document_with_all_that_belongs_to_it(client):
    link = client.get(f"{DECISION}.ttl", headers={"Host": "evil.example"}).headers["link"]

    assert f'<{BASE}{DECISION}>; rel="canonical"' in link
    assert f'<{BASE}/id/decision/cbd-cop-12-19>; rel="describes"' in link
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link
    assert f'<{DECISION}.jsonld>; rel="alternate"; type="application/ld+json"' in link
    assert f'<{BASE}/ontology>; rel="describedby"' in link
    assert "evil.example" not in link


@pytest.mark.parametrize("ending", ["html", *MEDIA])
def test_document_is_not_sent_twice_and_head_tells_of_it(client, ending):
    client.headers["Accept-Encoding"] = "identity"
    first = client.get(f"{DECISION}.{ending}")
    again = client.get(f"{DECISION}.{ending}", headers={"If-None-Match": first.headers["etag"]})
    head = client.head(f"{DECISION}.{ending}")

    assert (again.status_code, again.content) == (304, b"")
    assert head.headers["content-length"] == str(len(first.content))
    assert head.headers["link"] == first.headers["link"]


def test_record_comes_whole_and_with_names_of_what_it_points_at(client):
    graph = parsed(client.get(f"{DECISION}.nt"), "nt")

    assert (URIRef(f"{BASE}/id/element/cbd-cop-12-19/1/1"), None, None) in graph
    assert (URIRef(f"{BASE}/codes/theme/wetlands"), None, None) in graph
    assert (URIRef(f"{BASE}{DECISION}"), None, None) in graph


def test_provision_brings_its_elements(client):
    graph = parsed(client.get("/doc/provision/cbd-cop-12-19/1.ttl"), "ttl")

    verb = graph.value(URIRef(f"{BASE}/id/element/cbd-cop-12-19/1/1"), URIRef(f"{DT}verb"))
    assert verb == URIRef(f"{BASE}/codes/verb/invites")


def test_graph_is_the_record_and_nothing_else(client):
    graph = parsed(client.get("/graph/decision/cbd-cop-12-19.nt"), "nt")
    store = client.app.state.source.store
    quads = client.get("/graph/decision/cbd-cop-12-19.nq")

    own = store.graph(f"{BASE}/graph/decision/cbd-cop-12-19")
    assert len(graph) == own.count(b"\n")
    assert quads.headers["content-type"] == "application/n-quads"
    assert quads.text.count(f"<{BASE}/graph/decision/cbd-cop-12-19> .\n") == len(graph)


def test_jsonld_of_a_graph_keeps_its_name(client):
    document = client.get("/graph/decision/cbd-cop-12-19.jsonld").json()

    assert document["items"][0]["iri"] == f"{BASE}/graph/decision/cbd-cop-12-19"


def test_jsonld_is_short_and_begins_with_the_thing(client):
    document = client.get(f"{DECISION}.jsonld").json()

    first = document["items"][0]
    assert first["iri"] == f"{BASE}/id/decision/cbd-cop-12-19"
    assert first["type"] == "Decision"
    assert first["adopted"] == "2014-10-17"
    assert first["instrument"] == f"{BASE}/id/instrument/cbd"
    assert first["dcterms:title"] == {"en": "Restoration", "zh": "Restoration 中文"}


def test_things_of_others_are_shown_by_their_iri(client):
    page = client.get("/doc", params={"iri": f"{BASE}/codes/theme"}, follow_redirects=False)
    own = client.get("/doc", params={"iri": f"{BASE}/id/target/aichi-5"}, follow_redirects=False)
    class_of = client.get("/doc", params={"iri": f"{DT}Decision", "format": "ttl"})

    assert page.headers["location"] == "/codes/theme"
    assert own.headers["location"] == "/doc/target/aichi-5"
    assert (URIRef(f"{DT}Decision"), None, None) in parsed(class_of, "ttl")


def test_version_of_the_ontology_has_a_document_of_its_own_address(client, root):
    number = read_vocabulary("ontology").version
    text = (root / "ontology" / "dtrack.ttl").read_text("utf-8")

    assert f"owl:versionIRI <{BASE}/ontology/{number}>" in text
    assert client.get(f"/ontology/{number}.ttl").text == text
    assert client.get(f"/ontology/{number}", headers={"Accept": "text/turtle"}).text == text


def test_ontology_is_served_as_it_was_written_with_its_blank_nodes(client, root):
    assert client.get("/ontology.ttl").content == (root / "ontology" / "dtrack.ttl").read_bytes()
    assert 'id="Decision"' in client.get("/ontology", headers={"Accept": "text/html"}).text
    assert "DecisionShape" in client.get("/shapes.html").text


@dataclass(frozen=True)
class Forgetful:
    """A service that remembers one withdrawn thing."""

    service: object

    def __getattr__(self, name: str) -> object:
        return getattr(self.service, name)

    def current(self) -> Forgetful:
        return self

    def tombstone(self, iri: str) -> Tombstone | None:
        if iri != f"{BASE}/id/decision/withdrawn":
            return None
        return Tombstone(iri, "2026-11-21T10:00:00Z", "curator", "published twice", 41)


def test_withdrawn_thing_leaves_a_tombstone(root):
    with TestClient(create_app(Forgetful(small_service(root)))) as client:
        for address in (
            "/id/decision/withdrawn", "/doc/decision/withdrawn", "/doc/decision/withdrawn.ttl",
        ):  # fmt: skip
            response = client.get(address)
            problem = response.json()
            assert response.status_code == 410, address
            assert problem["tombstone"]["revision"] == 41
            assert "published twice" in problem["detail"]
        page = client.get("/doc/decision/withdrawn", headers={"Accept": "text/html"})
        assert (page.status_code, "published twice" in page.text) == (410, True)
        assert '<time datetime="2026-11-21">21 Nov 2026</time>' in page.text
        assert '<a href="/doc/revision/41">revision 41</a>' in page.text
        page = client.get("/doc/decision/withdrawn?lang=zh", headers={"Accept": "text/html"})
        assert "<h1>已撤回（410）</h1>" in page.text
        assert "2026年11月21日" in page.text
        assert "was withdrawn" not in page.text
        assert client.get("/id/decision/nothing").status_code == 404


def test_iris_below_another_base_are_answered_too(root):
    service = small_service(root)
    changed = Forgetful(service)
    settings = type(service.settings)(
        **{
            name: getattr(service.settings, name)
            for name in service.settings.__slots__
            if name != "base_iri"
        },
        base_iri="https://node.example/x",
    )
    object.__setattr__(changed, "settings", settings)
    with TestClient(create_app(changed)) as client:
        link = client.get("/codes/theme/wetlands.ttl").headers["link"]

    assert f'<{BASE}/codes/theme/wetlands>; rel="canonical"' in link


@pytest.mark.parametrize("place", ["/id/{}", "/doc/decision/{}", "/doc?iri={}", "/graph/{}",
                                   "/codes/{}", "/alignments/{}", "/ontology/{}",
                                   "/doc/decision/cbd-cop-12-19?format={}"])  # fmt: skip
def test_hostile_iris_find_nothing(client, place):
    from urllib.parse import quote

    for text in HOSTILE:
        response = client.get(place.format(quote(text, safe="")))
        assert response.status_code in {200, 400, 404, 406}, (place, text, response.text)
        assert "\n" not in response.headers.get("link", "")


def test_version_of_the_shapes_that_revisions_name_leads_to_the_shapes(client: TestClient) -> None:
    version = shapes_version(bundled_shapes())

    answer = client.get(f"/shapes/version/{version}", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/shapes")
    assert client.get("/shapes/version/0123").status_code == 404
