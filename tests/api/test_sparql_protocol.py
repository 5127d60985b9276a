"""/sparql: the query operation of the SPARQL 1.1 Protocol."""

from __future__ import annotations

import pytest

QUERY = "SELECT ?s WHERE { ?s a <https://w3id.org/dtrack/ontology#Decision> } ORDER BY ?s"


def _send(client, way, query=QUERY, **headers):
    if way == "get":
        return client.get("/sparql", params={"query": query}, headers=headers)
    if way == "form":
        return client.post("/sparql", data={"query": query}, headers=headers)
    headers["Content-Type"] = "application/sparql-query"
    return client.post("/sparql", content=query.encode(), headers=headers)


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_query_is_answered_each_way_it_may_be_sent(client, way):
    response = _send(client, way)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert len(response.json()["results"]["bindings"]) == 3


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
    ],
)
def test_rows_come_in_the_format_preferred(client, accept, given):
    response = _send(client, "get", Accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"].startswith(given)


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_graphs_come_in_the_format_preferred(client, accept):
    construct = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 3"

    response = _send(client, "get", construct, Accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"].startswith(accept)
    assert response.content


def test_format_stands_in_for_accept(client):
    response = client.get("/sparql", params={"query": "ASK {}", "format": "csv"})

    assert response.text == "true"


def test_unknown_formats_are_not_acceptable(client):
    for response in (
        _send(client, "get", Accept="image/png"),
        client.get("/sparql", params={"query": "ASK {}", "format": "png"}),
    ):
        assert response.status_code == 406
        assert response.headers["content-type"] == "application/problem+json"


def test_syntax_error_names_line_and_column(client):
    response = _send(client, "get", "SELECT ?s\nWHERE { ?s ?p }")

    problem = response.json()
    assert response.status_code == problem["status"] == 400
    assert problem["place"]["line"] == 2
    assert problem["place"]["column"] > 1
    assert problem["instance"] == "/sparql"


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda c: c.post("/sparql", data={"update": "CLEAR ALL"}), 403),
        (
            lambda c: c.post(
                "/sparql",
                content="CLEAR ALL",
                headers={"Content-Type": "application/sparql-update"},
            ),
            403,
        ),
        (lambda c: _send(c, "get", "INSERT DATA { <a:a> <a:a> <a:a> }"), 400),
        (lambda c: _send(c, "get", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), 400),
        (lambda c: c.get("/sparql", params={"query": ["ASK {}", "ASK {}"]}), 400),
        (lambda c: c.post("/sparql", data={"nothing": "x"}), 400),
        (
            lambda c: c.get("/sparql", params={"query": "ASK {}", "default-graph-uri": "g"}),
            400,
        ),
        (
            lambda c: c.post(
                "/sparql",
                content="ASK {}",
                headers={"Content-Type": "application/sparql-query; charset=UTF-16"},
            ),
            415,
        ),
        (lambda c: _send(c, "get", "SELECT * " + "{" * 5000 + "}" * 5000), 400),
        (
            lambda c: c.post("/sparql", content="x", headers={"Content-Type": "text/plain"}),
            415,
        ),
        (
            lambda c: c.post(
                "/sparql",
                content=b"\xff\xfe",
                headers={"Content-Type": "application/sparql-query"},
            ),
            400,
        ),
        (
            lambda c: c.post(
                "/sparql",
                content=b"#" * (1024 * 1024 + 1),
                headers={"Content-Type": "application/sparql-query"},
            ),
            413,
        ),
        (lambda c: c.put("/sparql"), 405),
        (lambda c: c.delete("/sparql"), 405),
    ],
)
def test_what_is_no_query_is_refused_with_a_problem(client, send, status):
    response = send(client)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_service_describes_itself_in_turtle_and_to_browsers_as_a_form(client):
    described = client.get("/sparql")
    shown = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})

    assert described.headers["content-type"].startswith("text/turtle")
    assert "sd:UnionDefaultGraph" in described.text
    assert "<form" in shown.text


def test_service_description_is_turtle(client):
    from rdflib import Graph

    graph = Graph().parse(data=client.get("/sparql").text, format="turtle")

    assert len(graph) > 10


