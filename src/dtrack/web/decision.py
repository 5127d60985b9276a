"""Page of a text: its outline, status, deadlines, citations, history, and what is like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.answer.lookup import labels
from dtrack.api import texts
from dtrack.errors import NotFoundError
from dtrack.publish.describing.schema_org import schema_legislation
from dtrack.terms import PREFIXES
from dtrack.web.asking import catalogue, named, parts, rows
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.subjects import common
from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request, Response

    from dtrack.answer.views import OverlapView
    from dtrack.api.documents import Subject
    from dtrack.api.views import DecisionDetail
    from dtrack.web.asking import Row
    from dtrack.wiring.serving import Service

MOST_SIMILAR = 6
MOST_COMPARED = 40


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as the outline shows it; what is not said is ""."""

    verb: str
    kind: str
    addressees: list[str]
    deadline: str
    deadline_text: str
    meeting: str
    recurrence: str
    inherited: bool


def text_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a text with its outline."""
    language = page_language(request)
    iri = subject.iri
    view = texts.detail(service, iri, language)
    directives = _directives(service, iri)
    statuses = rows(service, "statuses_of", text=iri)
    citations = catalogue(service, "citations_of", text=iri, lang=language)
    history = catalogue(service, "amendment_history", text=iri)
    targets = {key: _target(service, key) for each in view.provisions for key in each.targets}
    iris = [
        *filter(None, targets.values()),
        *(each.meeting for found in directives.values() for each in found if each.meeting),
        *(row[c] for row in statuses for c in ("evidence", "thing") if row[c]),
    ]
    return render(
        request,
        "text.html",
        steps=_way(view, language),
        view=view,
        directives=directives,
        statuses=statuses,
        cites=[row for row in citations if row["direction"] == "cites"],
        cited_by=[row for row in citations if row["direction"] != "cites"],
        history=history,
        revisions=rows(service, "revisions_of", thing=iri),
        similar=_similar(service, view, language),
        statement=_statement(service, view, language),
        targets=targets,
        names=labels(service.store, iris, language),
        revision=service.marker.revision,
        thing=named(service, [iri], language)[iri],
        schema=_legislation(view, language),
        **common(request, service, subject),
    )


def _legislation(view: DecisionDetail, language: str) -> str:
    """What the text is to search engines."""
    return schema_legislation(
        view.iri,
        {language: view.label},
        view.symbol or "",
        view.adopted or "",
        view.kind,
        view.instrument.label if view.instrument else "",
        view.pages,
    )


def _way(view: DecisionDetail, language: str) -> Sequence[Step]:
    own = words()[language]
    way = [Step(own["texts"], "/decisions")]
    if view.instrument:
        key = view.instrument.key
        way.append(Step(view.instrument.label, f"/decisions?instrument={key}"))
    return way


def _directives(service: Service, iri: str) -> dict[str, list[Directive]]:
    """Directives of each provision."""
    found: dict[str, list[Directive]] = {}
    for row in rows(service, "text_directives", text=iri):
        found.setdefault(row["provision"], []).append(
            Directive(
                verb=row["verb"].rpartition("/")[2],
                kind=row["kind"].rpartition("/")[2],
                addressees=parts(row["addressees"]),
                deadline=row["deadline"],
                deadline_text=row["deadline_text"],
                meeting=row["by_meeting"],
                recurrence=row["recurrence"].rpartition("/")[2],
                inherited=bool(row["inherited"]),
            )
        )
    return found


def _target(service: Service, key: str) -> str:
    """IRI of a target as the outline writes it: a key, or an abbreviated IRI; "" if unknown."""
    prefix, colon, name = key.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + name
    try:
        return service.answers.key("target", key)
    except NotFoundError:
        return ""


def _similar(service: Service, view: DecisionDetail, language: str) -> list[OverlapView]:
    """The provisions of other instruments that are most like those of a text."""
    provisions = [each.iri for each in view.provisions]
    index = service.answers.index
    known = [iri for iri in provisions if index.row(iri) is not None][:MOST_COMPARED]
    answers = service.answers.overlaps(language)
    return answers.most_similar(known, each=2, limit=MOST_SIMILAR)


def _statement(service: Service, view: DecisionDetail, language: str) -> list[Row]:
    """Parts of a text that is no decision: sections, points, calls, claims; else nothing."""
    if view.kind in {"decision", "resolution", "recommendation"}:
        return []
    return catalogue(service, "statement_outline", text=view.iri, lang=language)
