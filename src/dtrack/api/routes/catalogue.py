"""``/api/v1/queries`` and ``/api/v1/resolve``: the catalogue, and symbols in any spelling."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.lookup import labels, last_part
from dtrack.api.context import LanguageOf, ServiceOf, accept_of, takes_json
from dtrack.api.linked import LinkedRoute
from dtrack.api.views import ParameterView, QueryView, ResolutionView, RowsView
from dtrack.catalogue import Form, bind
from dtrack.catalogue import Query as CatalogueQuery
from dtrack.errors import ParameterError
from dtrack.formats import ROW_FORMATS
from dtrack.model import Iri, Literal, Rows, Term
from dtrack.stores.results import negotiate
from dtrack.terms import XSD

router = APIRouter(tags=["Catalogue"])
_OFFERS = {form.media_type.partition(";")[0]: form for form in ROW_FORMATS.values()}


def _view(query: CatalogueQuery) -> QueryView:
    return QueryView(
        name=query.name,
        summary=query.summary,
        description=query.description,
        tags=list(query.tags),
        parameters=[
            ParameterView(
                name=parameter.name,
                kind=str(parameter.kind),
                description=parameter.description,
                required=parameter.is_required,
                default=parameter.default,
                of=parameter.of,
            )
            for parameter in query.parameters
        ],
        columns={column.name: column.description for column in query.columns},
    )


@router.get("/queries", summary="Queries of the catalogue")
async def get_queries(request: Request, service: ServiceOf) -> list[QueryView]:
    """All queries, by name, with their parameters and columns."""
    await takes_json(request)
    return [_view(query) for query in service.answers.catalogue]


@router.get(
    "/queries/{name}",
    summary="Rows of a query",
    response_model=RowsView,
    responses={200: {"content": {media: {} for media in _OFFERS}}},
)
def get_rows(name: str, request: Request, service: ServiceOf, language: LanguageOf) -> Response:
    """Rows of a query of the catalogue; its parameters are the parameters of the address.

    JSON, or CSV, TSV and Markdown by Accept.
    """
    pairs = request.query_params.multi_items()
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ParameterError("A parameter stands twice.", remedy="Give each once.")
    query = service.answers.catalogue[name]
    if any(parameter.name == "lang" for parameter in query.parameters):
        values.setdefault("lang", language)
    else:
        values.pop("lang", None)
    text = bind(query, values, service.answers)
    if query.form is not Form.SELECT:
        answer = service.readers.serialise(text, accept_of(request))
        return Response(answer.body, media_type=answer.media_type)
    form = _OFFERS[negotiate(accept_of(request), _OFFERS)]
    answer = service.readers.serialise(text, "application/sparql-results+json")
    return Response(
        form.write(_rows(answer.body)),
        media_type=form.media_type,
        headers={"Content-Language": language},
    )


def _rows(body: bytes) -> Rows:
    """Rows of SPARQL results in JSON."""
    table = json.loads(body)
    columns = tuple(table["head"]["vars"])
    return Rows(
        columns,
        tuple(
            tuple(_term(solution.get(column)) for column in columns)
            for solution in table["results"]["bindings"]
        ),
    )


def _term(value: dict[str, str] | None) -> Term | None:
    if value is None:
        return None
    if value["type"] != "literal":
        return Iri(value["value"])
    return Literal(value["value"], value.get("datatype", f"{XSD}string"), value.get("xml:lang", ""))


resolving = APIRouter(tags=["Finding"], route_class=LinkedRoute)


@resolving.get("/resolve", summary="What a symbol names")
def get_resolution(
    service: ServiceOf,
    language: LanguageOf,
    symbol: Annotated[
        str, Query(min_length=1, max_length=500, description="Any spelling, or a list of symbols")
    ],
) -> list[ResolutionView]:
    """The text, provision or target that each symbol names."""
    found = service.answers.names.resolve(symbol)
    names = labels(service.store, [each.iri for each in found], language)
    return [
        ResolutionView(
            iri=each.iri,
            key=last_part(each.iri),
            # A provision has no name of its own: then the name of its text says more.
            label=each.label if names[each.iri] == last_part(each.iri) else names[each.iri],
            note=each.note,
            others=list(each.others),
        )
        for each in found
    ]
