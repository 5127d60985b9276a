"""What a list can be narrowed by, and how many items each value leaves."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query

from dtrack.answer.finding import FacetView
from dtrack.answer.lookup import last_part
from dtrack.api.naming import naming
from dtrack.api.paging import timed_rows_of
from dtrack.wiring.serving import Service

NAMES = ("instrument", "kind", "year", "status", "theme")

YearOf = Annotated[
    int | None, Query(ge=1000, le=9999, description="Only those adopted in this year")
]
StatusOf = Annotated[
    str | None,
    Query(
        max_length=60,
        pattern="^[a-z-]+$",
        description="Only those with this current status, in the whole or in a provision",
    ),
]
ThemeOf = Annotated[str | None, Query(description="Only those that address this theme")]
FacetsOf = Annotated[
    bool, Query(description=f"Count the whole list by {', '.join(NAMES)}, for narrowing it")
]


def narrowed(*, year: int | None, **values: str | None) -> dict[str, str | None]:
    """Values of a list query from those of a request."""
    return {**values, "year": None if year is None else str(year)}


def count_facets(
    service: Service, query: str, values: Mapping[str, str | None], language: str
) -> dict[str, list[FacetView]]:
    """Counts of a whole list by facet and value, the most frequent first.

    A value is what the parameter of the same name takes.
    """
    given = {name: value for name, value in values.items() if value is not None}
    rows = timed_rows_of(service, query, given)
    called = naming(service, [row["value"] for row in rows if "://" in row["value"]], language)
    found: dict[str, list[FacetView]] = {name: [] for name in NAMES}
    for row in rows:
        value = row["value"]
        named = called(value) if "://" in value else None
        view = FacetView(
            value=named.key if named else last_part(value),
            label=named.label if named else value,
            count=int(row["texts"]),
        )
        found[row["facet"]].append(view)
    return found
