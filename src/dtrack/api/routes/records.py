"""``/api/v1`` for instruments, meetings, decisions and provisions."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.lookup import Wording, labels, last_part, wordings
from dtrack.answer.views import Named
from dtrack.api import texts
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.facets import FacetsOf, StatusOf, ThemeOf, YearOf, count_facets, narrowed
from dtrack.api.linked import LinkedRoute
from dtrack.api.naming import Naming, cities, naming
from dtrack.api.paging import FacetedPage, Page, PageOf, page, rows_of
from dtrack.api.views import (
    DecisionDetail,
    DecisionItem,
    InstrumentDetail,
    InstrumentItem,
    MeetingItem,
    ProvisionDetail,
    ProvisionItem,
)
from dtrack.errors import NotFoundError
from dtrack.terms import BASE

router = APIRouter(prefix="/api/v1", tags=["Records"], route_class=LinkedRoute)

InstrumentOf = Annotated[str | None, Query(description="Only this instrument: a key or a name")]


@router.get("/instruments", summary="Conventions, protocols, agreements, forums")
def get_instruments(
    request: Request, response: Response, service: ServiceOf, language: LanguageOf, wanted: PageOf
) -> Page[InstrumentItem]:
    """All instruments and forums, by IRI."""

    def items(rows: list[dict[str, str]]) -> list[InstrumentItem]:
        names = labels(service.store, [row["thing"] for row in rows], language)
        return [
            InstrumentItem(
                iri=row["thing"],
                key=last_part(row["thing"]),
                label=names[row["thing"]],
                kind=last_part(row["class"]),
                short_name=row["short_name"] or None,
                adopted=row["adopted"] or None,
                entry_into_force=row["entry_into_force"] or None,
            )
            for row in rows
        ]

    return page(request, response, wanted, "instruments", {}, items)


@router.get("/instruments/{key:path}", summary="An instrument")
def get_instrument(key: str, service: ServiceOf, language: LanguageOf) -> InstrumentDetail:
    """An instrument by key, name or IRI, with its bodies and what has been read of it."""
    iri = service.answers.key("instrument", key)
    rows = rows_of(service, "instruments", {"instrument": iri})
    if not rows:
        raise NotFoundError(f"<{iri}> is no instrument.", remedy="List /api/v1/instruments.")
    row = rows[0]
    bodies = rows_of(service, "instrument_bodies", {"instrument": iri})
    called = naming(service, [iri, *(body["thing"] for body in bodies)], language)
    names = rows_of(service, "names", {"thing": iri})
    answers = service.answers.overlaps(language)
    directives = service.answers.index.sizes.get(iri, 0)

    def in_role(role: str) -> list[Named]:
        return [called(body["thing"]) for body in bodies if body["role"] == role]

    return InstrumentDetail(
        iri=iri,
        key=last_part(iri),
        label=called(iri).label,
        kind=last_part(row["class"]),
        short_name=row["short_name"] or None,
        adopted=row["adopted"] or None,
        entry_into_force=row["entry_into_force"] or None,
        depositary=row["depositary"] or None,
        page=row["page"] or None,
        names={name["language"]: name["name"] for name in reversed(names) if name["rank"] == "1"},
        governing_bodies=in_role("governing"),
        subsidiary_bodies=in_role("subsidiary"),
        secretariats=in_role("secretariat"),
        frameworks=in_role("framework"),
        coverage=answers.coverage({iri: directives})[0],
    )


@router.get("/meetings", summary="Meetings of governing and subsidiary bodies")
def get_meetings(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    instrument: InstrumentOf = None,
) -> Page[MeetingItem]:
    """Meetings by first day."""

    def items(rows: list[dict[str, str]]) -> list[MeetingItem]:
        called = naming(service, [iri for row in rows for iri in _named(row)], language)
        return [_meeting(row, called) for row in rows]

    values = {"instrument": instrument, "language": language}
    return page(request, response, wanted, "meetings", values, items)


def _meeting(row: dict[str, str], called: Naming) -> MeetingItem:
    thing = called(row["thing"])
    return MeetingItem(
        iri=thing.iri,
        key=thing.key,
        label=thing.label,
        body=called(row["meeting_of"]),
        instruments=[called(iri) for iri in sorted(row["under"].split())],
        session=row["session"] or None,
        start=row["start"] or None,
        end=row["end"] or None,
        cities=cities(row),
        country_codes=sorted(row["countries"].split()),
    )


@router.get("/meetings/{key:path}", summary="A meeting")
def get_meeting(key: str, service: ServiceOf, language: LanguageOf) -> MeetingItem:
    """A meeting by key (``cbd-cop-12``), name or IRI."""
    iri = service.answers.key("meeting", key)
    rows = rows_of(service, "meetings", {"meeting": iri, "language": language})
    if not rows:
        raise NotFoundError(f"<{iri}> is no meeting.", remedy="List them at /api/v1/meetings.")
    return _meeting(rows[0], naming(service, _named(rows[0]), language))


def _named(row: Mapping[str, str]) -> list[str]:
    """IRIs in a row of the list of meetings."""
    return [row["thing"], row["meeting_of"], *row["under"].split()]


@router.get("/decisions", summary="Decisions, resolutions and other texts")
def get_decisions(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    instrument: InstrumentOf = None,
    kind: Annotated[
        str | None, Query(description="Document type: decision, resolution, recommendation …")
    ] = None,
    year: YearOf = None,
    status: StatusOf = None,
    theme: ThemeOf = None,
    q: Annotated[
        str | None, Query(max_length=200, description="Words in the symbol or the title")
    ] = None,
    facets: FacetsOf = False,
) -> FacetedPage[DecisionItem]:
    """Texts by day of adoption; with ``facets``, counts by what they can be narrowed by."""

    def items(rows: list[dict[str, str]]) -> list[DecisionItem]:
        called = naming(service, [row[c] for row in rows for c in ("thing", "under")], language)
        return [texts.item(row, called) for row in rows]

    values = narrowed(instrument=instrument, kind=kind, year=year, status=status, theme=theme, q=q)
    found = page(request, response, wanted, "decisions", values, items)
    counts = count_facets(service, "decision_facets", values, language) if facets else None
    return FacetedPage(found.items, found.next, counts)


@router.get("/decisions/{key:path}", summary="A text with its outline")
def get_decision(key: str, service: ServiceOf, language: LanguageOf) -> DecisionDetail:
    """A text by the end of its IRI (``cbd-cop-12-19``), its IRI, or its symbol."""
    return texts.detail(service, texts.find(service, key), language)


@router.get("/provisions", summary="Provisions")
def get_provisions(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    instrument: InstrumentOf = None,
    text: Annotated[str | None, Query(description="Only of this text: symbol or IRI")] = None,
    target: Annotated[str | None, Query(description="Only those that address this target")] = None,
    theme: ThemeOf = None,
    actor: Annotated[str | None, Query(description="Only those that ask this actor")] = None,
    verb: Annotated[str | None, Query(description="Only those with this verb")] = None,
    kind: Annotated[str | None, Query(description="operational or informational")] = None,
) -> Page[ProvisionItem]:
    """Provisions by text and place in it."""

    def items(rows: list[dict[str, str]]) -> list[ProvisionItem]:
        said = wordings(service.store, [row["thing"] for row in rows], language)
        called = naming(service, [row["under"] for row in rows], language)
        return [
            _provision_item(row, said[row["thing"]], called) for row in rows if row["thing"] in said
        ]

    values = {
        "instrument": instrument, "text": text, "target": target, "theme": theme,
        "actor": actor, "verb": verb, "kind": kind,
    }  # fmt: skip
    return page(request, response, wanted, "provisions", values, items)


def _provision_item(row: dict[str, str], said: Wording, called: Naming) -> ProvisionItem:
    return ProvisionItem(
        iri=said.provision,
        text=Named(said.text, last_part(said.text), said.title),
        symbol=said.symbol,
        number=said.number,
        kind=row["kind_key"] or None,
        instrument=called.maybe(row["under"]),
        summary=said.summary,
        verbs=list(said.verbs),
        addressees=list(said.addressees),
    )


@router.get("/provisions/{text}/{number}", summary="A provision")
def get_provision(
    text: str, number: str, service: ServiceOf, language: LanguageOf
) -> ProvisionDetail:
    """A provision by the key of its text and its number, such as ``cbd-cop-12-19/4.c``."""
    iri = f"{BASE}/id/provision/{text}/{number}"
    wording = wordings(service.store, [iri], language).get(iri)
    if wording is None:
        raise NotFoundError(
            f"No provision '{number}' of '{text}' is recorded.",
            remedy=f"See /api/v1/decisions/{text} for those that are.",
        )
    rows = rows_of(service, "provision_values", {"provision": iri})
    values: dict[str, list[str]] = {}
    for row in rows:
        values.setdefault(row["role"], []).append(row["value"])
    called = naming(
        service,
        [v for role, found in values.items() if role != "deadline" for v in found],
        language,
    )

    def things(role: str) -> list[Named]:
        return [called(value) for value in values.get(role, ())]

    return ProvisionDetail(
        iri=iri,
        text=Named(wording.text, last_part(wording.text), wording.title),
        symbol=wording.symbol,
        number=wording.number,
        kind=next((kind.key for kind in things("kind")), None),
        instrument=next(iter(things("instrument")), None),
        summary=wording.summary,
        verbs=list(wording.verbs),
        addressees=list(wording.addressees),
        targets=things("target"),
        themes=things("theme"),
        deadlines=values.get("deadline", []),
        cites=things("cites"),
        statuses=things("status"),
    )
