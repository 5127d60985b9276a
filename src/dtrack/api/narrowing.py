"""What every question about overlap can be narrowed by, and where its page goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from dtrack.answer.patterns import PatternAnswers
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.paging import MAX_LIMIT, link_next, next_address
from dtrack.errors import ParameterError
from dtrack.overlap import Selection
from dtrack.wiring.serving import Service

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


async def filters(
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


def narrowed(
    service: ServiceOf,
    chosen: FiltersOf,
    instrument: InstrumentsOf = None,
    group: GroupOf = None,
) -> Selection:
    """Selection of instruments and filters. Raises NotFoundError, ParameterError."""
    return chosen.selection(service, instrument, group)


async def more(request: Request, response: Response) -> Callable[[int, int], None]:
    """What says in a header where a list goes on: of how many in all, behind which place."""

    def link(total: int, after: int) -> None:
        if after < total:
            link_next(response, next_address(request, offset=after))

    return link


def patterns(service: ServiceOf, language: LanguageOf) -> PatternAnswers:
    """Answers about patterns in the language that is asked for."""
    return service.answers.patterns(language)


SelectionOf = Annotated[Selection, Depends(narrowed)]
PatternsOf = Annotated[PatternAnswers, Depends(patterns)]
MoreOf = Annotated[Callable[[int, int], None], Depends(more)]
