"""A home with a small corpus that conforms, for the tests of curation."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from dtrack.curate.loading import load
from dtrack.model import Edit, Record
from dtrack.settings import Settings, load_settings
from dtrack.sources.corpus import ontology_files, read_file
from dtrack.stores.building import current_marker, open_current
from dtrack.stores.parsing import parse_turtle, sorted_lines
from dtrack.terms import BASE
from dtrack.wiring.writing import open_curator

GRAPH = f"{BASE}/graph/decision/cbd-cop-12-98"
OTHER = f"{BASE}/graph/decision/cbd-cop-12-99"
DECISION = f"{BASE}/id/decision/cbd-cop-12-98"
PROVISION = f"{BASE}/id/provision/cbd-cop-12-98/1"
DT = f"{BASE}/ontology#"
DATA = ("sources/*.ttl", "instruments/*.ttl", "meetings/*.ttl", "parties/*.ttl",
        "frameworks/aichi.ttl", "frameworks/gbf.ttl")  # fmt: skip

HEAD = f"""@base <{BASE}/> .
@prefix dt: <{DT}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(text: str) -> bytes:
    """Canonical N-Triples of a text with the usual prefixes."""
    return parse_turtle((HEAD + text).encode())


def decision(number: int = 98, title: str = "Made up", more: str = "") -> bytes:
    """Record of a made-up decision with one tagged paragraph."""
    slug = f"cbd-cop-12-{number}"
    return turtle(f"""
    <graph/decision/{slug}> a dt:Record ; dt:recordOf <id/decision/{slug}> ;
        dt:belongsToSource <id/source/bundled> ; dcterms:modified "2026-11-21"^^xsd:date ;
        dt:reviewState <codes/review-state/unreviewed> .
    <id/decision/{slug}> a dt:Decision ; dt:symbol "XII/{number}" ;
        dcterms:title "{title}"@en, "虚构"@zh ; dt:instrument <id/instrument/cbd> ;
        dt:adoptedBy <id/body/cbd-cop> ; dt:adoptedAt <id/meeting/cbd-cop-12> ;
        dt:adopted "2014-10-17"^^xsd:date ; dt:documentType <codes/document-type/decision> .
    <id/provision/{slug}/1> a dt:OperativeProvision, dt:Paragraph ; dt:number "1" ;
        dt:sortKey "2.0001" ; dt:partOf <id/decision/{slug}> ; dt:ofText <id/decision/{slug}> ;
        dt:kind <codes/kind/operational> ; dt:summary "Asks for work."@en ;
        dt:addressesTheme <codes/theme/wetlands> .
    <id/element/{slug}/1/1> a dt:Element ; dt:elementOf <id/provision/{slug}/1> ;
        dt:sequence 1 ; dt:verb <codes/verb/invites> ; dt:kind <codes/kind/operational> ;
        dt:addressee <codes/actor/parties> .
    <id/tagging/{slug}/1/theme-wetlands> a dt:Tagging ; dt:tagged <id/provision/{slug}/1> ;
        dt:tag <codes/theme/wetlands> ; dt:taggingMethod <codes/tagging-method/manual> ;
        dt:taggingState <codes/tagging-state/accepted> ; dt:confidence 0.6 ;
        dt:author "a tester" ; dt:reviewState <codes/review-state/unreviewed> .
    {more}""")


def tagging(tag: str, confidence: float, method: str = "lexical", number: int = 98) -> str:
    """Turtle of a tagging that a machine proposes."""
    slug = f"cbd-cop-12-{number}"
    return f"""<id/tagging/{slug}/1/{tag.rsplit("/", 1)[-1]}> a dt:Tagging ;
        dt:tagged <id/provision/{slug}/1> ; dt:tag <{tag}> ;
        dt:taggingMethod <codes/tagging-method/{method}> ;
        dt:taggingState <codes/tagging-state/proposed> ; dt:confidence {confidence} ;
        dt:author "a machine" ; dt:reviewState <codes/review-state/unreviewed> .
    """


def with_lines(content: bytes, *turtles: str) -> bytes:
    """Record with some more triples."""
    return sorted_lines(content + b"".join(map(turtle, turtles)))


def without(content: bytes, part: str) -> bytes:
    """Record without the lines that hold a text."""
    return b"".join(n for n in content.splitlines(keepends=True) if part.encode() not in n)


def desk_settings(home: Path) -> Settings:
    return load_settings({"home": home}, {}, folder=home)


def _records(root: Path) -> Iterable[Record]:
    files = [path for pattern in DATA for path in sorted((root / "data").glob(pattern))]
    for path, place in ontology_files(root / "ontology"):
        yield read_file(path, place, parse_turtle)
    for path in files:
        yield read_file(path, path.name, parse_turtle)
    yield Record(GRAPH, decision(98), "98")
    yield Record(OTHER, decision(99), "99")


def make_home(factory: pytest.TempPathFactory, folder: Path, root: Path) -> Path:
    """A home of its own for a test; the corpus is loaded once in a test process."""
    template = factory.getbasetemp() / "desk-home"
    if not (template / "current").is_file():
        edit = Edit({}, "tester", "Load the small corpus", "tests", "import")
        with open_curator(desk_settings(template)) as curator:
            load(curator, _records(root), edit, complete=True)
    home = folder / "home"
    shutil.copytree(template, home)
    return home


def published(home: Path, graph: str = GRAPH) -> bytes:
    """A graph as readers see it."""
    with open_current(home) as store:
        return store.graph(graph)


def state_of(home: Path) -> tuple[str, int]:
    """Digest and revision of what readers see."""
    marker = current_marker(home)
    return marker.digest, marker.revision
