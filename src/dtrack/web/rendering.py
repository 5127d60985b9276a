"""Templates with what they all need: words, language, links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dtrack import __version__
from dtrack.api.context import preferred_languages
from dtrack.api.documents import bases
from dtrack.web.aims import Aims, aims_in
from dtrack.web.coded import Codes, codes_in
from dtrack.web.links import href
from dtrack.web.members import in_words
from dtrack.web.navigation import MENU, SITE, section
from dtrack.web.sayings import said_in
from dtrack.web.texts import relation_words, wordings, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import Request

    from dtrack.web.navigation import Step

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page_language(request: Request) -> str:
    """Language of a page: one there are words for, as asked or preferred."""
    asked = request.query_params.get("lang", "")
    wanted = [asked, *preferred_languages(request.headers.get("accept-language", ""))]
    own: str = request.state.service.settings.language
    for tag in (*wanted, own):
        if (primary := tag.lower().partition("-")[0]) in words():
            return primary
    return "en"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on this site; a language chosen in the address is kept in every link."""

    language: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    bases: tuple[str, ...]

    def to(self, path: str, **parameters: object) -> str:
        """Address of a page of ours."""
        parameters = {name: value for name, value in parameters.items() if value is not None}
        if self.keeps_language:
            parameters["lang"] = self.language
        address, mark, fragment = path.partition("#")
        joint = "&" if "?" in address else "?"
        given = f"{joint}{urlencode(parameters)}" if parameters else ""
        return address + given + mark + fragment

    def thing(self, iri: str) -> str:
        """Address of a thing's page, "" when there can be none."""
        address = href(iri, self.bases)
        return self.to(address) if address.startswith("/") else address

    def here(self, **changes: object) -> str:
        """Address of this page with some parameters changed; None takes one away."""
        kept = [(name, value) for name, value in self.parameters if name not in changes]
        new = [(name, value) for name, value in changes.items() if value is not None]
        pairs = [*kept, *new]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def keeps_language(self) -> bool:
        """Whether the language is chosen in the address, so that forms must keep it."""
        return "lang" in dict(self.parameters)


def render(
    request: Request,
    template: str,
    status: int = 200,
    steps: Sequence[Step] = (),
    **values: object,
) -> HTMLResponse:
    """A page in the request's language; ``steps`` lead to it from the start page."""
    language, service = page_language(request), request.state.service
    names = aims_in(service, language), codes_in(service, language)
    return _rendered(request, template, status, names, {"way": steps, **values})


def render_apart(
    request: Request, template: str, status: int = 200, **values: object
) -> HTMLResponse:
    """A page that asks the store nothing: what it tells may be that the store does not answer.

    Goals and codes have no names on it.
    """
    wording = wordings()[page_language(request)]
    names = Aims({}, wording.words["colon"]), Codes(wording.terms)
    return _rendered(request, template, status, names, {"way": (), **values})


def _rendered(
    request: Request,
    template: str,
    status: int,
    names: tuple[Aims, Codes],
    values: Mapping[str, object],
) -> HTMLResponse:
    language, service = page_language(request), request.state.service
    wording = wordings()[language]
    links = Links(
        language,
        request.url.path,
        tuple(request.query_params.multi_items()),
        bases(service),
    )
    aim, code = names
    text = _TEMPLATES.get_template(template).render(
        t=wording.words,
        count=wording.count,
        number=wording.number,
        day=wording.day,
        called=wording.called,
        numbered=wording.numbered,
        language=language,
        languages={tag: table["language"] for tag, table in words().items()},
        links=links,
        menu=MENU,
        site=SITE,
        section=section(request.url.path),
        aim=aim,
        code=code,
        members=partial(in_words, service, language),
        saying=partial(said_in, language),
        relation=lambda name: relation_words(language, name),
        version=__version__,
        **values,
    )
    return HTMLResponse(text, status, headers={"Content-Language": language})
