"""Texts in an outline are cut to its width, in every language."""

from __future__ import annotations

import pytest

from dtrack.extraction.shortening import shortened


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Restore  the\nwetlands", 30, "Restore the wetlands"),
        ("Restore the wetlands of the coast", 22, "Restore the wetlands …"),
        ("Restore the wetlands of the coast", 21, "Restore the …"),
        ("促进采用跨部门方法恢复湿地", 13, "促进采用跨部门方法恢复湿地"),
        ("促进采用跨部门方法恢复湿地", 10, "促进采用跨部门方 …"),
        ("在 2020 年之前促进采用跨部门方法恢复湿地", 14, "在 2020 年之前促进 …"),
    ],
)
def test_text_is_cut_to_the_width(text: str, width: int, shown: str) -> None:
    assert shortened(text, width) == shown
    assert len(shown) <= width
