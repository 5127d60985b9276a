"""A service over a small corpus, for the tests of the API and of the pages."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path

from dtrack.answer.answers import Answers
from dtrack.catalogue import Catalogue, read_query
from dtrack.errors import DtrackError
from dtrack.model import Record, Serialised, Store
from dtrack.overlap import refresh
from dtrack.settings import Settings, load_settings
from dtrack.sources.corpus import ontology_files, read_file
from dtrack.stores.datasets import WHOLE, Dataset
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import Marker
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.results import Limits
from dtrack.stores.turns import Caller, Load
from dtrack.terms import BASE

with warnings.catch_warnings():
    # Starlette would like its client to be built on another package.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

__all__ = ["HOSTILE", "TestClient", "small_records", "small_service"]

CATALOGUE = (
    "actions_by_actor",
    "actor_workload",
    "amendment_history",
    "citations_of",
    "cooperation_arrangements",
    "coverage",
    "cross_convention_citations",
    "decision_outline",
    "frameworks_overview",
    "instruments_overview",
    "meeting_timeline",
    "options_and_actions",
    "progress_claims",
    "provisions_of_actor",
    "reporting_modules_by_party",
    "reporting_obligations_shared",
    "statement_outline",
    "target_succession",
    "verb_profile",
    "overlap_matrix",
)
"""Queries of the catalogue that pages and tests ask."""

HEAD = f"""@base <{BASE}/> .
@prefix dt: <{BASE}/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

HOSTILE = [
    "'", '"', "\\", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    '" . } INSERT DATA { <a:b> <a:b> <a:b> } #', "> <x", "}", "{{7*7}}", "${7*7}",
    "x' OR '1'='1", "../../../etc/passwd", "%00", "\u202e", "\ud7ff", "🦆", "a" * 3000,
    "javascript:alert(1)", "https://w3id.org/dtrack/id/> ?s ?p", "$after", "?thing", "\n", "\t",
    "https://w3id.org/dtrack/ontology", "http://[::1", "urn:x", "//evil.example",
]  # fmt: skip
"""What a parameter may hold when somebody means harm."""


def _record(kind: str, slug: str, body: str) -> Record:
    graph = f"{BASE}/graph/{kind}/{slug}"
    text = f"""{HEAD}
    <graph/{kind}/{slug}> a dt:Record ; dt:recordOf <id/{kind}/{slug}> ;
        dt:reviewState <codes/review-state/unreviewed> .
    {body}"""
    return Record(graph, parse_turtle(text.encode(), f"{BASE}/", slug), slug)


def _instrument(key: str, name: str, chinese: str, year: int) -> Record:
    return _record(
        "instrument",
        key,
        f"""<id/instrument/{key}> a dt:Convention ; dt:shortName "{key.upper()}" ;
            skos:prefLabel "{name}"@en, "{chinese}"@zh ; dt:adopted "{year}-05-22"^^xsd:date ;
            dt:governingBody <id/body/{key}-cop> .
        <id/body/{key}-cop> a dt:GoverningBody ; skos:prefLabel "COP of {key}"@en ;
            dt:instrument <id/instrument/{key}> .
        <id/meeting/{key}-cop-12> a dt:Meeting ; dt:meetingOf <id/body/{key}-cop> ;
            skos:prefLabel "{key} COP12"@en ; dt:instrument <id/instrument/{key}> ;
            dt:session "12" ; dt:startDate "2014-10-06"^^xsd:date .""",
    )


def _decision(
    slug: str, instrument: str, symbol: str, title: str, target: str, theme: str
) -> Record:
    provision = f"<id/provision/{slug}/1>"
    due = 'dt:deadline "2015-06-30"^^xsd:date ;' if slug == "cbd-cop-12-19" else ""
    return _record(
        "decision",
        slug,
        f"""<id/decision/{slug}> a dt:Decision ; dt:symbol "{symbol}" ;
            dcterms:title "{title}"@en, "{title} 中文"@zh ;
            dt:instrument <id/instrument/{instrument}> ;
            dt:adoptedAt <id/meeting/{instrument}-cop-12> ; dt:adopted "2014-10-17"^^xsd:date ;
            dt:documentType <codes/document-type/decision> ;
            foaf:page <https://example.org/{slug}>, <javascript:alert(1)> .
        {provision} a dt:OperativeProvision, dt:Paragraph ; dt:number "1" ; dt:sortKey "2.0001" ;
            dt:partOf <id/decision/{slug}> ; dt:ofText <id/decision/{slug}> ;
            dt:kind <codes/kind/operational> ; dt:summary "Asks for {theme} work."@en ;
            dt:addressesTarget <id/target/{target}> ; dt:addressesTheme <codes/theme/{theme}> .
        <id/element/{slug}/1/1> a dt:Element ; dt:elementOf {provision} ; dt:sequence 1 ; {due}
            dt:verb <codes/verb/invites> ; dt:kind <codes/kind/operational> ;
            dt:addressee <codes/actor/parties> .""",
    )


