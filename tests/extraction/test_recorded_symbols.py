"""Symbols of extracted texts are recorded as the curated records have them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dtrack.extraction.graph import Origin, record

ORIGIN = Origin("https://example.org/source", "text.txt", "2026-11-29")
WORD = re.compile(r"^(?:Decision|Resolution|Recommendation|Conf\.) (?=[\dIVXLC]+[./])")
TEXT = """Decision 21.70

The Conference of the Parties,

1. Invites Parties to report on wells;
"""


def symbol_of(one, lexicon, kind: str, symbol: str, instrument: str) -> str:
    text = replace(one(TEXT), kind=kind, symbol=symbol, instrument=instrument)
    lines = record(text, ORIGIN, lexicon).ntriples.decode().splitlines()
    (line,) = [line for line in lines if "/ontology#symbol> " in line]
    return line.split('"')[1]


@pytest.mark.parametrize(
    ("instrument", "kind", "symbol", "recorded"),
    [
        ("cms", "resolution", "11.94", "Resolution 11.94"),
        ("cms", "recommendation", "7.92", "Recommendation 7.92"),
        ("cms", "resolution", "12.91 (Rev.COP14)", "Resolution 12.91 (Rev.COP14)"),
        ("cms", "resolution", "UNEP/CMS/Resolution 11.94", "UNEP/CMS/Resolution 11.94"),
        ("cites", "decision", "21.70", "Decision 21.70"),
        ("cites", "resolution", "14.93", "Conf. 14.93"),
        ("cites", "resolution", "Conf. 14.93", "Conf. 14.93"),
        ("ramsar", "resolution", "XIII.94", "Resolution XIII.94"),
        ("unfccc", "resolution", "91/CP.21", "Resolution 91/CP.21"),
        ("unfccc", "decision", "91/CP.21", "91/CP.21"),
        ("cbd", "decision", "XII/94", "XII/94"),
    ],
)
def test_a_number_that_several_kinds_may_have_stands_behind_its_word(
    one, lexicon, instrument: str, kind: str, symbol: str, recorded: str
) -> None:
    assert symbol_of(one, lexicon, kind, symbol, instrument) == recorded


def test_the_number_of_each_curated_text_is_recorded_as_its_symbol(
    root: Path, one, lexicon
) -> None:
    other, seen = [], 0
    for path in sorted((root / "data" / "decisions").rglob("*.ttl")):
        said = path.read_text(encoding="utf-8")
        symbol = re.search(r'dt:symbol "([^"]+)"', said)
        instrument = re.search(r"dt:instrument <id/(?:instrument|forum)/([a-z-]+)>", said)
        kind = re.search(r"> a dt:(Decision|Resolution|Recommendation) ;", said)
        if symbol and instrument and kind:
            seen += 1
            number = WORD.sub("", symbol[1])
            made = symbol_of(one, lexicon, kind[1].lower(), number, instrument[1])
            if made != symbol[1]:
                other.append((symbol[1], made))

    assert seen > 550
    assert other == []
