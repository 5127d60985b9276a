"""/update and /graphs in front of gate and journal, over a real node."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SH, Graph, URIRef

from desk import DECISION, GRAPH, decision, make_home, without
from dtrack.digests import graph_digest
from dtrack.settings import load_settings
from dtrack.terms import BASE, DERIVED_GRAPH, DT
from dtrack.web.app import create_app
from dtrack.wiring.serving import Node
from serving import TestClient

NEW = f"{BASE}/graph/decision/cbd-cop-12-97"
TITLE = "http://purl.org/dc/terms/title"
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
GZIP = {"Content-Encoding": "gzip"}


class Desk:
    """Client of a node, with keys."""

    def __init__(self, client: TestClient, node: Node) -> None:
        self.client = client
        self.node = node
        ring = node.current().journal
        self.tokens = {
            scope: ring.create_key(scope, [scope], None, "tests", "cli")[1]
            for scope in ("publish", "propose")
        }

    def headers(self, scope: str = "publish") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[scope]}"}

    def update(self, text: str, **headers: str) -> Any:
        return self.client.post(
            "/update", content=text, headers={**UPDATE, **self.headers(), **headers}
        )

    def graphs(self, method: str, graph: str = GRAPH, content: bytes = b"", **headers: str) -> Any:
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.request(
            method,
            "/graphs",
            params={"graph": graph},
            content=content,
            headers={**TURTLE, **self.headers(), **sent},
        )

    def ask(self, pattern: str) -> bool:
        return self.client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"}).json()[
            "boolean"
        ]

    @property
    def last(self) -> int:
        return self.node.current().journal.last()


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    root: Path,
) -> Iterator[Desk]:
    home = make_home(tmp_path_factory, tmp_path, root)
    given = {"home": home, "query_workers": 1, **getattr(request, "param", {})}
    node = Node(load_settings(given, {}, folder=tmp_path))
    try:
        with TestClient(create_app(node), raise_server_exceptions=False) as client:
            yield Desk(client, node)
    finally:
        node.close()


def test_update_becomes_a_revision_that_readers_see(desk: Desk) -> None:
    before = desk.last

    response = desk.update(
        f'WITH <{GRAPH}> DELETE {{ ?s <{TITLE}> ?o }} INSERT {{ ?s <{TITLE}> "New"@en, "新"@zh }} '
        f"WHERE {{ ?s <{TITLE}> ?o }}",
        **{"Dtrack-Reason": "A better title"},
    )

    assert response.status_code == 204, response.text
    assert response.headers["dtrack-revision"] == str(before + 1) == str(desk.last)
    assert desk.ask(f'<{DECISION}> <{TITLE}> "New"@en')
    assert not desk.ask(f'<{DECISION}> <{TITLE}> "Made up"@en')
    facts = desk.node.current().journal.facts(desk.last)
    assert (facts.agent, facts.reason) == ("publish", "A better title")


def test_several_operations_are_one_revision(desk: Desk) -> None:
    before = desk.last
    text = decision(97).decode()

    response = desk.update(
        f"INSERT DATA {{ GRAPH <{NEW}> {{ {text} }} }} ;\n"
        f"DELETE {{ GRAPH ?g {{ ?s <{TITLE}> ?o }} }}\n"
        f'INSERT {{ GRAPH ?g {{ ?s <{TITLE}> "Last"@en }} }}\n'
        f'WHERE {{ GRAPH ?g {{ ?s <{DT}symbol> "XII/97" ; <{TITLE}> ?o }} '
        f'  FILTER(LANG(?o) = "en") }}',
    )

    assert response.status_code == 204, response.text
    assert desk.last == before + 1
    assert desk.ask(f'GRAPH <{NEW}> {{ ?s <{TITLE}> "Last"@en }}')


def test_update_that_changes_nothing_is_no_revision(desk: Desk) -> None:
    before = desk.last

    response = desk.update(f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ <urn:none> ?p ?o }} }}")

    assert response.status_code == 204
    assert "dtrack-revision" not in response.headers
    assert desk.last == before


def test_update_that_does_not_conform_is_refused_with_the_report(desk: Desk) -> None:
    before = desk.last

    response = desk.update(f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s <{TITLE}> ?o }} }}")

    problem = response.json()
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert not problem["report"]["conforms"]
    assert any(finding["focus"] == DECISION for finding in problem["report"]["findings"])
    assert desk.last == before
    assert desk.ask(f"<{DECISION}> <{TITLE}> ?o")


@pytest.mark.parametrize("door", ["update", "graphs"])
def test_report_comes_as_turtle_or_as_a_page_to_who_prefers_that(desk: Desk, door: str) -> None:
    def refused(accept: str, language: str = "en") -> Any:
        headers = {"Accept": accept, "Accept-Language": language}
        if door == "update":
            text = f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s <{TITLE}> ?o }} }}"
            return desk.update(text, **headers)
        return desk.graphs("PUT", GRAPH, without(decision(), TITLE), **headers)

    turtle = refused("text/turtle")
    page = refused("text/html,application/xhtml+xml,*/*;q=0.8", "zh-CN")
    problems = [refused(accept) for accept in ("*/*", "application/json", "image/png")]

    assert {r.status_code for r in (turtle, page, *problems)} == {422}
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    graph = Graph().parse(data=turtle.text, format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms).toPython() is False
    assert URIRef(DECISION) in set(graph.objects(None, SH.focusNode))
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="zh">' in page.text
    assert "cbd-cop-12-98" in page.text
    # The policy lets the page's own style through, and nothing else.
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{known}'" in page.headers["content-security-policy"]
    assert all(r.headers["content-type"] == "application/problem+json" for r in problems)


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ("INSERT DATA { <urn:s> <urn:p> 1 }", 403),
        ("CLEAR ALL", 403),
        (f"CLEAR GRAPH <{DERIVED_GRAPH}>", 403),
        ("LOAD <http://127.0.0.1/>", 400),
        ("LOAD <file:///etc/passwd>", 400),
        ("INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { SERVICE <http://x/> { ?s ?p ?o } }", 400),
        ("SELECT * { ?s ?p ?o }", 400),
        ("INSERT DATA {", 400),
        ("CLEAR GRAPH <urn:none>", 400),
    ],
)  # fmt: skip
def test_what_may_not_be_updated_is_told_why(desk: Desk, update: str, status: int) -> None:
    before = desk.last

    response = desk.update(update)

    problem = response.json()
    assert response.status_code == status, response.text
    assert problem["remedy"]
    assert problem["place"] is None or problem["place"]["line"] == 1
    assert desk.last == before


def test_update_may_come_as_a_form_with_the_graphs_it_reads(desk: Desk) -> None:
    response = desk.client.post(
        "/update",
        data={
            "update": f'INSERT {{ GRAPH <{GRAPH}> {{ ?s <{TITLE}> "三"@zh-hant }} }} '
            f"WHERE {{ ?s <{TITLE}> ?o }}",
            "using-graph-uri": GRAPH,
        },
        headers=desk.headers(),
    )

    assert response.status_code == 204, response.text
    assert desk.ask(f'GRAPH <{GRAPH}> {{ <{DECISION}> <{TITLE}> "三"@zh-hant }}')


@pytest.mark.parametrize("path", ["/update", "/graphs"])
def test_changes_need_a_key_for_them(desk: Desk, path: str) -> None:
    method = "POST" if path == "/update" else "PUT"

    def send(headers: dict[str, str]) -> Any:
        return desk.client.request(
            method,
            path,
            params={} if path == "/update" else {"graph": GRAPH},
            content=f"DROP GRAPH <{GRAPH}>" if path == "/update" else decision(),
            headers={**(UPDATE if path == "/update" else TURTLE), **headers},
        )

    none, wrong = send({}), send({"Authorization": "Bearer dt_aaaa_bbbb"})
    other = send(desk.headers("propose"))

    assert none.status_code == wrong.status_code == 401
    assert none.headers["www-authenticate"].startswith("Bearer")
    assert other.status_code == 403
    assert desk.ask(f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}")


def test_graph_is_read_with_its_digest_as_tag(desk: Desk) -> None:
    response = desk.client.get(
        "/graphs", params={"graph": GRAPH}, headers={"Accept": "text/turtle"}
    )
    lines = desk.client.get("/graphs", params={"graph": GRAPH, "format": "ntriples"})
    again = desk.client.get(
        "/graphs",
        params={"graph": GRAPH},
        headers={"Accept": "text/turtle", "If-None-Match": response.headers["etag"]},
    )

    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert lines.content == decision()
    assert response.headers["etag"].strip('"').removesuffix("-gz") == graph_digest(decision())
    assert again.status_code == 304


def test_graph_is_put_posted_to_and_deleted(desk: Desk) -> None:
    made = desk.graphs("PUT", NEW, decision(97))
    same = desk.graphs("PUT", NEW, decision(97))
    added = desk.graphs(
        "POST", NEW, f'<{BASE}/id/decision/cbd-cop-12-97> <{TITLE}> "Troisième"@fr .'.encode()
    )
    gone = desk.graphs("DELETE", NEW)
    missing = desk.graphs("DELETE", NEW)

    assert made.status_code == 201, made.text
    assert made.headers["etag"] == f'"{graph_digest(decision(97))}"'
    assert int(made.headers["dtrack-revision"]) == desk.last - 2
    assert same.status_code == 204
    assert "dtrack-revision" not in same.headers
    assert added.status_code == 204, added.text
    assert added.headers["etag"] != made.headers["etag"]
    assert gone.status_code == 204
    assert missing.status_code == 404
    assert desk.client.get("/graphs", params={"graph": NEW}).status_code in {404, 410}


def test_graph_is_changed_only_as_the_writer_knew_it(desk: Desk) -> None:
    tag = f'"{graph_digest(decision())}"'

    stale = desk.graphs("PUT", GRAPH, decision(title="A"), If_Match='"other"')
    taken = desk.graphs("PUT", GRAPH, decision(title="B"), If_None_Match="*")
    missing = desk.graphs("PUT", NEW, decision(97), If_Match="*")
    right = desk.graphs("PUT", GRAPH, decision(title="C"), If_Match=f'"x", {tag}')
    late = desk.graphs("DELETE", GRAPH, If_Match=tag)

    assert [r.status_code for r in (stale, taken, missing)] == [412, 412, 412]
    assert right.status_code == 204, right.text
    assert late.status_code == 412
    assert desk.ask(f'<{DECISION}> <{TITLE}> "C"@en')


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


REFUSED = {
    "no-turtle": ("PUT", {"graph": GRAPH}, b"<urn:s> <urn:p", {}, 400),
    "not-conforming": ("PUT", {"graph": GRAPH}, without(decision(), TITLE), {}, 422),
    "empty": ("PUT", {"graph": GRAPH}, b"", {}, 400),
    "default": ("PUT", {"default": ""}, b"<urn:s> <urn:p> 1 .", {}, 403),
    "derived": ("PUT", {"graph": DERIVED_GRAPH}, b"<urn:s> <urn:p> 1 .", {}, 403),
    "relative": ("PUT", {"graph": "relative"}, b"<urn:s> <urn:p> 1 .", {}, 400),
    "no-graph": ("PUT", {}, b"<urn:s> <urn:p> 1 .", {}, 400),
    "post-to-none": ("POST", {}, b"<urn:s> <urn:p> 1 .", {}, 400),
    "two-graphs": ("PUT", {"graph": GRAPH, "default": ""}, b"", {}, 400),
    "misspelt": ("PUT", {"graph": GRAPH, "grahp": GRAPH}, b"", {}, 400),
    "picture": ("PUT", {"graph": GRAPH}, b"x", {"Content-Type": "image/png"}, 415),
    "brotli": ("PUT", {"graph": GRAPH}, b"x", {"Content-Encoding": "br"}, 415),
    "no-gzip": ("PUT", {"graph": GRAPH}, b"x", GZIP, 400),
    "half-gzip": ("PUT", {"graph": GRAPH}, packed(b"<a:b> <a:b> 1 .")[:-4], GZIP, 400),
    "large": ("PUT", {"graph": GRAPH}, b"x" * (17 << 20), {}, 413),
    "large-packed": ("PUT", {"graph": GRAPH}, packed(b" " * (17 << 20)), GZIP, 413),
}


@pytest.mark.parametrize("case", REFUSED)
def test_graph_that_cannot_be_taken_leaves_the_former(desk: Desk, case: str) -> None:
    method, parameters, content, headers, status = REFUSED[case]

    response = desk.client.request(
        method,
        "/graphs",
        params=parameters,
        content=content,
        headers={**TURTLE, **desk.headers(), **headers},
    )

    assert response.status_code == status, response.text
    assert response.json()["remedy"] or status == 422
    kept = desk.client.get("/graphs", params={"graph": GRAPH, "format": "ntriples"})
    assert kept.content == decision()


def test_graph_may_come_packed_and_in_parts(desk: Desk) -> None:
    small = desk.client.put(
        "/graphs",
        params={"graph": GRAPH},
        content=packed(decision(title="Packed")),
        headers={**TURTLE, **desk.headers(), "Content-Encoding": "gzip"},
    )
    title = {"@id": DECISION, TITLE: {"@value": "Partie", "@language": "fr"}}
    parts = desk.client.post(
        "/graphs",
        params={"graph": GRAPH},
        files=[
            ("a", ("a.jsonld", json.dumps(title).encode(), "application/ld+json")),
            ("b", ("b.ttl", f'<{DECISION}> <{TITLE}> "Teil"@de .'.encode(), "text/turtle")),
        ],
        headers=desk.headers(),
    )

    assert small.status_code == 204, small.text
    assert parts.status_code == 204, parts.text
    assert desk.ask(f'<{DECISION}> <{TITLE}> "Packed"@en, "Partie"@fr, "Teil"@de')


@pytest.mark.parametrize("desk", [{}, {"base_iri": "http://node.example"}], indirect=True)
def test_json_ld_may_name_the_bundled_context(desk: Desk) -> None:
    address = f"{desk.node.current().settings.base_iri}/context.jsonld"
    document = {"@context": [address, {"iri": "@id"}], "iri": DECISION}
    added = {**document, "dcterms:title": {"eo": "Titolo"}}
    media = {"Content_Type": "application/ld+json"}

    done = desk.graphs("POST", GRAPH, json.dumps(added).encode(), **media)
    other = {**added, "@context": ["http://node.example/other.jsonld"]}
    refused = desk.graphs("POST", GRAPH, json.dumps(other).encode(), **media)

    assert done.status_code == 204, done.text
    assert desk.ask(f'GRAPH <{GRAPH}> {{ <{DECISION}> <{TITLE}> "Titolo"@eo }}')
    assert refused.status_code == 400
    assert "context" in refused.json()["detail"]


def test_writing_leaves_no_trial_behind(desk: Desk) -> None:
    desk.update(f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ <urn:none> ?p ?o }} }}")
    desk.update("INSERT DATA {")

    home = desk.node.current().settings.home
    assert list((home / "trials").iterdir()) == []
