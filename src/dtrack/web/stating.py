"""Forms of the desk: a status with its evidence, a target or theme of a text, a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dtrack.answer.lookup import labels, wordings
from dtrack.api import texts
from dtrack.api.bodies import form_of
from dtrack.api.context import service_of
from dtrack.api.proposing import desk_of
from dtrack.curate.adding import Place, place_of
from dtrack.curate.checking import check
from dtrack.curate.sheets import notations
from dtrack.curate.stating import (
    FIELDS,
    JUSTIFICATIONS,
    PREDICATES,
    Stated,
    state_mapping,
    state_status,
    state_tagging,
    statuses,
)
from dtrack.errors import DtrackError
from dtrack.model import Report, Severity
from dtrack.terms import BASE, CODES, DT, SDG, SEMAPV, SKOS
from dtrack.web.aims import aims_in
from dtrack.web.asking import Row, named, rows
from dtrack.web.coded import codes_in
from dtrack.web.entering import ask_for_key
from dtrack.web.faults import Said, told
from dtrack.web.navigation import Step
from dtrack.web.remembering import remembered
from dtrack.web.rendering import page_language, render
from dtrack.web.sessions import acts, session_of
from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dtrack.curate.acts import Agent
    from dtrack.web.coded import Codes
    from dtrack.wiring.serving import Service

router = APIRouter(prefix="/desk")

_KEYED: Final = tuple(
    f"{BASE}/id/{kind}/" for kind in ("provision", "decision", "resolution", "recommendation")
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: what its address gives, how it is read, what stands in its fields at first."""

    about: str
    read: Callable[[Mapping[str, str], Place, str], Stated]
    first: dict[str, str]


FORMS: Final = {
    "status": Form("thing", state_status, {"evidence_type": "document"}),
    "tagging": Form("thing", state_tagging, {"confidence": "1"}),
    "mapping": Form("subject", state_mapping, {"justification": "ManualMappingCuration"}),
}


def _kind(request: Request) -> str:
    return request.url.path.rpartition("/")[2]


@router.get("/status")
@router.get("/tagging")
@router.get("/mapping")
def empty(request: Request) -> Response:
    """A form, about the thing that the address names."""
    form = FORMS[_kind(request)]
    given = request.query_params.get(form.about, "")[:2000]
    return _page(request, form.first | {form.about: key_of(given)}, Said())


@router.post("/status")
@router.post("/tagging")
@router.post("/mapping")
async def state(request: Request) -> Response:
    """Make a draft of what a form states, or give it back with what is wrong in it."""
    typed = dict(await form_of(request))
    agent = acts(request, typed, "propose")
    return await run_sync(partial(_answer, request, typed, agent))


def _answer(request: Request, typed: dict[str, str], agent: Agent) -> Response:
    language = page_language(request)
    service = service_of(request)
    place = place_of(service.desk.curator, service.answers.names, service.store)
    try:
        stated = FORMS[_kind(request)].read(typed, place, agent.name)
        if stated.faults:
            return _page(request, typed, told(stated.faults, language))
        report = check(service.desk.curator, stated.graphs)
        if not report.conforms:
            return _page(request, typed, _refused(report, language))
        title = typed.get("title", "").strip() or stated.title
        draft = desk_of(request).propose(
            agent, title, {**stated.graphs}, text=typed.get("words", "")
        )
    except DtrackError as error:
        return _page(request, typed, Said([str(error)], status=error.status, english=True))
    kept = f"?lang={language}" if request.query_params.get("lang") else ""
    return RedirectResponse(f"/desk/{draft.proposal.number}{kept}", 303)


def _refused(report: Report, language: str) -> Said:
    """Messages of the shapes, beside the fields that they are about."""
    said = Said([words()[language]["form_refused"]], status=422)
    for finding in report.findings:
        if finding.severity is not Severity.VIOLATION:
            continue
        message = finding.message(language)
        name = FIELDS.get(finding.path)
        if name:
            said.beside.setdefault(name, []).append(message)
        else:
            said.general.append(f"{message} ({finding.focus})")
    return said


