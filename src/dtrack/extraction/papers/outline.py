"""What papers add to the outline for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.extraction.shortening import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.papers.values import Figure, Paper, Part

_WORDS = 80


def paper_lines(paper: Paper) -> Iterator[str]:
    """Who issued and supported a paper, who took part, what it names."""
    if paper.issuers:
        yield f"  issued by {', '.join(paper.issuers)}"
    if paper.counts:
        yield "  " + ", ".join(f"{count} {name}" for name, count in paper.counts)
    if paper.supporters:
        yield f"  supported by {', '.join(paper.supporters)}"
    if paper.instruments or paper.frameworks:
        yield f"  names {', '.join((*paper.instruments, *paper.frameworks))}"


def part_lines(part: Part) -> Iterator[str]:
    """Who acts along, the figures, and what the author says of its doing."""
    if part.supporters:
        yield f"with {', '.join(part.supporters)}"
    told = {figure for assertion in part.assertions for figure in assertion.figures}
    for assertion in part.assertions:
        on = f" on {', '.join(assertion.targets)}" if assertion.targets else ""
        year = f" ({assertion.year})" if assertion.year else ""
        yield f"{assertion.kind}{on}{year}: {shortened(assertion.text, _WORDS)}"
        yield from (f"  {_figure(figure)}" for figure in assertion.figures)
    yield from (f"figure {_figure(figure)}" for figure in part.figures if figure not in told)


def _figure(figure: Figure) -> str:
    year = f", {figure.year}" if figure.year else ""
    return f"{'about ' if figure.about else ''}{figure.value} {figure.unit}{year}"
