"""The tracker of an options paper: what is stated, taken up, near, or not known of each action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.model import Record
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from dtrack.web.app import create_app
from serving import HEAD, TestClient, small_service

PAPER = "unep-ea-2-12-add-1"
HTML = {"Accept": "text/html"}


def _action(number: str, themes: str, option: str = "1.1") -> str:
    return f"""
    <id/action/{PAPER}/{number}> a dt:Action ; dt:ofText <id/options-paper/{PAPER}> ;
        dt:number "{number}" ; dt:sortKey "{number}" ; dt:elementOf <id/option/{PAPER}/{option}> ;
        dt:verb <codes/verb/should> ; dt:summary "Does {number}."@en ;
        dt:addressesTheme {themes} ."""


def _option(number: str) -> str:
    return f"""
    <id/option/{PAPER}/{number}> a dt:Option ; dt:ofText <id/options-paper/{PAPER}> ;
        dt:number "{number}" ; skos:prefLabel "Option {number}"@en ;
        dt:partOf <id/option-theme/{PAPER}/1> ."""


TEXT = f"""
    <id/meeting/unea-2> a dt:Meeting ; dt:endDate "2014-01-31"^^xsd:date .
    <id/options-paper/{PAPER}> a dt:OptionsPaper ; dt:symbol "UNEP/EA.2/12/Add.1" ;
        dcterms:title "Options"@en ; dt:issuedAt <id/meeting/unea-2> .
    <id/option-theme/{PAPER}/1> a dt:OptionTheme ; dt:ofText <id/options-paper/{PAPER}> ;
        dt:number "1" ; skos:prefLabel "Plans"@en .
    {_option("1.1")} {_option("1.2")}
    {_action("1.1.a", "<codes/theme/wetlands>, <codes/theme/restoration>")}
    {_action("1.1.b", "<codes/theme/wetlands>")}
    {_action("1.1.c", "<codes/theme/wetlands>, <codes/theme/restoration>")}
    {_action("1.2.a", "<codes/theme/marine-areas>", "1.2")}
    <id/status/{PAPER}/1.1.a/implementation-1> a dt:StatusAssertion, dt:CuratedStatus ;
        dt:statusOf <id/action/{PAPER}/1.1.a> ; dt:statusAxis <codes/status-axis/implementation> ;
        dt:statusValue <codes/implementation/in-progress> ; dt:from "2020-05-01"^^xsd:date ;
        dt:assertedBy "Somebody" ; dt:evidence <id/evidence/{PAPER}/1> .
    <id/evidence/{PAPER}/1> a dt:Evidence ; foaf:page <https://example.org/report> .
    <id/provision/cbd-cop-12-19/1> dt:addressesTheme <codes/theme/restoration> .
    <id/citation/x> a dt:Citation ; dt:citing <id/provision/cms-res-11-10/1> ;
        dt:cited <id/option/{PAPER}/1.2> ; dt:citationRelation <codes/citation-relation/recalls> .
    <id/decision/cbd-cop-12-20> dt:cites <id/options-paper/{PAPER}> ."""


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    graph = f"{BASE}/graph/options-paper/{PAPER}"
    record = Record(graph, parse_turtle((HEAD + TEXT).encode(), f"{BASE}/", PAPER), PAPER)
    with TestClient(create_app(small_service(root, record))) as client:
        yield client


def told(page: str) -> dict[str, str]:
    """What stands at each action, without its marks."""
    items = [item.partition('">') for item in page.split('<li id="a-')[1:]]
    return {number: " ".join(re.sub(r"<[^>]*>", " ", text).split()) for number, _, text in items}


def test_each_action_says_what_is_known_of_it_and_no_more(client):
    page = client.get("/options", headers=HTML).text
    actions = told(page)

    assert list(actions) == ["1.1.a", "1.1.b", "1.1.c", "1.2.a"]
    assert re.search(r"Status stated.*implementation:\s+in progress.*Somebody", actions["1.1.a"])
    assert 'href="https://example.org/report"' in page
    assert "Nothing known yet" in actions["1.1.b"]
    assert "Near it only" in actions["1.1.c"]
    assert "XII/19, 1" in actions["1.1.c"]
    assert "Taken up" in actions["1.2.a"]
    assert re.search(r"recalls:\s+Resolution 11.10, 1\s+\(its option\)", actions["1.2.a"])
    assert "XII/20" in page.partition("cite the paper as a whole")[2].partition("</p>")[0]
    assert f"/desk/status?thing=https%3A%2F%2Fw3id.org%2Fdtrack%2Fid%2Faction%2F{PAPER}" in page


def test_counts_are_those_of_the_actions_shown(client):
    page = client.get("/options?lang=zh", headers=HTML).text
    figures = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)<small>/4", page)
    row = re.search(r'<th scope="row"><a href="#t-1">.*?</tr>', page, re.DOTALL)

    assert figures == [
        ("已有状态说明", "1"), ("已被提及", "1"), ("仅有相近条款", "1"), ("尚无所知", "1"),
    ]  # fmt: skip
    assert row
    assert re.findall(r'class="number">(\d+)', row.group()) == ["4", "1", "1", "1", "1"]
    assert told(client.get("/options?actor=unep", headers=HTML).text) == {}