def key_of(iri: str) -> str:
    """What a field takes for a thing: its key where that says it all, else its IRI."""
    for home in _KEYED:
        if iri.startswith(home):
            return iri[len(home) :]
    if iri.startswith(SDG):
        return f"sdg-{iri[len(SDG) :]}"
    for home in (f"{BASE}/id/target/", f"{BASE}/id/goal/", f"{CODES}/theme/"):
        if iri.startswith(home):
            return iri[len(home) :]
    return iri


def _page(request: Request, typed: Mapping[str, str], said: Said) -> Response:
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    kind, language = _kind(request), page_language(request)
    service = service_of(request)
    t = words()[language]
    return render(
        request, "state.html", said.status, [Step(t["desk"], "/desk")],
        session=session, said=said, kind=kind, kinds=list(FORMS), typed=typed,
        options=_options(service, kind, language),
        **_about(service, kind, typed, language),
    )  # fmt: skip


def _options(service: Service, kind: str, language: str) -> dict[str, Any]:
    """What can be chosen in the fields of a form."""
    code, t = codes_in(service, language), words()[language]
    if kind == "status":
        return {
            "status": {
                code("status-axis", axis): [(f"{axis}/{key}", code(axis, key)) for key in keys]
                for axis, keys in statuses().items()
            },
            "evidence_type": _coded(code, "evidence-type"),
        }
    tags = remembered(service, ("tags", language), partial(_tags, service, language))
    if kind == "tagging":
        return {"tags": tags}
    return {
        "tags": tags,
        "predicate": [(name, t[f"relation_{name}"]) for name in PREDICATES],
        "justification": [(name, code.of(f"{SEMAPV}{name}")) for name in JUSTIFICATIONS],
        "strength": _coded(code, "strength"),
    }


def _coded(code: Codes, scheme: str) -> list[tuple[str, str]]:
    return [(key, code(scheme, key)) for key in notations(scheme)]


def _tags(service: Service, language: str) -> list[tuple[str, str]]:
    """Targets, goals and themes, by what a field takes for them, with their labels."""
    found = service.store.select(
        f"""PREFIX dt: <{DT}>
        PREFIX skos: <{SKOS}>
        SELECT DISTINCT ?thing WHERE {{
          {{ VALUES ?class {{ dt:Target dt:Goal }} ?thing a ?class }}
          UNION {{ ?thing skos:inScheme <{CODES}/theme> }}
        }} ORDER BY ?thing"""
    )
    names = labels(service.store, [row["thing"] for row in found.texts()], language)
    aim = aims_in(service, language)
    return [(key_of(iri), aim(iri, label)) for iri, label in names.items() if key_of(iri) != iri]


def _about(service: Service, kind: str, typed: Mapping[str, str], language: str) -> dict[str, Any]:
    """What a form is about, as far as it is known: names, words, what is stated already."""
    empty_: dict[str, Any] = {
        "thing": None, "wording": None, "parts": [], "held": [], "names": {},
    }  # fmt: skip
    text = typed.get(FORMS[kind].about, "").strip()
    if not text:
        return empty_
    place = place_of(service.desk.curator, service.answers.names, service.store)
    try:
        iri = place.finder.item(text) if kind == "mapping" else place.finder.thing(text)
    except DtrackError:
        return empty_
    if kind == "mapping":
        held = rows(service, "mappings_of", thing=iri)
        ends = [iri, *(row[c] for row in held for c in ("other", "framework"))]
        names = named(service, ends, language)
        return empty_ | {"thing": names[iri], "held": held, "names": names}
    wording = wordings(service.store, [iri], language).get(iri)
    whole = wording.text if wording else iri
    held = [row for row in rows(service, "statuses_of", text=whole) if row["thing"] == iri]
    return {
        "thing": named(service, [iri], language)[iri],
        "wording": wording,
        "parts": _parts(service, whole, language),
        "held": held if kind == "status" else [],
        "names": {},
    }


def _parts(service: Service, whole: str, language: str) -> list[Row]:
    """A text and its provisions, by what a field takes for them."""
    try:
        view = texts.detail(service, whole, language)
    except DtrackError:
        return []
    return [
        {"key": key_of(whole), "says": view.label},
        *({"key": key_of(each.iri), "says": f"{each.number} {each.summary or ''}"[:160]}
          for each in view.provisions),
    ]  # fmt: skip
