"""The commands as people type them: output, exit code, errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import SH, Graph

from dtrack.cli.commands import COMMANDS
from dtrack.cli.main import run

BIODIVERSITY = ["cbd", "cites", "cms", "ippc", "itpgrfa", "ramsar", "whc"]


@pytest.fixture
def dtrack(corpus_home: Path, capfd: pytest.CaptureFixture[str]):
    """Run a command on the bundled corpus: (exit code, standard output, standard error)."""

    def call(*arguments: str, home: Path | None = None) -> tuple[int, str, str]:
        code = run([*arguments, "--home", str(home or corpus_home)])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize("stand_in", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself(stand_in, capfd: pytest.CaptureFixture[str]) -> None:
    command = stand_in.real()
    assert run([str(command.name), "--help"]) == 0

    text = capfd.readouterr().out
    assert command.name in text
    for option in command.params:
        if option.param_type_name == "option":
            assert option.opts[0] in text
            assert option.help, f"{command.name} {option.name} has no help"


def test_options_paper_has_88_actions_in_28_options_in_7_themes(dtrack) -> None:
    code, out, _ = dtrack("query", "options_and_actions", "--json")

    answer = json.loads(out)
    assert code == 0
    assert len(answer["rows"]) == 88
    assert len({row["option_number"] for row in answer["rows"]}) == 28
    assert len({row["theme_number"] for row in answer["rows"]}) == 7


@pytest.mark.parametrize("symbol", ["XII/19", "UNEP/CBD/COP/DEC/XII/19", "第 XII/19 号决定"])
def test_spellings_of_a_symbol_resolve_to_one_iri(dtrack, symbol: str) -> None:
    code, out, _ = dtrack("resolve", symbol)

    assert code == 0
    assert out.splitlines()[0] == "https://w3id.org/dtrack/id/decision/cbd-cop-12-19"


def test_pinpoint_resolves_to_the_provision(dtrack) -> None:
    _, out, _ = dtrack("resolve", "decision XII/19, paragraph 4 (c)")

    assert out.splitlines()[0] == "https://w3id.org/dtrack/id/provision/cbd-cop-12-19/4.c"


def test_unknown_symbol_is_told_with_a_remedy(dtrack) -> None:
    code, out, err = dtrack("resolve", "XII/999")

    assert (code, out) == (1, "")
    assert "No record has the symbol" in err
    assert "Traceback" not in err


def test_matrix_shows_the_biodiversity_conventions(dtrack) -> None:
    code, out, _ = dtrack("overlap", "--matrix", "--group", "biodiversity", "--json")

    view = json.loads(out)
    assert code == 0
    assert sorted(item["key"] for item in view["instruments"]) == BIODIVERSITY
    assert len(view["cells"]) == 21
    assert {item["instrument"]["key"] for item in view["coverage"]} == set(BIODIVERSITY)
    cell = next(c for c in view["cells"] if {c["row"], c["column"]} == {"cbd", "ramsar"})
    assert cell["shared_themes"]
    assert 0 < cell["mean"] <= cell["top"] <= 1


def test_matrix_is_printed_for_people(dtrack) -> None:
    code, out, _ = dtrack("overlap", "--matrix", "--group", "biodiversity")

    assert code == 0
    assert "Coverage" in out
    for key in BIODIVERSITY:
        assert key in out


def test_matrix_is_drawn_and_the_same_twice(dtrack, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"

    for path in (first, second):
        code, _, _ = dtrack("overlap", "--matrix", "--group", "rio", "--plot", str(path))
        assert code == 0

    assert b"unccd" in first.read_bytes()
    assert first.read_bytes() == second.read_bytes()


def test_two_conventions_are_explained_down_to_mappings(dtrack) -> None:
    code, out, _ = dtrack("overlap", "cbd", "ramsar", "--limit", "3", "--json")

    view = json.loads(out)
    assert code == 0
    assert len(view["pairs"]) == 3
    assert view["total"] == view["cell"]["pairs"] > 3
    for pair in view["pairs"]:
        assert pair["first"]["instrument"]["key"] == "cbd"
        assert pair["second"]["instrument"]["key"] == "ramsar"
        assert pair["first"]["summary"]
        parts = [d for d in pair["dimensions"] if d["present"]]
        whole = sum(d["weight"] for d in parts)
        assert pair["score"] == pytest.approx(
            sum(d["weight"] * d["similarity"] for d in parts) / whole
        )
    code, text, _ = dtrack("overlap", "cbd", "ramsar", "--limit", "3")
    assert code == 0
    assert "score" in text


def test_mappings_in_evidence_name_who_asserted_them(dtrack) -> None:
    _, out, _ = dtrack("overlap", "cbd", "unfccc", "--limit", "2000", "--json")

    mappings = [
        mapping
        for pair in json.loads(out)["pairs"]
        for dimension in pair["dimensions"]
        for value in dimension["shared"]
        for mapping in value["mappings"]
    ]
    assert mappings
    assert all(m["author"] and m["review_state"] and m["confidence"] > 0 for m in mappings)


def test_gaps_list_targets_per_instrument_with_coverage(dtrack) -> None:
    code, out, _ = dtrack("gaps", "aichi", "--group", "biodiversity", "--json")

    view = json.loads(out)
    assert code == 0
    assert [row["notation"] for row in view["rows"]] == [f"Target {n}" for n in range(1, 21)]
    for row in view["rows"]:
        served = {cell["instrument"] for cell in row["served_by"]}
        assert served.isdisjoint(row["missing"])
        assert served | set(row["missing"]) == set(BIODIVERSITY)
    assert all(item["texts_recorded"] > 0 for item in view["coverage"])
    code, text, _ = dtrack("gaps", "aichi", "--group", "biodiversity")
    assert code == 0
    assert "Served by nobody" in text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["overlap", "cbd"], 2, "Name two instruments"),
        (["overlap", "cbd", "cbd"], 2, "stands twice"),
        (["overlap", "cbd", "ramsat"], 1, "Did you mean ramsar"),
        (["overlap", "cbd", "cms", "--weight", "colour=1"], 2, "no dimension"),
        (["overlap", "cbd", "cms", "--weight", "target"], 2, "DIMENSION=WEIGHT"),
        (["overlap", "cbd", "cms", "--since", "2020", "--until", "2010"], 2, "No year"),
        (["overlap", "--matrix", "--group", "rio", "--plot", "x.pdf"], 2, ".svg"),
        (["gaps", "nowhere"], 1, "There is no framework"),
        (["query", "no_such_query"], 1, "There is no query"),
        (["query", "options_and_actions", "colour=red"], 2, "colour"),
        (["query", "actions_by_actor"], 2, "actor"),
        (["query", "actions_by_actor", "actor"], 2, "KEY=VALUE"),
        (["dump", "--graph", "https://example.org/none"], 1, "no graph"),
        (["validate", "--shapes", __file__], 2, "together"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_bad_input_gives_one_line_and_a_code(
    dtrack, arguments: list[str], code: int, words: str
) -> None:
    given, _, err = dtrack(*arguments)

    assert given == code
    assert words in err
    assert "Traceback" not in err


def test_commands_say_what_to_do_before_the_first_load(dtrack, tmp_path: Path) -> None:
    code, _, err = dtrack("query", "coverage", home=tmp_path / "empty")

    assert code == 3
    assert "dtrack init" in err


def test_sparql_file_is_answered(dtrack, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(
        "PREFIX dt: <https://w3id.org/dtrack/ontology#>\n"
        "SELECT (COUNT(DISTINCT ?a) AS ?n) WHERE { ?a a dt:Action }"
    )

    code, out, _ = dtrack("sparql", str(file), "--json")

    assert code == 0
    assert json.loads(out)["results"]["bindings"][0]["n"]["value"] == "88"


def test_sparql_error_names_line_and_column(dtrack, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("SELECT ?s WHERE {\n  ?s ?p }")

    code, _, err = dtrack("sparql", str(file))

    assert code == 2
    assert ":2:" in err


def test_dump_is_the_same_twice_and_holds_every_graph(dtrack, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"

    first, _, _ = dtrack("dump", "-o", str(file))
    second, out, _ = dtrack("dump")

    assert first == second == 0
    assert file.read_text(encoding="utf-8") == out
    assert "<https://w3id.org/dtrack/graph/decision/cbd-cop-12-19>" in out
    assert [path.name for path in tmp_path.iterdir()] == ["all.nq"]


def test_doctor_shows_settings_with_origin_and_a_whole_store(dtrack) -> None:
    code, out, _ = dtrack("doctor", "--json")

    answer = json.loads(out)
    assert code == 0
    assert answer["settings"]["home"]["origin"] == "flag"
    assert answer["settings"]["port"]["origin"] == "default"
    assert answer["store"]["state"] == "whole"


def test_foreign_data_is_checked_by_foreign_shapes(dtrack, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n"
        "  sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    )
    data.write_text("@prefix ex: <http://example.org/> . ex:a a ex:C . ex:b a ex:C ; ex:p 1 .")

    code, out, _ = dtrack(
        "validate", "--shapes", str(shapes), "--data", str(data), "--format", "turtle"
    )

    assert code == 1
    report = Graph().parse(data=out, format="turtle")
    assert [str(flag) for flag in report.objects(None, SH.conforms)] == ["false"]
    assert [str(node) for node in report.objects(None, SH.focusNode)] == ["http://example.org/a"]


BROKEN = """@base <https://w3id.org/dtrack/> .
@prefix dt: <https://w3id.org/dtrack/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<graph/decision/cbd-cop-99-1> a dt:Record ;
    dt:recordOf <id/decision/cbd-cop-99-1> ;
    dt:belongsToSource <id/source/bundled> ;
    dt:reviewState <codes/review-state/unreviewed> ;
    dt:sourcePlace "a test" ;
    dcterms:modified "2026-11-21"^^xsd:date .

