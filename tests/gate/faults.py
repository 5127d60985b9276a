"""Each rule on data quality (docs/reference/shapes.md) as a record that breaks it, and its twin.

A fault and its sound twin are the same small record but for the lines that the
rule is about; both stand on the bundled corpus, and on nothing else. The texts
are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BASE: Final = "https://w3id.org/dtrack/"
_SHAPES: Final = f"{BASE}shapes#"

_DECISION: Final = """\
@base <https://w3id.org/dtrack/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dt: <https://w3id.org/dtrack/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<graph/decision/cbd-cop-12-{n}> a dt:Record ;
    dt:recordOf <id/decision/cbd-cop-12-{n}> ;
    dt:belongsToSource <id/source/bundled> ;
    dt:reviewState <codes/review-state/evidenced> ;
    dcterms:source <https://example.org/decisions/{n}> ;
    dcterms:modified "2026-11-21"^^xsd:date .

<id/decision/cbd-cop-12-{n}> a dt:Decision ;
    dt:symbol "XII/{n}" ;
    dcterms:title "Made up for a test"@en ;
    dt:instrument <id/instrument/cbd> ;
    dt:adoptedBy <id/body/cbd-cop> ;
    dt:adoptedAt <id/meeting/cbd-cop-12> ;
    dt:adopted "2014-10-17"^^xsd:date ;
    dt:documentType <codes/document-type/decision> .

<id/provision/cbd-cop-12-{n}/1> a dt:OperativeProvision, dt:Paragraph ;
    dt:number "1" ;
    dt:sortKey "2.0001" ;
    dt:partOf <id/decision/cbd-cop-12-{n}> ;
    dt:ofText <id/decision/cbd-cop-12-{n}> ;
    dt:kind <codes/kind/operational> ;
    dt:summary "Asks Parties to mend a broken thing."@en .

<id/provision/cbd-cop-12-{n}/1.a> a dt:OperativeProvision, dt:Item ;
    dt:number "1.a" ;
    dt:sortKey "2.0001.0001" ;
    dt:partOf <id/provision/cbd-cop-12-{n}/1> ;
    dt:ofText <id/decision/cbd-cop-12-{n}> ;
    dt:kind <codes/kind/operational> ;
    dt:summary "Asks them to say when it is mended."@en .

<id/element/cbd-cop-12-{n}/1/1> a dt:Element ;
    dt:elementOf <id/provision/cbd-cop-12-{n}/1> ;
    dt:sequence 1 ;
    dt:verb <codes/verb/invites> ;
    dt:kind <codes/kind/operational> ;
    dt:addressee <codes/actor/parties> .

<id/element/cbd-cop-12-{n}/1.a/1> a dt:Element ;
    dt:elementOf <id/provision/cbd-cop-12-{n}/1.a> ;
    dt:sequence 1 ;
    dt:verb <codes/verb/invites> ;
    dt:kind <codes/kind/operational> ;
    dt:inheritedFrom <id/element/cbd-cop-12-{n}/1/1> .
"""

_LATER: Final = """
<id/citation/cbd-cop-12-{n}/1> a dt:Citation ;
    dt:citing <id/decision/cbd-cop-12-{n}> ;
    dt:cited <id/decision/cbd-cop-11-16> ;
    dt:citationRelation <codes/citation-relation/supersedes> .
<id/decision/cbd-cop-12-{n}> dt:supersedes <id/decision/cbd-cop-11-16> .
"""

_SCHEME: Final = """\
@base <https://w3id.org/dtrack/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dt: <https://w3id.org/dtrack/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<codes/list-{n}> a skos:ConceptScheme ;
    dcterms:title "Made up for a test"@en .

<codes/list-{n}/soil> a dt:Theme ;
    skos:notation "soil" ;
    skos:prefLabel "soil"@en, "土壤"@zh ;
    skos:definition "What plants stand in."@en ;
    skos:inScheme <codes/list-{n}> ;
    skos:topConceptOf <codes/list-{n}> .

<codes/list-{n}/peat> a dt:Theme ;
    skos:notation "peat" ;
    skos:prefLabel "peat"@en, "泥炭"@zh ;
    skos:definition "Soil made of plants."@en ;
    skos:inScheme <codes/list-{n}> ;
    skos:broader <codes/list-{n}/soil> .
"""


def _status(axis: str, value: str, more: str = "", *, number: int = 1, of: str = "") -> str:
    """Status that a curator asserts of the decision, or of another thing."""
    thing = of or "id/decision/cbd-cop-12-{n}"
    return f"""
