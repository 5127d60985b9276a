"""The curated seeds: decision XII/19, the Harbin consensus, a statement, a position paper."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

DT = Namespace("https://w3id.org/dtrack/ontology#")
BASE = "https://w3id.org/dtrack"
CODES = f"{BASE}/codes"

DECISION = "cbd-cop-12-19"
CONSENSUS = "harbin-consensus-2019"
STATEMENT = "cms-cop14-statement-cbcgdf"
PAPER = "china-position-paper-2020"

FILES = {
    DECISION: "decisions/cbd/cbd-cop-12-19.ttl",
    CONSENSUS: f"statements/{CONSENSUS}.ttl",
    STATEMENT: f"statements/{STATEMENT}.ttl",
    PAPER: f"statements/{PAPER}.ttl",
}
SEEDS = {
    DECISION: "002_1e343520bc5f7ca4.txt",
    CONSENSUS: "003_73ace48f8cbc6234.txt",
    STATEMENT: "000_b7736ed8efbd4cb3.txt",
    PAPER: "004_dc9856d8e42a851b.txt",
}

INVITED = ("parties", "other-governments", "igos", "organizations")
# Provision: its verbs in order, each with whom it addresses.
DIRECTIVES: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "preamble-1": [("acknowledges", ())],
    "preamble-2": [("reaffirms", ())],
    "preamble-3": [("recalls", ())],
    "1": [("notes", ())],
    "2": [("recognizes", ()), ("encourages", ("private-sector",))],
    "3": [("notes-with-concern", ())],
    "4": [("invites", INVITED)],
    **{f"4.{letter}": [("invites", INVITED)] for letter in "abcdefgh"},
    "5": [("welcomes", ())],
    "6": [("emphasizes", ()), ("invites", ("parties",)), ("welcomes", ())],
    "7": [("reaffirms", ()), ("proposes", ()), ("invites", ("unga",))],
    "8": [("requests", ("executive-secretary",))],
}
TARGETS = {
    "3": {14, 15},
    "4.f": {11, 12, 13, 14, 16, 18},
    "4.g": {5, 14, 15},
    "5": {5, 14, 15},
    "7": {11},
}
CITED = {
    "preamble-3": {
        "cbd-cop-9-5",
        "cbd-cop-9-18",
        "cbd-cop-10-31",
        "cbd-cop-11-16",
        "cbd-cop-11-24",
    },
    "5": {"cbd-cop-11-16"},
}


@pytest.fixture(scope="module")
def graphs(root: Path) -> dict[str, Graph]:
    return {slug: Graph().parse(root / "data" / path) for slug, path in FILES.items()}


@pytest.fixture(scope="module")
def decision(graphs: dict[str, Graph]) -> Graph:
    return graphs[DECISION]


@pytest.fixture(scope="module")
def consensus(graphs: dict[str, Graph]) -> Graph:
    return graphs[CONSENSUS]


@pytest.fixture(scope="module")
def statement(graphs: dict[str, Graph]) -> Graph:
    return graphs[STATEMENT]


@pytest.fixture(scope="module")
def paper(graphs: dict[str, Graph]) -> Graph:
    return graphs[PAPER]


def key(iri: Node | None) -> str:
    return str(iri).rsplit("/", 1)[1]


def provision(slug: str, number: str) -> URIRef:
    return URIRef(f"{BASE}/id/provision/{slug}/{number}")


def keys(graph: Graph, subject: Node, predicate: URIRef) -> set[str]:
    return {key(value) for value in graph.objects(subject, predicate)}


def in_order(graph: Graph, of_class: URIRef) -> list[str]:
    """Numbers of things of a class, by their sort keys."""
    things = graph.subjects(RDF.type, of_class)
    ranked = sorted(
        (str(graph.value(t, DT.sortKey)), str(graph.value(t, DT.number))) for t in things
    )
    return [number for _, number in ranked]


def elements(graph: Graph, of: Node) -> list[Node]:
    """Elements of a provision in their sequence."""
    found = graph.subjects(DT.elementOf, of)
    return sorted(found, key=lambda element: int(str(graph.value(element, DT.sequence))))


def digest(shared: Path, slug: str) -> str:
    return hashlib.sha256((shared / "data" / "seeds" / SEEDS[slug]).read_bytes()).hexdigest()


def seed(shared: Path, slug: str) -> str:
    """A seed without its spaces and line breaks."""
    return re.sub(r"\s+", "", (shared / "data" / "seeds" / SEEDS[slug]).read_text(encoding="utf-8"))


# Decision XII/19


def test_decision_has_its_preamble_paragraphs_and_items(decision: Graph) -> None:
    assert in_order(decision, DT.PreambularProvision) == ["preamble-1", "preamble-2", "preamble-3"]
    assert in_order(decision, DT.OperativeProvision) == [
        *("1", "2", "3", "4"),
        *(f"4.{letter}" for letter in "abcdefgh"),
        *("5", "6", "7", "8"),
    ]
    assert in_order(decision, DT.Item) == [f"4.{letter}" for letter in "abcdefgh"]
    for item in decision.subjects(RDF.type, DT.Item):
        assert decision.value(item, DT.partOf) == provision(DECISION, "4")


@pytest.mark.parametrize("number", DIRECTIVES)
def test_decision_has_its_verbs_and_addressees(decision: Graph, number: str) -> None:
    found = [
        (key(decision.value(e, DT.verb)), keys(decision, e, DT.addressee))
        for e in elements(decision, provision(DECISION, number))
    ]

    assert found == [(verb, set(who)) for verb, who in DIRECTIVES[number]]


def test_only_items_inherit_and_only_from_the_chapeau(decision: Graph) -> None:
    inheriting = {key(decision.value(e, DT.elementOf)) for e in decision.subjects(DT.inheritedFrom)}

    assert inheriting == {f"4.{letter}" for letter in "abcdefgh"}
    assert set(decision.objects(None, DT.inheritedFrom)) == {
        URIRef(f"{BASE}/id/element/{DECISION}/4/1")
    }


def test_element_is_of_the_kind_of_its_verb(root: Path, graphs: dict[str, Graph]) -> None:
    verbs = Graph().parse(root / "ontology" / "codes" / "verb.ttl")
    checked = 0
    for graph in graphs.values():
        for element, verb in graph.subject_objects(DT.verb):
            assert graph.value(element, DT.kind) == verbs.value(verb, DT.kind), (element, verb)
            checked += 1
    assert checked > 50


def test_provision_is_operational_when_one_of_its_directives_is(decision: Graph) -> None:
    operational = URIRef(f"{CODES}/kind/operational")
    for number in DIRECTIVES:
        subject = provision(DECISION, number)
        directives = {decision.value(e, DT.kind) for e in elements(decision, subject)}
        assert (decision.value(subject, DT.kind) == operational) == (operational in directives)


def test_decision_names_eight_targets_where_the_text_has_them(decision: Graph) -> None:
    found = {
        number: {int(k.removeprefix("aichi-")) for k in keys(decision, subject, DT.addressesTarget)}
        for number in DIRECTIVES
        if (subject := provision(DECISION, number), DT.addressesTarget, None) in decision
    }

    assert found == TARGETS
    assert set().union(*found.values()) == {5, 11, 12, 13, 14, 15, 16, 18}


def test_targets_of_the_decision_are_evidenced_taggings(decision: Graph) -> None:
    taggings = [
        t
        for t in decision.subjects(RDF.type, DT.Tagging)
        if "/target/" in str(decision.value(t, DT.tag))
    ]

    assert len(taggings) == sum(map(len, TARGETS.values()))
    for tagging in taggings:
        assert key(decision.value(tagging, DT.reviewState)) == "evidenced"
        assert decision.value(tagging, DT.confidence).toPython() == Decimal("1.0")


def test_decision_cites_five_decisions(root: Path, decision: Graph) -> None:
    cited = {
        number: {key(decision.value(c, DT.cited)) for c in citations}
        for number in DIRECTIVES
        if (citations := set(decision.subjects(DT.citing, provision(DECISION, number))))
    }
    plain = {
        number: keys(decision, provision(DECISION, number), predicate)
        for number, predicate in (("preamble-3", DT.recalls), ("5", DT.cites))
    }
    held = {path.stem for path in (root / "data" / "decisions").rglob("*.ttl")}

    assert cited == plain == CITED
    assert len(set().union(*cited.values())) == 5
    assert set().union(*cited.values()) <= held


def test_decision_asks_for_a_report_before_the_next_meeting(decision: Graph) -> None:
    due = list(decision.subject_objects(DT.deadlineMeeting))

    assert due == [
        (
            URIRef(f"{BASE}/id/element/{DECISION}/8/1"),
            URIRef(f"{BASE}/id/meeting/cbd-cop-13"),
        )
    ]
    assert "COP 13" in str(decision.value(due[0][0], DT.deadlineText))


def test_decision_names_the_wetlands_convention_once(decision: Graph) -> None:
    assert list(decision.subject_objects(DT.citesInstrument)) == [
        (provision(DECISION, "6"), URIRef(f"{BASE}/id/instrument/ramsar"))
    ]


# The Harbin consensus


def test_consensus_has_four_sections_with_their_points(consensus: Graph) -> None:
    sections = in_order(consensus, DT.Section)
    points = in_order(consensus, DT.Point)

    assert sections == ["1", "2", "3", "4"]
    assert points == [
        f"{section}.{n}"
        for section, count in zip(sections, (3, 7, 4, 7), strict=True)
        for n in range(1, count + 1)
    ]


def test_consensus_calls_stand_in_its_last_section(consensus: Graph) -> None:
    calls = list(consensus.subjects(RDF.type, DT.Call))
    numbers = {key(consensus.value(call, DT.elementOf)) for call in calls}

    assert numbers == {f"4.{n}" for n in range(1, 8)}
    for call in calls:
        assert list(consensus.objects(call, DT.addressee)), call
        assert consensus.value(call, DT.verb), call


def test_consensus_counts_its_meeting_and_its_supporters(consensus: Graph) -> None:
    text = URIRef(f"{BASE}/id/consensus/{CONSENSUS}")

    counts = [
        consensus.value(text, DT[f"{w}Count"])
        for w in ("countries", "organizations", "participants")
    ]
    assert counts == [Literal(19), Literal(12), Literal(300)]
    assert len(keys(consensus, text, DT.supportedBy)) == 14
    assert keys(consensus, text, DT.issuedAt) == {"harbin-symposium-2019"}


# The statement on CMS COP14


def test_statement_names_eleven_instruments_and_a_framework(statement: Graph) -> None:
    text = URIRef(f"{BASE}/id/statement/{STATEMENT}")

    assert keys(statement, text, DT.namesInstrument) == {
        *("cbd", "unfccc", "unccd"),
        *("basel", "rotterdam", "stockholm"),
        *("ramsar", "cites", "cms", "bbnj", "plastics-negotiation"),
    }
    assert keys(statement, text, DT.namesFramework) == {"gbf"}
    assert keys(statement, text, DT.issuedAt) == {"cms-cop-14"}


def test_statement_recognizes_needs_and_calls(statement: Graph) -> None:
    points = in_order(statement, DT.Point)
    calls = list(statement.subjects(RDF.type, DT.Call))
    verbs = {
        section: {
            key(statement.value(c, DT.verb))
            for c in calls
            if key(statement.value(c, DT.elementOf)).startswith(f"{section}.")
        }
        for section in "123"
    }

    assert [sum(p.startswith(f"{s}.") for p in points) for s in "123"] == [5, 6, 6]
    assert verbs == {"1": set(), "2": {"needs-to"}, "3": {"calls-upon", "appreciates", "hopes"}}
    assert all(list(statement.objects(call, DT.addressee)) for call in calls)


# The position paper

DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
SCALES = {"万": 10**4, "亿": 10**8, "百万": 10**6}
SHORTEST_AND_LONGEST = {"yangtze-closure-shortest": 0, "yangtze-closure-longest": 1}


def number_in(printed: str, which: int = 0) -> Decimal:
    """The number a printed figure gives: ``1.18万个`` → 11800."""
    if arabic := re.findall(r"(\d+(?:\.\d+)?)(百万|万|亿)?", printed):
        digits, scale = arabic[which]
        return Decimal(digits) * SCALES.get(scale, 1)
    if "百万" in printed:
        return Decimal(SCALES["百万"])
    words = re.search(r"十?[一二三四五六七八九十]", printed)
    assert words, printed
    return Decimal(sum(DIGITS[c] for c in words.group()))


def figures(paper: Graph) -> list[Node]:
    return sorted(paper.subjects(RDF.type, DT.Figure))


def test_paper_has_six_sections_and_its_points(paper: Graph) -> None:
    points = in_order(paper, DT.Point)

    assert in_order(paper, DT.Section) == list("123456")
    assert [sum(p.startswith(f"{s}.") for p in points) for s in "123456"] == [3, 7, 3, 3, 3, 2]
    assert points[:3] == ["preamble-1", "preamble-2", "preamble-3"]
    assert points[-1] == "n-1"


def test_printed_figures_are_the_numbers_held(paper: Graph) -> None:
    assert len(figures(paper)) == 84
    for figure in figures(paper):
        printed = str(paper.value(figure, DT.figureText))
        which = SHORTEST_AND_LONGEST.get(key(figure), 0)
        assert number_in(printed, which) == paper.value(figure, DT.figureValue).toPython(), figure


@pytest.mark.parametrize(
    ("figure", "value", "unit", "year"),
    [
        ("protected-areas", 11800, "areas", "2018"),
        ("protected-share", 18, "%", "2018"),
        ("afforested-area", 71307000, "ha", "2019"),
        ("biodiversity-spending", 260000000000, "CNY", "2018"),
        ("redline-share", 25, "%", "2020"),
        ("survey-records", 2100000, "records", "2020"),
        ("yangtze-ban-years", 10, "years", "2021"),
        ("alliance-share", 1, "%", "2030"),
        ("key-zone-transfers", 523500000000, "CNY", "2019"),
        ("trainees-biodiversity", 600, "trainees", "2020"),
    ],
)
def test_figures_have_value_unit_and_year(
    paper: Graph, figure: str, value: int, unit: str, year: str
) -> None:
    subject = URIRef(f"{BASE}/id/figure/{PAPER}/{figure}")

    assert paper.value(subject, DT.figureValue).toPython() == value
    units = {each.language: str(each) for each in paper.objects(subject, DT.figureUnit)}
    assert units["en"] == unit
    assert units["zh"]
    assert str(paper.value(subject, DT.figureYear)) == year


def test_units_are_told_in_english_and_chinese(paper: Graph) -> None:
    units: dict[object, set[str | None]] = {}
    for figure, unit in paper.subject_objects(DT.figureUnit):
        units.setdefault(figure, set()).add(unit.language)

    assert len(units) > 50
    assert all(languages == {"en", "zh"} for languages in units.values())


def test_paper_claims_progress_on_the_three_targets_it_names(paper: Graph) -> None:
    named = keys(paper, None, DT.progressOn)
    claims = list(paper.subjects(RDF.type, DT.ProgressClaim))

    assert named == {"aichi-14", "aichi-15", "aichi-17"}
    assert len(claims) >= 20
    for claim in claims:
        assert keys(paper, claim, DT.claimedBy) == {"gov-china"}


def test_claims_rest_on_figures_of_the_paper(paper: Graph) -> None:
    part = URIRef("http://purl.org/dc/terms/hasPart")
    used = set(paper.objects(None, part))

    assert len(used) > 30
    assert used <= set(figures(paper))


def test_measures_and_commitments_say_whose_they_are(paper: Graph) -> None:
    measures = list(paper.subjects(RDF.type, DT.Measure))
    commitments = list(paper.subjects(RDF.type, DT.Commitment))

    assert len(measures) >= 70
    assert len(commitments) >= 12
    for thing in [*measures, *commitments]:
        assert list(paper.objects(thing, DT.madeBy)), thing
        assert paper.value(thing, DT.partOf) in set(paper.subjects(RDF.type, DT.Point)), thing


# All four


@pytest.mark.parametrize("slug", FILES)
def test_plain_triple_stands_beside_each_accepted_tagging(
    graphs: dict[str, Graph], slug: str
) -> None:
    graph = graphs[slug]
    tagged = {
        (graph.value(t, DT.tagged), graph.value(t, DT.tag))
        for t in graph.subjects(RDF.type, DT.Tagging)
        if key(graph.value(t, DT.taggingState)) == "accepted"
    }
    plain = {
        pair
        for predicate in (DT.addressesTarget, DT.addressesTheme)
        for pair in graph.subject_objects(predicate)
    }

    assert len(tagged) > 20
    assert tagged == plain


@pytest.mark.parametrize("slug", FILES)
def test_own_judgement_is_unreviewed_and_modest(graphs: dict[str, Graph], slug: str) -> None:
    graph = graphs[slug]
    own = list(graph.subjects(DT.author, Literal("dtrack curation")))

    assert own
    for tagging in own:
        assert key(graph.value(tagging, DT.reviewState)) == "unreviewed"
        assert graph.value(tagging, DT.confidence).toPython() <= Decimal("0.7")


@pytest.mark.parametrize("slug", FILES)
def test_summaries_are_in_english_and_chinese(graphs: dict[str, Graph], slug: str) -> None:
    graph = graphs[slug]
    summarised = set(graph.subjects(DT.summary))

    assert len(summarised) >= 15
    for subject in summarised:
        assert sorted(s.language for s in graph.objects(subject, DT.summary)) == ["en", "zh"], (
            subject
        )


@pytest.mark.parametrize("scheme", ["verb", "actor", "theme", "kind", "document-type"])
def test_codes_of_the_seeds_are_in_their_lists(
    root: Path, graphs: dict[str, Graph], scheme: str
) -> None:
    codes = Graph().parse(root / "ontology" / "codes" / f"{scheme}.ttl")
    listed = set(codes.subjects(SKOS.inScheme, URIRef(f"{CODES}/{scheme}")))
    used = {
        value
        for graph in graphs.values()
        for value in graph.objects()
        if str(value).startswith(f"{CODES}/{scheme}/")
    }

    assert used
    assert used <= listed


# Against the documents themselves


@pytest.mark.parametrize("slug", FILES)
def test_source_notes_give_the_digest_of_what_was_read(root: Path, shared: Path, slug: str) -> None:
    notes = (root / "data" / "statements" / "SOURCE.md").read_text(encoding="utf-8")

    assert digest(shared, slug) in notes


@pytest.mark.parametrize("slug", FILES)
def test_no_wording_of_the_document_is_taken_over(
    shared: Path, graphs: dict[str, Graph], slug: str
) -> None:
    document = seed(shared, slug)
    length = 16
    own = [
        re.sub(r"\s+", "", str(text))
        for predicate in (DT.summary, DT.note, DT.object)
        for text in graphs[slug].objects(None, predicate)
        if text.language == "zh"
    ]

    assert own
    for text in own:
        runs = re.findall(r"[\u4e00-\u9fff，、“”《》]+", text)
        for run in runs:
            for start in range(len(run) - length + 1):
                assert run[start : start + length] not in document, run


def test_targets_stand_in_the_paragraphs_of_the_document(shared: Path) -> None:
    document = seed(shared, DECISION).split("缔约方大会，", 1)[1].split("——————")[0]
    paragraphs: dict[str, str] = {}
    # Each opens with "1." or "(a)" after the end of the one before.
    pieces = re.split(r"(?<=[；：，。])(?=(?:[1-8]\.[^0-9]|\([a-h]\)))", document)
    for piece in pieces[1:]:
        label = re.match(r"([1-8])\.|\(([a-h])\)", piece)
        assert label
        paragraphs[label[1] or f"4.{label[2]}"] = piece[label.end() :]

    named = {
        number: {
            int(n)
            for run in re.findall(r"(?:指标|目标)(\d+(?:[、和]\d+)*)", text)
            for n in re.findall(r"\d+", run)
        }
        for number, text in paragraphs.items()
    }

    assert list(paragraphs) == [n for n in DIRECTIVES if not n.startswith("preamble")]
    assert {number: targets for number, targets in named.items() if targets} == TARGETS


def test_citations_are_those_of_the_document(shared: Path) -> None:
    romans = {"IX": 9, "X": 10, "XI": 11}
    found = re.findall(r"第([IVX]+)/(\d+)", seed(shared, DECISION))

    assert {f"cbd-cop-{romans[session]}-{n}" for session, n in found} == CITED["preamble-3"]


def test_every_figure_is_printed_in_the_paper(shared: Path, paper: Graph) -> None:
    document = seed(shared, PAPER)

    for figure in figures(paper):
        assert str(paper.value(figure, DT.figureText)) in document, figure


def test_every_number_of_the_paper_is_held(shared: Path, paper: Graph) -> None:
    document = seed(shared, PAPER)
    dates = r"(?:19|20)\d\d(?=[年—])|\d{1,2}月(?:\d{1,2}日)?|20世纪80年代"
    names = r"COP15|目标1[457]"
    left = re.findall(r"\d+(?:\.\d+)?", re.sub(f"{dates}|{names}", " ", document))
    held = [
        number
        for figure in figures(paper)
        if key(figure) != "yangtze-closure-longest"  # printed together with the shortest
        for number in re.findall(r"\d+(?:\.\d+)?", str(paper.value(figure, DT.figureText)))
    ]

    assert len(left) > 60
    assert Counter(left) == Counter(held)
