"""Revisions over HTTP: listed, compared, told, taken back - on a real node."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dtrack.curate.loading import load
from dtrack.curate.writing import Curator
from dtrack.model import Edit, Report
from dtrack.settings import load_settings
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.wiring.serving import open_service
from dtrack.wiring.writing import open_curator
from serving import TestClient, small_records

GRAPH = f"{BASE}/graph/decision/cbd-cop-12-20"
THING = f"{BASE}/id/decision/cbd-cop-12-20"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Home with the small corpus."""
    home = tmp_path_factory.mktemp("revisions") / "home"
    with open_curator(load_settings({"home": home}, {})) as curator:
        edit = Edit({}, "ana", "Load", "small", "import")
        load(unaudited(curator), small_records(root), edit, complete=True)
    return home


def unaudited(curator: Curator) -> Curator:
    """The made-up records are not all that the shapes ask for; other tests are about that."""
    passed = Report((), 0, 0)
    curator.rules = replace(curator.rules, audit=lambda *_: passed, gate=lambda *_: passed)
    return curator


@pytest.fixture
def client(home: Path, tmp_path: Path) -> Iterator[TestClient]:
    shutil.copytree(home, tmp_path / "home")
    node = open_service(load_settings({"home": tmp_path / "home"}, {}))
    unaudited(node.desk.curator)
    journal = node.current().journal
    try:
        with TestClient(create_app(node)) as client:
            for name in ("propose", "publish"):
                _, token = journal.create_key(name, [name], None, "test", "cli")
                client.headers[f"x-{name}"] = token
            yield client
    finally:
        node.close()


def key(client: TestClient, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.headers[f'x-{name}']}"}


def withdraw(client: TestClient, name: str = "publish") -> dict[str, object]:
    answer = client.post(
        "/api/v1/withdrawals",
        json={"graphs": [GRAPH], "reason": "Not ours"},
        headers=key(client, name),
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_withdrawn_record_is_gone_for_who_asks_next_and_comes_back(client: TestClient) -> None:
    assert client.get("/id/decision/cbd-cop-12-20", follow_redirects=False).status_code == 303

    assert withdraw(client) == {"revision": 2, "changed": [GRAPH]}

    gone = client.get("/id/decision/cbd-cop-12-20", follow_redirects=False)
    assert gone.status_code == 410
    assert "Not ours" in gone.json()["detail"]
    symbol = client.get("/api/v1/resolve", params={"symbol": "XII/20"})
    assert symbol.status_code == 404
    back = client.post(
        "/api/v1/revisions/2/revert", json={"reason": "Ours"}, headers=key(client, "publish")
    )
    assert back.json()["revision"] == 3
    assert client.get("/id/decision/cbd-cop-12-20", follow_redirects=False).status_code == 303


def test_history_tells_who_did_what_and_why(client: TestClient) -> None:
    withdraw(client)

    found = client.get("/api/v1/history", params={"iri": THING}).json()

    told = [(s["revision"]["agent"], s["revision"]["reason"]) for s in found["steps"]]
    assert told == [("ana", "Load"), ("publish", "Not ours")]
    assert found["assertions"] == []


def test_revisions_are_listed_latest_first_in_pages(client: TestClient) -> None:
    withdraw(client)

    first = client.get("/api/v1/revisions", params={"limit": 1})
    second = client.get(first.json()["next"])

    assert [item["number"] for item in first.json()["items"]] == [2]
    assert [item["number"] for item in second.json()["items"]] == [1]
    assert second.json()["next"] is None
    assert 'rel="next"' in first.headers["link"]


def test_revision_names_the_graphs_that_it_changed(client: TestClient) -> None:
    withdraw(client)

    found = client.get("/api/v1/revisions/2").json()

    (change,) = found["changes"]
    assert (change["graph"], change["digest"]) == (GRAPH, None)
    assert found["revision"]["door"] == "http"
    assert client.get("/api/v1/revisions/99").status_code == 404


def test_difference_between_revisions_is_by_triple(client: TestClient) -> None:
    withdraw(client)

    (one,) = client.get("/api/v1/diff", params={"from": "1"}).json()

    assert one["graph"] == GRAPH
    assert one["added"] == []
    assert any(THING in line for line in one["removed"])
    assert client.get("/api/v1/diff", params={"from": "7"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/withdrawals", {"graphs": [GRAPH]}),
        ("/api/v1/revisions/1/revert", {"reason": ""}),
    ],
)
def test_taking_back_needs_the_scope_publish(
    client: TestClient, path: str, body: dict[str, object]
) -> None:
    assert client.post(path, json=body).status_code == 401
    assert client.post(path, json=body, headers=key(client, "propose")).status_code == 403
    assert client.get("/api/v1/revisions").json()["items"][0]["number"] == 1


@pytest.mark.parametrize("body", [{}, {"graphs": [GRAPH], "source": "small"}, {"graphs": []}])
def test_withdrawal_must_say_what(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/api/v1/withdrawals", json=body, headers=key(client, "publish"))

    assert answer.status_code == 400
    assert "'graphs' or a 'source'" in answer.json()["remedy"]


def test_source_is_withdrawn_whole(client: TestClient) -> None:
    other = client.post(
        "/api/v1/withdrawals", json={"source": "none"}, headers=key(client, "publish")
    )

    assert other.status_code == 404
    assert "'small'" in other.json()["remedy"]
