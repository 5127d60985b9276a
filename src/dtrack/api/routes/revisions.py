"""``/api/v1/revisions``, ``/diff`` and ``/history``: what changed, who did it, and why."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from dtrack.api.context import ServiceOf
from dtrack.api.paging import Page, PageOf, encode_cursor, link_next, next_address
from dtrack.api.security import PROTECTED, needs
from dtrack.curate.looking_back import differences, graphs_that_told, history
from dtrack.curate.returning import return_to, revert, withdraw_graphs, withdraw_source
from dtrack.errors import ParameterError
from dtrack.journal import Change, Facts, Key, revision_iri
from dtrack.model import Receipt
from dtrack.wiring.reading import graphs_in

router = APIRouter(prefix="/api/v1", tags=["History"])

Publisher = Annotated[Key, Depends(needs("publish"))]


@dataclass(frozen=True, slots=True)
class RevisionItem:
    """A revision: who made it, when (UTC), why, through which door, and the state after it."""

    iri: str
    number: int
    at: str
    agent: str
    reason: str
    source: str
    door: str
    shapes: str
    digest: str
    triples: int
    graphs: int


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """What a revision did to a graph: digest after and before; null = not there."""

    graph: str
    digest: str | None
    before: str | None
    source: str


@dataclass(frozen=True, slots=True)
class RevisionDetail:
    """A revision with all that it changed."""

    revision: RevisionItem
    changes: list[ChangeItem]


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """Triples that a graph gained and lost, as N-Triples."""

    graph: str
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, slots=True)
class StepView:
    """What a revision did to a thing."""

    revision: RevisionItem
    graph: str
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, slots=True)
class AssertionView:
    """A triple that holds, and the revision that brought it."""

    triple: str
    graph: str
    revision: RevisionItem


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Steps that made a thing what it is, and who said each triple of it."""

    thing: str
    steps: list[StepView]
    assertions: list[AssertionView]


@dataclass(frozen=True, slots=True)
class Wish:
    """Why something is taken back; it stands in the history."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is withdrawn: graphs, or all of a source."""

    graphs: list[str] | None = None
    source: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What a change has become; ``revision`` is null when nothing was different."""

    revision: int | None
    changed: list[str]


def _item(service: ServiceOf, facts: Facts) -> RevisionItem:
    return RevisionItem(
        iri=revision_iri(facts.number, service.settings.base_iri),
        number=facts.number,
        at=facts.at,
        agent=facts.agent,
        reason=facts.reason,
        source=facts.source,
        door=facts.door,
        shapes=facts.shapes,
        digest=facts.digest,
        triples=facts.triples,
        graphs=facts.graphs,
    )


def _change(change: Change) -> ChangeItem:
    return ChangeItem(change.graph, change.digest, change.before, change.source)


def _receipt(receipt: Receipt) -> ReceiptView:
    return ReceiptView(receipt.revision, list(receipt.changed))


@router.get("/revisions", summary="Revisions, latest first")
def get_revisions(
    request: Request, response: Response, service: ServiceOf, wanted: PageOf
) -> Page[RevisionItem]:
    """Every change there was, whoever made it and through whichever door."""
    before = int(wanted.after) if wanted.after.isdecimal() else None
    found = service.journal.listed(before, wanted.limit + 1)
    address = None
    if len(found) > wanted.limit:
        last = found[wanted.limit - 1].number
        address = next_address(request, cursor=encode_cursor(str(last)))
    link_next(response, address)
    return Page([_item(service, facts) for facts in found[: wanted.limit]], address)


@router.get("/revisions/{number}", summary="One revision")
def get_revision(service: ServiceOf, number: int) -> RevisionDetail:
    """What a revision changed, by graph."""
    facts = service.journal.facts(number)
    changes = service.journal.changes(number)
    return RevisionDetail(_item(service, facts), [_change(change) for change in changes])


@router.get("/diff", summary="What is different between two revisions")
def get_diff(
    service: ServiceOf,
    first: Annotated[str, Query(alias="from", description="Revision or day; 0 = nothing")],
    second: Annotated[str, Query(alias="to", description="Revision or day")] = "now",
    graph: Annotated[list[str] | None, Query(description="Only this graph")] = None,
) -> list[DifferenceView]:
    """Triples that came and left, graph by graph."""
    journal = service.journal
    numbers = [
        0 if text == "0" else journal.last() if text == "now" else journal.resolve(text)
        for text in (first, second)
    ]
    return [
        DifferenceView(one.graph, list(one.added), list(one.removed))
        for one in differences(journal, numbers[0], numbers[1], graph or ())
    ]


@router.get("/history", summary="Who said what about a thing, when and why")
def get_history(
    service: ServiceOf, iri: Annotated[str, Query(description="IRI of a thing or a graph")]
) -> HistoryView:
    """Steps of a thing, also of one that was withdrawn."""
    journal = service.journal
    graphs = graphs_in(service.store, iri) or graphs_that_told(journal, iri)
    if journal.versions(iri):
        graphs = [iri]
    found = history(journal, iri, graphs)
    return HistoryView(
        found.thing,
        [
            StepView(_item(service, s.facts), s.graph, list(s.added), list(s.removed))
            for s in found.steps
        ],
        [AssertionView(a.triple, a.graph, _item(service, a.facts)) for a in found.assertions],
    )


@router.post("/revisions/{number}/revert", summary="Undo a revision", responses=PROTECTED)
def post_revert(
    service: ServiceOf, key: Publisher, number: int, wish: Wish, whole: bool = False
) -> ReceiptView:
    """Undo what a revision did, by a new one; with ``whole``, return to the state after it."""
    act = return_to if whole else revert
    try:
        return _receipt(act(service.desk.curator, number, key.name, wish.reason, "http"))
    finally:
        service.desk.refresh()


@router.post("/withdrawals", summary="Withdraw graphs, or a source", responses=PROTECTED)
def post_withdrawal(service: ServiceOf, key: Publisher, wanted: Withdrawal) -> ReceiptView:
    """Take graphs out of publication; their things answer 410 from then on."""
    curator = service.desk.curator
    if bool(wanted.graphs) == bool(wanted.source):
        raise ParameterError("Say what to withdraw.", remedy="Give either 'graphs' or a 'source'.")
    try:
        if wanted.source:
            receipt = withdraw_source(curator, wanted.source, key.name, wanted.reason, "http")
        else:
            graphs = wanted.graphs or []
            receipt = withdraw_graphs(curator, graphs, key.name, wanted.reason, "http")
        return _receipt(receipt)
    finally:
        service.desk.refresh()
