"""Pages of who decides: instruments and forums, and the meetings of their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.api.naming import countries
from dtrack.api.paging import rows_of
from dtrack.errors import NotFoundError
from dtrack.overlap import Selection
from dtrack.web.asking import catalogue, named, parts, rows
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.subjects import common
from dtrack.web.texts import words

if TYPE_CHECKING:
    from fastapi import Request, Response

    from dtrack.answer.views import CellView, Named
    from dtrack.api.documents import Subject
    from dtrack.wiring.serving import Service

NEWEST = 15
MOST_MEETINGS = 8
MOST_VERBS = 12


def instrument_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a convention, protocol or forum: what is read of it, with whom it overlaps."""
    language = page_language(request)
    iri = subject.iri
    about = rows(service, "instrument_about", instrument=iri, lang=language)[0]
    bodies = rows_of(service, "instrument_bodies", {"instrument": iri})
    meetings = catalogue(service, "meeting_timeline", instrument=iri, lang=language)
    newest = rows(service, "texts", instrument=iri, count=str(NEWEST))
    verbs = catalogue(service, "verb_profile", instrument=iri, lang=language)
    answers = service.answers.overlaps(language)
    matrix = answers.matrix(Selection())
    by_key = {item.key: item for item in matrix.instruments}
    key = iri.rsplit("/", 1)[-1]
    near = sorted(
        (cell for cell in matrix.cells if key in {cell.row, cell.column} and cell.pairs),
        key=lambda cell: (-cell.mean, cell.row, cell.column),
    )
    names = named(
        service,
        [
            iri,
            about["parent"],
            *(row["thing"] for row in bodies),
            *(row["thing"] for row in newest),
        ],
        language,
    )
    by_role: dict[str, list[Named]] = {}
    for row in bodies:
        by_role.setdefault(row["role"], []).append(names[row["thing"]])
    return render(
        request,
        "instrument.html",
        steps=[Step(words()[language]["instruments"], "/instruments")],
        about=about,
        key=key,
        bodies=by_role,
        meetings=list(reversed(meetings))[:MOST_MEETINGS],
        meetings_in_all=len(meetings),
        newest=newest,
        verbs=verbs[:MOST_VERBS],
        most_used=max((int(row["directives"]) for row in verbs), default=0),
        near=[(_other(cell, key, by_key), cell) for cell in near[:10]],
        coverage=answers.coverage({iri: service.answers.index.sizes.get(iri, 0)}),
        cooperation=catalogue(service, "cooperation_arrangements", instrument=iri, lang=language),
        citing=catalogue(service, "cross_convention_citations", citing=iri),
        cited=catalogue(service, "cross_convention_citations", cited=iri),
        reports=catalogue(service, "reporting_obligations_shared", instrument=iri, lang=language),
        names=names,
        parts=parts,
        **common(request, service, subject),
    )  # fmt: skip


def _other(cell: CellView, key: str, by_key: dict[str, Named]) -> Named:
    return by_key[cell.column if cell.row == key else cell.row]


def meeting_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a meeting: when and where, and the texts that it adopted."""
    language = page_language(request)
    found = rows(service, "meeting_about", meeting=subject.iri, lang=language)
    if not found:
        raise NotFoundError(f"<{subject.iri}> is no meeting.", remedy="List them at /meetings.")
    adopted = rows(service, "texts", meeting=subject.iri, count="1000")
    names = named(
        service,
        [subject.iri, *(row[c] for row in found for c in ("body", "under")),
         *(row["thing"] for row in adopted)],
        language,
    )  # fmt: skip
    return render(
        request,
        "meeting.html",
        steps=[Step(words()[language]["meetings"], "/meetings")],
        about=found[0],
        bodies=_distinct(found, "body"),
        instruments=_distinct(found, "under"),
        cities=_distinct(found, "city"),
        spoken=found[0]["city_language"] or "en",
        lands=list(countries(service, _distinct(found, "country"), language).values()),
        pages=_distinct(found, "page"),
        adopted=sorted(adopted, key=lambda row: (len(row["symbol"]), row["symbol"])),
        names=names,
        **common(request, service, subject),
    )


def _distinct(found: list[dict[str, str]], column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in found if row[column]))
