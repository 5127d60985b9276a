"""The desk: proposals handed in, looked at, reviewed by somebody else, published, taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dtrack.answer.lookup import labels
from dtrack.api.bodies import form_of, form_parts_of
from dtrack.api.context import service_of
from dtrack.api.proposing import desk_of, report_view
from dtrack.curate.acts import ACTS, STATES, Agent
from dtrack.curate.adding import place_of
from dtrack.curate.candidates import Selection
from dtrack.curate.handing_in import MEDIA_TYPES, Handed, graphs_of
from dtrack.curate.merging import Choice
from dtrack.curate.proposing import Proposing
from dtrack.curate.returning import revert
from dtrack.errors import ConflictError, DtrackError, InputError, NotConformingError
from dtrack.sources.spreadsheet import SheetProblem
from dtrack.web.differing import readable
from dtrack.web.disputed import choices_in, disputed
from dtrack.web.entering import ask_for_key, way_back
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.sessions import Session, acts, session_of, sign_in, sign_out
from dtrack.web.texts import words

router = APIRouter(prefix="/desk")

MOST_LISTED = 200
_REVIEWS = ("approve", "request-changes", "reject", "comment")
_PLAIN = ("submit", "rebase", "publish")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What the form for a proposal brought, to be shown again when it cannot be read."""

    title: str = ""
    text: str = ""
    content: str = ""


@router.get("")
def proposals(request: Request) -> Response:
    """Proposals by state for who is signed in; else the form to sign in."""
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    found = desk_of(request).proposals.listed(None, None, MOST_LISTED)
    by_state = {state: [one for one in found if one.state == state] for state in STATES}
    return render(request, "desk.html", session=session, by_state=by_state, total=len(found))


@router.post("/sign-in")
async def enter(request: Request) -> Response:
    """Sign in with a key."""
    fields = dict(await form_of(request))
    back = way_back(fields.get("back", ""))
    response = RedirectResponse(_kept(request, back) if back == "/desk" else back, 303)
    try:
        sign_in(request, response, fields.get("key", "").strip())
    except DtrackError as error:
        return ask_for_key(request, error.message, error.status, back)
    return response


@router.post("/sign-out")
def leave(request: Request) -> Response:
    """Forget the key."""
    response = RedirectResponse(_kept(request, "/desk"), 303)
    sign_out(response)
    return response


@router.get("/new")
def new(request: Request) -> Response:
    """Form for a proposal."""
    return _form(request, HandedIn())


@router.post("/new")
async def propose(request: Request) -> Response:
    """Make a proposal of RDF that is pasted, or of a file: RDF, or a spreadsheet by template."""
    parts = await form_parts_of(request)
    fields = {
        part.name: part.content.decode(errors="replace") for part in parts if not part.file_name
    }
    agent = acts(request, fields, "propose")
    service = service_of(request)
    handed = [
        Handed(part.file_name or "pasted.ttl", part.content)
        for part in parts
        if part.name in {"content", "file"} and part.content.strip()
    ]
    kept = HandedIn(fields.get("title", ""), fields.get("text", ""), fields.get("content", ""))
    try:
        if not handed:
            raise InputError("There is nothing to propose.", remedy="Paste it, or choose a file.")
        graphs = graphs_of(
            handed, lambda: place_of(service.desk.curator, service.answers.names, service.store)
        )
        draft = desk_of(request).propose(agent, kept.title, {**graphs}, text=kept.text)
    except SheetProblem as problem:
        return _form(request, kept, [str(fault) for fault in problem.faults])
    except InputError as error:
        return _form(request, kept, [str(error)])
    return RedirectResponse(_kept(request, f"/desk/{draft.proposal.number}"), 303)


def _form(request: Request, kept: HandedIn, faults: list[str] | None = None) -> Response:
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    return render(
        request, "propose.html", 400 if faults else 200, _way(request), session=session, kept=kept,
        faults=faults or [], endings=sorted(set(MEDIA_TYPES.values())),
    )  # fmt: skip


@router.get("/{number}")
def proposal(number: int, request: Request) -> Response:
    """A proposal: what it changes, what the rules say to it, its story, what can be done."""
    return _shown(request, number)


