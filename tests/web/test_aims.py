"""Goals and targets are called as readers know them: by framework and number, then by label."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.model import Record
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from dtrack.web.aims import Aims
from dtrack.web.app import create_app
from dtrack.web.texts import wordings
from serving import HEAD, TestClient, mapping_record, small_service

EFFECT = f"/effect?mapping={BASE}/id/mapping/made-up/1"
HTML = {"Accept": "text/html"}
GBF = f"""{HEAD}
<id/framework/gbf> a dt:Framework ; dt:shortName "GBF" ;
    skos:prefLabel "Global Biodiversity Framework"@en, "昆明-蒙特利尔全球生物多样性框架"@zh ;
    dt:frameworkOf <id/instrument/cbd> .
<id/target/gbf-2> a dt:Target ; skos:notation "Target 2" ; dt:ofFramework <id/framework/gbf> ;
    skos:prefLabel "Restoration"@en, "恢复生态系统"@zh .
<id/indicator/gbf-extent> a dt:Indicator ; skos:notation "Wetland Extent Index" ;
    dt:ofFramework <id/framework/gbf> ; skos:prefLabel "Extent of wetlands"@en, "湿地面积"@zh .
<id/framework/plan> a dt:Framework ; dt:shortName "The Plan" ;
    skos:prefLabel "A plan for ponds"@en, "池塘的长期行动计划"@zh ; skos:altLabel "池塘计划"@zh .
<id/goal/plan-a> a dt:Goal ; skos:notation "Goal A" ; dt:ofFramework <id/framework/plan> ;
    skos:prefLabel "Ponds"@en, "池塘"@zh .
<id/decision/cbd-cop-15-4> a dt:Decision ; dt:symbol "15/4" ; dt:instrument <id/instrument/cbd> ;
    dcterms:title "Framework"@en ; dt:adopted "2022-12-19"^^xsd:date ;
    dt:documentType <codes/document-type/decision> .
<id/provision/cbd-cop-15-4/1> a dt:OperativeProvision, dt:Paragraph ; dt:number "1" ;
    dt:sortKey "2.0001" ; dt:ofText <id/decision/cbd-cop-15-4> ; dt:kind <codes/kind/operational> ;
    dt:summary "Asks for it."@en ;
    dt:addressesTarget <id/target/gbf-2>, <id/goal/plan-a>, <id/target/aichi-5> .
"""


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    """Client over the small corpus with two frameworks more and a mapping."""
    graph = f"{BASE}/graph/framework/gbf"
    more = Record(graph, parse_turtle(GBF.encode(), f"{BASE}/", "gbf"), "gbf")
    service = small_service(root, more, mapping_record("aichi-5", "gbf-2"))
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("key", "framework", "number", "english", "chinese"),
    [
        ("aichi", "Aichi Targets", "Target 14", "Aichi Target 14", "爱知目标 14"),
        ("aichi", "", "Strategic Goal A", "Aichi Strategic Goal A", "爱知战略目标 A"),
        ("gbf", "GBF", "Goal B", "GBF Goal B", "昆蒙框架长期目标 B"),
        ("sdg", "SDGs", "Goal 15", "SDG 15", "可持续发展目标 15"),
        ("sdg", "SDGs", "15.a", "SDG 15.a", "可持续发展目标 15.a"),
        ("x", "X", "Target 3.1", "X, Target 3.1", "X，具体目标 3.1"),
        ("x", "X", "SO 2-2", "X, SO 2-2", "X，SO 2-2"),
    ],
)
def test_aim_is_called_by_framework_and_number(key, framework, number, english, chinese):
    assert wordings()["en"].aim(key, framework, number) == english
    assert wordings()["zh"].aim(key, framework, number) == chinese


def test_languages_have_the_same_aims():
    tables = [each.aims for each in wordings().values()]

    assert all(table.keys() == tables[0].keys() for table in tables)
    assert all("{n}" in aim for table in tables for aim in table.values())


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Ponds", "Plan, Target 3: Ponds"),
        ("A country, national target 3", "A country, national target 3"),
        ("某国国家目标3", "某国国家目标3"),
        ("Warming below 1.3", "Plan, Target 3: Warming below 1.3"),
    ],
)
def test_number_is_not_said_twice(label, said):
    aims = Aims({"a:b": ("Plan, Target 3", "3")}, ": ")

    assert aims("a:b", label) == said
    assert aims("a:other", label) == label


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("/doc/decision/cbd-cop-15-4", ">GBF Target 2: Res", ">昆蒙框架目标 2：恢复"),
        ("/doc/decision/cbd-cop-15-4", ">The Plan, Goal A: Ponds<", ">池塘计划，目标 A：池塘<"),
        ("/doc/decision/cbd-cop-15-4", ">Aichi 5<", ">爱知 5<"),
        ("/compare?a=15/4&b=XII/19", ">GBF Target 2: Res", ">昆蒙框架目标 2：恢复"),
        ("/doc/target/aichi-5", ">GBF Target 2: Res", ">昆蒙框架目标 2：恢复"),
        (EFFECT, ">GBF Target 2: Res", ">昆蒙框架目标 2：恢复"),
        ("/doc/framework/gbf", "<b>Target 2</b> <a", "<b>具体目标 2</b> <a"),
        ("/doc/framework/gbf", ">Restoration</a>", ">恢复生态系统</a>"),
        ("/doc/framework/gbf", ">Extent of wetlands</a>", ">湿地面积</a>"),
        ("/doc/indicator/gbf-extent", "Extent of wetlands</h1>", "湿地面积</h1>"),
    ],
)  # fmt: skip
def test_pages_call_targets_so(client, path, english, chinese):
    joint = "&" if "?" in path else "?"

    assert english in client.get(f"{path}{joint}lang=en", headers=HTML).text
    assert chinese in client.get(f"{path}{joint}lang=zh", headers=HTML).text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_key_stands_before_a_label(client, language):
    page = client.get(f"/doc/decision/cbd-cop-15-4?lang={language}", headers=HTML).text

    assert ">gbf-2" not in page
    assert ">plan-a" not in page
