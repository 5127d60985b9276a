"""The options paper UNEP/EA.2/12/Add.1 is there as data, complete and as it was read.

``options_paper.toml`` beside this file says what the paper holds, counted and listed by reading it.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

DT = Namespace("https://w3id.org/dtrack/ontology#")
BASE = "https://w3id.org/dtrack/"
SLUG = "unep-ea-2-12-add-1"
PAPER = URIRef(f"{BASE}id/options-paper/{SLUG}")

READ = tomllib.loads(Path(__file__).with_name("options_paper.toml").read_text(encoding="utf-8"))
ACTIONS_PER_OPTION: dict[str, int] = READ["actions_per_option"]
SHOULD_ACT: dict[str, list[str]] = READ["should_act"]
NAMED_BESIDE: dict[str, list[str]] = READ["named_beside"]
PRINTED: dict[str, str] = READ["printed"]
CITATIONS = {
    (row["part"], row["cited"], row["relation"], tuple(row["at"])) for row in READ["citations"]
}

SCHEMES = [
    "actor",
    "arrangement-kind",
    "citation-relation",
    "document-type",
    "kind",
    "recurrence",
    "review-state",
    "tagging-method",
    "tagging-state",
    "theme",
    "verb",
]


@pytest.fixture(scope="module")
def paper(root: Path) -> Graph:
    return Graph().parse(root / "data" / "statements" / f"{SLUG}.ttl")


@pytest.fixture(scope="module")
def arrangements(root: Path) -> Graph:
    return Graph().parse(root / "data" / "statements" / "arrangements-in-options-paper.ttl")


@pytest.fixture(scope="module")
def seed(shared: Path) -> str:
    files = sorted((shared / "data" / "seeds").glob("001_*.txt"))
    assert len(files) == 1
    return files[0].read_text(encoding="utf-8")


def local(iri: Node) -> str:
    """Last step of an IRI."""
    return str(iri).rsplit("/", 1)[1]


def parts(graph: Graph, kind: str) -> dict[str, URIRef]:
    """IRIs of a kind of part by the end of their IRI."""
    return {local(iri): iri for iri in graph.subjects(RDF.type, DT[kind])}


def is_action(graph: Graph, part: Node) -> bool:
    return (part, RDF.type, DT.Action) in graph


def place(iri: Node) -> str:
    return "text" if iri == PAPER else local(iri)


def languages(graph: Graph, iri: Node, path: URIRef) -> Counter[str]:
    values = list(graph.objects(iri, path))
    assert all(isinstance(value, Literal) and str(value).strip() for value in values)
    return Counter(value.language for value in values)


def test_paper_has_7_themes_28_options_and_88_actions(paper: Graph) -> None:
    assert set(parts(paper, "OptionTheme")) == set("1234567")
    assert set(parts(paper, "Option")) == set(ACTIONS_PER_OPTION)
    assert len(parts(paper, "Option")) == 28
    assert len(parts(paper, "Action")) == sum(ACTIONS_PER_OPTION.values()) == 88


def test_each_option_has_the_actions_the_paper_gives_it_in_order(paper: Graph) -> None:
    options = parts(paper, "Option")

    for number, option in options.items():
        actions = sorted(
            (part for part in paper.subjects(DT.elementOf, option) if is_action(paper, part)),
            key=lambda action: paper.value(action, DT.sequence).toPython(),
        )
        count = ACTIONS_PER_OPTION[number]
        letters = [f"{number}.{letter}" for letter in "abcdefg"[:count]]

        assert [local(action) for action in actions] == letters
        printed = [str(paper.value(action, DT.number)) for action in actions]
        assert printed == ([number] if number in READ["without_letter"]["options"] else letters)
        keys = [str(paper.value(action, DT.sortKey)) for action in actions]
        above = str(paper.value(option, DT.sortKey))
        assert keys == [f"{above}.{position:04d}" for position in range(1, count + 1)]


def test_numbers_and_places_in_the_paper_agree(paper: Graph) -> None:
    for number, theme in parts(paper, "OptionTheme").items():
        assert str(paper.value(theme, DT.number)) == number
        assert paper.value(theme, DT.partOf) == PAPER
        assert str(paper.value(theme, DT.sortKey)) == f"2.{int(number):04d}"
    for number, option in parts(paper, "Option").items():
        theme, position = number.split(".")
        assert str(paper.value(option, DT.number)) == number
        assert local(paper.value(option, DT.partOf)) == theme
        assert str(paper.value(option, DT.sortKey)) == f"2.{int(theme):04d}.{int(position):04d}"
    for kind in ("OptionTheme", "Option", "Action"):
        for part in parts(paper, kind).values():
            assert list(paper.objects(part, DT.ofText)) == [PAPER]


def test_every_action_has_verb_kind_addressee_theme_and_summaries(paper: Graph) -> None:
    for number, action in parts(paper, "Action").items():
        assert len(list(paper.objects(action, DT.verb))) == 1, number
        assert local(paper.value(action, DT.kind)) == "operational", number
        assert list(paper.objects(action, DT.addressee)), number
        assert list(paper.objects(action, DT.addressesTheme)), number
        assert languages(paper, action, DT.summary) == {"en": 1, "zh": 1}, number


def test_only_two_actions_encourage_and_the_others_say_should(paper: Graph) -> None:
    actions = parts(paper, "Action")

    verbs = {number: local(paper.value(iri, DT.verb)) for number, iri in actions.items()}

    assert {number for number, verb in verbs.items() if verb == "encourages"} == {"2.2.c", "2.2.d"}
    assert set(verbs.values()) == {"encourages", "should"}


@pytest.mark.parametrize("actor", sorted(SHOULD_ACT))
def test_actions_addressed_to_an_actor_are_those_of_the_paper(paper: Graph, actor: str) -> None:
    iri = URIRef(f"{BASE}codes/actor/{actor}")

    found = {local(action) for action in paper.subjects(DT.addressee, iri)}

    assert found == set(SHOULD_ACT[actor])


def test_no_actor_is_there_that_was_not_looked_up(paper: Graph) -> None:
    beside = {
        local(actor) for part, actor in paper.subject_objects(DT.supportedBy) if part != PAPER
    }

    assert {local(actor) for actor in paper.objects(None, DT.addressee)} == set(SHOULD_ACT)
    assert beside == set(NAMED_BESIDE)


@pytest.mark.parametrize("actor", sorted(NAMED_BESIDE))
def test_actors_named_beside_the_doer_are_those_of_the_paper(paper: Graph, actor: str) -> None:
    iri = URIRef(f"{BASE}codes/actor/{actor}")

    found = {local(action) for action in paper.subjects(DT.supportedBy, iri) if action != PAPER}

    assert found == set(NAMED_BESIDE[actor])


def test_no_actor_is_both_doer_and_supporter_of_one_action(paper: Graph) -> None:
    both = [
        (local(action), local(actor))
        for action, actor in paper.subject_objects(DT.supportedBy)
        if (action, DT.addressee, actor) in paper
    ]

    assert not both


def test_every_theme_and_option_is_labelled_and_summarized(paper: Graph) -> None:
    labels = []
    for kind in ("OptionTheme", "Option"):
        for number, part in parts(paper, kind).items():
            assert languages(paper, part, SKOS.prefLabel) == {"en": 1, "zh": 1}, number
            assert languages(paper, part, DT.summary) == {"en": 1, "zh": 1}, number
            labels += [str(label) for label in paper.objects(part, SKOS.prefLabel)]

    assert len(labels) == len(set(labels)) == 2 * (7 + 28)


def test_plain_theme_and_target_triples_are_those_of_accepted_taggings(paper: Graph) -> None:
    accepted = URIRef(f"{BASE}codes/tagging-state/accepted")
    tagged = {
        (paper.value(tagging, DT.tagged), paper.value(tagging, DT.tag))
        for tagging in paper.subjects(DT.taggingState, accepted)
    }
    plain = {
        *paper.subject_objects(DT.addressesTheme),
        *paper.subject_objects(DT.addressesTarget),
    }

    assert len(list(paper.subjects(RDF.type, DT.Tagging))) == len(tagged) > 200
    assert tagged == plain


def test_taggings_say_whether_the_text_or_a_curator_speaks(paper: Graph) -> None:
    states = Counter()
    for tagging in paper.subjects(RDF.type, DT.Tagging):
        confidence = paper.value(tagging, DT.confidence).toPython()
        state = local(paper.value(tagging, DT.reviewState))
        author = str(paper.value(tagging, DT.author))
        states[state] += 1
        if state == "evidenced":
            assert (author, confidence) == ("UNEP/EA.2/12/Add.1", Decimal(1)), tagging
        else:
            assert (state, author) == ("unreviewed", "dtrack curation"), tagging
            assert 0 < confidence <= Decimal("0.7"), tagging

    assert set(states) == {"evidenced", "unreviewed"}


def test_citations_are_those_of_the_paper(paper: Graph) -> None:
    found = {
        (
            place(paper.value(citation, DT.citing)),
            str(paper.value(citation, DT.cited)).removeprefix(f"{BASE}id/"),
            local(paper.value(citation, DT.citationRelation)),
            tuple(sorted(str(value) for value in paper.objects(citation, DT.pinpoint))),
        )
        for citation in paper.subjects(RDF.type, DT.Citation)
    }

    assert found == CITATIONS
    assert len(list(paper.subjects(RDF.type, DT.Citation))) == len(CITATIONS)


def test_citation_iris_follow_from_what_cites_what(paper: Graph) -> None:
    for citation in paper.subjects(RDF.type, DT.Citation):
        citing, cited = paper.value(citation, DT.citing), paper.value(citation, DT.cited)
        assert str(citation) == f"{BASE}id/citation/{SLUG}/{place(citing)}/{local(cited)}"


def test_plain_citing_triples_stand_beside_the_citations(paper: Graph) -> None:
    stated = {
        (place(part), local(cited), relation)
        for relation in ("cites", "implements")
        for part, cited in paper.subject_objects(DT[relation])
    }

    assert stated == {(part, cited.split("/")[1], how) for part, cited, how, _ in CITATIONS}


def described(root: Path) -> set[str]:
    """IRIs under id/ that any curated file gives a class."""
    pattern = re.compile(r"^<(id/[^>]+)> a dt:", re.MULTILINE)
    return {
        BASE + iri
        for file in (root / "data").rglob("*.ttl")
        for iri in pattern.findall(file.read_text(encoding="utf-8"))
    }


def test_every_text_the_paper_cites_has_a_record(paper: Graph, root: Path) -> None:
    cited = {
        str(text)
        for relation in ("cites", "implements", "inferredCites")
        for text in paper.objects(None, DT[relation])
    }

    assert len(cited) == 17
    assert sorted(cited - described(root)) == []


def test_everything_named_has_a_record(paper: Graph, arrangements: Graph, root: Path) -> None:
    paths = ("namesInstrument", "citesInstrument", "namesFramework", "issuedAt", "addressesTarget")
    paths += ("progressOn", "betweenInstrument", "instrument", "cooperatesWith")
    named = {
        str(thing)
        for graph in (paper, arrangements)
        for path in paths
        for thing in graph.objects(None, DT[path])
    }

    assert named & {f"{BASE}id/framework/aichi", f"{BASE}id/instrument/ippc"}
    sdg = "http://metadata.un.org/sdg"
    assert sorted(named - described(root) - {sdg}) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_code_in_use_is_in_its_scheme(
    paper: Graph, arrangements: Graph, root: Path, scheme: str
) -> None:
    codes = Graph().parse(root / "ontology" / "codes" / f"{scheme}.ttl")
    known = set(codes.subjects(SKOS.inScheme, URIRef(f"{BASE}codes/{scheme}")))

    used = codes_in_use(paper, arrangements)[scheme]

    assert sorted(used - known) == []


def test_no_code_comes_from_another_scheme(paper: Graph, arrangements: Graph) -> None:
    assert sorted(codes_in_use(paper, arrangements)) == SCHEMES


def codes_in_use(*graphs: Graph) -> dict[str, set[Node]]:
    """Codes that the graphs point at, by scheme."""
    used: dict[str, set[Node]] = {}
    for graph in graphs:
        for term in graph.objects():
            if str(term).startswith(f"{BASE}codes/"):
                scheme = str(term).removeprefix(f"{BASE}codes/").split("/")[0]
                used.setdefault(scheme, set()).add(term)
    return used


def test_figures_are_those_of_the_paper_with_unit_year_and_place(paper: Graph) -> None:
    found = {}
    for part, value in paper.subject_objects(DT.figureValue):
        kind, name = str(part).removeprefix(f"{BASE}id/").split(f"/{SLUG}/")
        found[f"{kind}/{name}"] = value.toPython()
        for path in (DT.figureUnit, DT.figureYear, DT.sourcePlace, DT.claimedBy):
            assert list(paper.objects(part, path)), (name, path)
        units = {each.language for each in paper.objects(part, DT.figureUnit)}
        assert units == {"en", "zh"}, name

    assert found == READ["figures"]


def test_claims_on_national_strategies_are_about_target_17(paper: Graph) -> None:
    on = {
        local(claim) for claim in paper.subjects(DT.progressOn, URIRef(f"{BASE}id/target/aichi-17"))
    }

    assert {"nbsaps-since-2010", "nbsaps-with-strategic-plan", "parties-without-nbsap"} <= on
    for claim in parts(paper, "ProgressClaim").values():
        assert list(paper.objects(claim, DT.claimedBy)) == [URIRef(f"{BASE}codes/actor/unep")]
        assert languages(paper, claim, DT.summary) == {"en": 1, "zh": 1}


def test_joint_work_programmes_have_the_parties_and_periods_of_option_7_3(
    arrangements: Graph,
) -> None:
    found = {}
    for programme in arrangements.subjects(RDF.type, DT.JointWorkProgramme):
        between = arrangements.objects(programme, DT.betweenInstrument)
        pair = "+".join(sorted(local(instrument) for instrument in between))
        found[pair] = [str(arrangements.value(programme, path)) for path in (DT["from"], DT.until)]

    assert found == READ["joint_programmes"]


def test_liaison_group_joins_the_seven_conventions_of_footnote_14(arrangements: Graph) -> None:
    group = URIRef(f"{BASE}id/arrangement/blg")

    members = {local(iri) for iri in arrangements.objects(group, DT.betweenInstrument)}

    assert members == {"cbd", "cites", "cms", "ippc", "itpgrfa", "ramsar", "whc"}


def test_lead_roles_are_those_of_action_7_2_b_and_of_the_united_nations(
    arrangements: Graph,
) -> None:
    found = {
        (local(who), local(theme))
        for role in arrangements.subjects(RDF.type, DT.LeadRole)
        for path in (DT.instrument, DT.heldBy)
        for who in arrangements.objects(role, path)
        for theme in arrangements.objects(role, DT.leadOn)
    }

    assert found == {
        ("cbd", "sdgs"),
        ("ramsar", "water-resources"),
        ("cites", "trade"),
        ("undp", "capacity-building"),
        ("undp", "undaf"),
        ("unep", "un-system"),
    }


def test_every_arrangement_is_on_record_and_says_where_it_was_read(arrangements: Graph) -> None:
    (record,) = arrangements.subjects(RDF.type, DT.Record)
    on_record = set(arrangements.objects(record, DT.recordOf))
    kinds = ("CooperationArrangement", "JointWorkProgramme", "CooperationMemorandum", "LeadRole")
    things = {iri for kind in kinds for iri in arrangements.subjects(RDF.type, DT[kind])}

    assert things == on_record
    assert len(things) == 16
    for iri in things:
        assert languages(arrangements, iri, SKOS.prefLabel) == {"en": 1, "zh": 1}
        assert list(arrangements.objects(iri, DCTERMS.source)) == [PAPER]
        assert list(arrangements.objects(iri, DT.sourcePlace))


def test_recounting_the_printed_paper_gives_the_same_actions(seed: str) -> None:
    pieces = re.split(r"(?m)^\s*备选方案\s*(\d\.\d)：", seed)

    counted = {}
    for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
        after = text.split("建议行动：", 1)[1]
        counted[number] = len(re.findall(r"(?m)^\s*\([a-z]\)\s", after)) or 1

    assert counted == ACTIONS_PER_OPTION


def test_every_symbol_printed_in_the_paper_is_cited(seed: str, paper: Graph) -> None:
    forms = (
        r"(?:SS\.)?[XVI]+/\d+",
        r"第\s*(\d+\.\d+)(?:\([a-z]\))?\s",
        r"第\s*(\d+\.\d+)号",
        r"第\s*(\d+/\d+)\s*号",
        r"第\s*(XII\.\d+)\s*号",
        r"第\s*(\d+\.\d+)\([a-z]\)号",
    )
    cited = {local(text) for text in paper.objects(None, DT.cites)}
    cited |= {local(text) for text in paper.objects(None, DT.implements)}

    printed = {symbol for form in forms for symbol in re.findall(form, seed)}

    assert printed == set(PRINTED)
    assert cited == set(PRINTED.values())


def test_summaries_are_not_taken_from_the_printed_paper(
    seed: str, paper: Graph, arrangements: Graph
) -> None:
    run = 16
    print_ = re.sub(r"\s", "", seed)
    windows = {print_[start : start + run] for start in range(len(print_) - run + 1)}

    copied = []
    checked = 0
    for graph in (paper, arrangements):
        for path in (DT.summary, DT.note, DT.condition):
            for part, value in graph.subject_objects(path):
                if value.language != "zh":
                    continue
                text = re.sub(r"\s", "", str(value))
                checked += 1
                copied += [
                    (local(part), text[start : start + run])
                    for start in range(len(text) - run + 1)
                    if text[start : start + run] in windows
                ]

    assert checked > 140
    assert copied == []
