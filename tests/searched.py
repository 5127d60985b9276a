"""A few made-up records for the tests of search; all texts are our own."""

from __future__ import annotations

from dtrack.model import Record
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE

HEAD = f"""@base <{BASE}/> .
@prefix dt: <{BASE}/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LONG = f"{'hay and straw ' * 30} with one needle in it {'hay and straw ' * 30}"

RECORDS = {
    "x-1": """
        <id/decision/x-1> a dt:Decision ; dt:symbol "X/1" ; dcterms:title "Wetland care"@en ;
            dt:instrument <id/instrument/a> ; dt:adopted "2014-10-17"^^xsd:date .
        <id/provision/x-1/1> a dt:OperativeProvision, dt:Paragraph ; dt:number "1" ;
            dt:ofText <id/decision/x-1> ; dt:addressesTheme <codes/theme/wetlands> ;
            dt:currentStatus <codes/published-status/retired> ;
            dt:summary "Restore drained wetlands with the CITES network."@en, "恢复泥炭。"@zh .""",
    "x-2": """
        <id/decision/x-2> a dt:Decision ; dt:symbol "X/2" ;
            dcterms:title "More wetland care for coasts"@en ;
            dt:instrument <id/instrument/b> ; dt:adopted "2018-11-29"^^xsd:date .
        <id/provision/x-2/1> a dt:OperativeProvision, dt:Paragraph ; dt:number "1" ;
            dt:ofText <id/decision/x-2> ;
            dt:summary "Plant mangroves, keep mangroves, on every coastal plain."@en,
                "种植红树林，保持水质。"@zh .""",
    "x-3": f"""
        <id/decision/x-3> a dt:Decision ; dt:symbol "X/3" ; dcterms:title "Money"@en ;
            dt:instrument <id/instrument/b> ; dt:adopted "2020-01-01"^^xsd:date .
        <id/provision/x-3/1> a dt:OperativeProvision ; dt:number "1" ;
            dt:ofText <id/decision/x-3> ;
            dt:summary "Il faut restaurer les écosystèmes dégradés."@fr,
                "Hay que hacer la restauración de los ecosistemas."@es .
        <id/provision/x-3/2> a dt:PreambularProvision ; dt:number "2" ;
            dt:ofText <id/decision/x-3> ; dt:text "{LONG}"@en .""",
    "targets": """
        <id/target/t-1> a dt:Target ; skos:notation "Target 1" ;
            skos:prefLabel "Healthy wetlands"@en, "健康的湿地"@zh .
        <id/target/t-2> a dt:Target ; skos:notation "Target 2" ;
            skos:prefLabel "Clean air"@en, "清洁空气"@zh .""",
    "instruments": """
        <id/instrument/a> a dt:Convention ; dt:shortName "A" ; skos:prefLabel "Treaty of A"@en .
        <id/instrument/b> a dt:Convention ; dt:shortName "B" ; skos:prefLabel "Treaty of B"@en .
        <id/element/x> a dt:Element ; dt:sequence 1 .""",
}


def record(slug: str, body: str) -> Record:
    """One graph with a body in Turtle."""
    text = f"{HEAD}\n{body}".encode()
    return Record(f"{BASE}/graph/test/{slug}", parse_turtle(text, f"{BASE}/", slug), slug)


def records() -> list[Record]:
    """All made-up records."""
    return [record(slug, body) for slug, body in RECORDS.items()]
