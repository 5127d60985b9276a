"""Harvests at the desk: what is read from whom and how that goes; administrators change it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dtrack.api.bodies import form_of
from dtrack.api.context import service_of
from dtrack.curate.harvests import KINDS, duration, is_fetched, is_name, kind_of, wanted
from dtrack.curate.harvests.showing import (
    ASIDE,
    compare_offer,
    list_harvests,
    report_harvest,
)
from dtrack.curate.texts.correcting import Fault
from dtrack.errors import DtrackError, InputError
from dtrack.journal import timestamp
from dtrack.journal.harvests import Harvests
from dtrack.web.differing import readable
from dtrack.web.entering import ask_for_key
from dtrack.web.faults import Said, told
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.sessions import acts, session_of
from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.wiring.serving import Service

router = APIRouter(prefix="/desk/harvests")

_FIRST: Final = {"every": "1h"}
_QUERIES: Final = ("graphs", "construct", "graph")
_MOST: Final = 50
"""Records of each standing on a page; the command and the API give more."""
_NOTED: Final = {
    "run": "run-harvest", "pause": "paused-harvest", "resume": "active-harvest",
    "remove": "remove-harvest",
}  # fmt: skip
"""Acts as the audit log calls them, whichever way they came."""


@router.get("")
def harvests(request: Request) -> Response:
    """All harvests, how each goes, and a form for another."""
    return _listed(request, _FIRST, Said())


@router.post("")
async def add(request: Request) -> Response:
    """Set a harvest up, or give the form back with what is wrong in it."""
    typed = dict(await form_of(request))
    agent = acts(request, typed, "admin")
    return await run_sync(partial(_add, request, typed, agent.name))


def _add(request: Request, typed: dict[str, str], agent: str) -> Response:
    typed = {name: value.strip() for name, value in typed.items()}
    journal = service_of(request).journal
    faults = list(_faults(typed, {each.name for each in Harvests(journal).listed()}))
    if faults:
        return _listed(request, typed, told(faults, page_language(request)))
    name, url = typed["name"], typed["url"]
    try:
        made = wanted(
            name,
            url,
            agent,
            kind=typed.get("kind", ""),
            every=typed.get("every", ""),
            only=typed.get("only", "").split(),
            **{query: typed.get(query, "") for query in _QUERIES},
        )
        Harvests(journal).add(made)
    except InputError as error:
        return _listed(request, typed, Said([str(error)], status=error.status, english=True))
    journal.note(agent, "http", "add-harvest", f"{name} {url.split('?', 1)[0]}", "done")
    service_of(request).desk.wake_harvests()
    return RedirectResponse(_kept(request, f"/desk/harvests/{name}"), 303)


def _faults(typed: Mapping[str, str], taken: set[str]) -> Iterator[Fault]:
    """What cannot be read of the fields, field by field."""
    name, url, every = (typed.get(field, "") for field in ("name", "url", "every"))
    if not is_name(name):
        yield Fault("name", "harvest_name" if name else "missing", name)
    elif name in taken:
        yield Fault("name", "harvest_taken", name)
    if not is_fetched(url):
        yield Fault("url", "page" if url else "missing", url)
    elif (typed.get("kind") or kind_of(url)) not in KINDS:
        yield Fault("kind", "harvest_kind", "")
    try:
        duration(every)
    except InputError:
        yield Fault("every", "harvest_every" if every else "missing", every)


@router.get("/{name}")
def harvest(name: str, request: Request) -> Response:
    """A harvest: its last run, what was left aside and why, what can be done."""
    return _shown(request, name)


@router.get("/{name}/difference")
def difference(name: str, request: Request) -> Response:
    """What a record would lose and gain, were it as its origin tells it."""
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    service, language = service_of(request), page_language(request)
    graph = request.query_params.get("graph", "")
    found = compare_offer(service.journal, name, graph)
    return render(
        request, "harvest_difference.html", 200,
        [*_way(request), Step(name, f"/desk/harvests/{name}")],
        session=session, name=name, difference=found,
        things=readable(service, found.added, found.removed, language),
    )  # fmt: skip


@router.post("/{name}")
async def act(name: str, request: Request) -> Response:
    """Run a harvest now, let it rest or go on, or forget it."""
    fields = dict(await form_of(request))
    agent = acts(request, fields, "admin")
    return await run_sync(partial(_act, request, name, fields, agent.name))


def _act(request: Request, name: str, fields: dict[str, str], agent: str) -> Response:
    service, what = service_of(request), fields.get("act", "")
    try:
        if what == "remove" and fields.get("sure") != "yes":
            fault = words()[page_language(request)]["harvest_unsure"]
            return _shown(request, name, fault, 400)
        _do(service, name, what)
    except DtrackError as error:
        return _shown(request, name, str(error), error.status, english=True)
    service.journal.note(agent, "http", _NOTED[what], name, "done")
    place = "/desk/harvests" if what == "remove" else f"/desk/harvests/{name}"
    return RedirectResponse(_kept(request, place), 303)


def _do(service: Service, name: str, what: str) -> None:
    found = Harvests(service.journal)
    if what == "run":
        found.hasten(name)
    elif what in {"pause", "resume"}:
        found.set_state(name, "paused" if what == "pause" else "active")
    elif what == "remove":
        found.remove(name)
    else:
        raise InputError(f"There is no act '{what[:40]}'.", remedy="Use the buttons of the page.")
    service.desk.wake_harvests()


def _listed(request: Request, typed: Mapping[str, str], said: Said) -> Response:
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    service = service_of(request)
    desk = words()[page_language(request)]["desk"]
    answer = render(
        request, "harvests.html", said.status, [Step(desk, "/desk")],
        session=session, typed=typed, said=said, kinds=list(KINDS), now=timestamp(),
        harvests=list_harvests(service.journal), runs_here=service.desk.runs_harvests,
    )  # fmt: skip
    return _fresh(answer)


def _shown(
    request: Request, name: str, fault: str = "", status: int = 200, *, english: bool = False
) -> Response:
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    service = service_of(request)
    report = report_harvest(service.journal, name, limit=_MOST)
    answer = render(
        request, "harvest.html", status, _way(request), session=session,
        one=report.harvest, remarks=report.remarks, fault=fault, english=english, now=timestamp(),
        aside={s: [each for each in report.aside if each.standing == s] for s in ASIDE},
        runs_here=service.desk.runs_harvests, left=len(service.journal.heads_of_source(
            report.harvest.source)),
    )  # fmt: skip
    return _fresh(answer)


def _fresh(answer: Response) -> Response:
    """Runs change these pages without a revision, so no browser keeps them."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _kept(request: Request, address: str) -> str:
    """Address with the language that was chosen in this one."""
    language = request.query_params.get("lang")
    return f"{address}?lang={page_language(request)}" if language else address


def _way(request: Request) -> list[Step]:
    t = words()[page_language(request)]
    return [Step(t["desk"], "/desk"), Step(t["harvests"], "/desk/harvests")]