<id/status/cbd-cop-12-{{n}}/{number}> a dt:CuratedStatus ;
    dt:statusOf <{thing}> ;
    dt:statusAxis <codes/status-axis/{axis}> ;
    dt:statusValue <codes/{axis}/{value}> ;
    dt:assertedBy "a curator" ;
    {more}dt:evidence <id/meeting/cbd-cop-12> .
"""


def _published(axis: str, value: str, word: str, more: str, number: int = 1) -> str:
    """Status that a source publishes of the decision."""
    return (
        _status(axis, value, f"dt:publishedStatus <codes/published-status/{word}> ;\n{more}    ")
        .replace("dt:CuratedStatus", "dt:PublishedStatus")
        .replace("    dt:evidence <id/meeting/cbd-cop-12> .", "    dt:note 'As read.'@en .")
        .replace("{n}/1>", f"{{n}}/{number}>", 1)
    )


def _tagging(target: str, confidence: str = "0.6", method: str = "manual") -> str:
    """Accepted tagging of the first paragraph, with its plain triple."""
    return f"""
<id/tagging/cbd-cop-12-{{n}}/1/target> a dt:Tagging ;
    dt:tagged <id/provision/cbd-cop-12-{{n}}/1> ;
    dt:tag <id/target/{target}> ;
    dt:taggingMethod <codes/tagging-method/{method}> ;
    dt:taggingState <codes/tagging-state/accepted> ;
    dt:confidence {confidence} ;
    dt:author "a curator" ;
    dt:reviewState <codes/review-state/unreviewed> .
<id/provision/cbd-cop-12-{{n}}/1> dt:addressesTarget <id/target/{target}> .
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that breaks one rule: its graph, both texts, and the shape that must refuse it."""

    name: str
    rule: str
    graph: str
    turtle: str
    sound: str
    shape: str


@dataclass(frozen=True, slots=True)
class _Case:
    """What tells a fault from its twin: lines put in place of others, and lines added."""

    name: str
    rule: str
    shape: str
    swap: tuple[str, str] = ("", "")
    wrong: str = ""
    right: str = ""
    text: str = _DECISION
    graph: str = "graph/decision/cbd-cop-12-{n}"


_PAGE: Final = "    dcterms:source <https://example.org/statuses/{n}> ;\n"
_UNTIL: Final = 'dt:until "2016-12-31"^^xsd:date ;\n    '
_FROM: Final = 'dt:from "2017-01-01"^^xsd:date ;\n    '
_DEADLINE: Final = """
<id/element/cbd-cop-12-{n}/1/1> dt:deadline "2015-12-31"^^xsd:date ;
    dt:deadlineText "by the end of 2015" .
