"""Proposals over HTTP: who acts, and what is answered."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response

from dtrack.api.context import service_of
from dtrack.api.security import needs
from dtrack.curate.acts import Agent
from dtrack.curate.proposing import Proposing
from dtrack.errors import ConflictError
from dtrack.journal import Key
from dtrack.journal.proposals import Proposal
from dtrack.model import Report

T = TypeVar("T")

_TAG = re.compile(r'(?:W/)?"(\d+)-(\d+)[^"]*"')


def acting(*scopes: str) -> Callable[..., Agent]:
    """Dependency that gives who acts: a key with one of some scopes. Raises like needs()."""

    def agent(key: Annotated[Key, Depends(needs(*scopes))]) -> Agent:
        return agent_of(key)

    return agent


def agent_of(key: Key) -> Agent:
    """Who acts by a key."""
    return Agent(key.name, frozenset(key.scopes))


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
