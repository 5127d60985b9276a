"""The page about the data as a whole: ways to it, files, sources, links to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.publish.describing.dcat import SERVICES
from dtrack.publish.describing.schema_org import schema_dataset
from dtrack.publish.describing.words import ABOUT, LICENCE, TITLES
from dtrack.web.coded import codes_in
from dtrack.web.rendering import page_language, render
from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request, Response

    from dtrack.publish.describing.facts import Facts
    from dtrack.web.coded import Codes


def dataset_page(request: Request, facts: Facts) -> Response:
    """Page for browsers at /dataset."""
    language = page_language(request)
    own, code = words()[language], codes_in(request.state.service, language)
    tag = language if language in TITLES else "en"
    return render(
        request,
        "dataset.html",
        facts=facts,
        name=TITLES[tag],
        about=ABOUT[tag],
        licence=LICENCE,
        services=[(own[f"service_{name}"], f"/{path}") for name, (_, path, _) in SERVICES.items()],
        kinds={kind: _kind(code, own, kind) for kind in facts.kinds},
        schema=schema_dataset(facts, language),
    )


def _kind(code: Codes, own: Mapping[str, str], kind: str) -> str:
    """A kind of record in words: as the pages say it, else by its class, else its key."""
    name = "".join(part.capitalize() for part in kind.split("-"))
    label = code.term(name)
    return own.get(f"record_{kind}") or (kind if label == name else label)