def test_from_names_a_graph(client):
    query = (
        "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/dtrack/graph/decision/cbd-cop-12-19> "
        "{ ?s a <https://w3id.org/dtrack/ontology#Decision> }"
    )

    rows = _send(client, "get", query).json()["results"]["bindings"]

    assert rows[0]["n"]["value"] == "1"


GRAPH = "https://w3id.org/dtrack/graph/decision/cbd-cop-12-19"
OTHER = "https://w3id.org/dtrack/graph/decision/cbd-cop-12-20"
DECISIONS = "SELECT ?s { ?s a <https://w3id.org/dtrack/ontology#Decision> }"
NAMED = "SELECT ?g { GRAPH ?g { ?s a <https://w3id.org/dtrack/ontology#Decision> } }"


@pytest.mark.parametrize(
    ("query", "parameters", "rows"),
    [
        (DECISIONS, {}, 3),
        (DECISIONS, {"default-graph-uri": GRAPH}, 1),
        (DECISIONS, {"default-graph-uri": [GRAPH, OTHER]}, 2),
        (DECISIONS, {"named-graph-uri": GRAPH}, 0),
        (NAMED, {"named-graph-uri": GRAPH}, 1),
        (NAMED, {"default-graph-uri": GRAPH}, 0),
        (DECISIONS.replace("{", f"FROM <{OTHER}> FROM <urn:none> {{", 1), {}, 1),
        # What the request says goes before what the query says.
        (DECISIONS.replace("{", f"FROM <{OTHER}> {{", 1), {"named-graph-uri": GRAPH}, 0),
        (DECISIONS, {"default-graph-uri": "file:///etc/passwd"}, 0),
    ],
)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_request_says_which_graphs_are_read(client, way, query, parameters, rows):
    if way == "get":
        response = client.get("/sparql", params={"query": query, **parameters})
    elif way == "form":
        response = client.post("/sparql", data={"query": query, **parameters})
    else:
        response = client.post(
            "/sparql",
            params=parameters,
            content=query,
            headers={"Content-Type": "application/sparql-query"},
        )

    assert response.status_code == 200, response.text
    assert len(response.json()["results"]["bindings"]) == rows


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
    ],
)
def test_service_describes_itself_in_each_format(client, accept, form):
    from rdflib import Graph, URIRef

    response = client.get("/sparql", headers={"Accept": accept})
    graph = Graph().parse(data=response.text, format=form)

    assert response.headers["content-type"].startswith(accept)
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert {str(o) for o in graph.objects(None, endpoint)} == {
        "https://w3id.org/dtrack/sparql",
        "https://w3id.org/dtrack/update",
    }


def test_answers_are_packed_for_those_who_accept_it(client):
    query = {"query": "SELECT * { ?s ?p ?o } LIMIT 500"}
    plain = client.get("/sparql", params=query, headers={"Accept-Encoding": "identity"})
    packed = client.get("/sparql", params=query, headers={"Accept-Encoding": "gzip"})
    refused = client.get("/sparql", params=query, headers={"Accept-Encoding": "gzip;q=0, *"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.json() == plain.json()
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    again = client.get(
        "/sparql",
        params=query,
        headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_queries_may_come_packed(client):
    import gzip

    response = client.post(
        "/sparql",
        content=gzip.compress(b"ASK {}"),
        headers={"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"},
    )

    assert response.json()["boolean"] is True


@pytest.mark.parametrize(
    ("path", "method", "allow"),
    [
        ("/sparql", "PUT", "GET, HEAD, POST, OPTIONS"),
        ("/sparql", "DELETE", "GET, HEAD, POST, OPTIONS"),
        ("/update", "GET", "POST, OPTIONS"),
        ("/update", "PUT", "POST, OPTIONS"),
        ("/graphs?default", "PATCH", "GET, HEAD, PUT, POST, DELETE, OPTIONS"),
    ],
)
def test_method_that_is_not_possible_is_told_those_that_are(client, path, method, allow):
    refused = client.request(method, path)
    asked = client.options(path)

    assert refused.status_code == 405
    assert refused.headers["allow"] == asked.headers["allow"] == allow


@pytest.mark.parametrize("path", ["/update", "/graphs?default"])
def test_pages_of_other_origins_may_only_read(client, path):
    response = client.options(path, headers={"Origin": "https://portal.example"})

    assert response.headers["access-control-allow-methods"] == "GET, HEAD"
