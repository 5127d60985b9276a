"""Every spelling of a symbol gives one IRI."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, Namespace

from dtrack.symbols import SymbolForm, Symbols, provision_number, roman

DT = Namespace("https://w3id.org/dtrack/ontology#")
BASE = "https://w3id.org/dtrack/id/"
NAMES = {
    "instrument/cbd": ["CBD", "Convention on Biological Diversity", "生物多样性公约"],
    "instrument/cms": ["CMS", "移栖物种公约"],
    "instrument/cites": ["CITES", "濒危野生动植物种国际贸易公约"],
    "instrument/ramsar": ["Ramsar"],
    "instrument/montreal": ["Montreal Protocol"],
}


@pytest.fixture(scope="session")
def graph(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "codes" / "symbol-form.ttl")


@pytest.fixture(scope="session")
def symbols(graph: Graph) -> Symbols:
    forms = [
        SymbolForm(
            of=str(graph.value(form, DT.formOf)),
            kind=str(graph.value(form, DT.symbolKind)),
            templates=tuple(str(t) for t in graph.objects(form, DT.symbolTemplate)),
            slug=str(graph.value(form, DT.slugTemplate)),
            rank=int(graph.value(form, DT.sequence)),
        )
        for form in graph.subjects(RDF.type, DT.SymbolForm)
    ]
    assert len(forms) > 30
    return Symbols(forms, [(name, BASE + of) for of, names in NAMES.items() for name in names])


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("XII/28", "decision/cbd-cop-12-28"),
        ("12/28", "decision/cbd-cop-12-28"),
        ("CBD/COP/12/28", "decision/cbd-cop-12-28"),
        ("UNEP/CBD/COP/DEC/XII/28", "decision/cbd-cop-12-28"),
        ("第 XII/28 号决定", "decision/cbd-cop-12-28"),
        ("第XII/28号决定", "decision/cbd-cop-12-28"),
        ("décision XII/28", "decision/cbd-cop-12-28"),
        ("decisión XII/28", "decision/cbd-cop-12-28"),
        ("CBD decision XII/28", "decision/cbd-cop-12-28"),
        ("  decision   xii / 28 ", "decision/cbd-cop-12-28"),
        ("15/4", "decision/cbd-cop-15-4"),
        ("Resolution 11.10", "resolution/cms-res-11-10"),
        ("CMS Resolution 11.10", "resolution/cms-res-11-10"),
        ("《移栖物种公约》第 11.10 号决议", "resolution/cms-res-11-10"),
        ("UNEP/CMS/Resolution 12.28", "resolution/cms-res-12-28"),
        ("12.4 (Rev.COP14)", "resolution/cms-res-12-4"),
        ("CMS Decision 13.24", "decision/cms-dec-13-24"),
        ("Decision 16.44 (f)", "decision/cites-dec-16-44"),
        ("《濒危野生动植物种国际贸易公约》第16.44(f)号决定", "decision/cites-dec-16-44"),
        ("Conf. 16.4 (Rev. CoP18)", "resolution/cites-conf-16-4"),
        ("Resolution Conf. 16.4", "resolution/cites-conf-16-4"),
        ("Ramsar Resolution XIII.4", "resolution/ramsar-res-13-4"),
        ("Resolution XIII.4", "resolution/ramsar-res-13-4"),
        ("1/CP.21", "decision/unfccc-cp-21-1"),
        ("Decision 1/CP.21", "decision/unfccc-cp-21-1"),
        ("Resolution 1/CP.21", "resolution/unfccc-cp-21-res-1"),
        ("3/CMA.1", "decision/paris-cma-1-3"),
        ("Decision 2/CMP.10", "decision/kyoto-cmp-10-2"),
        ("3/COP.14", "decision/unccd-cop-14-3"),
        ("44 COM 7B.90", "decision/whc-44-com-7b-90"),
        ("7 EXT.COM 5A.2", "decision/whc-7-ext-com-5a-2"),
        ("BC-14/12", "decision/basel-bc-14-12"),
        ("RC-9/4", "decision/rotterdam-rc-9-4"),
        ("SC-9/11", "decision/stockholm-sc-9-11"),
        ("NP-1/13", "decision/nagoya-np-1-13"),
        ("CP-9/2", "decision/cartagena-cp-9-2"),
        ("BS-VII/6", "decision/cartagena-cp-7-6"),
        ("65/161", "resolution/unga-res-65-161"),
        ("A/RES/65/161", "resolution/unga-res-65-161"),
        ("SS.XII/3", "decision/unep-gc-ss-12-3"),
        ("Montreal Protocol decision XI/17", "decision/montreal-mop-11-17"),
        ("CPM-10/2015/01", "recommendation/ippc-cpm-10-2015-1"),
        ("ITPGRFA", None),
        ("Aichi Target 11", "target/aichi-11"),
        ("AICHI-TARGET-05", "target/aichi-5"),
        ("GBF-GOAL-A", "goal/gbf-a"),
        ("GBF Target 3", "target/gbf-3"),
        ("SDG 14.2", "http://metadata.un.org/sdg/14.2"),
        ("SDG 14", "http://metadata.un.org/sdg/14"),
        ("hello", None),
        ("", None),
        ("12", None),
        ("/", None),
    ],
)
def test_spelling_is_read(symbols: Symbols, text: str, path: str | None) -> None:
    readings = symbols.read(text)

    assert (readings[0].path if readings else None) == path


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("decision XII/28, paragraph 3 (d)", "3.d"),
        ("décision XII/28, paragraphe 3 d)", "3.d"),
        ("decisión XII/28, párrafo 3 (d)", "3.d"),
        ("第 XII/28 号决定第 4(c)段", "4.c"),
        ("XII/28 para. 12 (a)(ii)", "12.a.ii"),
        ("Decision 16.44 (f)", "f"),
        ("第16.44(f)号决定", "f"),
        ("XII/28", ""),
    ],
)
def test_pinpoint_is_read(symbols: Symbols, text: str, number: str) -> None:
    assert symbols.read(text)[0].provision == number


def test_revision_is_read_apart_from_the_work(symbols: Symbols) -> None:
    reading = symbols.read("Conf. 16.4 (Rev. CoP18)")[0]

    assert reading.slug == "cites-conf-16-4"
    assert reading.version == "cites-conf-16-4-rev-cop18"


def test_number_shared_by_kinds_gives_both(symbols: Symbols) -> None:
    assert [reading.path for reading in symbols.read("1/CP.21")] == [
        "decision/unfccc-cp-21-1",
        "resolution/unfccc-cp-21-res-1",
    ]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("Aichi Targets 5, 14 and 15", ["target/aichi-5", "target/aichi-14", "target/aichi-15"]),
        ("Targets 5, 14 and 15", ["target/aichi-5", "target/aichi-14", "target/aichi-15"]),
        ("爱知生物多样性指标 11、12", ["target/aichi-11", "target/aichi-12"]),
        ("爱知生物多样性指标5、14和15", ["target/aichi-5", "target/aichi-14", "target/aichi-15"]),
        ("XII/19", ["decision/cbd-cop-12-19"]),
        ("nothing at all", []),
    ],
)
def test_list_is_read_member_by_member(symbols: Symbols, text: str, paths: list[str]) -> None:
    assert [readings[0].path for readings in symbols.read_list(text)] == paths


def test_every_form_reads_its_own_example(graph: Graph, symbols: Symbols) -> None:
    seen = 0
    for form, example in graph.subject_objects(SKOS.example):
        wanted = str(graph.value(form, DT.formOf))
        assert wanted in {reading.of for reading in symbols.read(str(example))}, form
        seen += 1

    assert seen > 30


@given(st.integers(1, 3999))
def test_roman_numbers_are_those_of_the_books(number: int) -> None:
    digits = [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]  # fmt: skip
    rest, text = number, ""
    for value, letters in digits:
        while rest >= value:
            text, rest = text + letters, rest - value

    assert roman(text) == number


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(symbols: Symbols, text: str) -> None:
    for reading in symbols.read(text):
        assert reading.path
    symbols.read_list(text)


def test_provision_number_forgets_brackets_and_spaces() -> None:
    assert provision_number("3 (d) (ii)") == "3.d.ii"
    assert provision_number("4(c)") == "4.c"
