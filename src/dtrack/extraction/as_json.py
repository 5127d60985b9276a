"""Extractions as the JSON that ``dtrack extract --json`` prints (design, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dtrack.extraction.papers.as_json import paper_fields, part_fields
from dtrack.extraction.papers.values import Paper, Part

if TYPE_CHECKING:
    from dtrack.extraction.texts import (
        Citation,
        Element,
        ExtractedText,
        Extraction,
        Provision,
        Spot,
    )


def as_json(extraction: Extraction) -> dict[str, Any]:
    """Texts, what the table of contents says against them, and unclaimed lines."""
    contents = extraction.contents
    return {
        "texts": [_text(text) for text in extraction.texts],
        "unclaimed": [{"line": item.line, "text": item.text} for item in extraction.unclaimed],
        "contents": {
            "listed": list(contents.listed),
            "missing": list(contents.missing),
            "doubled": list(contents.doubled),
            "unlisted": list(contents.unlisted),
        },
        "lines": extraction.lines,
        "claims": dict(sorted(extraction.claims.items())),
    }


def _text(text: ExtractedText) -> dict[str, Any]:
    return {
        "instrument": text.instrument or None,
        "kind": text.kind,
        "symbol": text.symbol or None,
        "slug": text.slug or None,
        "title": text.title,
        "adopted": text.adopted or None,
        "meeting": text.meeting or None,
        "language": text.language,
        "place": _place(text.spot),
        **(paper_fields(text) if isinstance(text, Paper) else {}),
        "provisions": [_provision(provision) for provision in _provisions(text)],
    }


def _provisions(text: ExtractedText) -> tuple[Provision, ...]:
    return text.parts if isinstance(text, Paper) else text.provisions


def _provision(provision: Provision) -> dict[str, Any]:
    part = "preambular" if provision.part == "preambular" else "operative"
    return {
        "number": provision.number,
        "kind": part,
        "level": provision.level,
        "section": provision.section or None,
        "section_title": provision.section_title or None,
        "annex": provision.annex or None,
        "text": provision.text,
        "elements": [_element(element) for element in provision.elements],
        "citations": [_citation(citation) for citation in provision.citations],
        "targets": list(provision.targets),
        "articles": list(provision.articles),
        "footnotes": list(provision.footnotes),
        "place": _place(provision.spot),
        **(part_fields(provision) if isinstance(provision, Part) else {}),
    }


def _element(element: Element) -> dict[str, Any]:
    values = [deadline.value for deadline in element.deadlines]
    several: str | list[str] | None = values[0] if len(values) == 1 else values or None
    return {
        "verb": element.name,
        "kind": element.kind,
        "addressees": list(element.addressees),
        "deadline": several,
        "deadline_words": [deadline.words for deadline in element.deadlines],
        "recurrence": element.recurrence or None,
        "inherited": bool(element.inherited_from),
        "inherited_from": element.inherited_from or None,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "symbol": citation.symbol,
        "instrument": citation.instrument,
        "kind": citation.kind,
        "relation": citation.relation,
        "pinpoint": citation.pinpoint or None,
        "record": citation.path,
    }


def _place(spot: Spot) -> dict[str, int]:
    place = {"line": spot.line, "last_line": spot.last_line}
    return {**place, "page": spot.page} if spot.page else place
