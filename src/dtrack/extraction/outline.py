"""Extractions as an outline for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.extraction.papers.outline import paper_lines, part_lines
from dtrack.extraction.papers.values import Paper, Part
from dtrack.extraction.shortening import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.texts import Element, ExtractedText, Extraction, Provision

_WORDS = 96


def outline(extraction: Extraction) -> Iterator[str]:
    """Lines: each text with its paragraphs, what they direct, cite and name; then what is left."""
    for text in extraction.texts:
        yield from _text(text)
    yield from _account(extraction)


def _text(text: ExtractedText) -> Iterator[str]:
    facts = [text.instrument, text.meeting, text.adopted, text.language, f"line {text.spot.line}"]
    yield f"{text.kind.capitalize()} {text.symbol or '(no symbol)'}  {text.title}"
    yield f"  {', '.join(fact for fact in facts if fact)}"
    if isinstance(text, Paper):
        yield from paper_lines(text)
    heading = ("", "")
    for provision in text.provisions:
        place = (provision.annex, provision.section or provision.section_title)
        if place != heading and any(place):
            title = provision.section_title
            label = " ".join(part for part in (*place, title if title != place[1] else "") if part)
            yield f"  [{label}]"
        heading = place
        yield from _provision(provision)
    yield ""


def _provision(provision: Provision) -> Iterator[str]:
    indent = "  " * (provision.number.count(".") + 1)
    said = " ".join(filter(None, (getattr(provision, "title", ""), provision.text)))
    yield f"{indent}{provision.number:<6} {shortened(said, _WORDS)}"
    for element in provision.elements:
        yield f"{indent}       → {_element(element)}"
    for citation in provision.citations:
        place = f", {citation.pinpoint}" if citation.pinpoint else ""
        yield f"{indent}       {citation.relation} {citation.instrument} {citation.symbol}{place}"
    named = (*provision.targets, *(f"article {article}" for article in provision.articles))
    if named:
        yield f"{indent}       names {', '.join(named)}"
    if isinstance(provision, Part):
        yield from (f"{indent}       {line}" for line in part_lines(provision))


def _element(element: Element) -> str:
    parts = [element.name]
    if element.addressees:
        parts.append(", ".join(element.addressees))
    parts += [f"by {deadline.value}" for deadline in element.deadlines]
    if element.recurrence:
        parts.append(element.recurrence)
    if element.inherited_from:
        parts.append(f"(from {element.inherited_from})")
    return " · ".join(parts)


def _account(extraction: Extraction) -> Iterator[str]:
    contents = extraction.contents
    provisions = sum(len(text.provisions) for text in extraction.texts)
    yield f"{len(extraction.texts)} texts, {provisions} provisions, {extraction.lines} lines."
    if contents.listed:
        yield (
            f"Table of contents: {len(contents.listed)} listed, {len(contents.missing)} missing, "
            f"{len(contents.doubled)} doubled, {len(contents.unlisted)} not listed."
        )
        for what, names in (
            ("missing", contents.missing),
            ("doubled", contents.doubled),
            ("not listed", contents.unlisted),
        ):
            yield from (f"  {what}: {name}" for name in names)
    yield f"{len(extraction.unclaimed)} lines that no rule understood."
    for item in extraction.unclaimed:
        yield f"  line {item.line}: {shortened(item.text, _WORDS)}"
