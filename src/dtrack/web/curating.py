"""The desk for a text: pasted, read beside its source, corrected, and made a proposal.

Nothing is kept between two requests: the form carries the lines of the source
and all that was typed, and the server reads it anew.
"""

import json
import re
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from dtrack.api.bodies import FormPart, form_parts_of
from dtrack.api.context import service_of
from dtrack.api.proposing import desk_of
from dtrack.curate.acts import Agent
from dtrack.curate.texts.guiding import Guided
from dtrack.errors import DtrackError, InputError, NotConformingError
from dtrack.model import Report, Severity
from dtrack.sources.documents.lines import Line
from dtrack.web.curated import page_of
from dtrack.web.entering import ask_for_key
from dtrack.web.faults import Said, told
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.sessions import acts, session_of
from dtrack.web.texts import words
from dtrack.wiring.guiding import About, ReadText, TextDesk, lines_of, read_text, today
from dtrack.wiring.screening import learn_words

router = APIRouter(prefix="/desk/text")

MOST_FIELDS: Final = 20_000
_ABOUT: Final = ("instrument", "kind", "symbol", "meeting", "adopted")
_FIELDS_OF: Final = {
    "kind": "kind", "summary": "summary", "text": "summary", "verb": "verb", "addressee": "to",
    "deadline": "by", "deadlineText": "by", "deadlineMeeting": "by", "cited": "symbol",
    "citationRelation": "relation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form brought."""

    fields: dict[str, str] = field(default_factory=dict)
    data: bytes = b""
    name: str = ""

    @property
    def about(self) -> About:
        """What it says of the text."""
        return About(*(self.fields.get(name, "").strip() for name in _ABOUT))

    @property
    def read(self) -> bool:
        """Whether the text has been read, so that it is corrected now."""
        return "lines" in self.fields

    def lines(self) -> list[Line]:
        """Lines of the source. Raises InputError."""
        if not self.read:
            if not self.data.strip():
                raise InputError("There is no text.", remedy="Paste one, or choose a file.")
            return lines_of(self.data, self.name)
        try:
            return [
                Line(_clean(str(text)), int(number), int(page), bool(whole), _clean(str(style)))
                for text, number, page, whole, style in json.loads(self.fields["lines"])
            ]
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise InputError(
                "The lines of the source have been changed.", remedy="Paste the text again."
            ) from None


def _clean(text: str) -> str:
    """Text without halves of characters, which JSON can hold and nothing else."""
    return text.encode(errors="replace").decode()


@router.get("")
def start(request: Request) -> Response:
    """Form for a text."""
    page = _page(request, Typed(), None, Said())
    if session_of(request):
        page.background = BackgroundTask(learn_words)
    return page


@router.post("")
async def read_or_propose(request: Request) -> Response:
    """The text beside what was read from it; or, from that page, a proposal."""
    typed = _typed(await form_parts_of(request, MOST_FIELDS))
    agent = acts(request, typed.fields, "propose")
    return await run_sync(partial(_answer, request, typed, agent))


def _typed(parts: list[FormPart]) -> Typed:
    fields, data, name = {}, b"", ""
    for part in parts:
        if part.file_name:
            data, name = part.content, part.file_name.replace("\\", "/").rpartition("/")[2][:120]
        elif part.file_name is None:
            fields[part.name] = part.content.decode(errors="replace")
    if not data:
        # Surrogates cannot be stored; browsers send none.
        data, name = fields.get("content", "").encode(errors="replace"), "pasted.txt"
    return Typed(fields, data, fields.get("name", name)[:120] or name)


def _answer(request: Request, typed: Typed, agent: Agent) -> Response:
    try:
        read = read_text(typed.lines(), typed.about, typed.name)
    except DtrackError as error:
        return _page(request, typed, None, Said([str(error)], status=error.status, english=True))
    if not typed.read:
        return _page(request, typed, read, Said())
    desk = TextDesk(service_of(request).answers)
    done = desk.corrected(read.text, typed.fields)
    if done.faults:
        return _page(request, typed, read, told(done.faults, page_language(request)))
    guided = Guided(
        done.text, typed.name, today(), typed.fields.get("title", ""),
        typed.fields.get("note", ""), typed.fields, _verdicts(typed.fields),
        with_words="with-words" in typed.fields,
    )  # fmt: skip
    try:
        draft = desk.propose(desk_of(request), agent, guided)
    except NotConformingError as error:
        said = _beside(error.report, done.places, page_language(request))
        said.general.insert(0, words()[page_language(request)]["curate_refused"])
        return _page(request, typed, read, said)
    except DtrackError as error:
        return _page(request, typed, read, Said([str(error)], status=error.status, english=True))
    language = request.query_params.get("lang")
    kept = f"?lang={page_language(request)}" if language else ""
    return RedirectResponse(f"/desk/{draft.proposal.number}{kept}", 303)


def _verdicts(fields: dict[str, str]) -> dict[str, bool]:
    """Suggestions accepted and refused, by place and tag."""
    return {
        match[1]: value == "accept"
        for name, value in fields.items()
        if (match := re.fullmatch(r"tag\.(p\d+\.\S+)", name)) and value in {"accept", "refuse"}
    }


def _beside(report: object, places: dict[str, str], language: str) -> Said:
    """Messages of the shapes beside the fields that they are about."""
    said = Said(status=422)
    for finding in report.findings if isinstance(report, Report) else ():
        if finding.severity is not Severity.VIOLATION:
            continue
        place = places.get(finding.focus.partition("/id/")[2], "")
        message = finding.message(language)
        name = _FIELDS_OF.get(finding.path.rsplit("#", 1)[-1])
        if not place:
            said.general.append(f"{message} ({finding.focus})")
            continue
        # A directive or citation without a field for it says so at its first one.
        first = {"d": "verb", "c": "symbol"}.get(place.rpartition(".")[2][:1], "summary")
        said.beside.setdefault(f"{place}.{name or first}", []).append(message)
    return said


def _page(request: Request, typed: Typed, read: ReadText | None, said: Said) -> Response:
    session = session_of(request)
    if session is None:
        return ask_for_key(request)
    language = page_language(request)
    service = service_of(request)
    way = [Step(words()[language]["desk"], "/desk")]
    if read is None:
        values = page_of(service, language, typed.fields, None, None)
    else:
        desk = TextDesk(service.answers)
        values = page_of(service, language, typed.fields, read, desk)
    return render(
        request, "curate.html", said.status, way, session=session, said=said, name=typed.name,
        about=typed.about, content=typed.fields.get("content", ""), typed=typed, **values,
    )  # fmt: skip
