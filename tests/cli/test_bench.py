"""The bench measures what it says, on a corpus that conforms, and tells it in two forms."""

from __future__ import annotations

import json

import pytest

from dtrack.bench.corpora import CONVENTIONS, corpus
from dtrack.bench.questions import NAMES
from dtrack.bench.running import spread
from dtrack.cli.main import run


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


@pytest.mark.parametrize("arguments", [["--size", "huge"], ["--peers", "nobody"]])
def test_what_cannot_be_measured_is_refused(arguments, capsys):
    assert run(["bench", "run", *arguments]) == 2
    assert "Use " in capsys.readouterr().err


def test_a_run_asks_every_question_of_everybody(tmp_path, capsys):
    told, report = tmp_path / "bench.json", tmp_path / "bench.md"
    asked = ["--size", "130000", "--peers", "pyoxigraph", "--count", "2", "--limit", "30"]
    out = ["--folder", str(tmp_path), "--json", str(told), "--markdown", str(report)]

    assert run(["bench", "run", *asked, *out]) == 0

    (found,) = json.loads(told.read_text())["sizes"]
    for who in ("in process", "over HTTP", "pyoxigraph"):
        assert set(found["answers"][who]) == set(NAMES)
    assert found["loading"]["rebuild / bare"] > 0
    assert {"draft", "gate", "derive", "seal", "journal", "switch", "right again"} == set(
        found["edits"]
    )
    assert "best peer / our p50" in report.read_text()
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
