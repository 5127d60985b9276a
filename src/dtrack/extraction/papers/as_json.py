"""What papers add to the JSON of extractions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dtrack.extraction.papers.values import Assertion, Figure, Paper, Part


def paper_fields(paper: Paper) -> dict[str, Any]:
    """Keys of a paper beside those of any text."""
    return {
        "issuers": list(paper.issuers),
        "supporters": list(paper.supporters),
        "counts": dict(paper.counts),
        "instruments": list(paper.instruments),
        "frameworks": list(paper.frameworks),
    }


def part_fields(part: Part) -> dict[str, Any]:
    """Keys of a part beside those of any provision."""
    return {
        "title": part.title or None,
        "parent": part.parent or None,
        "number_known": part.number_known,
        "supporters": list(part.supporters),
        "instruments": list(part.instruments),
        "frameworks": list(part.frameworks),
        "figures": [_figure(figure) for figure in part.figures],
        "assertions": [_assertion(assertion) for assertion in part.assertions],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": float(figure.value),
        "words": figure.words,
        "unit": figure.unit,
        "year": figure.year or None,
        "about": figure.about,
    }


def _assertion(assertion: Assertion) -> dict[str, Any]:
    return {
        "kind": assertion.kind,
        "text": assertion.text,
        "year": assertion.year or None,
        "targets": list(assertion.targets),
        "figures": [_figure(figure) for figure in assertion.figures],
    }