def _shown(
    request: Request,
    number: int,
    fault: str = "",
    status: int = 200,
    chosen: dict[str, Choice] | None = None,
    *,
    unsettled: bool = False,
) -> Response:
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    language = page_language(request)
    service = service_of(request)
    view = desk_of(request).view(number)
    return render(
        request,
        "proposal.html",
        status,
        _way(request),
        session=session,
        proposal=view.proposal,
        differences=[
            (
                one,
                readable(
                    service,
                    one.added,
                    one.removed,
                    language,
                    published=view.proposal.state == "published",
                ),
            )
            for one in view.differences
        ],
        conflicts=disputed(service, view.conflicts, language, chosen),
        candidates=view.candidates,
        targets=labels(service.store, (each.target for each in view.candidates), language),
        events=view.events,
        report=report_view(view.report, language),
        possible=_possible(session, view.proposal.state),
        fault=fault,
        unsettled=unsettled,
    )


def _possible(session: Session, state: str) -> list[str]:
    """Acts that the key allows and the state is for."""
    return [
        name for name, act in ACTS.items() if state in act.states and session.agent.may(*act.scopes)
    ]


@router.post("/{number}")
async def act(number: int, request: Request) -> Response:
    """Do something to a proposal; what cannot be done is said on its page."""
    pairs = await form_of(request)
    fields = dict(pairs)
    name = fields.get("act", "")
    if name not in {*_REVIEWS, *_PLAIN, "decide", "revert"}:
        raise InputError(f"There is no act '{name[:40]}'.", remedy="Use the buttons of the page.")
    scopes = ("publish",) if name == "revert" else ACTS[name].scopes
    agent = acts(request, fields, *scopes)
    try:
        _do(request, number, agent, name, pairs)
    except NotConformingError as error:
        return _shown(request, number, error.message, 422)
    except ConflictError as error:
        # What is open is told by the form for it, in the words of its language.
        open_ = name == "rebase" and bool(error.difference)
        told = "" if open_ else f"{error.message} {error.remedy}"
        return _shown(request, number, told, error.status, choices_in(pairs), unsettled=open_)
    except DtrackError as error:
        return _shown(request, number, f"{error.message} {error.remedy or ''}", error.status)
    return RedirectResponse(_kept(request, f"/desk/{number}"), 303)


def _do(
    request: Request, number: int, agent: Agent, name: str, pairs: list[tuple[str, str]]
) -> None:
    fields = dict(pairs)
    desk = desk_of(request)
    version = int(fields["version"]) if fields.get("version", "").isdigit() else None
    text = fields.get("text", "")
    if name == "revert":
        _revert(request, desk, number, agent, text)
    elif name == "decide":
        chosen = Selection(
            accept=tuple(iri for key, iri in pairs if key == "accept"),
            refuse=tuple(iri for key, iri in pairs if key == "refuse"),
        )
        desk.decide(number, agent, chosen, version)
    elif name == "rebase":
        desk.rebase(number, agent, choices_in(pairs), version)
    else:
        _acts(desk)[name](number, agent, text, version)


def _acts(desk: Proposing) -> dict[str, Callable[[int, Agent, str, int | None], Any]]:
    return {
        "submit": lambda number, agent, _, version: desk.submit(number, agent, version),
        "publish": lambda number, agent, _, version: desk.publish(number, agent, version),
        "comment": lambda number, agent, text, _: desk.comment(number, agent, text),
        "approve": desk.approve,
        "request-changes": desk.request_changes,
        "reject": desk.reject,
    }


def _revert(request: Request, desk: Proposing, number: int, agent: Agent, text: str) -> None:
    """Take back what a proposal published, by a new revision."""
    found = desk.proposals.get(number)
    if found.revision is None:
        raise InputError("Nothing was published.", remedy="Only what is published is taken back.")
    service = service_of(request)
    reason = text.strip() or f"Take back proposal {number}"
    try:
        revert(service.desk.curator, found.revision, agent.name, reason, "http")
    finally:
        service.desk.refresh()


def _kept(request: Request, address: str) -> str:
    """Address with the language that was chosen in this one."""
    language = request.query_params.get("lang")
    return f"{address}?lang={page_language(request)}" if language else address


def _way(request: Request) -> list[Step]:
    return [Step(words()[page_language(request)]["desk"], "/desk")]
