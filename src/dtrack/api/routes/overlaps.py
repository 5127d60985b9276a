"""``/api/v1/overlaps`` and ``/api/v1/gaps``: the answers, with their evidence."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from dtrack.answer.overlaps import MOST_VALUES
from dtrack.answer.views import AtView, GapsView, MatrixView, NearestView, PairsView
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.linked import LinkedRoute
from dtrack.api.paging import MAX_LIMIT, link_next, next_address
from dtrack.errors import NotFoundError, ParameterError
from dtrack.overlap import Selection
from dtrack.terms import BASE
from dtrack.wiring import Service

router = APIRouter(prefix="/api/v1", tags=["Overlap"], route_class=LinkedRoute)

Year = Annotated[int | None, Query(ge=1, le=9999)]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which provisions a question is about, as keys."""

    framework: str | None
    theme: str | None
    actor: str | None
    since: int | None
    until: int | None
    ended: bool
    informational: bool
    target: str | None = None
    force: str | None = None
    status: str | None = None
    on: str | None = None

    def selection(
        self, service: Service, instruments: list[str] | None = None, group: str | None = None
    ) -> Selection:
        """Selection with every key looked up. Raises NotFoundError, ParameterError."""
        return service.answers.selection(
            instruments=instruments or [],
            group=group,
            framework=self.framework,
            theme=self.theme,
            actor=self.actor,
            since=self.since,
            until=self.until,
            ended=self.ended,
            informational=self.informational,
            target=self.target,
            force=self.force,
            status=self.status,
            on=self.on,
        )


def filters(
    framework: Annotated[str | None, Query(description="Only what serves this framework")] = None,
    theme: Annotated[str | None, Query(description="Only this theme and narrower ones")] = None,
    actor: Annotated[str | None, Query(description="Only what asks this actor")] = None,
    since: Year = None,
    until: Year = None,
    ended: Annotated[bool, Query(description="Also what is retired, superseded or done")] = False,
    informational: Annotated[bool, Query(description="Also provisions that only note")] = False,
    target: Annotated[str | None, Query(description="Only this target and narrower ones")] = None,
    force: Annotated[
        str | None, Query(description="Only verbs of this force, such as request")
    ] = None,
    status: Annotated[str | None, Query(description="active (as always), ended, or any")] = None,
    on: Annotated[
        str | None, Query(description="What was adopted and in force on this day, YYYY-MM-DD")
    ] = None,
) -> Filters:
    """Filters that every question takes."""
    return Filters(
        framework, theme, actor, since, until, ended, informational, target, force, status, on
    )


def weights(
    service: ServiceOf,
    weight: Annotated[
        list[str] | None, Query(description="Weight of a dimension, such as actor=0.3; repeatable")
    ] = None,
) -> dict[str, float]:
    """Weights of the dimensions for this request. Raises ParameterError."""
    changed: dict[str, float] = {}
    for text in weight or []:
        name, equals, number = text.partition("=")
        try:
            changed[name] = float(number)
        except ValueError:
            equals = ""
        if not equals:
            raise ParameterError(
                f"'{text[:40]}' is not DIMENSION=WEIGHT.", remedy="Write weight=actor=0.3."
            )
    return dict(service.answers.weights(changed))


FiltersOf = Annotated[Filters, Depends(filters)]
WeightsOf = Annotated[dict[str, float], Depends(weights)]
InstrumentsOf = Annotated[
    list[str] | None, Query(alias="instrument", description="Key of an instrument; repeatable")
]
GroupOf = Annotated[
    str | None, Query(description="Group of instruments: biodiversity, rio, chemicals")
]
LimitOf = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
OffsetOf = Annotated[int, Query(ge=0, le=10_000_000)]


@router.get("/overlaps", summary="Overlap of every two instruments")
def get_matrix(
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    dimensions: WeightsOf,
    instrument: InstrumentsOf = None,
    group: GroupOf = None,
    values: Annotated[
        int, Query(ge=0, le=10_000, description="Shared values a cell shows, the most telling")
    ] = MOST_VALUES,
) -> MatrixView:
    """One cell for each pair of instruments, with what they share; by default all instruments."""
    selection = chosen.selection(service, instrument, group)
    return service.answers.overlaps(language).matrix(selection, dimensions, values=values)


@router.get("/overlaps/near/{provision:path}", summary="Provisions next to one")
def get_near(
    provision: str,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    dimensions: WeightsOf,
    limit: LimitOf = 20,
) -> NearestView:
    """Provisions anywhere that overlap with one, best first.

    The provision is ``{text}/{number}``, such as ``cbd-cop-12-19/4``, or an IRI.
    """
    iri = provision if "://" in provision else f"{BASE}/id/provision/{provision}"
    selection = chosen.selection(service)
    return service.answers.overlaps(language).nearest(iri, selection, dimensions, limit=limit)


@router.get("/overlaps/at/target/{key:path}", summary="Who serves a target")
def get_at_target(
    key: str,
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    limit: LimitOf = 100,
    offset: OffsetOf = 0,
) -> AtView:
    """Provisions that serve a target, directly, by a narrower one, or by a mapping."""
    target = service.answers.key("target", key)
    view = service.answers.overlaps(language).at_target(
        target, chosen.selection(service), limit=limit, offset=offset
    )
    if offset + limit < view.total:
        link_next(response, next_address(request, offset=offset + limit))
    return view


@router.get("/overlaps/at/theme/{key:path}", summary="Who speaks about a theme")
def get_at_theme(
    key: str,
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    limit: LimitOf = 100,
    offset: OffsetOf = 0,
) -> AtView:
    """Provisions on a theme, on a narrower one, or on one mapped to it."""
    theme = service.answers.key("theme", key)
    view = service.answers.overlaps(language).at_theme(
        theme, chosen.selection(service), limit=limit, offset=offset
    )
    if offset + limit < view.total:
        link_next(response, next_address(request, offset=offset + limit))
    return view


@router.get("/overlaps/{a}/{b}", summary="Provisions of two instruments that overlap")
def get_pairs(
    a: str,
    b: str,
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    dimensions: WeightsOf,
    limit: LimitOf = 20,
    offset: OffsetOf = 0,
) -> PairsView:
    """A page of pairs, best first, each with the evidence for every part of its score."""
    first, second = (service.answers.key("instrument", name) for name in (a, b))
    if first == second:
        raise ParameterError("Overlap takes two instruments.", remedy="Name two different ones.")
    view = service.answers.overlaps(language).pairs(
        first, second, chosen.selection(service), dimensions, limit=limit, offset=offset
    )
    if offset + limit < view.total:
        link_next(response, next_address(request, offset=offset + limit))
    return view


@router.get("/gaps/{key:path}", summary="Targets that instruments do not serve")
def get_gaps(
    key: str,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    instrument: InstrumentsOf = None,
    group: GroupOf = None,
) -> GapsView:
    """Targets of a framework against instruments: who serves each, and who does not."""
    selection = chosen.selection(service, instrument, group)
    iri = service.answers.key("framework", key)
    try:
        return service.answers.overlaps(language).gaps(iri, selection)
    except NotFoundError as error:
        raise NotFoundError(error.message, remedy="List them at /api/v1/frameworks.") from error
