"""What every response has: headers, entity tags, problems; and the description of it all."""

from __future__ import annotations

import logging

import pytest

from dtrack import errors
from dtrack.api.context import preferred_languages
from dtrack.api.paging import decode_cursor, encode_cursor
from dtrack.api.problems import problem_of

ADDRESSES = [
    "/",
    "/api/v1/overlaps",
    "/sparql",
    "/sparql?query=ASK{}",
    "/static/dtrack.css",
    "/docs",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "/nothing", "/api/v1/decisions?limit=0"])
def test_every_response_is_guarded(client, address):
    headers = client.get(address).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "Accept" in headers["vary"]
    assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_reader_has_is_not_sent_again(client, address):
    first = client.get(address)
    tag = first.headers["etag"]

    again = client.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
    other = client.get(address, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert other.status_code == 200
    assert other.content == first.content


def test_representations_have_tags_of_their_own(client):
    def tag(accept):
        address = "/sparql?query=SELECT ?s { ?s ?p ?o } LIMIT 1"
        return client.get(address, headers={"Accept": accept}).headers["etag"]

    assert tag("text/csv") != tag("application/json") != tag("application/sparql-results+json")


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_a_body(client, address):
    head, get = client.head(address), client.get(address)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]


def test_browsers_may_ask_before_they_post_a_query(client):
    response = client.options("/sparql", headers={"Origin": "https://example.org"})

    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]


def test_other_methods_are_told_what_is_possible(client):
    response = client.delete("/api/v1/overlaps")

    assert response.status_code == 405
    assert response.headers["allow"] == "GET"
    assert response.json()["remedy"]


@pytest.mark.parametrize(
    "error",
    [
        kind("what", object()) if kind is errors.NotConformingError else kind("what", remedy="do")
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.DtrackError)
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_is_a_problem(error):
    problem = problem_of(error, "/x")

    assert 400 <= problem.status < 600
    assert problem.title
    assert problem.type.startswith("https://w3id.org/dtrack/problem/")


def test_fault_of_ours_tells_nothing(client, monkeypatch, caplog):
    service = client.app.state.source

    def fail(*_):
        raise RuntimeError("secret at /home/somebody")

    monkeypatch.setattr(type(service.readers), "serialise", fail)

    with caplog.at_level(logging.ERROR):
        response = client.get("/sparql?query=ASK{}")

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text


def test_busy_store_says_when_to_come_again(client, monkeypatch):
    def late(*_):
        raise errors.QueryTimeoutError("The query was ended.", remedy="Narrow it.")

    monkeypatch.setattr(type(client.app.state.source.readers), "serialise", late)

    response = client.get("/sparql?query=ASK{}")

    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0


def test_one_line_is_logged_for_a_request_without_its_query(client, caplog):
    with caplog.at_level(logging.INFO, logger="dtrack.requests"):
        client.get("/sparql?query=ASK{<urn:private>?p ?o}")

    lines = [record for record in caplog.records if record.name == "dtrack.requests"]
    assert [(line.method, line.path, line.status) for line in lines] == [("GET", "/sparql", 200)]
    assert "private" not in str(vars(lines[0]))


def test_description_tells_the_truth_about_errors(client):
    description = client.get("/openapi.json").json()

    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert method != "get" or operation["responses"].keys() >= {"200", "304"}, path
            assert "HTTPValidationError" not in str(operation["responses"]), path
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    reports = {"text/turtle", "text/html"} if status == "422" else set()
                    offered = set(response["content"])
                    if path.startswith("/odata"):
                        # Its clients know no problems.
                        assert offered == {"application/json"}
                        continue
                    assert "application/problem+json" in offered, path
                    assert offered <= {"application/problem+json", *reports}, path
            if path.startswith("/api/") and method == "get":
                assert {"200", "400", "404", "406"} <= operation["responses"].keys(), path
    problem = description["components"]["schemas"]["Problem"]["properties"]
    assert {"type", "title", "status", "detail", "instance", "remedy", "place"} <= problem.keys()


def test_cursor_gives_back_the_key():
    for key in ("", "2014-10-17 https://w3id.org/x", "湿地", '"\\'):
        assert decode_cursor(encode_cursor(key)) == key


def test_languages_are_ordered_by_preference():
    assert preferred_languages("en;q=0.2, zh-CN, fr;q=0.5, xx;q=0, *") == ["zh-cn", "fr", "en"]
    assert preferred_languages("") == []
