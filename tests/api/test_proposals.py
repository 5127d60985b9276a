"""Proposals over HTTP, with three keys, over a real home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk import (
    BASE,
    DECISION,
    GRAPH,
    OTHER,
    decision,
    desk_settings,
    make_home,
    published,
    state_of,
    tagging,
    with_lines,
    without,
)  # fmt: skip
from dtrack.api.app import create_api
from dtrack.curate.sheets import code_lists
from dtrack.model import Edit
from dtrack.sources.spreadsheet_writing import write_template
from dtrack.stores.rdf_formats import rdf_format
from dtrack.wiring.serving import Node, open_service
from serving import TestClient

PATH = "/api/v1/proposals"
TURTLE = {"Content-Type": "text/turtle"}


@dataclass
class Node3:
    """A node with three keys: of a contributor, a reviewer and a publisher."""

    home: Path
    node: Node
    client: TestClient
    keys: dict[str, str]

    def call(self, who: str, method: str, path: str = "", **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if who:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        return self.client.request(method, f"{PATH}{path}", headers=headers, **more)

    def propose(self, content: bytes = b"", **more: Any) -> int:
        given = {"content": content or decision(98, "Better"), "headers": TURTLE}
        answer = self.call("ann", "POST", "?title=Better", **(given | more))
        assert answer.status_code == 201, answer.text
        return int(answer.json()["proposal"]["number"])

    def elsewhere(self, content: bytes | None) -> None:
        self.node.desk.curator.write(Edit({GRAPH: content}, "eve", "An edit", "desk"))


@pytest.fixture
def three(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Iterator[Node3]:
    home = make_home(tmp_path_factory, tmp_path, root)
    node = open_service(desk_settings(home))
    journal = node.desk.curator.journal
    keys = {
        name: journal.create_key(name, [scope], None, "test", "cli")[1]
        for name, scope in (("ann", "propose"), ("ben", "review"), ("cem", "publish"))
    }
    with TestClient(create_api(node), raise_server_exceptions=False) as client:
        yield Node3(home, node, client, keys)
    node.close()


def test_three_keys_take_a_proposal_to_a_revision_that_is_read_at_once(three: Node3) -> None:
    answer = three.call(
        "ann", "POST", "?title=Better", content=decision(98, "Better"), headers=TURTLE
    )
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{PATH}/1"
    assert answer.json()["report"]["conforms"]

    assert three.call("ann", "POST", "/1/submit").json()["proposal"]["state"] == "submitted"
    said = {"text": "Where from?", "about": DECISION}
    assert three.call("ben", "POST", "/1/comments", json=said).status_code == 200
    assert three.call("ben", "POST", "/1/approve").json()["state"] == "approved"
    told = three.call("cem", "POST", "/1/publish").json()

    assert told["revision"] == 2
    assert told["changed"] == [GRAPH]
    assert published(three.home) == decision(98, "Better")
    service = three.node.current()
    assert b'"Better"@en' in service.store.graph(GRAPH)
    detail = three.call("", "GET", "/1").json()
    assert detail["proposal"]["revision"] == 2
    assert [(e["act"], e["agent"]) for e in detail["events"]] == [
        ("propose", "ann"), ("submit", "ann"), ("comment", "ben"), ("approve", "ben"),
        ("publish", "cem"),
    ]  # fmt: skip


def test_a_key_does_only_what_it_is_for(three: Node3) -> None:
    number = three.propose()
    three.call("ann", "POST", f"/{number}/submit")
    before = state_of(three.home)

    for who, act, status in (
        ("ann", "approve", 403), ("ann", "publish", 403), ("ann", "request-changes", 403),
        ("ben", "publish", 403), ("cem", "approve", 403), ("cem", "comments", 403),
        ("", "approve", 401), ("", "publish", 401), ("", "submit", 401),
    ):  # fmt: skip
        answer = three.call(who, "POST", f"/{number}/{act}", json={"text": "x"})
        assert (who, act, answer.status_code) == (who, act, status)
        assert answer.headers["content-type"].startswith("application/problem+json")
    update = three.client.post(
        "/update", content="DELETE WHERE { GRAPH <x:g> { ?s ?p ?o } }",
        headers={"Content-Type": "application/sparql-update",
                 "Authorization": f"Bearer {three.keys['ann']}"},
    )  # fmt: skip
    assert update.status_code == 403
    assert three.call("ben", "POST", "?title=x", content=b"", headers=TURTLE).status_code == 403
    assert state_of(three.home) == before


def test_who_may_not_act_is_told_so_before_the_words_are_read(three: Node3) -> None:
    number = three.propose()
    bad = {"content": b"{", "headers": {"Content-Type": "application/json"}}

    for act in ("approve", "reject", "request-changes"):
        assert three.call("", "POST", f"/{number}/{act}", **bad).status_code == 401
        assert three.call("ben", "POST", f"/{number}/{act}", **bad).status_code == 400


def test_what_does_not_conform_is_refused_with_the_report(three: Node3) -> None:
    number = three.propose(without(decision(98), "documentType"))

    answer = three.call("ann", "POST", f"/{number}/submit")

    assert answer.status_code == 422
    shapes = {finding["shape"] for finding in answer.json()["report"]["findings"]}
    assert any(shape.endswith("TextShape-documentType") for shape in shapes)
    for media in ("text/turtle", "text/html"):
        told = three.call("ann", "POST", f"/{number}/submit", headers={"Accept": media})
        assert told.status_code == 422
        assert told.headers["content-type"] == f"{media}; charset=utf-8"
        assert "TextShape-documentType" in told.text
    assert three.call("", "GET", f"/{number}").json()["proposal"]["state"] == "draft"


@pytest.mark.parametrize("form", ["trig", "nquads", "jsonld"])
def test_a_set_of_graphs_is_one_proposal(three: Node3, form: str) -> None:
    rdf = rdf_format(form)
    body = rdf.write({GRAPH: decision(98, "Better"), OTHER: decision(99, "Too")})

    number = three.propose(content=body, headers={"Content-Type": rdf.media_type})

    found = three.call("", "GET", f"/{number}/diff").json()["differences"]
    assert [difference["graph"] for difference in found] == [GRAPH, OTHER]
    assert all(len(d["added"]) == len(d["removed"]) == 1 for d in found)


def test_json_names_graphs_and_withdrawals(three: Node3) -> None:
    text = decision(98, "Better").decode()
    body = {"title": "Both", "graphs": {GRAPH: {"content": text}, OTHER: None}}
    answer = three.call("ann", "POST", json=body)
    assert answer.status_code == 201

    found = three.call("", "GET", "/1/diff").json()["differences"]
    assert [difference["withdrawn"] for difference in found] == [False, True]

    answer = three.call("ann", "PUT", "/1/graphs", json={"drop": [OTHER]})
    assert answer.status_code == 200
    assert three.call("", "GET", "/1").json()["graphs"] == [GRAPH]


def test_a_moved_base_is_412_and_its_conflicts_are_told(three: Node3) -> None:
    number = three.propose()
    three.call("ann", "POST", f"/{number}/submit")
    three.call("ben", "POST", f"/{number}/approve")
    three.elsewhere(decision(98, "Other"))

    answer = three.call("cem", "POST", f"/{number}/publish")
    assert answer.status_code == 412
    assert "rebase" in answer.json()["remedy"]
    answer = three.call("ann", "POST", f"/{number}/rebase")
    assert answer.status_code == 412
    assert '"Better"@en' in answer.json()["difference"]
    (conflict,) = three.call("", "GET", f"/{number}/diff").json()["conflicts"]
    assert conflict["subject"] == f"<{DECISION}>"
    assert len(conflict["ours"]) == len(conflict["theirs"]) == len(conflict["base"]) == 1

    answer = three.call("ann", "POST", f"/{number}/rebase", json={"choose": {GRAPH: "ours"}})
    assert answer.json()["proposal"]["state"] == "submitted"
    three.call("ben", "POST", f"/{number}/approve")
    assert three.call("cem", "POST", f"/{number}/publish").status_code == 200
    assert published(three.home) == decision(98, "Better")


def test_an_act_out_of_turn_is_409(three: Node3) -> None:
    number = three.propose()

    answer = three.call("cem", "POST", f"/{number}/publish")

    assert answer.status_code == 409
    assert answer.json()["remedy"]


def test_if_match_refuses_who_has_not_seen_the_last_act(three: Node3) -> None:
    number = three.propose()
    seen = three.call("ann", "POST", f"/{number}/submit").headers["ETag"]
    assert three.call("", "GET", f"/{number}").headers["ETag"] == seen
    three.call("ann", "POST", f"/{number}/comments", json={"text": "Wait."})

    for wrong in (seen, '"7-1"', "odd"):
        answer = three.call("ben", "POST", f"/{number}/approve", headers={"If-Match": wrong})
        assert answer.status_code == 412
    now = three.call("", "GET", f"/{number}").headers["ETag"]
    answer = three.call("ben", "POST", f"/{number}/approve", headers={"If-Match": now})
    assert answer.status_code == 200


def test_candidates_are_decided_in_bulk_and_one_by_one(three: Node3) -> None:
    targets = [f"{BASE}/id/target/aichi-{n}" for n in (5, 11)]
    rows = [tagging(targets[0], 0.9), tagging(targets[1], 0.2)]
    number = three.propose(with_lines(decision(98), *rows))
    three.call("ann", "POST", f"/{number}/submit")
    found = three.call("", "GET", f"/{number}/candidates").json()
    assert {c["state"] for c in found} == {"proposed"}

    refused = three.call("ann", "POST", f"/{number}/candidates", json={"accept_above": 0})
    assert refused.status_code == 403
    first = three.call("ben", "POST", f"/{number}/candidates", json={"accept_above": 0.8}).json()
    named = {"refuse": [c["iri"] for c in found if c["target"] == targets[1]]}
    second = three.call("ben", "POST", f"/{number}/candidates", json=named).json()

    assert [(c["target"], c["state"]) for c in first + second] == [
        (targets[0], "accepted"),
        (targets[1], "refused"),
    ]
    three.call("ben", "POST", f"/{number}/approve")
    three.call("cem", "POST", f"/{number}/publish")
    assert b"addressesTarget> <%s>" % targets[0].encode() in published(three.home)
    assert b"addressesTarget> <%s>" % targets[1].encode() not in published(three.home)


def test_a_status_needs_evidence(three: Node3) -> None:
    status = {
        "thing": "cbd-cop-12-98/1", "axis": "implementation", "value": "implemented",
        "since": "2020-01-01", "evidence": "",
    }  # fmt: skip
    body = {"title": "Implemented", "status": status}
    assert three.call("ann", "POST", json=body).status_code == 400

    status["evidence"] = "https://example.org/report"
    answer = three.call("ann", "POST", json=body)

    assert answer.status_code == 201
    assert answer.json()["report"]["conforms"]
    assert "report" in str(three.call("", "GET", "/1/diff").json()["differences"])


def test_a_spreadsheet_is_read_or_refused_cell_by_cell(three: Node3) -> None:
    head = write_template("taggings", "csv", code_lists()).decode("utf-8-sig")
    row = "cbd-cop-12-98/1,aichi-5,lexical,{},our tagger,,\r\n"
    call: Callable[[str], Any] = lambda text: three.call(  # noqa: E731
        "ann", "POST", "?title=Tags&name=tags.csv", content=(head + row.format(text)).encode(),
        headers={"Content-Type": "text/csv"},
    )  # fmt: skip

    wrong = call("high")
    assert wrong.status_code == 400
    assert "tags.csv, cell D3: 'high' is no confidence" in wrong.json()["detail"]
    assert call("0.7").status_code == 201
    assert len(three.call("", "GET", "/1/candidates").json()) == 1


def test_the_list_comes_in_pages_that_never_shift(three: Node3) -> None:
    for n in range(5):
        three.propose(decision(98, f"Title {n}"))

    first = three.call("", "GET", "?limit=2").json()
    three.propose(decision(98, "Late"))
    second = three.client.get(first["next"]).json()
    third = three.client.get(second["next"]).json()

    numbers = [p["number"] for page in (first, second, third) for p in page["items"]]
    assert numbers == [5, 4, 3, 2, 1]
    assert third["next"] is None
    assert three.call("", "GET", "?state=published").json()["items"] == []
    assert three.call("", "GET", "?state=odd").status_code == 400


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("", {"content": b"x", "headers": {"Content-Type": "image/png"}}, 415),
        ("?title=x", {"content": b"<a> <b", "headers": TURTLE}, 400),
        ("?title=x", {"content": b"", "headers": TURTLE}, 400),
        ("", {"json": {"titel": "x"}}, 400),
        ("", {"json": {"title": "x"}}, 400),
        ("", {"json": {"title": "x", "graphs": {"x": {"content": "<a:a> <a:b> <a:c> ."}}}}, 400),
        ("", {"json": {"title": "x", "graphs": {f"{BASE}/graph/derived": None}}}, 400),
        ("", {"json": {"title": "x", "graphs": {"a\x00b": None}}}, 400),
        ("", {"json": {"title": "x\x1b[2J", "graphs": {GRAPH: None}}}, 400),
        ("/99/submit", {}, 404),
        (f"/{10**30}/submit", {}, 404),
        ("/99/comments", {"json": {"text": "x"}}, 404),
        ("/x/submit", {}, 400),
    ],
)
def test_what_cannot_be_used_is_a_problem(
    three: Node3, path: str, more: dict[str, Any], status: int
) -> None:
    answer = three.call("ann", "POST", path, **more)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert three.call("", "GET").json()["items"] == []
