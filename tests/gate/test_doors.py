"""What breaks a rule gets in by no door: refused with the report, and nothing has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dtrack.cli.main import run
from dtrack.settings import load_settings
from dtrack.stores.building import current_marker
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.wiring.serving import Node, open_service
from gate.faults import FAULTS, Fault
from serving import TestClient


@dataclass(frozen=True)
class House:
    """A running node over the bundled corpus, and a key for everything."""

    home: Path
    node: Node
    client: TestClient

    def state(self) -> tuple[str, int, str, int]:
        """Digests of store and journal, and how many revisions and proposals' graphs there are."""
        journal = self.node.current().journal
        last = journal.last()
        marker = current_marker(self.home)
        return marker.digest, marker.revision, journal.facts(last).digest, last


@pytest.fixture(scope="module")
def house(corpus_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("doors") / "home"
    shutil.copytree(corpus_template, home)
    node = open_service(load_settings({"home": home}, {}))
    try:
        _, token = node.current().journal.create_key("doors", ["admin"], None, "test", "cli")
        with TestClient(create_app(node)) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            yield House(home, node, client)
    finally:
        node.close()


def by_update(house: House, fault: Fault, _folder: Path) -> str:
    triples = parse_turtle(fault.turtle.encode(), f"{BASE}/").decode()
    answer = house.client.post(
        "/update",
        content=f"INSERT DATA {{ GRAPH <{fault.graph}> {{ {triples} }} }}",
        headers={"Content-Type": "application/sparql-update"},
    )
    assert answer.status_code == 422, answer.text
    return answer.text


def by_graph_store(house: House, fault: Fault, _folder: Path) -> str:
    answer = house.client.put(
        "/graphs",
        params={"graph": fault.graph},
        content=fault.turtle,
        headers={"Content-Type": "text/turtle"},
    )
    assert answer.status_code == 422, answer.text
    return answer.text


def by_proposal(house: House, fault: Fault, _folder: Path) -> str:
    made = house.client.post(
        "/api/v1/proposals",
        params={"title": fault.rule},
        content=fault.turtle,
        headers={"Content-Type": "text/turtle"},
    )
    assert made.status_code == 201, made.text
    number = made.json()["proposal"]["number"]
    answer = house.client.post(f"/api/v1/proposals/{number}/submit", json={})
    assert answer.status_code == 422, answer.text
    published = house.client.post(f"/api/v1/proposals/{number}/publish", json={})
    assert published.status_code == 409, published.text
    return answer.text


def by_import(house: House, fault: Fault, folder: Path) -> str:
    return _by_command(house, fault, folder, "import", "records")


def by_command(house: House, fault: Fault, folder: Path) -> str:
    file = folder / "fault.ttl"
    file.write_text(fault.turtle)
    assert run(["propose", str(file), "--title", "A fault", "--home", str(house.home)]) == 0
    (number,) = {item["number"] for item in _proposals(house) if item["title"] == "A fault"}
    code = run(["submit", str(number), "--home", str(house.home)])
    assert code == 1
    run(["review", str(number), "--reject", "A fault", "--home", str(house.home)])
    return ""


def _proposals(house: House) -> list[dict[str, object]]:
    items = house.client.get("/api/v1/proposals", params={"state": "draft"}).json()["items"]
    return list(items)


def _by_command(house: House, fault: Fault, folder: Path, *words: str) -> str:
    file = folder / "fault.ttl"
    file.write_text(fault.turtle)
    assert run([*words, str(file), "--home", str(house.home)]) == 1
    return ""


DOORS: dict[str, Callable[[House, Fault, Path], str]] = {
    "update": by_update,
    "graphs": by_graph_store,
    "proposals": by_proposal,
    "import": by_import,
    "cli": by_command,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_gets_in_by_no_door(
    house: House, fault: Fault, door: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = house.state()

    told = DOORS[door](house, fault, tmp_path)

    said = told + "".join(capsys.readouterr())
    assert fault.shape.rsplit("#", 1)[-1] in said, "the report names the rule"
    assert house.state() == before


def test_sound_twin_gets_in_by_every_door(house: House, tmp_path: Path) -> None:
    """Were the doors shut for all, the tests above would say nothing."""
    fault = FAULTS[0]
    client, graph = house.client, {"graph": fault.graph}
    turtle = {"Content-Type": "text/turtle"}
    file = tmp_path / "twin.ttl"
    file.write_text(fault.sound)

    put = client.put("/graphs", params=graph, content=fault.sound, headers=turtle)
    assert put.status_code == 201, put.text
    triples = parse_turtle(fault.sound.encode(), f"{BASE}/").decode()
    cleared = client.post(
        "/update",
        content=f"DROP GRAPH <{fault.graph}>",
        headers={"Content-Type": "application/sparql-update"},
    )
    assert cleared.is_success, cleared.text
    inserted = client.post(
        "/update",
        content=f"INSERT DATA {{ GRAPH <{fault.graph}> {{ {triples} }} }}",
        headers={"Content-Type": "application/sparql-update"},
    )
    assert inserted.is_success, inserted.text
    assert client.delete("/graphs", params=graph).is_success
    words = ["import", "records", str(file), "--source", "twin", "--home", str(house.home)]
    assert run(words) == 0
    assert fault.graph in house.node.current().journal.heads([fault.graph])