"""
_IN_FORCE: Final = ("legal-force", "in-force")
_SUPERSEDED: Final = _status("legal-force", "superseded", of="id/decision/cbd-cop-11-16")

_CASES: Final = (
    _Case(
        "a status outside its list",
        "codes-in-list",
        "StatusAssertionShape-statusValue",
        wrong=_status("legal-force", "defunct"),
        right=_status(*_IN_FORCE),
    ),
    _Case(
        "a status in the wrong letter case",
        "codes-in-list",
        "StatusAssertionShape-statusValue",
        wrong=_status("legal-force", "In-Force"),
        right=_status(*_IN_FORCE),
    ),
    _Case(
        "a published status in the wrong letter case",
        "codes-in-list",
        "PublishedStatusShape-publishedStatus",
        wrong=_published(*_IN_FORCE, "Active", _PAGE),
        right=_published(*_IN_FORCE, "active", _PAGE),
    ),
    _Case(
        "an actor outside the list",
        "codes-in-list",
        "ElementShape-addressee",
        swap=("dt:addressee <codes/actor/parties>", "dt:addressee <codes/actor/everybody>"),
    ),
    _Case(
        "an actor in the wrong letter case",
        "codes-in-list",
        "ElementShape-addressee",
        swap=("dt:addressee <codes/actor/parties>", "dt:addressee <codes/actor/Parties>"),
    ),
    _Case(
        "a record updated before it was published",
        "updated-after-published",
        "RecordShape-issued-before-modified",
        wrong='<graph/decision/cbd-cop-12-{n}> dcterms:issued "2026-11-22"^^xsd:date .\n',
        right='<graph/decision/cbd-cop-12-{n}> dcterms:issued "2026-11-20"^^xsd:date .\n',
    ),
    _Case(
        "a text updated before it was published",
        "updated-after-published",
        "TextShape-issued-before-modified",
        wrong='<id/decision/cbd-cop-12-{n}> dcterms:issued "2015-03-02"^^xsd:date ;\n'
        '    dcterms:modified "2015-03-01"^^xsd:date .\n',
        right='<id/decision/cbd-cop-12-{n}> dcterms:issued "2015-03-02"^^xsd:date ;\n'
        '    dcterms:modified "2015-03-02"^^xsd:date .\n',
    ),
    _Case(
        "a symbol of another treaty",
        "symbol-of-its-instrument",
        "AdoptedTextShape-instrument-of-symbol",
        swap=('dt:symbol "XII/{n}"', 'dt:symbol "NP-1/{n}"'),
    ),
    _Case(
        "no English title",
        "english-title",
        "TextShape-title-english",
        swap=('"Made up for a test"@en', '"Inventé pour un essai"@fr'),
    ),
    _Case(
        "neither meeting nor title of a meeting",
        "meeting-named",
        "AdoptedTextShape-meeting",
        swap=("    dt:adoptedAt <id/meeting/cbd-cop-12> ;\n", ""),
    ),
    _Case(
        "adopted before its meeting",
        "published-near-meeting",
        "AdoptedTextShape-adopted-near-meeting",
        swap=('dt:adopted "2014-10-17"', 'dt:adopted "2014-10-01"'),
    ),
    _Case(
        "published before its meeting",
        "published-near-meeting",
        "AdoptedTextShape-issued-near-meeting",
        wrong='<id/decision/cbd-cop-12-{n}> dcterms:issued "2014-09-30"^^xsd:date .\n',
        right='<id/decision/cbd-cop-12-{n}> dcterms:issued "2014-10-30"^^xsd:date .\n',
    ),
    _Case(
        "published long after its meeting",
        "published-near-meeting",
        "AdoptedTextShape-issued-near-meeting",
        wrong='<id/decision/cbd-cop-12-{n}> dcterms:issued "2019-10-30"^^xsd:date .\n',
        right='<id/decision/cbd-cop-12-{n}> dcterms:issued "2014-11-30"^^xsd:date .\n',
    ),
    _Case(
        "active and retired at one time",
        "one-status-at-a-time",
        "CuratedStatusShape-contradiction",
        wrong=_status(*_IN_FORCE) + _status("legal-force", "retired", number=2),
        right=_status(*_IN_FORCE, _UNTIL) + _status("legal-force", "retired", _FROM, number=2),
    ),
    _Case(
        "published as active and retired at one time",
        "one-status-at-a-time",
        "PublishedStatusShape-contradiction",
        wrong=_published(*_IN_FORCE, "active", _PAGE)
        + _published("legal-force", "retired", "retired", _PAGE, 2),
        right=_published(*_IN_FORCE, "active", _PAGE)
        + _published("legal-force", "retired", "retired", _PAGE, 2)
        + _status("legal-force", "retired", number=3),
    ),
    _Case(
        "superseded without the superseding text",
        "superseding-text-named",
        "CuratedStatusShape-superseding-text",
        wrong=_SUPERSEDED,
        right=_SUPERSEDED + _LATER,
    ),
    _Case(
        "published as superseded without a page or the superseding text",
        "superseding-text-named",
        "PublishedStatusShape-superseding-text-quoted",
        wrong=_published("legal-force", "superseded", "superseded", ""),
        right=_published("legal-force", "superseded", "superseded", _PAGE),
    ),
    _Case(
        "implemented without evidence",
        "evidence-of-implementation",
        "CuratedStatusShape-evidence-of-implementation",
        wrong=_status("implementation", "implemented").replace(
            "dt:evidence <id/meeting/cbd-cop-12>", 'dt:note "Everybody says so."@en'
        ),
        right=_status("implementation", "implemented"),
    ),
    _Case(
        "published as implemented without a page or evidence",
        "evidence-of-implementation",
        "PublishedStatusShape-evidence-of-implementation-quoted",
        wrong=_published("implementation", "implemented", "implemented", ""),
        right=_published("implementation", "implemented", "implemented", _PAGE),
    ),
    _Case(
        "an operational element that addresses nobody",
        "addressee-named",
        "ElementShape-addressee-named",
        swap=(";\n    dt:addressee <codes/actor/parties> .", "."),
    ),
    _Case(
        "an operational paragraph without any element",
        "addressee-named",
        "ProvisionShape-elements",
        wrong="""
