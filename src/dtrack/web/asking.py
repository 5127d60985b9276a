"""Rows of the pages' own queries, and things with their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import labels, last_part
from dtrack.answer.views import Named
from dtrack.api.paging import read_list_query
from dtrack.catalogue import bind
from dtrack.terms import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.wiring.serving import Service

Row = dict[str, str]


def rows(service: Service, name: str, **values: str) -> list[Row]:
    """Rows of a query of ``queries/pages``."""
    text = bind(read_list_query("pages", name), values, service.answers)
    return list(service.store.select(text).texts())


def catalogue(service: Service, name: str, **values: str) -> list[Row]:
    """Rows of a query of the catalogue."""
    return list(service.answers.query(name, values).rows.texts())


def named(service: Service, iris: Iterable[str], language: str) -> dict[str, Named]:
    """Things with their labels, by IRI; "" is passed over."""
    found = labels(service.store, [iri for iri in iris if iri], language)
    return {iri: Named(iri, last_part(iri), label) for iri, label in found.items()}


def parts(text: str) -> list[str]:
    """Values of a cell that holds several."""
    return [part for part in text.split("; ") if part]


def code_labels(
    service: Service, scheme: str, keys: Iterable[str], language: str
) -> Mapping[str, Named]:
    """Coded values of a scheme with their labels, by key."""
    found = named(service, [f"{CODES}/{scheme}/{key}" for key in dict.fromkeys(keys)], language)
    return {each.key: each for each in found.values()}
