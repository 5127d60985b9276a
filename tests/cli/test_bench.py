"""The bench measures what it says, on a corpus that conforms, and tells it in two forms."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from dtrack.bench.corpora import CONVENTIONS, corpus
from dtrack.bench.curves import read_runs, series
from dtrack.bench.questions import NAMES, questions
from dtrack.bench.running import spread
from dtrack.bench.scaling import carried, table
from dtrack.cli.main import run
from dtrack.errors import ParameterError


def test_a_corpus_is_the_same_for_the_same_seed_and_grows_by_decisions_alone():
    small, again = list(corpus(130_000, 3)), list(corpus(130_000, 3))
    assert small == again

    large = list(corpus(180_000, 3))

    assert large[: len(small) - 1] == small[:-1]
    conventions = {r.graph for r in large if "/graph/instrument/bench" in r.graph}
    assert 0 < len(conventions) <= CONVENTIONS
    assert sum(record.size for record in large) >= 180_000


def test_spread_tells_first_middle_and_last():
    assert spread([5.0, 1.0, 3.0]) == {"first": 5.0, "p50": 3.0, "p95": 5.0, "max": 5.0}


def test_p95_is_by_nearest_rank():
    assert spread([float(n) for n in range(1, 21)])["p95"] == 19.0
    assert spread([float(n) for n in range(1, 101)])["p95"] == 95.0


def told(size, triples, **times):
    answers = {name: dict.fromkeys(("first", "p50", "p95", "max"), 1.0) for name in NAMES}
    for name, time in times.items():
        answers[name] = dict.fromkeys(("first", "p50", "p95", "max"), time)
    edits = {"right again": {"first": 5.0, "p50": 5.0, "p95": 5.0, "max": 5.0}}
    return {"size": size, "triples": triples, "answers": {"in process": answers}, "edits": edits}


def written(path, *sizes):
    path.write_text(json.dumps({"machine": {}, "sizes": sizes}))
    return str(path)


def test_cost_over_size_is_drawn_from_runs(tmp_path, capsys):
    large = written(tmp_path / "b.json", told("1m", 1_000_000, matrix="> 60 s", between=4.0))
    small = written(tmp_path / "a.json", told("100k", 100_000, between=2.0))
    runs = read_runs([tmp_path / "b.json", tmp_path / "a.json"])
    found = series(runs, "in process", "p95")
    assert found["between"] == [(100_000, 2.0), (1_000_000, 4.0)]
    assert found["matrix"] == [(100_000, 1.0)]
    assert len(found["edit until right again"]) == 2
    out = tmp_path / "cost.svg"

    assert run(["bench", "plot", large, small, "--out", str(out)]) == 0

    text = out.read_text()
    assert "capacity building" in text
    assert "edit until right again" in text
    assert run(["bench", "plot", small, "--out", str(tmp_path / "cost.pdf")]) == 2
    assert ".svg" in capsys.readouterr().err
    assert run(["bench", "plot", small, "--out", str(out), "--of", "virtuoso"]) == 2
    assert "in process" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", '{"sizes": [{}]}', '{"sizes": []}'])
def test_what_is_no_report_of_a_run_is_refused(text, tmp_path, capsys):
    (tmp_path / "a.json").write_text(text)

    assert run(["bench", "plot", str(tmp_path / "a.json"), "--out", str(tmp_path / "a.svg")]) == 2

    assert "--json" in capsys.readouterr().err or text == '{"sizes": []}'


@pytest.mark.parametrize("arguments", [["--size", "huge"], ["--peers", "nobody"]])
def test_what_cannot_be_measured_is_refused(arguments, capsys):
    assert run(["bench", "run", *arguments]) == 2
    assert "Use " in capsys.readouterr().err


def test_a_run_asks_every_question_of_everybody(tmp_path, capsys):
    figures, report = tmp_path / "bench.json", tmp_path / "bench.md"
    asked = ["--size", "130000", "--peers", "pyoxigraph", "--count", "2", "--limit", "30"]
    out = ["--folder", str(tmp_path), "--json", str(figures), "--markdown", str(report)]

    assert run(["bench", "run", *asked, *out, "--check"]) == 0

    (found,) = json.loads(figures.read_text())["sizes"]
    for who in ("in process", "over HTTP", "pyoxigraph"):
        assert set(found["answers"][who]) == set(NAMES)
    assert found["loading"]["rebuild / bare"] > 0
    assert {"draft", "gate", "derive", "seal", "journal", "switch", "right again"} == set(
        found["edits"]
    )
    assert found["disk"]["store"] > 5
    assert found["disk"]["journal"] > 0
    assert len(found["checked"]) == 3
    assert set(found["checked"].values()) == {"the same"}
    assert "best peer / our p50" in report.read_text()
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def size(triples, load, answer, right_again=5.0):
    return {
        "size": str(triples),
        "triples": triples,
        "loading": {"first load": load, "rebuild / bare": 2.0},
        "memory": {"dtrack in process": 100 + triples // 10_000},
        "answers": {"in process": {"matrix": {"p50": answer}}},
        "edits": {"right again": {"p50": right_again}},
    }


def test_figures_are_carried_on_by_lines_and_powers():
    told = carried(
        [size(1_000_000, 12.0, 4.0), size(100_000, 3.0, 1.0), size(10_000, 99.0, 99.0)],
        [100_000_000],
    )

    found = {one.what: one for one in told}
    assert found["first load"].there == (pytest.approx(1002.0),)
    assert found["dtrack in process"].there == (pytest.approx(10_100.0),)
    assert found["matrix, in process"].there == (pytest.approx(64.0),)
    assert found["an edit: right again"].there == (pytest.approx(5.0),)
    assert "rebuild / bare" not in found
    assert "| first load | 99 s at 10,000, 3 s at 100,000, 12 s at 1 M |" in table(told, [10**8])
    assert "| 16.7 min |" in table(told, [10**8])


def test_what_was_measured_once_or_not_in_time_is_not_carried_on():
    told = carried([size(1_000_000, 12.0, 4.0), size(10_000_000, 99.0, "> 60 s")])

    found = {one.what: one for one in told}
    assert found["first load"].there != (None, None)
    assert found["matrix, in process"].there == (None, None)
    assert found["matrix, in process"].rule == "one size: not known"


def test_figures_are_written_into_a_page(tmp_path, capsys):
    page, one, two = tmp_path / "page.md", tmp_path / "1.json", tmp_path / "2.json"
    page.write_text("Before\n<!-- figures -->\nold\n<!-- end of figures -->\nAfter\n")
    one.write_text(json.dumps({"sizes": [size(100_000, 3.0, 1.0)]}))
    two.write_text(json.dumps({"sizes": [size(1_000_000, 12.0, 4.0)]}))

    assert run(["bench", "scale", str(one), str(two), "--page", str(page)]) == 0

    text = page.read_text()
    assert text.startswith("Before\n<!-- figures -->\n\n| figure |")
    assert text.endswith("|\n\n<!-- end of figures -->\nAfter\n")
    assert "old" not in text
    assert "at 1 G" in text


def test_one_group_of_figures_is_told_alone(tmp_path, capsys):
    file = tmp_path / "both.json"
    file.write_text(json.dumps({"sizes": [size(10**5, 3.0, 1.0), size(10**6, 12.0, 4.0)]}))

    assert run(["bench", "scale", str(file), "--only", "memory"]) == 0

    told = capsys.readouterr().out
    assert "dtrack in process" in told
    assert "first load" not in told


@pytest.mark.parametrize("content", ["{}", "no JSON", '{"sizes": [{}]}', "[]"])
def test_a_file_without_figures_is_refused(tmp_path, capsys, content):
    file = tmp_path / "other.json"
    file.write_text(content)

    assert run(["bench", "scale", str(file)]) == 2
    assert "holds no figures" in capsys.readouterr().err


def test_a_page_without_a_place_is_refused(tmp_path, capsys):
    file, page = tmp_path / "1.json", tmp_path / "page.md"
    file.write_text(json.dumps({"sizes": [size(100_000, 3.0, 1.0)]}))
    page.write_text("Nothing\n")

    assert run(["bench", "scale", str(file), "--page", str(page)]) == 2
    assert page.read_text() == "Nothing\n"


def test_a_corpus_without_directives_is_refused_with_the_least_size() -> None:
    with pytest.raises(ParameterError, match="no directives") as caught:
        questions(SimpleNamespace(index=[]), 1, 1)

    assert "60000" in caught.value.remedy
