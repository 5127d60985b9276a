"""The page for SPARQL queries: an editor, the questions of the catalogue as examples, results."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from dtrack.api.asking import asked
from dtrack.api.bodies import QUERY_BYTES
from dtrack.api.context import ServiceOf, service_of
from dtrack.api.problems import SECURITY_HEADERS
from dtrack.api.routes.sparql import FORMATS
from dtrack.catalogue import Parameter, ParameterKind, bind
from dtrack.errors import DtrackError, ParameterError, Place, QueryError
from dtrack.model import Serialised
from dtrack.stores.datasets import Dataset
from dtrack.stores.federation import expanded
from dtrack.stores.turns import Caller
from dtrack.terms import PREFIXES
from dtrack.web.asking import Row, rows
from dtrack.web.filters import GROUP, given
from dtrack.web.remembering import remembered
from dtrack.web.rendering import page_language, render
from dtrack.wiring.serving import Service

router = APIRouter()

MOST_ROWS: Final = 500
EDITOR: Final = Path(__file__).parent / "static" / "vendor" / "yasgui"
"""Where `make editor` puts YASGUI; without it the plain form stands in."""

EXAMPLE = """PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?symbol ?title ?adopted
WHERE {
  ?decision dt:instrument <https://w3id.org/dtrack/id/instrument/cbd> ;
            dt:symbol ?symbol ; dcterms:title ?title ; dt:adopted ?adopted .
  FILTER(LANG(?title) = "en")
}
ORDER BY DESC(?adopted) ?symbol
LIMIT 20
"""

# The editor writes style attributes and draws with images of its own; scripts and connections
# stay those of this site.
_POLICY: Final = SECURITY_HEADERS["Content-Security-Policy"] + (
    "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)
_ACCEPTED: Final = "application/sparql-results+json, text/turtle;q=0.9"


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a solution; ``iri`` is "" for what is none."""

    text: str
    iri: str
    language: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: a table, yes or no, or triples as Turtle; or why it gave nothing."""

    columns: tuple[str, ...] = ()
    table: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None
    triples: str = ""
    fault: str = ""
    place: Place | None = None


def sparql_form(request: Request) -> Response:
    """Editor without a query of the reader's yet."""
    return _page(request, _example(request) or EXAMPLE, None)


@router.get("/ask")
async def ask(request: Request, service: ServiceOf) -> Response:
    """A query with its answer; the address is the permalink."""
    query = given(request, "query")
    if query is None:
        return sparql_form(request)
    if len(query.encode(errors="replace")) > QUERY_BYTES:
        raise ParameterError("The query is too long.", remedy="Post it to /sparql.")
    dataset = Dataset((), (), f"{service.settings.base_iri}/sparql")

    def answer_to(caller: Caller) -> Serialised:
        allowed, inside = service.settings.service_allow, service.settings.service_inside
        text = expanded(query, allowed, inside=inside)
        return service.readers.serialise(text, _ACCEPTED, dataset, caller)

    try:
        answer = _read(await asked(request, answer_to))
    except QueryError as error:
        answer = Answer(fault=f"{error.message} {error.remedy or ''}".strip(), place=error.place)
    return _page(request, query, answer)


def _page(request: Request, query: str, answer: Answer | None) -> Response:
    service = service_of(request)
    page = render(
        request,
        "sparql.html",
        query=query,
        answer=answer,
        most=MOST_ROWS,
        downloads={name: f"/sparql?{urlencode({'query': query, 'format': name})}"
                   for name in (("turtle", "jsonld") if answer and answer.triples
                                else ("csv", "tsv", "json", "xml"))},
        formats=list(FORMATS),
        has_editor=(EDITOR / "yasgui.min.js").is_file(),
        prefixes=json.dumps(dict(PREFIXES)),
        queries=list(service.answers.catalogue),
    )  # fmt: skip
    page.headers["Content-Security-Policy"] = _POLICY
    return page


def _read(answer: Serialised) -> Answer:
    if "json" not in answer.media_type:
        return Answer(triples=answer.body.decode())
    table = json.loads(answer.body)
    if "boolean" in table:
        return Answer(truth=bool(table["boolean"]))
    columns = tuple(table["head"]["vars"])
    found = table["results"]["bindings"]
    return Answer(
        columns,
        tuple(tuple(_term(row.get(name)) for name in columns) for row in found[:MOST_ROWS]),
        len(found),
    )


def _term(value: dict[str, str] | None) -> Term | None:
    if value is None:
        return None
    iri = value["value"] if value["type"] == "uri" else ""
    return Term(value["value"], iri, value.get("xml:lang", ""))


def _example(request: Request) -> str:
    """A query of the catalogue as SPARQL, with values for what it must be given; "" for none."""
    name = given(request, "example")
    if name is None:
        return ""
    service = service_of(request)
    query = service.answers.catalogue[name]
    values = {
        parameter.name: value
        for parameter in query.parameters
        if (value := _value(service, parameter, page_language(request)))
    }
    try:
        text = bind(query, values, service.answers)
    except DtrackError:
        text = query.text
    return f"# {query.told(page_language(request)).summary}\n{text}"


def _value(service: Service, parameter: Parameter, language: str) -> str:
    """Value to show a parameter with; "" leaves it to its default."""
    if parameter.kind is ParameterKind.LANG:
        return language
    if not parameter.is_required:
        return ""
    shown = remembered(service, "shown", lambda: _shown(service))
    if parameter.kind is ParameterKind.KEY and parameter.of == "instrument":
        return shown["second" if "second" in parameter.name else "instrument"]
    return shown.get(parameter.of or parameter.kind.value, "")


def _shown(service: Service) -> dict[str, str]:
    """Things that much is recorded about, to show queries with."""
    used: list[Row] = rows(service, "used_values")
    found = {"date": "2020-01-01", "string": "wetland", "integer": "10"}
    for row in used:
        found.setdefault(row["role"], row["thing"])
    members = service.answers.group(GROUP)
    found["instrument"], found["second"] = [*members, "cbd", "ramsar"][:2]
    texts = rows(service, "most_read_texts")
    found["symbol"] = found["iri"] = texts[0]["text"] if texts else ""
    if "framework" in found:
        items = rows(service, "framework_items", framework=found["framework"])
        targets = [row["thing"] for row in items if row["class"] == "Target"]
        found["target"] = targets[0] if targets else ""
    return found
