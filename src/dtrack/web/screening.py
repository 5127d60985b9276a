"""The page where a draft is screened: a form, and a report to print and to link."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask

from dtrack.answer.lookup import last_part
from dtrack.answer.views import Named
from dtrack.api.bodies import form_parts_of
from dtrack.api.context import ServiceOf, service_of
from dtrack.api.paging import rows_of
from dtrack.api.routes.screenings import NAMES, screened
from dtrack.errors import InputError, NotFoundError
from dtrack.screen import ScreeningView
from dtrack.screen.views import MatchView, relations_of, told_below
from dtrack.web.asking import named
from dtrack.web.filters import given
from dtrack.web.marking import Piece, shared_words
from dtrack.web.rendering import page_language, render
from dtrack.wiring.screening import learn_words
from dtrack.wiring.serving import Service

router = APIRouter()

MOST_IN_ADDRESS = 6000
"""Characters of a draft that an address can hold in every browser and proxy."""
MOST_MATCHES = 5


@dataclass(frozen=True, slots=True)
class Handed:
    """What a form brings: the draft, how it is read, and who will adopt it."""

    data: bytes = b""
    name: str = "draft.txt"
    instrument: str = ""

    @property
    def text(self) -> str:
        """The draft as it was pasted; "" for a document."""
        return self.data.decode(errors="replace") if self.name == "draft.txt" else ""


@router.get("/screen")
async def form(request: Request, service: ServiceOf) -> HTMLResponse:
    """Form for a draft; the report where the address holds one."""
    text = given(request, "text") or ""
    handed = Handed(text.encode(errors="replace"), instrument=given(request, "instrument") or "")
    if text:
        return await _report(request, handed)
    page = _page(request, service, handed)
    # While somebody pastes a draft, the words to read it by are learnt.
    page.background = BackgroundTask(learn_words)
    return page


@router.post("/screen")
async def screen(request: Request) -> HTMLResponse:
    """Report on the draft that the form brings."""
    found = Handed()
    for part in await form_parts_of(request):
        if part.name == "instrument":
            instrument = part.content.decode(errors="replace").strip()
            found = Handed(found.data, found.name, instrument)
        elif part.name == "draft" and part.content.strip():
            ending = (part.file_name or "draft.txt").rpartition(".")[2].lower()
            name = next((n for n in NAMES.values() if n.endswith(f".{ending}")), "draft.txt")
            found = Handed(part.content, name, found.instrument)
    return await _report(request, found)


async def _report(request: Request, handed: Handed) -> HTMLResponse:
    service = service_of(request)
    if not handed.data:
        return _page(request, service, handed, fault="empty")
    try:
        view = await screened(
            request, handed.data, handed.name, page_language(request), handed.instrument or None
        )
    except (InputError, NotFoundError) as error:
        said = f"{error.message} {error.remedy or ''}".strip()
        return _page(request, service, handed, fault=said)
    return _page(request, service, handed, view)


def _page(
    request: Request,
    service: Service,
    handed: Handed,
    view: ScreeningView | None = None,
    fault: str = "",
) -> HTMLResponse:
    language = page_language(request)
    address = ""
    if view and handed.text and len(handed.text) <= MOST_IN_ADDRESS:
        kept = {"text": handed.text, "instrument": handed.instrument, "lang": language}
        address = f"/screen?{urlencode({name: value for name, value in kept.items() if value})}"
    return render(
        request,
        "screen.html",
        400 if fault else 200,
        handed=handed,
        instruments=_instruments(service, language),
        chosen=last_part(handed.instrument) if handed.instrument else "",
        view=view,
        fault=fault,
        address=address,
        counts=relations_of(view.directives) if view else {},
        marked=_marked,
        told_below=told_below,
        most=MOST_MATCHES,
    )


def _instruments(service: Service, language: str) -> list[Named]:
    listed = rows_of(service, "instruments", {"count": "1000"})
    things = named(service, [row["thing"] for row in listed], language)
    return sorted(things.values(), key=lambda each: each.label.casefold())


def _marked(text: str, match: MatchView) -> tuple[list[Piece], list[Piece]]:
    return shared_words(text, match.provision.summary)
