"""Forms of the desk: a status with evidence, a target of a provision, a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk import make_home
from web.desks import HTML, Desk, fields_of, opened

PAGE = "https://www.cbd.int/decisions/"
STATUS = {
    "thing": "cbd-cop-12-98/1", "status": "legal-force/retired", "since": "2022-12-19",
    "evidence": PAGE, "evidence_type": "meeting-outcome", "asserted_by": "Secretariat of X",
    "note": "Told by the Bureau.",
}  # fmt: skip
MAPPING = {
    "subject": "aichi-15", "predicate": "relatedMatch", "object": "gbf-8", "strength": "medium",
    "confidence": "0,7",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Desk]:
    with opened(make_home(tmp_path_factory, tmp_path_factory.mktemp("stating"), root)) as desk:
        yield desk


def state(desk: Desk, kind: str, typed: dict[str, str], who: str = "ann", query: str = ""):
    """Send a form as a browser without scripts does."""
    fields = fields_of(desk.get(f"/desk/{kind}{query}", who))
    return desk.browsers[who].post(
        f"/desk/{kind}{query}", data=fields | typed, headers=HTML, follow_redirects=False
    )


def publish(desk: Desk, answer) -> str:
    """Take a draft all the way; gives its page, as the reviewer saw it."""
    assert answer.status_code == 303, answer.text
    number = re.search(r"\d+", answer.headers["location"]).group()
    assert desk.act("ann", number, "submit").status_code == 303
    seen = desk.get(f"/desk/{number}", "ben")
    # What was published meanwhile comes in.
    assert desk.act("ben", number, "rebase").status_code == 303
    assert desk.act("ben", number, "approve").status_code == 303
    assert desk.act("cat", number, "publish").status_code == 303
    return seen


def test_text_leads_to_the_forms_about_it(desk):
    page = desk.get("/doc/decision/cbd-cop-12-98")
    form = desk.get("/desk/status?thing=https://w3id.org/dtrack/id/provision/cbd-cop-12-98/1")

    assert "/desk/tagging?thing=https%3A%2F%2Fw3id.org%2Fdtrack%2Fid%2Fdecision" in page
    assert "/desk/status?thing=cbd-cop-12-98%2F1" in page
    assert "/desk/mapping?subject=" in desk.get("/doc/target/aichi-15")
    assert fields_of(form)["thing"] == "cbd-cop-12-98/1"
    assert "Asks for work." in form
    assert '<option value="cbd-cop-12-98">' in form


def test_status_is_proposed_reviewed_and_published(desk):
    answer = state(desk, "status", STATUS, query="?lang=zh")
    publish(desk, answer)
    told = desk.nobody.get("/doc/decision/cbd-cop-12-98.ttl").text
    page = desk.get("/doc/decision/cbd-cop-12-98")

    assert answer.headers["location"].endswith("?lang=zh")
    for said in ("retired", PAGE, "meeting-outcome", "Secretariat of X", "Told by the Bureau."):
        assert said in told
    assert 'asserted by a curator: <span lang="en">Secretariat of X' in page
    twice = state(desk, "status", STATUS)
    assert twice.status_code == 400
    assert 'id="told-status">It is stated so already' in twice.text
    again = desk.get("/desk/status?thing=cbd-cop-12-98/1")
    assert re.search(r"legal force: retired.*Secretariat of X", again)


def test_target_of_a_provision_is_accepted_by_hand(desk):
    typed = {"thing": "XII/98 paragraph 1", "tag": "aichi-11", "confidence": "0.9"}
    publish(desk, state(desk, "tagging", typed))
    row = desk.nobody.get("/api/v1/decisions/cbd-cop-12-98").text
    twice = state(desk, "tagging", typed)

    assert "aichi-11" in row
    assert twice.status_code == 400
    assert "It has this target or theme already." in twice.text


def test_mapping_goes_into_the_set_of_its_author(desk):
    # Both are drafts before one is published: neither stands in the way of the other.
    drafts = [
        state(desk, "mapping", MAPPING),
        state(desk, "mapping", MAPPING | {"object": "gbf-11", "date": "2026-01-31"}),
    ]
    for draft in drafts:
        publish(desk, draft)
    told = desk.nobody.get("/graph/mapping-set/desk-ann.nt").text
    page = desk.get("/desk/mapping?subject=aichi-15")
    twice = state(desk, "mapping", MAPPING)

    for said in (
        "id/target/aichi-15> <http://www.w3.org/2004/02/skos/core#relatedMatch>", "/gbf-8>",
        "semapv/vocab/ManualMappingCuration", "strength/medium", '"0.7"', '"ann"', "2026-01-31",
        datetime.now(UTC).date().isoformat(), "/id/mapping/desk-ann/aichi-15-relatedmatch-gbf-8>",
    ):  # fmt: skip
        assert said in told
    assert "0.7" in page
    assert twice.status_code == 400
    assert 'id="told-object">You have mapped' in twice.text


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("status", STATUS | {"thing": "<b>"}, "thing"),
        ("status", STATUS | {"thing": ""}, "thing"),
        ("status", STATUS | {"status": "legal-force/keep"}, "status"),
        ("status", STATUS | {"since": "2022-02-30"}, "since"),
        ("status", STATUS | {"since": "20221219"}, "since"),
        ("status", STATUS | {"until": "2021-01-01"}, "until"),
        ("status", STATUS | {"evidence": ""}, "evidence"),
        ("status", STATUS | {"evidence": "javascript:alert(1)"}, "evidence"),
        ("status", STATUS | {"evidence_type": "rumour"}, "evidence_type"),
        ("tagging", {"thing": "XII/98", "tag": "aichi-77"}, "tag"),
        ("tagging", {"thing": "XII/98", "tag": "aichi-1", "confidence": "NaN"}, "confidence"),
        ("mapping", MAPPING | {"object": "aichi-15"}, "object"),
        ("mapping", MAPPING | {"object": ""}, "object"),
        ("mapping", MAPPING | {"predicate": ""}, "predicate"),
        ("mapping", MAPPING | {"strength": "huge"}, "strength"),
        ("mapping", MAPPING | {"justification": "Guess"}, "justification"),
        ("mapping", MAPPING | {"confidence": "1.5"}, "confidence"),
        ("mapping", MAPPING | {"date": "yesterday"}, "date"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_wrong_is_told_beside_its_field_and_the_rest_is_kept(
    desk, kind, typed, told, language
):
    answer = state(desk, kind, typed, query=f"?lang={language}")
    kept = fields_of(answer.text)
    page = answer.text

    assert answer.status_code == 400
    assert re.findall(r'id="told-([^"]+)"', page) == [told]
    assert f'<a href="#{told}">' in page
    assert re.search(rf'id="{told}"[^>]* aria-invalid="true" aria-describedby="told-{told}', page)
    assert "<b>" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    chosen = {"status", "evidence_type", "predicate", "strength", "justification"}
    same = {name for name in typed if name != told or name not in chosen}
    assert {name: kept[name] for name in same} == {name: typed[name] for name in same}


def test_what_the_rules_refuse_is_told_beside_its_field(desk):
    # A meeting is described, but nothing that can have a status.
    answer = state(
        desk, "status", STATUS | {"thing": "https://w3id.org/dtrack/id/meeting/cbd-cop-12"}
    )

    assert answer.status_code == 422
    assert 'id="told-thing"' in answer.text
    assert "The rules refuse it" in answer.text


def test_forms_are_for_who_may_propose_and_come_from_their_page(desk):
    fields = fields_of(desk.get("/desk/status")) | STATUS
    ann = desk.browsers["ann"]

    assert ann.post("/desk/status", data=fields | {"token": "0" * 64}).status_code == 403
    assert state(desk, "status", STATUS, "ben").status_code == 403
    assert desk.nobody.post("/desk/status", data=STATUS, headers=HTML).status_code == 401


def test_who_signs_in_comes_back_to_the_form(desk):
    page = desk.nobody.get("/desk/status?thing=XII/98&lang=zh", headers=HTML).text
    fields = fields_of(page)

    assert fields["back"] == "/desk/status?thing=XII/98&lang=zh"
    for asked, back in (
        (fields["back"], fields["back"]), ("//evil.example", "/desk"), ("/desk/../x", "/desk"),
        ("https://evil.example", "/desk"), ("/desk\r\nx: y", "/desk"), ("/sparql", "/desk"),
    ):  # fmt: skip
        answer = desk.enter("ann", asked)
        assert answer.headers["location"] == back
    refused = desk.nobody.post(
        "/desk/sign-in", data={"key": "dt_no_key", "back": fields["back"]}, headers=HTML
    )
    assert fields_of(refused.text)["back"] == fields["back"]