<id/decision/cbd-cop-99-1> a dt:Decision ;
    dt:symbol "99/1" ;
    dt:instrument <id/instrument/cbd> ;
    dt:adoptedAt <id/meeting/cbd-cop-12> .
"""


@pytest.mark.parametrize(("language", "words"), [("en", "English"), ("zh", "英文")])
def test_broken_record_is_refused_in_the_curators_language(
    dtrack, tmp_path: Path, language: str, words: str
) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text(BROKEN, encoding="utf-8")

    code, out, _ = dtrack("validate", str(file), "--lang", language)

    assert code == 1
    assert "broken.ttl" in out
    assert words in out


def test_init_refuses_broken_data_and_keeps_the_store(
    dtrack, tmp_path: Path, corpus_home: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "broken.ttl").write_text(BROKEN, encoding="utf-8")
    home = tmp_path / "home"

    code, _, err = dtrack("init", "--data", str(data), home=home)

    assert code == 1
    assert "nothing was loaded" in err
    code, _, err = dtrack("query", "coverage", home=home)
    assert code == 3


def test_reader_that_goes_away_is_no_error(corpus_home: Path) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m dtrack dump --home {corpus_home} | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert "Traceback" not in result.stderr


def test_ontology_keeps_the_house_rules(dtrack, root: Path) -> None:
    code, out, _ = dtrack("validate", str(root / "ontology"), "--json")

    report = json.loads(out)
    assert code == 0
    assert report["findings"] == []
    assert report["focus_nodes"] > 200


def test_reason_finds_a_record_that_is_two_disjoint_things(
    dtrack, tmp_path: Path, java: str
) -> None:
    file = tmp_path / "both.ttl"
    file.write_text(
        BROKEN + "\n<id/decision/cbd-cop-99-1> a dt:Statement .\n",
        encoding="utf-8",
    )

    code, out, _ = dtrack("reason", str(file))

    assert code == 1
    assert "INCONSISTENT" in out
    assert "cbd-cop-99-1 cannot be both" in out
    assert "inferred facts" in out


def test_search_finds_words_narrows_and_counts(dtrack) -> None:
    code, out, _ = dtrack("search", "湿地", "--in", "ramsar", "--facets", "--limit", "2")
    _, as_json, _ = dtrack("search", "décision XII/19", "--json")
    missing, _, problem = dtrack("search", "wetlands", "--theme", "nothing")

    assert code == 0
    assert "湿地" in out
    assert "2 shown" in out
    assert "  instrument: ramsar " in out
    assert json.loads(as_json)["items"][0]["key"] == "cbd-cop-12-19"
    assert missing == 1
    assert "There is no theme 'nothing'" in problem
