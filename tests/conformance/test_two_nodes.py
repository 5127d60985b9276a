"""Questions about two nodes are answered as by one node that holds everything.

The examples are read out of docs/how-to/federate.md.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from conftest import ROOT
from dtrack.answer.answers import Answers
from dtrack.catalogue import Catalogue
from dtrack.stores.building import open_current
from two_nodes import TwoNodes, two_nodes

PAGE = (ROOT / "docs" / "how-to" / "federate.md").read_text(encoding="utf-8")
PLACES = ("http://127.0.0.1:8001", "http://127.0.0.1:8002")
QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("shared_targets", {}),
    ("shared_targets", {"framework": "aichi", "instrument": "ramsar", "lang": "zh"}),
    ("shared_themes", {}),
    ("shared_themes", {"theme": "wetlands"}),
    ("shared_actors", {}),
    ("overlap_at_target", {"target": "aichi-11"}),
    ("overlap_at_theme", {"theme": "wetlands"}),
    ("overlap_between", {"a": "cbd", "b": "ramsar"}),
    ("capacity_building_overlap", {}),
    ("gaps_by_framework", {"framework": "aichi"}),
]


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNodes]:
    with two_nodes(ROOT, tmp_path_factory.mktemp("two-nodes")) as running:
        yield running


@pytest.fixture(scope="module")
def whole(nodes: TwoNodes) -> Iterator[Answers]:
    """Answers of the node that holds everything."""
    with ExitStack() as stack:
        store = stack.enter_context(open_current(nodes.both))
        queries = ROOT / "queries"
        yield Answers(store, Catalogue.read(queries / "catalogue"), queries)


def at_nodes(text: str, nodes: TwoNodes) -> str:
    for place, url in zip(PLACES, (nodes.cbd, nodes.ramsar), strict=True):
        text = text.replace(place, url)
    return text


def ask(url: str, query: str) -> tuple[int, Any]:
    """Status and JSON of a query."""
    request = urllib.request.Request(
        f"{url}/sparql",
        urlencode({"query": query}).encode(),
        {"Accept": "application/sparql-results+json, application/problem+json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def rows_of(answer: Any) -> list[dict[str, str]]:
    return [{n: v["value"] for n, v in row.items()} for row in answer["results"]["bindings"]]


def told(answer: Any) -> str:
    return f"{answer['detail']} {answer.get('remedy', '')}"


def test_targets_that_both_serve(nodes: TwoNodes, whole: Answers) -> None:
    status, answer = ask(nodes.cbd, at_nodes(examples("sparql")[0], nodes))

    assert status == 200, answer
    expected = [
        {"target": row["target"], "here": row["count_a"], "there": row["count_b"]}
        for row in whole.query("shared_targets", {}).rows.texts()
    ]
    assert rows_of(answer) == expected
    assert len(expected) > 5


def test_provisions_of_both_at_a_target(nodes: TwoNodes, whole: Answers) -> None:
    status, answer = ask(nodes.cbd, at_nodes(examples("sparql")[1], nodes))

    assert status == 200, answer
    rows = whole.query("overlap_at_target", {"target": "aichi-11"}).rows.texts()
    expected = {
        (row["provision"], row["symbol"], row["number"])
        for row in rows
        if row["relation"] == "same"
    }
    found = [(row["provision"], row["symbol"], row["number"]) for row in rows_of(answer)]
    assert sorted(found) == sorted(expected)
    assert {"cbd", "ramsar"} <= {provision.split("/")[6].split("-")[0] for provision, *_ in found}


def test_every_example_is_run() -> None:
    assert (len(examples("sparql")), len(examples("sh"))) == (2, 1)


EVERYTHING = "?s ?p ?o"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?i) }"


@pytest.mark.parametrize(
    ("whom", "group", "says"),
    [
        ("cbd", EVERYTHING, "may not name this endpoint"),
        ("nobody", EVERYTHING, "cannot be reached"),
        ("ramsar", "SELECT ?s WHERE { ?s ?p ?o } LIMIT 10001", "at most 10000 rows"),
        ("ramsar", "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 60000", "is too large"),
        ("ramsar", "SELECT ?s ?o ?q WHERE { ?s ?p ?o . ?t ?q ?u }", "answered with status 400"),
        ("ramsar", ENDLESS, "takes too long"),
    ],
    ids=["not listed", "down", "too many rows", "too big", "refused there", "slow"],
)
def test_what_goes_wrong_is_told(nodes: TwoNodes, whom: str, group: str, says: str) -> None:
    query = f"SELECT * WHERE {{ SERVICE <{getattr(nodes, whom)}/sparql> {{ {group} }} }}"

    status, answer = ask(nodes.cbd, query)

    assert status == 400
    assert says in told(answer)


def test_silence_passes_over_a_node_that_is_down_but_not_over_the_list(nodes: TwoNodes) -> None:
    query = "SELECT ?n WHERE {{ BIND(1 AS ?n) SERVICE SILENT <{}/sparql> {{ ?s ?p ?o }} }}"

    down = ask(nodes.cbd, query.format(nodes.nobody))
    unlisted = ask(nodes.cbd, query.format(nodes.cbd))

    assert (down[0], rows_of(down[1])) == (200, [{"n": "1"}])
    assert unlisted[0] == 400


def test_a_node_that_opens_nothing_asks_nobody(nodes: TwoNodes) -> None:
    status, answer = ask(
        nodes.ramsar, f"SELECT * WHERE {{ SERVICE <{nodes.cbd}/sparql> {{ ?s ?p ?o }} }}"
    )

    assert status == 400
    assert "SERVICE" in told(answer)


@pytest.mark.parametrize(("name", "values"), QUESTIONS, ids=lambda each: str(each))
def test_comunica_answers_the_catalogue(
    nodes: TwoNodes, whole: Answers, run_script, name: str, values: dict[str, str]
) -> None:
    answer = whole.query(name, values)
    sources = [f"{url}/sparql" for url in (nodes.cbd, nodes.ramsar)]

    found = run_script("several.mjs", {"sources": sources, "query": answer.sparql})

    expected = [{n: v for n, v in row.items() if v} for row in answer.rows.texts()]
    assert [{n: v for n, v in row.items() if v} for row in found["rows"]] == expected
    assert expected
    # Each row that asks for itself would make thousands of it.
    assert found["requests"] < 1500


def test_queries_that_the_page_names_are_those_that_are_compared() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("`shared_targets`"))

    assert re.findall(r"`(\w+)`", line) == list(dict.fromkeys(name for name, _ in QUESTIONS))


def test_the_command_of_the_page(
    nodes: TwoNodes, whole: Answers, run_script, tmp_path: Path
) -> None:
    programs = (
        f"{Path(sys.executable).parent}:{ROOT / 'node_modules' / '.bin'}:{os.environ['PATH']}"
    )
    done = subprocess.run(
        ["bash", "-ec", at_nodes(examples("sh")[0], nodes).replace("npx ", "")],
        cwd=tmp_path,
        env={
            **{n: v for n, v in os.environ.items() if not n.lower().endswith("_proxy")},
            "DTRACK_HOME": str(nodes.both),
            "PATH": programs,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    found = [row["target"] for row in csv.DictReader(io.StringIO(done.stdout))]
    rows = whole.query("shared_targets", {}).rows.texts()
    assert found == [row["target"] for row in rows]
