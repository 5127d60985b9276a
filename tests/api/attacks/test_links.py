"""What a browser would run never becomes a link, on whatever page it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import serving
from dtrack.web.app import create_app
from serving import TestClient, small_records, small_service

THING = "https://w3id.org/dtrack/id/decision/cbd-cop-12-77"
HARMFUL = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,%3Cscript%3E", "vbscript:x",
    "file:///etc/passwd", "blob:x", "javascript://example.org/%0Aalert(1)", "view-source:x",
]  # fmt: skip
_LINKS = re.compile(r"""(?:href|src|action|content)\s*=\s*["']?\s*([^"'>\s]*)""", re.IGNORECASE)


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    links = ", ".join(f"<{iri}>" for iri in HARMFUL)
    body = f"""<id/decision/cbd-cop-12-77> a dt:Decision ; dt:symbol "XII/77" ;
        dcterms:title "Harmful"@en ; dt:instrument <id/instrument/cbd> ;
        dt:adoptedAt <id/meeting/cbd-cop-12> ; dt:adopted "2014-10-17"^^xsd:date ;
        dt:documentType <codes/document-type/decision> ;
        foaf:page {links} ; dcterms:source {links} ; dt:supersedes {links} .
    <javascript:alert(1)> a dt:Decision ; dt:symbol "XII/78" ; dcterms:title "Harmful too"@en ;
        dt:instrument <id/instrument/cbd> ."""
    record = serving._record("decision", "cbd-cop-12-77", body)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(serving, "small_records", lambda root: [*small_records(root), record])
        service = small_service(root)
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/doc/decision/cbd-cop-12-77", {}),
        *(("/doc", {"iri": iri}) for iri in HARMFUL),
        ("/find", {"q": "Harmful"}),
        ("/doc/instrument/cbd", {}),
        ("/sparql", {"query": "SELECT * { ?s <http://xmlns.com/foaf/0.1/page> ?o }"}),
    ],
)
def test_no_page_links_to_what_would_run(client: TestClient, path: str, parameters) -> None:
    response = client.get(path, params=parameters, headers={"Accept": "text/html, */*;q=0.1"})

    assert response.status_code < 500
    starts = tuple(iri.partition(":")[0].lower() + ":" for iri in HARMFUL)
    found = [link for link in _LINKS.findall(response.text) if link.lower().startswith(starts)]
    assert found == []


def test_the_page_shows_them_as_text(client: TestClient) -> None:
    text = client.get("/doc/decision/cbd-cop-12-77", headers={"Accept": "text/html"}).text

    assert all(iri.partition("/")[0] in text for iri in HARMFUL)
