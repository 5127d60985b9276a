"""``dtrack patterns``: each of its kinds in words and as JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dtrack.cli.main import run
from dtrack.model import Record
from dtrack.overlap import refresh
from dtrack.stores.building import publish
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE

CASE = "tests/queries/reporting_modules_by_party/bound_by_two/data.ttl"


@pytest.fixture
def dtrack(corpus_home: Path, capfd: pytest.CaptureFixture[str]):
    """Run ``dtrack patterns`` on the bundled corpus or another home: code, output, errors."""

    def call(*arguments: str, home: Path | None = None) -> tuple[int, str, str]:
        code = run(["patterns", *arguments, "--home", str(home or corpus_home)])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture(scope="module")
def home_of_parties(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Home with the modules, reports and memberships of a query's case, near misses among them."""
    folder = tmp_path_factory.mktemp("parties-home")

    def build(store: EmbeddedStore) -> None:
        triples = parse_turtle((root / CASE).read_bytes())
        store.load([Record(f"{BASE}/graph/case", triples, CASE)])
        refresh(store, root / "queries")

    publish(folder, build)
    return folder


@pytest.fixture(scope="module")
def mapping(corpus_home: Path, root: Path) -> str:
    """IRI of a mapping on which figures of the bundled corpus hang."""
    from dtrack.answer.answers import Answers
    from dtrack.catalogue import Catalogue
    from dtrack.stores.building import open_current

    with open_current(corpus_home) as store:
        queries = root / "queries"
        answers = Answers(store, Catalogue.read(queries / "catalogue"), queries)
        rows = store.select(
            "PREFIX dt: <https://w3id.org/dtrack/ontology#> "
            "SELECT ?mapping WHERE { ?mapping a dt:Mapping } ORDER BY ?mapping"
        )
        asked = answers.patterns()
        for row in rows.texts():
            if asked.effect(row["mapping"], answers.selection()).cells:
                return str(row["mapping"])
    raise AssertionError("no mapping has an effect")


def test_facets_count_a_selection(dtrack) -> None:
    code, words, _ = dtrack("facets", "--theme", "wetlands")
    view = json.loads(dtrack("facets", "--theme", "wetlands", "--json")[1])

    assert code == 0
    assert f"{view['directives']} provisions: {view['active']} active, 0 ended" in words
    assert sum(view["years"].values()) == view["directives"] > 10
    assert "ramsar" in {each["value"]["key"] for each in view["instruments"]}


def test_common_names_what_two_instruments_share(dtrack) -> None:
    code, words, _ = dtrack("common", "--theme", "capacity-building", "--limit", "3")
    view = json.loads(dtrack("common", "--theme", "capacity-building", "--limit", "3", "--json")[1])

    assert code == 0
    assert f"1 to 3 of {view['total']}" in words
    assert len(view["values"]) == 3
    assert all(len(each["counts"]) > 1 for each in view["values"])


@pytest.mark.parametrize(("kind", "instruments"), [("duplicates", 2), ("clusters", 3)])
def test_groups_are_shared_by_so_many_instruments(dtrack, kind: str, instruments: int) -> None:
    code, words, _ = dtrack(kind, "--limit", "2")
    view = json.loads(dtrack(kind, "--limit", "2", "--json")[1])

    assert code == 0
    assert view["groups"]
    assert all(len(each["instruments"]) >= instruments for each in view["groups"])
    assert "  same " in words
    assert f"of {view['total']}" in words


def test_clusters_of_more_instruments_are_fewer(dtrack) -> None:
    three, five = (
        json.loads(dtrack("clusters", "--least", least, "--json")[1])["total"]
        for least in ("3", "5")
    )

    assert three > five


def test_pages_go_on_where_the_one_before_ended(dtrack) -> None:
    whole = json.loads(dtrack("clusters", "--limit", "4", "--json")[1])["groups"]
    later = json.loads(dtrack("clusters", "--limit", "2", "--offset", "2", "--json")[1])["groups"]

    assert later == whole[2:]


def test_conflicts_have_both_sides(dtrack) -> None:
    code, words, _ = dtrack("conflicts")
    view = json.loads(dtrack("conflicts", "--json")[1])

    assert code == 0
    assert all(each["permitting"] and each["restricting"] for each in view["conflicts"])
    assert f"of {view['total']}" in words


def test_effect_tells_what_hangs_on_a_mapping(dtrack, mapping: str) -> None:
    code, words, _ = dtrack("effect", mapping)
    view = json.loads(dtrack("effect", mapping, "--json")[1])

    assert code == 0
    assert view["mapping"]["iri"] == mapping
    assert view["cells"]
    assert f"{len(view['cells'])} cells and {len(view['gaps'])} gap figures" in words


def test_leads_name_an_instrument_for_each_target(dtrack) -> None:
    code, words, _ = dtrack("leads", "aichi")
    view = json.loads(dtrack("leads", "aichi", "--json")[1])

    assert code == 0
    assert len(view["targets"]) == 20
    first = view["targets"][0]
    assert f"{first['target']['label']}: {first['candidates'][0]['instrument']['key']}" in words


def test_modules_are_listed_with_the_parties_that_would_write_them_once(
    dtrack, home_of_parties: Path
) -> None:
    code, words, _ = dtrack("modules", home=home_of_parties)
    view = json.loads(dtrack("modules", "--json", home=home_of_parties)[1])

    assert code == 0
    # "Sites" serves two reports to one instrument, and so is no shared module.
    assert [(m["module"]["key"], m["instruments"]) for m in view["modules"]] == [("laws", 3)]
    # One that only signed, one of unknown standing, one bound by one instrument are not here.
    assert [p["code"] for p in view["parties"]] == ["CHN", "FIN"]
    assert [m["instruments"] for p in view["parties"] for m in p["modules"]] == [2, 3]
    assert "Laws: 3 reports to 3" in words
    assert "  Laws: 2 reports (a, b)" in words
    assert "Parties 1 to 2 of 2" in words


def test_modules_of_one_party(dtrack, home_of_parties: Path) -> None:
    fin = json.loads(dtrack("modules", "fin", "--json", home=home_of_parties)[1])
    usa = json.loads(dtrack("modules", "usa", "--json", home=home_of_parties)[1])

    assert [p["party"]["label"] for p in fin["parties"]] == ["Finland"]
    assert usa["parties"] == []
    assert usa["memberships"] > 0


def test_modules_come_in_pages_of_parties(dtrack, home_of_parties: Path) -> None:
    page = ("--limit", "1", "--offset", "1")
    view = json.loads(dtrack("modules", *page, "--json", home=home_of_parties)[1])

    assert ([p["code"] for p in view["parties"]], view["total"]) == (["FIN"], 2)


def test_modules_without_memberships_say_how_to_get_them(dtrack) -> None:
    code, words, _ = dtrack("modules")

    assert code == 0
    assert "dtrack import memberships" in words
    assert "Parties none of 0" in words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("leads",), "'leads' takes a key."),
        (("effect",), "'effect' takes a key."),
        (("facets", "aichi"), "'facets' takes no key."),
        (("modules", "--theme", "wetlands"), "has no filter 'theme'"),
        (("sums",), "'sums'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_code_2(dtrack, arguments, said: str) -> None:
    code, _, errors = dtrack(*arguments)

    assert code == 2
    assert said in errors


@pytest.mark.parametrize(
    "arguments", [("leads", "nothing"), ("effect", "nothing"), ("modules", "atlantis")]
)
def test_what_is_not_there_is_code_1(dtrack, arguments) -> None:
    code, _, errors = dtrack(*arguments)

    assert code == 1
    assert "nothing" in errors or "atlantis" in errors
