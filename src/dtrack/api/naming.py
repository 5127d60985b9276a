"""Things with their labels, fetched together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import labels, last_part
from dtrack.answer.views import Named
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.wiring.serving import Service


class Naming:
    """Gives an IRI its key and its label."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self._found = found

    def __call__(self, iri: str) -> Named:
        """Thing with its label, its key where it has none."""
        return Named(iri, last_part(iri), self._found.get(iri) or last_part(iri))

    def maybe(self, iri: str) -> Named | None:
        """Thing with its label; None for no IRI."""
        return self(iri) if iri else None


def naming(service: Service, iris: Iterable[str], language: str) -> Naming:
    """Labels of all these things in a language; "" is passed over."""
    return Naming(labels(service.store, [iri for iri in iris if iri], language))


def countries(service: Service, codes: Iterable[str], language: str) -> dict[str, str]:
    """What countries are called, by their ISO 3166-1 alpha-3 codes; the code where nobody says."""
    parties = {code: f"{BASE}/id/party/{code.lower()}" for code in codes if code}
    found = labels(service.store, parties.values(), language)
    # A thing without a label is called by the end of its IRI.
    return {c: n if (n := found[iri]) != c.lower() else c for c, iri in parties.items()}


def cities(row: Mapping[str, str]) -> list[str]:
    """Cities of a row of the list of meetings, in the order of their names."""
    return sorted(city for city in row["cities"].split("; ") if city)
