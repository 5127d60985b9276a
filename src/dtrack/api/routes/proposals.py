"""``/api/v1/proposals``: written, reviewed by somebody else, published as one revision."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from dtrack.api.context import LanguageOf
from dtrack.api.paging import Page, PageOf, encode_cursor, link_next, next_address
from dtrack.api.problems import answered
from dtrack.api.proposal_bodies import (
    ChoiceBody,
    ProposalBody,
    SelectionBody,
    SentOf,
    WordsBody,
    proposed_by,
    read_json,
    takes,
)
from dtrack.api.proposing import (
    CandidateView,
    ConflictView,
    DeskOf,
    DifferenceView,
    DraftView,
    EventView,
    ProposalDetail,
    ProposalDiff,
    ProposalItem,
    PublishedView,
    VersionOf,
    acting,
    item,
    report_view,
    tag,
    views,
)
from dtrack.curate.acts import Agent
from dtrack.curate.candidates import Selection
from dtrack.curate.handing_in import MEDIA_TYPES
from dtrack.curate.proposed import Draft
from dtrack.errors import ParameterError
from dtrack.journal.proposals import Proposal

router = APIRouter(
    prefix="/api/v1/proposals",
    tags=["Proposals"],
    responses={409: answered("Not possible in this state")},
)

_Author = Annotated[Agent, Depends(acting("propose"))]
_Writer = Annotated[Agent, Depends(acting("propose", "review"))]
_Reviewer = Annotated[Agent, Depends(acting("review"))]
_Publisher = Annotated[Agent, Depends(acting("publish"))]
_Anyone = Annotated[Agent, Depends(acting("propose", "review", "publish"))]
_GRAPHS = takes(ProposalBody, *MEDIA_TYPES)
_WORDS = takes(WordsBody)
_Title = Annotated[str | None, Query(description="Title, where the body is no JSON")]
_Text = Annotated[str | None, Query(description="What reviewers should know, likewise")]
_Graph = Annotated[str | None, Query(description="Graph that the body is, where it does not say")]
_Name = Annotated[str | None, Query(description="Name of the file, for messages")]


@dataclass(frozen=True, slots=True)
class _Act:
    """An act on a proposal, with the words that go with it."""

    number: int
    text: str
    version: int | None
    response: Response

    def done(self, proposal: Proposal) -> ProposalItem:
        """Answer of the act."""
        return _tagged(self.response, proposal)


def _act(number: int, response: Response, version: VersionOf, body: SentOf) -> _Act:
    return _Act(number, read_json(body, WordsBody).text, version, response)


_ActOf = Annotated[_Act, Depends(_act)]


@router.get("", summary="Proposals, latest first")
def get_proposals(
    request: Request,
    response: Response,
    desk: DeskOf,
    wanted: PageOf,
    state: Annotated[
        Literal["draft", "submitted", "changes-requested", "approved", "published", "rejected"]
        | None,
        Query(description="Only those in this state"),
    ] = None,
) -> Page[ProposalItem]:
    """All proposals, or those in a state."""
    if wanted.after and not wanted.after.isdigit():
        raise ParameterError("The cursor is none of this list.", remedy="Take it from 'next'.")
    before = int(wanted.after) if wanted.after else None
    found = desk.proposals.listed(state, before, wanted.limit + 1)
    address = None
    if len(found) > wanted.limit:
        last = found[wanted.limit - 1].number
        address = next_address(request, cursor=encode_cursor(str(last)))
    link_next(response, address)
    return Page([item(proposal) for proposal in found[: wanted.limit]], address)


@router.post("", summary="Propose graphs, a withdrawal, a statement or a spreadsheet",
             status_code=201, openapi_extra=_GRAPHS)  # fmt: skip
def post_proposal(
    agent: _Author,
    request: Request,
    response: Response,
    desk: DeskOf,
    body: SentOf,
    language: LanguageOf,
    title: _Title = None,
    text: _Text = None,
    graph: _Graph = None,
    name: _Name = None,
) -> DraftView:
    """Make a draft. Nothing changes before it is published.

    JSON names title, text and graphs, or states a status, a tagging, a mapping,
    as the forms of the desk do; RDF and spreadsheets come as they are.
    """
    del text, graph, name
    told, graphs = proposed_by(request, body, agent)
    draft = desk.propose(agent, told.title or title or "", graphs, text=told.text)
    response.headers["Location"] = f"/api/v1/proposals/{draft.proposal.number}"
    return _draft(response, draft, language)


@router.get("/{number}", summary="A proposal with its story")
def get_proposal(
    number: int, response: Response, desk: DeskOf, language: LanguageOf
) -> ProposalDetail:
    """A proposal: what happened to it, and what the gate says to it now."""
    view = desk.view(number)
    tag(response, view.proposal)
    return ProposalDetail(
        item(view.proposal),
        [difference.graph for difference in view.differences],
        list(view.moved),
        views(EventView, view.events),
        report_view(view.report, language),
    )


@router.get("/{number}/diff", summary="What a proposal changes, and what stands against it")
def get_diff(number: int, desk: DeskOf) -> ProposalDiff:
    """Added and removed triples by graph; conflicts with what others have published since."""
    view = desk.view(number)
    return ProposalDiff(
        views(DifferenceView, view.differences), views(ConflictView, view.conflicts)
    )


@router.put("/{number}/graphs", summary="Hand in graphs again", openapi_extra=_GRAPHS)
def put_graphs(
    number: int,
    agent: _Writer,
    request: Request,
    response: Response,
    desk: DeskOf,
    version: VersionOf,
    body: SentOf,
    language: LanguageOf,
    title: _Title = None,
    text: _Text = None,
    graph: _Graph = None,
    name: _Name = None,
) -> DraftView:
    """Replace or add graphs of a draft; they are written against what is published now."""
    del text, graph, name
    told, graphs = proposed_by(request, body, agent)
    draft = desk.edit(
        number, agent, graphs, drop=told.drop, title=told.title or title, text=told.text,
        version=version,
    )  # fmt: skip
    return _draft(response, draft, language)


@router.post("/{number}/submit", summary="Hand a draft to the reviewers")
def post_submit(
    number: int, agent: _Writer, response: Response, desk: DeskOf, version: VersionOf,
    language: LanguageOf,
) -> DraftView:  # fmt: skip
    """Submit; what does not conform is refused with the report."""
    return _draft(response, desk.submit(number, agent, version), language)


@router.post("/{number}/comments", summary="Comment", openapi_extra=_WORDS)
def post_comment(
    number: int, agent: _Writer, response: Response, desk: DeskOf, body: SentOf
) -> ProposalItem:
    """Say something, about an IRI where one is given."""
    words = read_json(body, WordsBody)
    return _tagged(response, desk.comment(number, agent, words.text, words.about))


@router.post("/{number}/approve", summary="Approve what somebody else has written",
             openapi_extra=_WORDS)  # fmt: skip
def post_approve(agent: _Reviewer, act: _ActOf, desk: DeskOf) -> ProposalItem:
    """Approve; who contributed to it cannot."""
    return act.done(desk.approve(act.number, agent, act.text, act.version))


@router.post("/{number}/request-changes", summary="Give it back", openapi_extra=_WORDS)
def post_request_changes(agent: _Reviewer, act: _ActOf, desk: DeskOf) -> ProposalItem:
    """Give a proposal back to its author, and say what to change."""
    return act.done(desk.request_changes(act.number, agent, act.text, act.version))


@router.post("/{number}/reject", summary="End it without publishing", openapi_extra=_WORDS)
def post_reject(agent: _Writer, act: _ActOf, desk: DeskOf) -> ProposalItem:
    """End a proposal and say why: reviewers any, authors their own."""
    return act.done(desk.reject(act.number, agent, act.text, act.version))


@router.post("/{number}/rebase", summary="Bring in what others have published meanwhile",
             openapi_extra=takes(ChoiceBody))  # fmt: skip
def post_rebase(
    number: int, agent: _Anyone, response: Response, desk: DeskOf, version: VersionOf,
    body: SentOf, language: LanguageOf,
) -> DraftView:  # fmt: skip
    """Rebase; conflicts are told triple by triple, and settled by choice or by a new graph."""
    choices = dict(read_json(body, ChoiceBody).choose)
    return _draft(response, desk.rebase(number, agent, choices, version), language)


@router.post("/{number}/publish", summary="Make an approved proposal one revision")
def post_publish(
    number: int, agent: _Publisher, response: Response, desk: DeskOf, version: VersionOf
) -> PublishedView:
    """Publish; refused when others have changed its graphs, or when it does not conform."""
    receipt = desk.publish(number, agent, version)
    proposal = desk.proposals.get(number)
    return PublishedView(_tagged(response, proposal), receipt.revision, list(receipt.changed))


@router.get("/{number}/candidates", summary="Taggings and mappings that it brings")
def get_candidates(number: int, desk: DeskOf) -> list[CandidateView]:
    """Taggings and mappings to accept or refuse, with method and confidence."""
    return views(CandidateView, desk.candidates(number))


@router.post("/{number}/candidates", summary="Accept and refuse taggings and mappings",
             openapi_extra=takes(SelectionBody))  # fmt: skip
def post_candidates(
    number: int, agent: _Reviewer, desk: DeskOf, version: VersionOf, body: SentOf
) -> list[CandidateView]:
    """Decide one by one, or by confidence, method and target; what was decided is answered."""
    wanted = read_json(body, SelectionBody)
    selection = Selection(**_members(wanted))
    return views(CandidateView, desk.decide(number, agent, selection, version))


def _members(value: SelectionBody) -> dict[str, Any]:
    return {name: getattr(value, name) for name in SelectionBody.__dataclass_fields__}


def _tagged(response: Response, proposal: Proposal) -> ProposalItem:
    tag(response, proposal)
    return item(proposal)


def _draft(response: Response, draft: Draft, language: str) -> DraftView:
    tag(response, draft.proposal)
    return DraftView(item(draft.proposal), report_view(draft.report, language))
