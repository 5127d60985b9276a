"""Patterns of overlap: who asks the same, who conflicts, what is common, leads, effects."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dtrack.api.context import ServiceOf
from dtrack.errors import ParameterError
from dtrack.web.asking import named, rows
from dtrack.web.filters import ALL, ChosenOf, chosen_group, filter_form, given, groups
from dtrack.web.lists import OffsetOf
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.texts import words

router = APIRouter()

SIZE = 20
KINDS = ("duplicates", "clusters", "conflicts", "common")


@router.get("/patterns")
def patterns(
    request: Request, service: ServiceOf, chosen: ChosenOf, offset: OffsetOf = 0
) -> HTMLResponse:
    """Provisions that ask the same, are about the same, or permit and restrict the same."""
    language = page_language(request)
    kind = given(request, "kind") or KINDS[0]
    if kind not in KINDS:
        raise ParameterError(
            f"There is no pattern '{kind[:40]}'.", remedy=f"There are: {', '.join(KINDS)}."
        )
    instruments, group = chosen_group(request)
    selection = chosen.selection(service, instruments, group)
    find = getattr(service.answers.patterns(language), kind)
    own = words()[language]
    return render(
        request,
        "patterns.html",
        steps=[Step(own["overlaps"], "/overlaps")],
        kind=kind,
        kinds=KINDS,
        view=find(selection, limit=SIZE, offset=offset),
        size=SIZE,
        form=filter_form(service, chosen, language),
        group=group or ALL,
        groups=[(each.key, each.label) for each, _ in groups(service, language)],
    )


@router.get("/leads/{key:path}")
def leads(key: str, request: Request, service: ServiceOf, chosen: ChosenOf) -> HTMLResponse:
    """Who might lead on each target of a framework."""
    language = page_language(request)
    instruments, group = chosen_group(request)
    framework = service.answers.key("framework", key)
    selection = chosen.selection(service, instruments, group)
    view = service.answers.patterns(language).leads(framework, selection)
    return render(
        request,
        "leads.html",
        steps=[Step(words()[language]["gaps"], f"/gaps/{framework.rpartition('/')[2]}")],
        view=view,
    )


@router.get("/effect")
def effect(request: Request, service: ServiceOf, chosen: ChosenOf, mapping: str) -> HTMLResponse:
    """What hangs on one mapping: cells and gaps as they would be without it."""
    language = page_language(request)
    selection = chosen.selection(service)
    view = service.answers.patterns(language).effect(mapping, selection)
    ends = rows(service, "mapping_ends", mapping=view.mapping.iri)[0]
    names = named(service, ends.values(), language)
    return render(
        request,
        "effect.html",
        steps=[Step(words()[language]["overlaps"], "/overlaps")],
        view=view,
        subject=names[ends["subject"]],
        object=names[ends["object"]],
    )
