"""Texts: found by key, IRI or symbol, and shown with their outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import existing
from dtrack.api.naming import naming
from dtrack.api.paging import rows_of
from dtrack.api.views import DecisionDetail, DecisionItem, OutlineItem
from dtrack.errors import NotFoundError, ParameterError
from dtrack.terms import BASE

if TYPE_CHECKING:
    from dtrack.api.naming import Naming
    from dtrack.wiring.serving import Service

KINDS = (
    "decision", "resolution", "recommendation", "statement", "consensus", "position-paper",
    "options-paper",
)  # fmt: skip
"""Kinds of text, as their IRIs name them."""


def find(service: Service, key: str) -> str:
    """IRI of a text by the end of its IRI, its IRI, or its symbol. Raises NotFoundError."""
    if "://" not in key:
        candidates = [f"{BASE}/id/{kind}/{key}" for kind in KINDS]
        candidates.append(f"{BASE}/id/{key}")
        try:
            found = existing(service.store, candidates)
        except ParameterError:
            found = set()
        for iri in candidates:
            if iri in found:
                return iri
    return service.answers.text(key)


def item(row: dict[str, str], called: Naming) -> DecisionItem:
    """Text of a row of ``lists/decisions``."""
    thing = called(row["thing"])
    return DecisionItem(
        iri=thing.iri,
        key=thing.key,
        label=thing.label,
        kind=row["type"],
        symbol=row["symbol"] or None,
        instrument=called.maybe(row["under"]),
        adopted=row["adopted"] or None,
    )


def detail(service: Service, iri: str, language: str) -> DecisionDetail:
    """Text with its outline. Raises NotFoundError for an IRI that is no text's."""
    rows = rows_of(service, "decisions", {"text": iri})
    if not rows:
        raise NotFoundError(f"<{iri}> is no text.", remedy="List them at /api/v1/decisions.")
    row = rows[0]
    called = naming(service, [row["thing"], row["under"], row["meeting"]], language)
    about = item(row, called)
    values = rows_of(service, "text_values", {"text": iri})
    outline = service.answers.query("decision_outline", {"decision": iri, "lang": language})
    return DecisionDetail(
        iri=about.iri,
        key=about.key,
        label=about.label,
        kind=about.kind,
        symbol=about.symbol,
        symbol_forms=[value["value"] for value in values if value["role"] == "symbol"],
        instrument=about.instrument,
        adopted=about.adopted,
        date_precision=row["precision"] or None,
        adopted_at=called.maybe(row["meeting"]),
        review_state=row["state"] or None,
        pages=[value["value"] for value in values if value["role"] == "page"],
        provisions=[_outline_item(each) for each in outline.rows.texts()],
    )


def _outline_item(row: dict[str, str]) -> OutlineItem:
    return OutlineItem(
        iri=row["provision"],
        number=row["number"],
        kind=row["kind"] or None,
        verbs=_parts(row["verbs"]),
        addressees=_parts(row["addressees"]),
        deadline=row["deadline"] or None,
        targets=_parts(row["targets"]),
        themes=_parts(row["themes"]),
        cites=_parts(row["cites"]),
        summary=row["summary"] or None,
    )


def _parts(text: str) -> list[str]:
    return [part for part in text.split("; ") if part]