def small_records(root: Path) -> list[Record]:
    """Real codes and ontology, and a few made-up records."""
    targets = "\n".join(
        f"""<id/target/aichi-{n}> a dt:Target ; skos:notation "Target {n}" ;
            skos:prefLabel "Aichi {n}"@en, "爱知 {n}"@zh ; dt:ofFramework <id/framework/aichi> ."""
        for n in range(1, 6)
    )
    own = [
        _instrument("cbd", "Convention on Biological Diversity", "生物多样性公约", 1992),
        _instrument("cms", "Convention on Migratory Species", "移栖物种公约", 1979),
        _instrument("ramsar", "Convention on Wetlands", "湿地公约", 1971),
        _record(
            "instrument-group",
            "biodiversity",
            """<id/instrument-group/biodiversity> a dt:InstrumentGroup ;
            skos:prefLabel "biodiversity"@en ;
            skos:member <id/instrument/cbd>, <id/instrument/cms>, <id/instrument/ramsar> .""",
        ),
        _record(
            "framework",
            "aichi",
            f"""<id/framework/aichi> a dt:Framework ; skos:prefLabel "Aichi Targets"@en ;
            dt:shortName "Aichi" ; dt:frameworkOf <id/instrument/cbd> .
            {targets}""",
        ),
        _decision("cbd-cop-12-19", "cbd", "XII/19", "Restoration", "aichi-5", "wetlands"),
        _decision("cbd-cop-12-20", "cbd", "XII/20", "Marine areas", "aichi-4", "marine-areas"),
        _decision(
            "cms-res-11-10", "cms", "Resolution 11.10", "<script>alert(1)</script>", "aichi-5",
            "wetlands",
        ),
    ]  # fmt: skip
    return [
        read_file(path, place, parse_turtle) for path, place in ontology_files(root / "ontology")
    ] + own


@dataclass(frozen=True)
class InProcess:
    """Query processes that are none."""

    store: EmbeddedStore

    def serialise(
        self, query: str, accept: str, dataset: Dataset = WHOLE, caller: Caller | None = None
    ) -> Serialised:
        try:
            return self.store.serialise(query, accept, Limits(10_000), dataset)
        except DtrackError as error:
            # Its frames hold an object of the engine that must die in the thread that made it.
            fresh = type(error)(error.message, remedy=error.remedy, place=error.place)
        raise fresh

    def load(self) -> Load:
        return Load(busy=0, idle=1, waiting=0, ended=0)


class EmptyJournal:
    """A journal without revisions."""

    identity = "none"

    def last(self) -> int:
        return 0


@dataclass(frozen=True)
class SmallService:
    """What wiring.Service is, over a store in memory."""

    settings: Settings
    answers: Answers
    readers: InProcess
    marker: Marker
    store: Store
    journal: EmptyJournal
    trouble: None = None

    def current(self) -> SmallService:
        return self


def mapping_record(first: str, second: str) -> Record:
    """Record of one mapping between two targets."""
    return _record(
        "mapping-set",
        "made-up",
        f"""<id/mapping/made-up/1> a dt:Mapping ; dt:mappingSubject <id/target/{first}> ;
            dt:mappingPredicate skos:closeMatch ; dt:mappingObject <id/target/{second}> ;
            dt:author "a tester" ; dt:confidence 0.6 ;
            dt:justification <https://w3id.org/semapv/vocab/ManualMappingCuration> .""",
    )


def _digest(more: tuple[Record, ...]) -> str:
    return hashlib.sha256(b"".join(record.ntriples for record in more)).hexdigest()


def small_service(root: Path, *more: Record) -> SmallService:
    """Service over the real codes and a few made-up records, and some more."""
    store = EmbeddedStore.in_memory()
    store.load([*small_records(root), *more])
    queries = root / "queries"
    index = refresh(store, queries)
    files = [queries / "catalogue" / f"{name}.rq" for name in CATALOGUE]
    catalogue = Catalogue(read_query(f.stem, f.read_text("utf-8"), f.name) for f in files)
    return SmallService(
        settings=load_settings({}, {}, folder=root / "tests"),
        answers=Answers(store, catalogue, queries, index=index),
        readers=InProcess(store),
        # What pages remember, they remember of one state of the store.
        marker=Marker(_digest(more), 1, 1, "test", "2026-11-21T00:00:00+00:00"),
        store=store,
        journal=EmptyJournal(),
    )
