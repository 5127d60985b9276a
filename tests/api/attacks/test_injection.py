"""What is given for a parameter stays a value, in every query of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import serving
from dtrack.catalogue import Catalogue
from dtrack.web.app import create_app
from serving import HOSTILE, TestClient, small_service

ROOT = Path(__file__).resolve().parents[3]
QUERIES = sorted(path.stem for path in (ROOT / "queries" / "catalogue").glob("*.rq"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.read(ROOT / "queries" / "catalogue")


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(serving, "CATALOGUE", QUERIES)
        service = small_service(root)
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        yield client


def test_there_are_queries_to_attack() -> None:
    assert len(QUERIES) > 20


@pytest.mark.parametrize("name", QUERIES)
def test_no_parameter_is_more_than_a_value(client: TestClient, catalogue: Catalogue, name) -> None:
    # Fails where binding pastes texts: they would be syntax errors (500), or other questions.
    before = client.app.state.source.store.dump()
    given = {
        each.name: "https://w3id.org/dtrack/id/x" if each.kind == "iri" else "1"
        for each in catalogue[name].parameters
        if each.is_required
    }
    for key in (each.name for each in catalogue[name].parameters):
        for text in HOSTILE:
            try:
                address = client.build_request(
                    "GET", f"/api/v1/queries/{name}", params={**given, key: text}
                )
            except UnicodeEncodeError:
                continue
            response = client.send(address)

            assert response.status_code in {200, 400, 404}, (key, text, response.text)
            if response.status_code >= 400:
                assert response.headers["content-type"] == "application/problem+json"
    assert client.app.state.source.store.dump() == before
