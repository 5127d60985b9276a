"""The page about the data as a whole: ways to it, files, sources, links to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.publish.describing.dcat import SERVICES
from dtrack.publish.describing.schema_org import schema_dataset
from dtrack.publish.describing.words import ABOUT, LICENCE, TITLES
from dtrack.web.rendering import page_language, render

if TYPE_CHECKING:
    from fastapi import Request, Response

    from dtrack.publish.describing.facts import Facts


def dataset_page(request: Request, facts: Facts) -> Response:
    """Page for browsers at /dataset."""
    language = page_language(request)
    tag = language if language in TITLES else "en"
    return render(
        request,
        "dataset.html",
        facts=facts,
        name=TITLES[tag],
        about=ABOUT[tag],
        licence=LICENCE,
        services=[(title, f"/{path}") for title, path, _ in SERVICES.values()],
        schema=schema_dataset(facts, language),
    )
