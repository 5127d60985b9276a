"""Pages of texts and of every other thing, and the way to them from an IRI."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dtrack.answer.lookup import labels, values_block
from dtrack.api import texts
from dtrack.api.context import ServiceOf
from dtrack.errors import NotFoundError
from dtrack.model import Iri, Literal
from dtrack.terms import BASE, CODES
from dtrack.web.rendering import page_language, render
from dtrack.wiring import Service

router = APIRouter()

MOST_POINTING = 50


@router.get("/id/{path:path}")
def thing(path: str, service: ServiceOf) -> Response:
    """Go from a thing to the document about it (design section 10)."""
    iri = f"{BASE}/id/{path}"
    # The thing must be there, so that a wrong IRI is told apart from a wrong page.
    if not service.store.ask(f"ASK {{ {values_block('thing', [iri])} ?thing ?property ?value }}"):
        raise NotFoundError(f"No record has the IRI <{iri}>.", remedy="Check its spelling.")
    return RedirectResponse(f"/doc/{quote(path)}", 303)


@router.get("/doc/provision/{text}/{number}")
def provision(text: str, number: str, service: ServiceOf) -> Response:
    """Go to a provision's place in the page of its text."""
    iri = f"{BASE}/id/provision/{text}/{number}"
    block = values_block("provision", [iri])
    rows = service.store.select(
        f"""PREFIX dt: <{BASE}/ontology#>
        SELECT ?text WHERE {{ {block} ?provision dt:ofText ?text }} ORDER BY ?text"""
    )
    whole = next((row["text"] for row in rows.texts()), None)
    if whole is None:
        raise NotFoundError(f"No record has the IRI <{iri}>.", remedy="Check its spelling.")
    return RedirectResponse(f"/doc/{quote(whole[len(f'{BASE}/id/') :])}#p-{quote(number)}", 303)


@router.get("/doc/{path:path}")
def document(path: str, request: Request, service: ServiceOf) -> HTMLResponse:
    """Page about a text, with its outline, or about any other thing."""
    iri = f"{BASE}/id/{path}"
    if path.partition("/")[0] not in texts.KINDS:
        return _anything(request, service, iri)
    language = page_language(request)
    view = texts.detail(service, iri, language)
    codes = {f"{CODES}/verb/{key}" for each in view.provisions for key in each.verbs}
    codes |= {f"{CODES}/actor/{key}" for each in view.provisions for key in each.addressees}
    codes |= {f"{CODES}/theme/{key}" for each in view.provisions for key in each.themes}
    targets = {key: _target(service, key) for each in view.provisions for key in each.targets}
    names = labels(service.store, [*sorted(codes), *targets.values()], language)
    return render(request, "text.html", view=view, names=names, targets=targets, codes_base=CODES)


def _target(service: Service, key: str) -> str:
    try:
        return service.answers.key("target", key)
    except NotFoundError:
        return ""


@router.get("/codes/{path:path}")
def code(path: str, request: Request, service: ServiceOf) -> HTMLResponse:
    """Page about a theme, an actor, a verb or another coded value."""
    return _anything(request, service, f"{CODES}/{path}")


def _anything(request: Request, service: Service, iri: str) -> HTMLResponse:
    """Page with all that is recorded about a thing."""
    language = page_language(request)
    block = values_block("thing", [iri])
    found = service.store.select(
        f"SELECT DISTINCT ?property ?value WHERE {{ {block} ?thing ?property ?value }} "
        "ORDER BY ?property ?value"
    )
    if not len(found):
        raise NotFoundError(f"No record has the IRI <{iri}>.", remedy="Check its spelling.")
    pointing = service.store.select(
        f"SELECT DISTINCT ?thing ?property WHERE {{ {block.replace('?thing', '?here')} "
        f"?thing ?property ?here }} ORDER BY ?property ?thing LIMIT {MOST_POINTING}"
    )
    iris = [iri, *(t for rows in (found, pointing) for row in rows.rows for t in row
                   if isinstance(t, Iri))]  # fmt: skip
    names = labels(service.store, iris, language)
    names |= _property_names(service, iris, language)
    about = [
        (str(row["property"]), row["value"]) for row in found if _shown(row["value"], language)
    ]
    return render(
        request,
        "thing.html",
        iri=iri,
        names=names,
        about=about,
        pointing=list(pointing.texts()),
        is_iri=lambda term: isinstance(term, Iri),
    )


def _shown(value: object, language: str) -> bool:
    """Whether a value is for this reader: no text in a third language beside English."""
    return not isinstance(value, Literal) or value.language.partition("-")[0] in {
        "",
        "en",
        language,
    }


def _property_names(service: Service, iris: list[str], language: str) -> dict[str, str]:
    """Names of our own properties, from the ontology."""
    rows = service.store.select(
        f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?thing ?name (LANG(?name) AS ?language)
        WHERE {{ {values_block("thing", iris)} ?thing rdfs:label ?name }}
        ORDER BY ?thing ?name"""
    )
    found: dict[str, str] = {}
    for row in rows.texts():
        if row["language"] == language or row["thing"] not in found:
            found[row["thing"]] = row["name"]
    return found