<id/provision/cbd-cop-12-{n}/2> a dt:OperativeProvision, dt:Paragraph ;
    dt:number "2" ;
    dt:sortKey "2.0002" ;
    dt:partOf <id/decision/cbd-cop-12-{n}> ;
    dt:ofText <id/decision/cbd-cop-12-{n}> ;
    dt:kind <codes/kind/operational> ;
    dt:summary "Asks somebody for something."@en .
""",
        right="""
<id/provision/cbd-cop-12-{n}/2> a dt:OperativeProvision, dt:Paragraph ;
    dt:number "2" ;
    dt:sortKey "2.0002" ;
    dt:partOf <id/decision/cbd-cop-12-{n}> ;
    dt:ofText <id/decision/cbd-cop-12-{n}> ;
    dt:kind <codes/kind/informational> ;
    dt:summary "Is glad of something."@en .
""",
    ),
    _Case(
        "a deadline past while active",
        "deadline-while-active",
        "ElementShape-deadline-past-unanswered",
        wrong=_DEADLINE + _status(*_IN_FORCE),
        right=_DEADLINE + _status(*_IN_FORCE) + _status("implementation", "implemented", number=2),
    ),
    _Case(
        "a part above that is not there",
        "parent-chain",
        "SubdivisionShape-partOf",
        swap=(
            "dt:partOf <id/provision/cbd-cop-12-{n}/1>",
            "dt:partOf <id/provision/cbd-cop-12-{n}/7>",
        ),
    ),
    _Case(
        "parts that lie above each other",
        "parent-chain",
        "SubdivisionShape-partOf-cycle",
        swap=(
            'dt:sortKey "2.0001" ;\n    dt:partOf <id/decision/cbd-cop-12-{n}>',
            'dt:sortKey "2.0001" ;\n    dt:partOf <id/provision/cbd-cop-12-{n}/1.a>',
        ),
    ),
    _Case(
        "the symbol of another decision",
        "unique-identifier",
        "AdoptedTextShape-symbol-unique",
        swap=('dt:symbol "XII/{n}"', 'dt:symbol "XII/19"'),
    ),
    _Case(
        "a number used twice in a text",
        "unique-identifier",
        "ProvisionShape-number-unique",
        swap=('dt:number "1.a"', 'dt:number "1"'),
    ),
    _Case(
        "control characters in a title",
        "no-control-characters",
        "LiteralShape-control-characters",
        swap=('"Made up for a test"@en', '"Made\\u0002up for a test"@en'),
    ),
    _Case(
        "every concept a top concept",
        "hierarchy-of-concepts",
        "ConceptSchemeShape-hierarchy",
        swap=(
            "skos:broader <codes/list-{n}/soil>",
            "skos:topConceptOf <codes/list-{n}>",
        ),
        text=_SCHEME,
        graph="codes/list-{n}",
    ),
    _Case(
        "an unknown target",
        "known-target",
        "TaggingShape-tag",
        wrong=_tagging("aichi-99"),
        right=_tagging("aichi-15"),
    ),
    _Case(
        "an unknown target in the plain triple",
        "known-target",
        "TaggedShape-addressesTarget",
        wrong=_tagging("aichi-99"),
        right=_tagging("aichi-15"),
    ),
    _Case(
        "a target of a framework younger than the decision",
        "framework-not-younger",
        "TaggingShape-framework-not-younger",
        wrong=_tagging("gbf-2", "0.9", "imported"),
        right=_tagging("gbf-2", "0.6", "manual"),
    ),
)


def _made(number: int, case: _Case) -> Fault:
    """Fault of a case, under a number that no other has."""

    def filled(text: str) -> str:
        return text.replace("{n}", str(900 + number))

    sound_line, broken_line = map(filled, case.swap)
    text = filled(case.text)
    broken = text.replace(sound_line, broken_line) if sound_line else text
    if sound_line and broken == text:
        raise AssertionError(f"{case.name}: the line to swap is not there")
    return Fault(
        name=case.name,
        rule=case.rule,
        graph=BASE + filled(case.graph),
        turtle=broken + filled(case.wrong),
        sound=text + filled(case.right),
        shape=_SHAPES + case.shape,
    )


FAULTS: Final = tuple(_made(number, case) for number, case in enumerate(_CASES, 1))
"""One fault or more for each rule of the domain; names are unique."""
