"""Evidence on a narrow screen: nothing scrolls sideways, and each figure says what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from processes import served
from web.walking import needs, walk

PAGES = [
    "/leads/aichi",
    "/overlaps/cbd/ramsar",
    "/near/cbd-cop-12-19/4",
    "/doc/decision/cbd-cop-12-19",
]
LEAST_TABLES = {"/leads/aichi": 1}
"""Of others three."""


@pytest.fixture(scope="module")
def seen(corpus_home: Path, root: Path) -> dict[str, Any]:
    """What a telephone showed of pages with evidence."""
    needs(root)
    environment = {"DTRACK_HOME": str(corpus_home), "DTRACK_CLIENT_BUDGET": "1000"}
    with served(environment=environment) as at:
        return walk(root, "narrow.mjs", {"url": at.url, "pages": PAGES}, 300)


def test_no_table_of_evidence_scrolls_sideways(seen):
    assert len(seen["tables"]) == 4 * len(PAGES)
    for name, count in seen["tables"].items():
        assert count >= LEAST_TABLES.get(name.split()[0], 3), name
    assert seen["sideways"] == []


def test_pages_with_evidence_have_no_other_fault(seen):
    assert seen["faults"] == []


def test_figures_say_what_they_are(seen):
    assert seen["told"] == {
        "en": ['"Weight "', '"Similarity "'],
        "zh": ['"权重 "', '"相似度 "'],
    }
