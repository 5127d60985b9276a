"""Proposals over HTTP: what is sent, who acts, and what is answered."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import TypeAdapter, ValidationError

from dtrack.api.bodies import body_of, media_type_of
from dtrack.api.context import service_of
from dtrack.api.handed import handed_in
from dtrack.api.problems import HttpProblem
from dtrack.api.security import key_ring_of, needs
from dtrack.curate.acts import Agent
from dtrack.curate.adding import Place, place_of
from dtrack.curate.assertions import Status
from dtrack.curate.handing_in import graphs_of
from dtrack.curate.proposing import Proposing
from dtrack.curate.sheets import status_graphs
from dtrack.errors import ConflictError, InputError, ParameterError
from dtrack.journal.proposals import Proposal
from dtrack.model import Report
from dtrack.wiring import Service

T = TypeVar("T")

JSON = "application/json"
_bearer = HTTPBearer(scheme_name="key", bearerFormat="dt_<id>_<secret>", auto_error=False)
_TAG = re.compile(r'(?:W/)?"(\d+)-(\d+)[^"]*"')


def acting(*scopes: str) -> Callable[..., Agent]:
    """Dependency that gives who acts: a key with one of some scopes. Raises like needs()."""
    checks = {scope: needs(scope) for scope in scopes}

    def agent_of(
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> Agent:
        key = None
        if credentials is not None:
            key = key_ring_of(request).examine_key(credentials.credentials).key
        # The one that it has, or else the first: that check then says what is missing.
        scope = next((scope for scope in scopes if key is not None and key.may(scope)), scopes[0])
        found = checks[scope](request, credentials)
        return Agent(found.name, frozenset(found.scopes))

    return agent_of


def desk_of(request: Request) -> Proposing:
    """Proposals of the node that answers a request."""
    service = service_of(request)
    alone = service.settings.review_by_author
    return Proposing(service.desk.curator, service.writer, review_by_author=alone)


DeskOf = Annotated[Proposing, Depends(desk_of)]


def version_of(request: Request, number: int) -> int | None:
    """Version of a proposal that If-Match names; None without. Raises ConflictError."""
    header = request.headers.get("if-match", "").strip()
    if header in {"", "*"}:
        return None
    match = _TAG.fullmatch(header)
    if match is None or int(match[1]) != number:
        raise ConflictError(
            "The proposal is not what If-Match says.",
            remedy="Read it again, and send its new ETag.",
        )
    return int(match[2])


VersionOf = Annotated[int | None, Depends(version_of)]


def tag(response: Response, proposal: Proposal) -> None:
    """Give a response the entity tag of a proposal."""
    response.headers["ETag"] = f'"{proposal.number}-{proposal.version}"'


@dataclass(frozen=True, slots=True)
class Sent:
    """Body of a request, with its media type."""

    media_type: str
    body: bytes


async def sent(request: Request) -> Sent:
    """Body of a request. Raises HttpProblem when it is too large."""
    return Sent(media_type_of(request) or JSON, await body_of(request))


SentOf = Annotated[Sent, Depends(sent)]


@dataclass(frozen=True, slots=True)
class GraphBody:
    """A graph as it is to be."""

    content: str
    media_type: str = "text/turtle"


@dataclass(frozen=True, slots=True)
class StatusBody:
    """A status to assert; ``thing`` is a key, symbol or IRI of a text or provision."""

    thing: str
    axis: Literal["legal-force", "implementation", "review"]
    value: Annotated[str, "a code of the axis"]
    since: str
    evidence: str
    until: str = ""
    evidence_type: str = "document"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProposalBody:
    """What is proposed: graphs by IRI (null = withdraw), or a status."""

    title: str | None = None
    text: str = ""
    graphs: Mapping[str, GraphBody | None] = field(default_factory=dict)
    status: StatusBody | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordsBody:
    """What somebody says; ``about`` is an IRI that it is about."""

    text: str = ""
    about: str | None = None


@dataclass(frozen=True, slots=True)
class ChoiceBody:
    """Whose triples stand in conflicts: by the name of one, by graph; "*" is for all others."""

    choose: Mapping[str, Literal["ours", "theirs"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SelectionBody:
    """Which candidates are accepted and refused."""

    accept: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()
    accept_above: float | None = None
    refuse_below: float | None = None
    method: str | None = None
    target: str | None = None


def read_json(body: Sent, kind: type[T]) -> T:
    """Body as a value; an empty body is one without members. Raises ParameterError, HttpProblem."""
    if body.media_type != JSON:
        raise HttpProblem(415, f"'{body.media_type[:60]}' is not read here.", f"Send {JSON}.")
    try:
        value = TypeAdapter(kind).validate_json(body.body or b"{}")
        members = TypeAdapter(dict[str, object]).validate_json(body.body or b"{}")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ParameterError(
            f"The body is not as it should be{f' at {where!r}' if where else ''}: {first['msg']}.",
            remedy="See /docs for what it may be.",
        ) from None
    known = [member.name for member in fields(kind)]  # type: ignore[arg-type]
    for name in members:
        if name not in known:
            raise ParameterError(
                f"The body has no member '{name[:40]}'.", remedy=f"There are: {', '.join(known)}."
            )
    return value


def takes(kind: type[Any], *media_types: str) -> dict[str, Any]:
    """What OpenAPI is told of a body that a route reads itself."""
    schema = TypeAdapter(kind).json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    content: dict[str, Any] = {JSON: {"schema": {"type": "object", **_flat(schema)}}}
    content |= {name: {"schema": {"type": "string"}} for name in media_types}
    return {"requestBody": {"content": content}}


def _flat(schema: dict[str, Any]) -> dict[str, Any]:
    """Schema without references to others: their members are told by name only."""
    return {
        "properties": {
            name: {k: v for k, v in told.items() if k in {"type", "title", "default"}}
            for name, told in schema.get("properties", {}).items()
        }
    }


def proposed_by(
    request: Request, body: Sent, agent: Agent
) -> tuple[ProposalBody, dict[str, bytes | None]]:
    """What a body proposes: words, and graphs as they are to be.

    JSON says both; RDF and spreadsheets come as they are, with title, text,
    graph and name as parameters. Raises InputError, SyntaxProblem.
    """
    service = service_of(request)
    if body.media_type == JSON:
        told = read_json(body, ProposalBody)
        handed = [
            handed_in(service, graph.media_type, iri, graph.content.encode(), iri)
            for iri, graph in told.graphs.items()
            if graph is not None
        ]
        graphs: dict[str, bytes | None] = {
            iri: None for iri, graph in told.graphs.items() if graph is None
        }
        graphs |= graphs_of(handed, lambda: _place(service))
        if told.status is not None:
            place = _place(service)
            graphs |= status_graphs(_status(told.status, agent, place), place)
        return told, graphs
    given = request.query_params
    name = given.get("name", "body").rsplit("/", 1)[-1]
    handed = [handed_in(service, body.media_type, name, body.body, given.get("graph"))]
    content = graphs_of(handed, lambda: _place(service))
    return ProposalBody(given.get("title"), given.get("text", "")), {**content}


def _place(service: Service) -> Place:
    return place_of(service.desk.curator, service.answers.names, service.store)


def _status(body: StatusBody, agent: Agent, place: Place) -> Status:
    if not body.evidence:
        raise InputError("A status needs evidence.", remedy="Give the page that bears it out.")
    given = asdict(body) | {"thing": place.finder.thing(body.thing)}
    return Status(**given, asserted_by=agent.name)


@dataclass(frozen=True, slots=True)
class FindingView:
    """What the shapes say to a thing."""

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    message: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """What the gate says."""

    conforms: bool
    findings: list[FindingView]


def report_view(report: Report | None, language: str) -> ReportView | None:
    """Report with messages in a language; None for none."""
    if report is None:
        return None
    return ReportView(
        report.conforms,
        [
            FindingView(f.severity, f.focus, f.path, f.value, f.shape, f.message(language))
            for f in report.findings
        ],
    )


@dataclass(frozen=True, slots=True)
class ProposalItem:
    """A proposal in a list; ``revision`` is what it has become."""

    number: int
    title: str
    author: str
    source: str
    state: str
    base: int
    created: str
    updated: str
    revision: int | None
    version: int


def item(proposal: Proposal) -> ProposalItem:
    """A proposal as it is listed."""
    return ProposalItem(**asdict(proposal))


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a proposal."""

    at: str
    agent: str
    act: str
    text: str
    about: str | None


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """What a proposal makes of a graph, as N-Triples lines."""

    graph: str
    added: list[str]
    removed: list[str]
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Triples that were changed on both sides; ``ours`` is the proposal.

    ``name`` is what it is chosen by at a rebase; ``language`` is that of texts.
    """

    name: str
    graph: str
    subject: str
    predicate: str
    language: str
    base: list[str]
    ours: list[str]
    theirs: list[str]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A tagging or mapping that a proposal brings."""

    iri: str
    kind: str
    graph: str
    subject: str
    predicate: str
    target: str
    method: str
    confidence: float
    author: str
    state: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A proposal after an act, with what the gate says."""

    proposal: ProposalItem
    report: ReportView | None


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    """A proposal with its story; ``moved`` are graphs that others have changed since."""

    proposal: ProposalItem
    graphs: list[str]
    moved: list[str]
    events: list[EventView]
    report: ReportView | None


@dataclass(frozen=True, slots=True)
class ProposalDiff:
    """What a proposal changes, and what stands against it."""

    differences: list[DifferenceView]
    conflicts: list[ConflictView]


@dataclass(frozen=True, slots=True)
class PublishedView:
    """What a proposal has become."""

    proposal: ProposalItem
    revision: int | None
    changed: list[str]


def views(kind: type[T], values: Iterable[Any]) -> list[T]:
    """Values of the story as those of the API, member by member."""
    names = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    return [kind(**{name: _listed(getattr(value, name)) for name in names}) for value in values]


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
