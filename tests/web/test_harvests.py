"""Harvests at the desk: seen by who is signed in, changed by administrators alone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import OTHER, make_home
from dtrack.journal.harvests import Harvests
from processes import wait_until
from web.desks import HTML, Desk, fields_of, opened
from web.harvested import FOURTH, NODE, SECRET, TAKEN, THIRD, set_up

PAGE = "/desk/harvests"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Desk]:
    home = make_home(tmp_path_factory, tmp_path_factory.mktemp("harvests"), root)
    with opened(home) as desk:
        set_up(desk.node.desk.curator)
        desk.node.refresh()
        yield desk


def send(desk: Desk, path: str, who: str = "eva", query: str = "", **typed: str):
    fields = {"token": fields_of(desk.get(path, who))["token"]} | typed
    return desk.browsers[who].post(path + query, data=fields, headers=HTML, follow_redirects=False)


def text(page: str) -> str:
    words = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    return " ".join(html.unescape(words).split())


def state(desk: Desk, name: str):
    return Harvests(desk.node.desk.curator.journal).get(name)


def test_list_tells_how_each_harvest_goes(desk):
    answer = desk.browsers["ann"].get(PAGE, headers=HTML)
    page = text(answer.text)

    assert answer.headers["cache-control"] == "no-store"
    for said in (
        "Stream of another node (LDES) https://ramsar.example/ldes", "done with faults",
        "conflict 1", "refused 1", "unusable 1", "taken 1", "2 entries of the origin cannot",
        "3 runs have failed, one after the other", "It does not answer. Try later.",
        "There was none yet.", "It rests.", "It is due.", "1 day",
    ):  # fmt: skip
        assert said in page, said
    assert SECRET not in answer.text
    assert '<a href="/desk/harvests">Harvests</a>' in desk.get("/desk", "ann")
    chinese = text(desk.get(f"{PAGE}?lang=zh"))
    for said in (
        "完成，但有差错", "冲突 1", "连续 3 次失败", "已暂停，不再运行。",
        "来源中有 2 项无法使用；其余均已收入。",
    ):  # fmt: skip
        assert said in chinese, said


def test_one_harvest_tells_what_was_left_aside_and_why(desk):
    page = desk.get(f"{PAGE}/ramsar")
    told = text(page)

    assert "Stands here with other content, and is not written over" in told
    assert OTHER in told
    assert "It is curated here (source 'tests') with other content." in told
    assert "It does not parse." in told
    assert THIRD in told
    assert FOURTH in told
    assert "The member says not of what it is a version, or not when." in told
    chinese = text(desk.get(f"{PAGE}/ramsar?lang=zh"))
    assert "无法使用 该成员没有说明是何记录的版本，或没有说明时间。" in chinese
    assert "发布者可以更正；此前暂予搁置。" in chinese
    assert "此处已有整理（来源“tests”），内容不同。" in chinese
    assert "无法解析。" in chinese
    assert "unusable" not in chinese
    # What is in the language of the page is not marked as another.
    assert 'lang="en"' not in desk.get(f"{PAGE}/ramsar?lang=zh").partition("<main")[2]
    assert f"{NODE}/ldes/3" in told
    assert "It belongs" not in told
    assert TAKEN not in told
    assert SECRET not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))

    compared = desk.get(f"{PAGE}/ramsar/difference?graph={OTHER}")
    assert "<ins>Told by &lt;b&gt;them&lt;/b&gt;</ins>" in compared
    assert "<del>Made up</del>" in compared
    answer = desk.browsers["ann"].get(f"{PAGE}/ramsar/difference?graph=urn:none", headers=HTML)
    assert answer.status_code == 404


def test_pages_are_for_who_is_signed_in_and_forms_for_administrators(desk):
    for path in (PAGE, f"{PAGE}/ramsar", f"{PAGE}/ramsar?lang=zh"):
        page = desk.nobody.get(path, headers=HTML).text
        assert 'type="password"' in page
        assert "ramsar.example" not in page
        assert fields_of(page)["back"] == path
    for who in ("ann", "ben", "cat"):
        assert "Set it up" not in desk.get(PAGE, who)
        assert "Run now" not in desk.get(f"{PAGE}/cms", who)
        token = fields_of(desk.get("/desk/new", who)).get("token", "")
        for path, typed in ((PAGE, {"name": "x"}), (f"{PAGE}/cms", {"act": "pause"})):
            answer = desk.browsers[who].post(path, data=typed | {"token": token}, headers=HTML)
            assert answer.status_code == 403
    eva = desk.browsers["eva"]
    other = {"act": "pause", "token": "0" * 64}
    assert eva.post(f"{PAGE}/cms", data=other, headers=HTML).status_code == 403
    assert desk.nobody.post(f"{PAGE}/cms", data=other, headers=HTML).status_code == 401
    assert state(desk, "cms").state == "active"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "Upper Case"}, ["name"]),
        ({"name": "ramsar"}, ["name"]),
        ({"url": "ftp://a.example/ldes"}, ["url"]),
        ({"url": "https://me:secret@a.example/ldes"}, ["url"]),
        ({"url": "https://a.example/what"}, ["kind"]),
        ({"kind": "rumour"}, ["kind"]),
        ({"every": "soon"}, ["every"]),
        ({"name": "", "url": "", "every": ""}, ["name", "url", "every"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_wrong_is_told_beside_its_field_and_the_rest_is_kept(desk, typed, told, language):
    given = {"name": "n", "url": "https://a.example/ldes", "every": "6h", "only": "urn:a"} | typed
    answer = send(desk, PAGE, query=f"?lang={language}", **given)
    page = answer.text

    assert answer.status_code == 400
    assert re.findall(r'id="told-([^"]+)"', page) == told
    for field in told:
        assert f'<a href="#{field}">' in page
        assert re.search(
            rf'id="{field}"[^>]* aria-invalid="true" aria-describedby="told-{field}', page
        )
    kept = fields_of(page)
    assert {n: kept[n] for n in given if n != "kind"} == {n: given[n] for n in given if n != "kind"}
    assert len(Harvests(desk.node.desk.curator.journal).listed()) == 5


def test_queries_that_do_not_fit_are_told_above_the_form(desk):
    answer = send(
        desk, PAGE, name="n", url="https://a.example/ldes", every="1h", graphs="SELECT ?g {}"
    )

    assert answer.status_code == 400
    assert "takes no queries" in answer.text
    answer = send(
        desk, PAGE, query="?lang=zh", name="n", url="https://a.example/ldes", every="1h",
        graphs="SELECT ?g {}",
    )  # fmt: skip
    assert "ldes 类来源不接受查询。请去掉。" in answer.text
    assert fields_of(answer.text)["graphs"] == "SELECT ?g {}"


def test_harvest_from_setting_up_to_forgetting(desk):
    made = send(
        desk, PAGE, query="?lang=zh", name="there", url=f"{NODE}/sparql?{SECRET}", every="15m",
        only="https://a.example/\r\nhttps://b.example/", graphs="SELECT ?g {}",
    )  # fmt: skip
    assert made.headers["location"] == f"{PAGE}/there?lang=zh"
    found = state(desk, "there")
    assert (found.kind, found.every, found.agent) == ("sparql", 900, "eva")
    assert found.options == {
        "only": ["https://a.example/", "https://b.example/"], "graphs": "SELECT ?g {}",
    }  # fmt: skip

    path = f"{PAGE}/there"
    assert send(desk, path, act="pause").headers["location"] == path
    assert state(desk, "there").state == "paused"
    refused = send(desk, path, act="run")
    assert refused.status_code == 409
    assert "is paused" in refused.text
    assert "已暂停。请恢复；恢复后立即运行。" in send(desk, path, query="?lang=zh", act="run").text
    assert "Run now" not in desk.get(path, "eva")
    assert send(desk, path, act="resume").status_code == 303
    assert state(desk, "there").state == "active"

    unsure = send(desk, path, act="remove")
    assert unsure.status_code == 400
    assert "tick the box" in unsure.text
    assert send(desk, path, act="dance").status_code == 400
    assert send(desk, path, act="remove", sure="yes").headers["location"] == PAGE
    assert "there" not in {e.name for e in Harvests(desk.node.desk.curator.journal).listed()}
    assert desk.browsers["eva"].get(path, headers=HTML).status_code == 404
    noted = [(e.door, e.action) for e in desk.node.desk.curator.journal.entries(limit=10)
             if e.object.startswith("there")]  # fmt: skip
    assert noted == [
        ("http", "remove-harvest"), ("http", "active-harvest"), ("http", "paused-harvest"),
        ("http", "add-harvest"),
    ]  # fmt: skip
    assert not any(SECRET in e.object for e in desk.node.desk.curator.journal.entries(limit=50))


def test_run_now_is_begun_by_the_node_that_runs_harvests(desk):
    assert "This server runs no harvests itself" in desk.get(PAGE)
    for each in Harvests(desk.node.desk.curator.journal).listed():
        send(desk, f"{PAGE}/{each.name}", act="pause")
    send(desk, PAGE, name="near", url="http://127.0.0.1:9/ldes", every="1d")
    send(desk, f"{PAGE}/near", act="pause")
    # It looks once a day, but is told.
    desk.node.start_harvests()
    assert "This server runs no harvests itself" not in desk.get(PAGE)

    send(desk, f"{PAGE}/near", act="resume")

    assert wait_until(lambda: state(desk, "near").outcome == "failed", 30)
    # Its next run is far; now is now.
    assert send(desk, f"{PAGE}/near", act="run").status_code == 303
    assert wait_until(lambda: state(desk, "near").failures == 2, 30)
    assert "2 runs have failed" in text(desk.get(f"{PAGE}/near"))
