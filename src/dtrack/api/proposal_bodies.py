"""Bodies of requests about proposals: what is sent, and what that proposes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date as calendar_day
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Request
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from dtrack.api.bodies import body_of, media_type_of
from dtrack.api.context import service_of
from dtrack.api.handed import handed_in
from dtrack.api.problems import HttpProblem
from dtrack.curate import assertions
from dtrack.curate.acts import Agent
from dtrack.curate.adding import Additions, Place, place_of
from dtrack.curate.handing_in import graphs_of
from dtrack.curate.stating import add_to_own_set
from dtrack.errors import InputError, ParameterError
from dtrack.wiring.serving import Service

T = TypeVar("T")

JSON = "application/json"
_CLOSED = ConfigDict(extra="forbid")
"""Members that are misspelt are told."""
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=12, decimal_places=10)]
"""A number from 0 to 1."""


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

    __pydantic_config__ = _CLOSED

    thing: str
    axis: Literal["legal-force", "implementation", "review"]
    value: Annotated[str, "a code of the axis"]
    since: str
    evidence: str
    until: str = ""
    evidence_type: str = "document"
    note: str = ""


@dataclass(frozen=True, slots=True)
class TaggingBody:
    """A target or theme that a text or provision is about, accepted by hand.

    ``thing`` is a key, symbol or IRI of the text or provision, ``tag`` a key,
    name or IRI of the target or theme; ``confidence`` is from 0 to 1.
    """

    __pydantic_config__ = _CLOSED

    thing: str
    tag: str
    confidence: Share = Decimal(1)
    note: str = ""


@dataclass(frozen=True, slots=True)
class MappingBody:
    """How two targets or themes correspond; it joins the mapping set of whoever sends it.

    ``subject`` and ``object`` are keys, names or IRIs; ``confidence`` is from 0 to
    1, ``date`` the day of the judgement, today without one.
    """

    __pydantic_config__ = _CLOSED

    subject: str
    predicate: Literal[
        "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "succeededBy"
    ]
    object: str
    strength: Literal["high", "medium", "low"]
    confidence: Share
    justification: Literal[
        "ManualMappingCuration", "LexicalMatching", "SemanticSimilarityThresholdMatching",
        "LogicalReasoning", "CompositeMatching", "UnspecifiedMatching", "MappingReview",
    ] = "ManualMappingCuration"  # fmt: skip
    date: calendar_day | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProposalBody:
    """What is proposed: graphs by IRI (null = withdraw), a status, a tagging, a mapping."""

    title: str | None = None
    text: str = ""
    graphs: Mapping[str, GraphBody | None] = field(default_factory=dict)
    status: StatusBody | None = None
    tagging: TaggingBody | None = None
    mapping: MappingBody | None = None
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
    schema = TypeAdapter(kind).json_schema(ref_template="{model}")
    named = schema.pop("$defs", {})
    content: dict[str, Any] = {JSON: {"schema": _whole(schema, named)}}
    content |= {name: {"schema": {"type": "string"}} for name in media_types}
    return {"requestBody": {"content": content}}


def _whole(schema: Any, named: Mapping[str, Any]) -> Any:
    """Schema with what it refers to in its place; none of ours refers to itself."""
    if isinstance(schema, list):
        return [_whole(each, named) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _whole(named[schema["$ref"]], named)
    return {name: _whole(told, named) for name, told in schema.items()}


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
        stated = _stated(told, agent, _place(service)) if _states(told) else {}
        if both := sorted(stated.keys() & graphs.keys()):
            raise InputError(
                f"<{both[0]}> is handed in, and would gain a statement, too.",
                remedy="Put the statement into the graph, or make two proposals.",
            )
        return told, graphs | stated
    given = request.query_params
    name = given.get("name", "body").rsplit("/", 1)[-1]
    handed = [handed_in(service, body.media_type, name, body.body, given.get("graph"))]
    content = graphs_of(handed, lambda: _place(service))
    return ProposalBody(given.get("title"), given.get("text", "")), {**content}


def _place(service: Service) -> Place:
    return place_of(service.desk.curator, service.answers.names, service.store)


def _states(told: ProposalBody) -> bool:
    return any(each is not None for each in (told.status, told.tagging, told.mapping))


def _stated(told: ProposalBody, agent: Agent, place: Place) -> dict[str, bytes]:
    """Graphs with what is stated; what is stated already adds nothing."""
    reading = Additions(place)
    if told.status is not None:
        reading.add_status(_status(told.status, agent, place))
    if told.tagging is not None:
        reading.add_tagging(_tagging(told.tagging, agent, place))
    if told.mapping is not None:
        add_to_own_set(reading, _mapping(told.mapping, agent, place))
    return reading.graphs()


def _status(body: StatusBody, agent: Agent, place: Place) -> assertions.Status:
    if not body.evidence:
        raise InputError("A status needs evidence.", remedy="Give the page that bears it out.")
    given = asdict(body) | {"thing": place.finder.thing(body.thing)}
    return assertions.Status(**given, asserted_by=agent.name)


def _tagging(body: TaggingBody, agent: Agent, place: Place) -> assertions.Tagging:
    thing, tag = place.finder.thing(body.thing), place.finder.item(body.tag)
    confidence, note = f"{body.confidence:f}", _in_one_line(body.note)
    return assertions.Tagging(thing, tag, "manual", confidence, agent.name, "accepted", note)


def _mapping(body: MappingBody, agent: Agent, place: Place) -> assertions.Mapping:
    subject, object_ = place.finder.item(body.subject), place.finder.item(body.object)
    if subject == object_:
        raise InputError("A mapping joins two different things.", remedy="Name another object.")
    day = place.day if body.date is None else body.date.isoformat()
    return assertions.Mapping(
        subject, body.predicate, object_, body.justification, f"{body.confidence:f}", agent.name,
        body.strength, day, _in_one_line(body.note),
    )  # fmt: skip


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
