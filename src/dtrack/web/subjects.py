"""Pages of what decisions are about: targets and goals, frameworks, themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dtrack.answer.lookup import values_block
from dtrack.api import documents
from dtrack.api.paging import rows_of
from dtrack.overlap import Selection
from dtrack.terms import CODES, DT
from dtrack.web.asking import catalogue, named, rows
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.texts import words
from dtrack.web.things import formats, statements

if TYPE_CHECKING:
    from fastapi import Request, Response

    from dtrack.answer.views import AtView, ServingView
    from dtrack.api.documents import Subject
    from dtrack.web.asking import Row
    from dtrack.wiring.serving import Service

MOST_SHOWN = 100
MOST_SERVING = 600


def common(request: Request, service: Service, subject: Subject) -> dict[str, Any]:
    """What every page of a thing shows at its end."""
    return {
        "iri": subject.iri,
        "said": statements(service, subject, page_language(request)),
        "formats": formats(subject),
        "graphs": documents.record_graphs(service, subject.iri),
    }


def _by_instrument(view: AtView) -> list[tuple[str, list[ServingView]]]:
    """Provisions by instrument, the instrument with most of them first."""
    found: dict[str, list[ServingView]] = {}
    for each in view.provisions:
        found.setdefault(each.provision.instrument.iri, []).append(each)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def target_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a goal or target: who addresses it and through what, what it followed."""
    language = page_language(request)
    about: dict[str, list[str]] = {}
    for row in rows(service, "target_about", target=subject.iri):
        about.setdefault(row["role"], []).append(row["value"])
    view = service.answers.overlaps(language).at_target(
        subject.iri, Selection(), limit=MOST_SERVING
    )
    mappings = rows(service, "mappings_of", thing=subject.iri)
    claims = catalogue(service, "progress_claims", target=subject.iri, lang=language)
    related = [
        value for role in ("framework", "broader", "narrower") for value in about.get(role, ())
    ]
    names = named(
        service,
        [subject.iri, *related, *(row[c] for row in mappings for c in ("other", "framework")),
         *(each.provision.instrument.iri for each in view.provisions),
         *(row["text"] for row in claims)],
        language,
    )  # fmt: skip
    framework = next(iter(about.get("framework", ())), "")
    return render(
        request,
        "target.html",
        steps=[
            Step(words()[language]["targets"], "/frameworks"),
            *([Step(names[framework].label, "/doc/" + framework.rpartition("/id/")[2])]
              if "/id/" in framework else []),
        ],
        about=about,
        view=view,
        groups=_by_instrument(view),
        mappings=[row for row in mappings if row["predicate"] != "succeededBy"],
        successions=[row for row in mappings if row["predicate"] == "succeededBy"],
        claims=claims,
        names=names,
        timeline=_timeline(service, view),
        **common(request, service, subject),
    )  # fmt: skip


def _timeline(service: Service, view: AtView) -> list[tuple[str, list[Row]]]:
    """Texts whose provisions serve the target, by year of adoption."""
    iris = list(dict.fromkeys(each.provision.text for each in view.provisions))
    if not iris:
        return []
    found = service.store.select(
        f"""PREFIX dt: <{DT}>
        SELECT ?text (MIN(?day) AS ?adopted) (MIN(?sign) AS ?symbol) WHERE {{
          {values_block("text", iris)} ?text dt:adopted ?day ; dt:symbol ?sign
        }} GROUP BY ?text ORDER BY ?adopted ?text"""
    )
    years: dict[str, list[Row]] = {}
    for row in found.texts():
        years.setdefault(row["adopted"][:4], []).append(row)
    return sorted(years.items())


def framework_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a framework: its goals and targets, and what they were followed by."""
    language = page_language(request)
    items = rows(service, "framework_items", framework=subject.iri)
    succession = [
        row
        for row in catalogue(service, "target_succession", framework=subject.iri, lang=language)
        if row["successor"]
    ]
    iris = [row["thing"] for row in items]
    iris += [row["framework_of_successor"] for row in succession]
    return render(
        request,
        "framework.html",
        steps=[Step(words()[language]["targets"], "/frameworks")],
        goals=[row for row in items if row["class"] == "Goal"],
        targets=[row for row in items if row["class"] == "Target"],
        succession=succession,
        names=named(service, [subject.iri, *iris], language),
        **common(request, service, subject),
    )


def theme_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a theme: where it stands, and which provisions speak about it."""
    language = page_language(request)
    view = service.answers.overlaps(language).at_theme(subject.iri, Selection(), limit=MOST_SERVING)
    return render(
        request,
        "theme.html",
        steps=[Step(words()[language]["themes"], "/themes")],
        view=view,
        groups=_by_instrument(view),
        most=MOST_SHOWN,
        mappings=rows(service, "mappings_of", thing=subject.iri),
        **_concept(service, subject, "theme", language),
        **common(request, service, subject),
    )


def actor_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of an actor: what is asked of it, by whom, until when."""
    language = page_language(request)
    asked = catalogue(service, "provisions_of_actor", actor=subject.iri, lang=language)
    actions = catalogue(
        service, "actions_by_actor", actor=subject.iri, narrower="true", supporting="true",
        lang=language,
    )  # fmt: skip
    by_instrument: dict[str, list[Row]] = {}
    for row in asked:
        by_instrument.setdefault(row["text_instrument"], []).append(row)
    names = named(service, [*by_instrument, *(row["text"] for row in asked)], language)
    return render(
        request,
        "actor.html",
        steps=[Step(words()[language]["actors"], "/actors")],
        asked=asked,
        groups=sorted(by_instrument.items(), key=lambda pair: (-len(pair[1]), pair[0])),
        actions=actions,
        names=names,
        most=MOST_SHOWN,
        **_concept(service, subject, "actor", language),
        **common(request, service, subject),
    )


def _concept(service: Service, subject: Subject, role: str, language: str) -> dict[str, Any]:
    """Definition, neighbours and further names of a concept."""
    near = rows_of(service, "concept_neighbours", {"concept": subject.iri})
    definitions = rows_of(
        service, "definitions", {"scheme": f"{CODES}/{role}", "language": language}
    )
    things = named(service, [subject.iri, *(row["thing"] for row in near)], language)
    by_role: dict[str, list[object]] = {"broader": [], "narrower": [], "match": []}
    for row in near:
        by_role.setdefault(row["role"], []).append(things[row["thing"]])
    also: dict[str, list[str]] = {}
    for row in rows_of(service, "names", {"thing": subject.iri}):
        if row["name"] != things[subject.iri].label:
            also.setdefault(row["language"], []).append(row["name"])
    return {
        "concept": things[subject.iri],
        "near": by_role,
        "definition": next(
            (row["definition"] for row in definitions if row["thing"] == subject.iri), ""
        ),
        "also": also,
    }
