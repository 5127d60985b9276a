"""The form that narrows a question: what its address says, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from dtrack.answer.lookup import last_part
from dtrack.api.narrowing import Filters
from dtrack.errors import ParameterError
from dtrack.web.asking import named, rows
from dtrack.web.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.answer.finding import FacetView
    from dtrack.answer.views import Named
    from dtrack.wiring.serving import Service

GROUP = "biodiversity"
ALL = "all"
LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a filter can take."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterForm:
    """A form with what is chosen; ``active`` counts the filters that are set."""

    selects: dict[str, list[Option]]
    filters: Filters
    active: int


def given(request: Request, name: str) -> str | None:
    """Value of a parameter; a field of a form that was left empty counts as not there."""
    return request.query_params.get(name, "").strip() or None


def _year(request: Request, name: str) -> int | None:
    text = given(request, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:5]) <= LAST_YEAR):
        raise ParameterError(f"'{text[:40]}' is no year.", remedy="Give it in four digits.")
    return int(text)


def _is_set(request: Request, name: str) -> bool:
    return (given(request, name) or "").lower() in {"true", "1", "on", "yes"}


def chosen_filters(request: Request) -> Filters:
    """Filters that the address of a page says. Raises ParameterError."""
    return Filters(
        framework=given(request, "framework"),
        theme=given(request, "theme"),
        actor=given(request, "actor"),
        since=_year(request, "since"),
        until=_year(request, "until"),
        ended=_is_set(request, "ended"),
        informational=_is_set(request, "informational"),
    )


ChosenOf = Annotated[Filters, Depends(chosen_filters)]


def chosen_group(request: Request) -> tuple[list[str], str | None]:
    """Instruments and group that are asked for: those named, else the group, else the first one."""
    instruments = [key for key in request.query_params.getlist("instrument") if key]
    group = given(request, "group")
    if instruments:
        return list(dict.fromkeys(instruments)), None if group in {None, ALL} else group
    return [], None if group == ALL else group or GROUP


def filter_form(
    service: Service,
    filters: Filters,
    language: str,
    without: tuple[str, ...] = (),
) -> FilterForm:
    """Form with the frameworks, themes and actors that there is something about."""
    used = remembered(service, "used", lambda: rows(service, "used_values"))
    things = named(service, [row["thing"] for row in used], language)
    chosen = {"framework": filters.framework, "theme": filters.theme, "actor": filters.actor}
    selects = {
        role: _options([things[r["thing"]] for r in used if r["role"] == role], value)
        for role, value in chosen.items()
        if role not in without
    }
    active = sum(bool(getattr(filters, name)) for name in Filters.__slots__)
    return FilterForm(selects, filters, active)


def _options(things: list[Named], chosen: str | None) -> list[Option]:
    """Options by label; what is chosen is one of them, however the address spells it."""
    key = last_part(chosen) if chosen else ""
    found = [Option(each.key, each.label, each.key == key) for each in things]
    found.sort(key=lambda option: option.label.casefold())
    if chosen and not any(option.chosen for option in found):
        found.insert(0, Option(chosen, chosen, True))
    return found


def groups(service: Service, language: str) -> list[tuple[Named, list[str]]]:
    """Groups of instruments with the IRIs of their members."""
    found: dict[str, list[str]] = {}
    for row in rows(service, "instrument_groups"):
        found.setdefault(row["set"], []).append(row["member"])
    things = named(service, found, language)
    ordered = sorted(found, key=lambda iri: (things[iri].key != GROUP, things[iri].key))
    return [(things[iri], found[iri]) for iri in ordered]


def called_in(
    facets: Mapping[str, Sequence[FacetView]], chosen: Mapping[str, str]
) -> dict[str, str]:
    """What the values that narrow a list are called, by facet, as its facets say."""
    return {
        name: each.label
        for name, values in facets.items()
        for each in values
        if each.value == chosen.get(name)
    }
