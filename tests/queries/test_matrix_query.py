"""The matrix that SPARQL users read is the one the API gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.overlap import Selection
from serving import small_service

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = {
    "directives_row": "directives_row",
    "directives_column": "directives_column",
    "overlapping_row": "overlapping_row",
    "overlapping_column": "overlapping_column",
    "overlapping_pairs": "pairs",
    "shared_targets": "shared_target_count",
    "aligned_targets": "aligned_target_count",
    "shared_themes": "shared_theme_count",
    "shared_actors": "shared_actor_count",
    "jaccard": "jaccard",
    "mean_score": "mean",
    "top_score": "top",
}


def test_query_and_answer_give_the_same_figures():
    answers = small_service(ROOT).answers
    found = answers.query("overlap_matrix", {}).rows.texts()
    rows = {
        tuple(row[f"{end}_instrument"].rpartition("/")[2] for end in ("row", "column")): row
        for row in found
    }
    cells = answers.overlaps().matrix(Selection()).cells

    assert len(rows) == 2 * len(cells) > 0
    assert any(cell.top > 0 for cell in cells)
    for cell in cells:
        row = rows[cell.row, cell.column]
        turned = rows[cell.column, cell.row]
        for column, name in COLUMNS.items():
            # Published with six digits.
            assert float(row[column]) == pytest.approx(getattr(cell, name), abs=1e-6)
        assert turned["directives_row"] == row["directives_column"]
        assert turned["overlapping_row"] == row["overlapping_column"]
        assert turned["top_score"] == row["top_score"]
        assert turned["mean_score"] == row["mean_score"]
