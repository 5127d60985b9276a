"""The desk: a record is proposed, reviewed with another key, published, seen, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import DECISION, GRAPH, decision, desk_settings, make_home
from dtrack.curate.returning import withdraw_graphs
from dtrack.curate.sheets import code_lists
from dtrack.sources.spreadsheet_writing import write_template
from dtrack.web.app import create_app
from dtrack.wiring.serving import open_service
from serving import TestClient

HTML = {"Accept": "text/html"}
SCOPES = {"ann": "propose", "ben": "review", "cat": "publish"}


class Desk:
    """A node, and a browser for each of three people."""

    def __init__(self, app, keys: dict[str, str]) -> None:
        self.keys = keys
        self.curator = None
        self.browsers = {who: TestClient(app, raise_server_exceptions=False) for who in keys}
        self.nobody = TestClient(app, raise_server_exceptions=False)

    def enter(self, who: str):
        return self.browsers[who].post(
            "/desk/sign-in", data={"key": self.keys[who]}, headers=HTML, follow_redirects=False
        )

    def get(self, who: str, path: str) -> str:
        return self.browsers[who].get(path, headers=HTML).text

    def token(self, who: str, path: str = "/desk/new") -> str:
        found = re.search(r'name="token" value="(\w+)"', self.get(who, path))
        return found.group(1) if found else ""

    def propose(self, content: bytes, **more):
        parts = {
            "token": ("", self.token("ann")), "title": ("", "Better"), "text": ("", ""),
            "content": ("", content.decode()), **more,
        }  # fmt: skip
        return self.browsers["ann"].post(
            "/desk/new", files=parts, headers=HTML, follow_redirects=False
        )

    def act(self, who: str, number: str, act: str, text: str = "", **more):
        fields = {"act": act, "text": text, "token": self.token(who, f"/desk/{number}")} | more
        return self.browsers[who].post(
            f"/desk/{number}", data=fields, headers=HTML, follow_redirects=False
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Desk]:
    home = make_home(tmp_path_factory, tmp_path_factory.mktemp("desk"), root)
    node = open_service(desk_settings(home))
    try:
        journal = node.desk.curator.journal
        keys = {
            who: journal.create_key(who, [scope], None, "tests", "cli")[1]
            for who, scope in SCOPES.items()
        }
        desk = Desk(create_app(node), keys)
        desk.curator = node.desk.curator
        for who in keys:
            desk.enter(who)
        yield desk
    finally:
        node.close()


def test_key_is_kept_where_scripts_and_other_sites_cannot_use_it(desk):
    cookie = desk.enter("ann").headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/desk" in cookie


def test_nobody_sees_the_desk_without_a_key(desk):
    wrong = desk.nobody.post("/desk/sign-in", data={"key": "dt_no_key"}, headers=HTML)

    assert 'type="password"' in desk.nobody.get("/desk", headers=HTML).text
    assert 'type="password"' in desk.nobody.get("/desk/new", headers=HTML).text
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers


def test_each_place_of_a_page_has_an_id_of_its_own(desk):
    number = desk.propose(decision(98, "Ids")).headers["location"].rpartition("/")[2]

    for path in ("/desk", "/desk/new", f"/desk/{number}"):
        ids = re.findall(r' id="([^"]+)"', desk.get("ann", path))
        assert len(ids) > 3
        assert len(ids) == len(set(ids)), path


def test_form_of_another_site_is_refused(desk):
    for token in ("", "0" * 64, desk.token("ben", "/desk") or "x"):
        answer = desk.browsers["ann"].post(
            "/desk/new", files={"token": ("", token), "content": ("", "x")}, headers=HTML
        )
        assert answer.status_code == 403


def test_record_goes_from_proposal_to_page_and_back(desk):
    made = desk.propose(decision(98, "A better title"))
    number = made.headers["location"].rpartition("/")[2]
    page = desk.get("ann", f"/desk/{number}")

    assert made.status_code == 303
    assert "<ins>A better title</ins>" in page
    assert "The data conform." in page
    assert desk.act("ann", number, "submit").status_code == 303
    own = desk.act("ann", number, "approve")
    assert own.status_code == 403
    assert desk.act("ben", number, "comment", "Well done.").status_code == 303
    assert desk.act("ben", number, "approve").status_code == 303
    assert "Well done." in desk.get("cat", f"/desk/{number}")
    assert desk.act("cat", number, "publish").status_code == 303
    place = DECISION.partition("/id/")[2]
    assert "A better title" in desk.get("cat", f"/doc/{place}")
    assert desk.act("cat", number, "revert", "It was not better.").status_code == 303
    assert "A better title" not in desk.get("cat", f"/doc/{place}")


def test_what_does_not_conform_is_told_on_the_page_and_cannot_be_submitted(desk):
    content = re.sub(rb".*/ontology#adopted> .*\n", b"", decision(98, "No day"))
    number = desk.propose(content).headers["location"].rpartition("/")[2]
    answer = desk.act("ann", number, "submit")

    assert answer.status_code == 422
    assert "The data do not conform." in answer.text
    assert "badge bad" in answer.text


def test_spreadsheet_is_read_and_its_faults_are_told_cell_by_cell(desk):
    head = write_template("taggings", "csv", code_lists()).decode("utf-8-sig").splitlines()[0]
    width = head.count(",") + 1
    sheet = f"{head}\r\nnothing{',x' * (width - 1)}\r\n".encode()
    answer = desk.propose(b"", file=("taggings.csv", sheet))

    assert answer.status_code == 400
    assert re.search(r"taggings\.csv.*[A-Z]2", answer.text)
    assert 'aria-describedby="fault"' in answer.text


def test_text_that_is_no_turtle_is_kept_with_what_is_wrong(desk):
    answer = desk.propose(b"<a> <b> .")

    assert answer.status_code == 400
    assert "&lt;a&gt; &lt;b&gt; ." in answer.text


def test_leaving_forgets_the_key(desk):
    desk.browsers["ann"].post("/desk/sign-out", headers=HTML)

    assert 'type="password"' in desk.get("ann", "/desk")
    desk.enter("ann")


def _versions(title: str, chinese: str, summary: str) -> bytes:
    content = decision(98, title).decode().replace("虚构", chinese)
    return content.replace("Asks for work.", summary).encode()


def _published(desk, content: bytes) -> None:
    """Publish a change of the record by somebody else meanwhile."""
    number = desk.propose(content).headers["location"].rpartition("/")[2]
    for who, act in (("ann", "submit"), ("ben", "approve"), ("cat", "publish")):
        assert desk.act(who, number, act).status_code == 303


def _disputes(page: str) -> dict[str, str]:
    """Field of each conflict, by what its legend says."""
    found = re.findall(r"<fieldset class=\"dispute\">(.*?)</fieldset>", page, re.DOTALL)
    return {
        re.sub(r"<[^>]*>", "", re.search(r"<legend>(.*?)</legend>", each)[1]): re.search(
            r'name="(choice-\w+)" id="theirs-', each
        )[1]
        for each in found
    }


def test_conflicts_are_settled_one_by_one_by_a_form(desk):
    _published(desk, _versions("Before", "之前", "Asks for work."))
    number = desk.propose(_versions("Ours", "我方", "Asks us.")).headers["location"].split("/")[2]
    _published(desk, _versions("Theirs", "对方", "Asks them."))

    page = desk.get("ann", f"/desk/{number}")
    fields = _disputes(page)

    assert list(fields) == [
        "Theirs · title English", "Theirs · title Chinese", "XII/98, 1 · summary English",
    ]  # fmt: skip
    for said in ("Before", "Ours", "Theirs", "之前", "我方", "对方", "Asks us.", "Asks them."):
        assert f"<span>{said}</span>" in page
    assert len(re.findall(r'<input type="radio"[^>]* required ', page)) == 6
    assert page.count('value="rebase"') == 1
    chinese = desk.get("ann", f"/desk/{number}?lang=zh")
    assert list(_disputes(chinese))[1].endswith("题名 中文")
    assert "采用提案的内容" in chinese
    english, other, summary = fields.values()
    half = desk.act("ann", number, "rebase", **{english: "ours", summary: "theirs"})
    assert half.status_code == 412
    assert "Nothing was changed yet" in half.text
    assert half.text.count(" checked") == 2
    assert re.search(rf'name="{english}"[^>]*value="ours"[^>]* checked', half.text)

    done = desk.act("ann", number, "rebase", **{english: "ours", summary: "theirs", other: "ours"})
    assert done.status_code == 303
    page = desk.get("ann", f"/desk/{number}")
    assert not _disputes(page)
    assert "ours in 2 conflicts" in page
    assert "theirs in 1 conflicts" in page
    for who, act in (("ann", "submit"), ("ben", "approve"), ("cat", "publish")):
        assert desk.act(who, number, act).status_code == 303
    told = desk.get("ann", f"/doc/{DECISION.partition('/id/')[2]}")
    assert "Ours" in told
    assert "Asks them." in told
    assert "Asks us." not in told


def test_what_was_published_after_the_choice_is_chosen_anew(desk):
    _published(desk, _versions("Once", "一", "Asks for work."))
    number = desk.propose(_versions("Mine", "一", "Asks for work.")).headers["location"]
    number = number.split("/")[2]
    _published(desk, _versions("Seen", "一", "Asks for work."))
    (name,) = _disputes(desk.get("ann", f"/desk/{number}")).values()
    _published(desk, _versions("Unseen", "一", "Asks for work."))

    answer = desk.act("ann", number, "rebase", **{name: "theirs"})

    assert answer.status_code == 412
    assert "<span>Unseen</span>" in answer.text
    assert " checked" not in answer.text


def test_a_record_withdrawn_meanwhile_is_a_conflict_of_all_of_it(desk):
    number = desk.propose(_versions("Still here", "在", "Asks.")).headers["location"].split("/")[2]
    withdraw_graphs(desk.curator, [GRAPH], "tests", "It was wrong", "cli")

    page = desk.get("ann", f"/desk/{number}")
    (name,) = _disputes(page).values()
    assert "all that is said about it" in next(iter(_disputes(page)))
    assert "It is taken out." in page
    assert " statements</p>" in page
    assert desk.act("ann", number, "rebase", **{name: "ours"}).status_code == 303
    assert "Still here" in desk.get("ann", f"/desk/{number}")


def test_refusals_are_told_in_the_language_of_the_page(desk):
    page = desk.nobody.post(
        "/desk/sign-in?lang=zh", data={"key": "dt_nonsense", "back": "/desk"}, headers=HTML
    )
    assert page.status_code == 401
    assert "<p><span>密钥无效。" in page.text
    nothing = desk.browsers["ann"].get("/desk/9999?lang=zh", headers=HTML)
    assert "没有第 9999 号提案。" in nothing.text
    asked = desk.nobody.get("/ask?lang=zh&query=SELECT+nonsense", headers=HTML)
    assert "请检查该处及其前面的内容。" in asked.text
