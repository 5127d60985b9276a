"""Walks through the pages in a browser: sound, light, accessible, in two languages and widths."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from processes import served
from web.kinds import KINDS
from web.walking import needs, walk

MOST_BYTES = 200_000
HEAVY = {"sparql", "answer"}
"""Pages that bring the editor, which is a megabyte of its own."""


@pytest.fixture(scope="module")
def walked(corpus_home: Path, root: Path) -> dict[str, Any]:
    """What a walk through all kinds of pages saw."""
    needs(root, editor=True)
    with served(
        environment={"DTRACK_HOME": str(corpus_home), "DTRACK_CLIENT_BUDGET": "1000"}
    ) as at:
        return walk(root, "walk.mjs", {"url": at.url, "pages": KINDS}, 900)


def test_nothing_is_wrong_on_any_page(walked):
    assert walked["axed"] == walked["validated"] == 2 * len(KINDS)
    assert walked["faults"] == [], "\n".join(walked["faults"][:60])


def test_pages_say_their_piece_without_scripts(walked):
    assert walked["unscripted"].keys() == KINDS.keys()
    assert {kind for kind, length in walked["unscripted"].items() if length < 100} == set()


def test_pages_are_light(walked, capsys):
    lines = [
        f"{kind:14} {seen['bytes']:8} bytes {seen['requests']:3} requests "
        f"{seen['paint']:5} ms to content {seen['load']:5} ms loaded"
        for kind, seen in walked["budgets"].items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")

    heavy = {k for k, seen in walked["budgets"].items() if seen["bytes"] > MOST_BYTES} - HEAVY
    assert heavy <= {"ontology"}
    assert walked["budgets"]["start"]["requests"] <= 4


@pytest.mark.parametrize(
    ("journey", "expected"),
    [
        ("matrix", [2, True]),
        ("search", [True, True]),
        ("target", ["#content", 20]),
        ("filter", ["wetlands", True]),
        ("screen", [True, True]),
        ("sparql", [True, True]),
    ],
)
def test_journey_arrives(walked, journey, expected):
    assert walked["journeys"][journey][: len(expected)] == expected
