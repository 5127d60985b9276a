"""Statements as JSON: a status, a tagging, a mapping become drafts, as the forms make them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from desk import BASE, GRAPH, PROVISION, decision, desk_settings, make_home, published
from dtrack.api.app import create_api
from dtrack.api.proposal_bodies import MappingBody
from dtrack.curate.sheets import notations
from dtrack.curate.stating import JUSTIFICATIONS, PREDICATES
from dtrack.wiring.serving import open_service
from serving import TestClient

PATH = "/api/v1/proposals"
SET = f"{BASE}/graph/mapping-set/desk-ann"
TAGGING = {"thing": "cbd-cop-12-98/1", "tag": "aichi-5", "confidence": 0.9, "note": "By hand."}
MAPPING = {
    "subject": "aichi-15", "predicate": "relatedMatch", "object": "gbf-8", "strength": "medium",
    "confidence": 0.7,
}  # fmt: skip
STATUS = {
    "thing": "cbd-cop-12-98/1", "axis": "implementation", "value": "implemented",
    "since": "2020-01-01", "evidence": "https://example.org/report",
}  # fmt: skip


class Three:
    """A node, and a key each of a contributor, a reviewer and a publisher."""

    def __init__(self, home: Path, client: TestClient, keys: dict[str, str]) -> None:
        self.home, self.client, self._keys = home, client, keys

    def call(self, who: str, method: str, path: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._keys[who]}"}
        return self.client.request(method, f"{PATH}{path}", headers=headers, **more)

    def propose(self, **body: Any) -> Any:
        return self.call("ann", "POST", json={"title": "Stated"} | body)

    def publish(self, answer: Any) -> None:
        assert answer.status_code == 201, answer.text
        assert answer.json()["report"]["conforms"], answer.text
        number = answer.json()["proposal"]["number"]
        for who, act in (("ann", "submit"), ("ben", "approve"), ("cem", "publish")):
            assert self.call(who, "POST", f"/{number}/{act}").status_code == 200


@pytest.fixture
def three(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Iterator[Three]:
    home = make_home(tmp_path_factory, tmp_path, root)
    node = open_service(desk_settings(home))
    try:
        journal = node.desk.curator.journal
        keys = {
            who: journal.create_key(who, [scope], None, "tests", "cli")[1]
            for who, scope in (("ann", "propose"), ("ben", "review"), ("cem", "publish"))
        }
        with TestClient(create_api(node)) as client:
            yield Three(home, client, keys)
    finally:
        node.close()


def test_a_tagging_is_accepted_by_hand(three: Three) -> None:
    three.publish(three.propose(tagging=TAGGING))

    text = published(three.home).decode()
    assert f"<{PROVISION}> <{BASE}/ontology#addressesTarget> <{BASE}/id/target/aichi-5> ." in text
    node = f"<{BASE}/id/tagging/cbd-cop-12-98/1/aichi-5>"
    for said in (
        '#author> "ann"', '#confidence> "0.9"', '#note> "By hand."',
        f"#taggingMethod> <{BASE}/codes/tagging-method/manual>",
    ):  # fmt: skip
        assert said in "".join(n for n in text.splitlines() if n.startswith(node))
    again = three.propose(tagging=TAGGING)
    assert again.status_code == 400
    assert "would change nothing" in again.json()["detail"]


def test_a_mapping_joins_the_set_of_its_author(three: Three) -> None:
    three.publish(three.propose(mapping=MAPPING | {"date": "2026-01-31"}))

    text = published(three.home, SET).decode()
    match = "http://www.w3.org/2004/02/skos/core#relatedMatch"
    assert f"<{BASE}/id/target/aichi-15> <{match}> <{BASE}/id/target/gbf-8> ." in text
    for said in (
        "/id/mapping/desk-ann/aichi-15-relatedmatch-gbf-8>", "strength/medium>",
        "vocab/ManualMappingCuration>", '"0.7"', "2026-01-31", '#author> "ann"',
    ):  # fmt: skip
        assert said in text
    assert three.propose(mapping=MAPPING).status_code == 400


def test_statements_about_one_record_go_together(three: Three) -> None:
    answer = three.propose(status=STATUS, tagging=TAGGING, mapping=MAPPING)

    assert answer.status_code == 201
    number = answer.json()["proposal"]["number"]
    found = three.call("ann", "GET", f"/{number}/diff").json()["differences"]
    added = {each["graph"]: "\n".join(each["added"]) for each in found}
    assert "StatusAssertion" in added[GRAPH]
    assert "/id/tagging/cbd-cop-12-98/1/aichi-5>" in added[GRAPH]
    assert "relatedMatch" in added[SET]
    assert not any(each["removed"] for each in found)

    graphs = {GRAPH: {"content": decision(98, "Other").decode()}}
    both = three.propose(graphs=graphs, tagging=TAGGING)
    assert both.status_code == 400
    assert "handed in" in both.json()["detail"]


def test_a_statement_may_join_a_draft(three: Three) -> None:
    three.propose(tagging=TAGGING)

    answer = three.call("ann", "PUT", "/1/graphs", json={"mapping": MAPPING})

    assert answer.status_code == 200
    detail = three.call("ann", "GET", "/1").json()
    assert {GRAPH, SET} < set(detail["graphs"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"tagging": TAGGING | {"confidence": 1.5}}, "tagging.confidence"),
        ({"tagging": TAGGING | {"confidence": "NaN"}}, "tagging.confidence"),
        ({"tagging": {"thing": "XII/98"}}, "tagging.tag"),
        ({"tagging": TAGGING | {"remark": "x"}}, "tagging.remark"),
        ({"tagging": "x"}, "tagging"),
        ({"mapping": MAPPING | {"predicate": "sameAs"}}, "mapping.predicate"),
        ({"mapping": MAPPING | {"strength": ""}}, "mapping.strength"),
        ({"mapping": MAPPING | {"justification": "Guess"}}, "mapping.justification"),
        ({"mapping": MAPPING | {"date": "yesterday"}}, "mapping.date"),
        ({"mapping": MAPPING | {"object": "aichi-15"}}, "two different things"),
        ({"status": STATUS | {"axis": "mood"}}, "status.axis"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(three: Three, body: Any, told: str) -> None:
    answer = three.propose(**body)

    assert answer.status_code == 400, answer.text
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [{"tagging": TAGGING | {"tag": "aichi-77"}}, {"tagging": TAGGING | {"thing": "XII/4711"}},
     {"mapping": MAPPING | {"subject": "nothing"}}],
)  # fmt: skip
def test_what_nobody_knows_is_not_found(three: Three, body: Any) -> None:
    assert three.propose(**body).status_code == 404


def test_bodies_are_described(three: Three) -> None:
    described = three.client.get("/openapi.json").json()
    body = described["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]

    members = {name: body["properties"][name]["anyOf"][0] for name in ("tagging", "mapping")}
    assert set(members["tagging"]["required"]) == {"thing", "tag"}
    assert set(members["mapping"]["required"]) == {
        "subject", "predicate", "object", "strength", "confidence",
    }  # fmt: skip
    assert "closeMatch" in members["mapping"]["properties"]["predicate"]["enum"]
    assert "$ref" not in str(body)


def test_codes_of_a_mapping_are_those_of_the_forms() -> None:
    hints = get_type_hints(MappingBody)

    assert get_args(hints["predicate"]) == PREDICATES
    assert get_args(hints["justification"]) == JUSTIFICATIONS
    assert set(get_args(hints["strength"])) == set(notations("strength"))
