"""``/api/v1`` for frameworks, targets, themes and actors."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.lookup import last_part
from dtrack.answer.views import ServingView
from dtrack.api.context import LanguageOf, ServiceOf, service_of
from dtrack.api.linked import LinkedRoute
from dtrack.api.naming import Naming, naming
from dtrack.api.paging import MAX_LIMIT, Page, PageOf, PageRequest, page, rows_of
from dtrack.api.views import (
    ConceptDetail,
    ConceptItem,
    FrameworkDetail,
    FrameworkItem,
    TargetItem,
)
from dtrack.errors import NotFoundError
from dtrack.overlap import Selection
from dtrack.terms import CODES
from dtrack.wiring.serving import Service

router = APIRouter(prefix="/api/v1", tags=["Frameworks and codes"], route_class=LinkedRoute)

TopOf = Annotated[bool, Query(description="Only those at the top of the tree")]


@dataclass(frozen=True, slots=True)
class TargetDetail:
    """A target, and the active operative provisions that serve it."""

    target: TargetItem
    served_by: list[ServingView]


@router.get("/frameworks", summary="Frameworks of goals and targets")
def get_frameworks(
    request: Request, response: Response, service: ServiceOf, language: LanguageOf, wanted: PageOf
) -> Page[FrameworkItem]:
    """Frameworks by IRI, each with how many goals and targets it has."""

    def items(rows: list[dict[str, str]]) -> list[FrameworkItem]:
        called = naming(service, [row[c] for row in rows for c in ("thing", "of")], language)
        return [_framework(row, called) for row in rows]

    return page(request, response, wanted, "frameworks", {}, items)


def _framework(row: dict[str, str], called: Naming) -> FrameworkItem:
    return FrameworkItem(
        iri=row["thing"],
        key=last_part(row["thing"]),
        label=called(row["thing"]).label,
        short_name=row["short_name"] or None,
        of=called.maybe(row["of"]),
        start=row["start"] or None,
        end=row["end"] or None,
        items=int(row["items"]),
    )


@router.get("/frameworks/{key:path}", summary="A framework with its goals and targets")
def get_framework(key: str, service: ServiceOf, language: LanguageOf) -> FrameworkDetail:
    """A framework by key, name or IRI."""
    iri = service.answers.key("framework", key)
    rows = rows_of(service, "frameworks", {"framework": iri})
    if not rows:
        raise NotFoundError(f"<{iri}> is no framework.", remedy="List /api/v1/frameworks.")
    called = naming(service, [rows[0]["thing"], rows[0]["of"]], language)
    about = _framework(rows[0], called)
    targets = rows_of(service, "targets", {"framework": iri, "count": str(MAX_LIMIT)})
    return FrameworkDetail(
        **{name: getattr(about, name) for name in about.__slots__},
        targets=_targets(service, targets, language),
    )


def _target(row: dict[str, str], called: Naming) -> TargetItem:
    thing = called(row["thing"])
    return TargetItem(
        iri=thing.iri,
        key=thing.key,
        label=thing.label,
        notation=row["notation"],
        kind=last_part(row["class"]),
        framework=called(row["owner"]),
        broader=called.maybe(row["broader"]),
    )


def _targets(service: Service, rows: list[dict[str, str]], language: str) -> list[TargetItem]:
    columns = ("thing", "owner", "broader")
    called = naming(service, [row[column] for row in rows for column in columns], language)
    return [_target(row, called) for row in rows]


@router.get("/targets", summary="Goals and targets")
def get_targets(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    framework: Annotated[str | None, Query(description="Only those of this framework")] = None,
) -> Page[TargetItem]:
    """Goals and targets by framework and IRI."""
    return page(
        request,
        response,
        wanted,
        "targets",
        {"framework": framework},
        lambda rows: _targets(service, rows, language),
    )


@router.get("/targets/{key:path}", summary="A target and who serves it")
def get_target(key: str, service: ServiceOf, language: LanguageOf) -> TargetDetail:
    """A target by key, number or IRI, with the provisions that serve it and through what."""
    iri = service.answers.key("target", key)
    found = _targets(service, rows_of(service, "targets", {"target": iri}), language)
    if not found:
        raise NotFoundError(f"<{iri}> is no target.", remedy="List them at /api/v1/targets.")
    served = service.answers.overlaps(language).at_target(iri, Selection())
    return TargetDetail(found[0], served.provisions)


def _concepts(
    request: Request,
    response: Response,
    wanted: PageRequest,
    language: str,
    top: bool,
) -> Page[ConceptItem]:
    service = service_of(request)
    scheme = f"{CODES}/{'theme' if request.url.path.endswith('themes') else 'actor'}"

    def items(rows: list[dict[str, str]]) -> list[ConceptItem]:
        called = naming(service, [row["thing"] for row in rows], language)
        meanings = _definitions(service, scheme, language)
        return [
            ConceptItem(
                iri=row["thing"],
                key=last_part(row["thing"]),
                label=called(row["thing"]).label,
                broader=sorted({last_part(parent) for parent in row["parents"].split()}),
                definition=meanings.get(row["thing"]),
            )
            for row in rows
        ]

    values = {"scheme": scheme, "top": "true" if top else "false"}
    return page(request, response, wanted, "concepts", values, items)


def _definitions(service: Service, scheme: str, language: str) -> dict[str, str]:
    rows = rows_of(service, "definitions", {"scheme": scheme, "language": language})
    return {row["thing"]: row["definition"] for row in rows}


def _concept(service: Service, of: str, key: str, language: str) -> ConceptDetail:
    iri = service.answers.key(of, key)
    if not iri.startswith(f"{CODES}/{of}/"):
        raise NotFoundError(f"<{iri}> is no {of}.", remedy=f"List them at /api/v1/{of}s.")
    near = rows_of(service, "concept_neighbours", {"concept": iri})
    called = naming(service, [iri, *(row["thing"] for row in near)], language)
    names: dict[str, list[str]] = {}
    for row in rows_of(service, "names", {"thing": iri}):
        names.setdefault(row["language"], []).append(row["name"])
    return ConceptDetail(
        iri=iri,
        key=last_part(iri),
        label=called(iri).label,
        definition=_definitions(service, f"{CODES}/{of}", language).get(iri),
        names=names,
        broader=[called(row["thing"]) for row in near if row["role"] == "broader"],
        narrower=[called(row["thing"]) for row in near if row["role"] == "narrower"],
        matches=[row["thing"] for row in near if row["role"] == "match"],
    )


@router.get("/themes", summary="Themes")
def get_themes(
    request: Request,
    response: Response,
    language: LanguageOf,
    wanted: PageOf,
    top: TopOf = False,
) -> Page[ConceptItem]:
    """Themes by key; ``broader`` makes them a tree."""
    return _concepts(request, response, wanted, language, top)


@router.get("/themes/{key:path}", summary="A theme")
def get_theme(key: str, service: ServiceOf, language: LanguageOf) -> ConceptDetail:
    """A theme by key, name or IRI, with broader and narrower ones."""
    return _concept(service, "theme", key, language)


@router.get("/actors", summary="Actors")
def get_actors(
    request: Request,
    response: Response,
    language: LanguageOf,
    wanted: PageOf,
    top: TopOf = False,
) -> Page[ConceptItem]:
    """Classes of actors and named bodies by key; ``broader`` makes them a tree."""
    return _concepts(request, response, wanted, language, top)


@router.get("/actors/{key:path}", summary="An actor")
def get_actor(key: str, service: ServiceOf, language: LanguageOf) -> ConceptDetail:
    """An actor by key, name or IRI, with broader and narrower ones."""
    return _concept(service, "actor", key, language)
