"""The OpenAPI description, made to say what is true: problems, 304, JSON-LD, examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi.openapi.utils import get_openapi

from dtrack.api import problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI

_JSON: Final = "application/json"
_VALIDATION: Final = ("HTTPValidationError", "ValidationError")

_EXAMPLES: Final[Mapping[tuple[str, str], str]] = {
    ("/api/v1/instruments/{key}", "key"): "cbd",
    ("/api/v1/meetings/{key}", "key"): "cbd-cop-12",
    ("/api/v1/decisions/{key}", "key"): "cbd-cop-12-19",
    ("/api/v1/provisions/{text}/{number}", "text"): "cbd-cop-12-19",
    ("/api/v1/provisions/{text}/{number}", "number"): "1",
    ("/api/v1/frameworks/{key}", "key"): "aichi",
    ("/api/v1/targets/{key}", "key"): "aichi-5",
    ("/api/v1/themes/{key}", "key"): "wetlands",
    ("/api/v1/actors/{key}", "key"): "parties",
    ("/api/v1/overlaps/{a}/{b}", "a"): "cbd",
    ("/api/v1/overlaps/{a}/{b}", "b"): "cms",
    ("/api/v1/overlaps/near/{provision}", "provision"): "cbd-cop-12-19/1",
    ("/api/v1/overlaps/at/target/{key}", "key"): "aichi-5",
    ("/api/v1/overlaps/at/theme/{key}", "key"): "wetlands",
    ("/api/v1/gaps/{key}", "key"): "aichi",
    ("/api/v1/leads/{key}", "key"): "aichi",
    ("/api/v1/overlaps/effect", "mapping"): "https://w3id.org/dtrack/id/mapping/published/122",
    ("/api/v1/queries/{name}", "name"): "coverage",
    ("/api/v1/resolve", "symbol"): "XII/19",
    ("/api/v1/search", "q"): "wetland restor",
    ("/sparql", "query"): "SELECT ?class (COUNT(?thing) AS ?things) { ?thing a ?class } "
    "GROUP BY ?class ORDER BY DESC(?things) LIMIT 20",
}
"""A value for each parameter that must be given."""

_PROBLEM: Final = {
    "type": problems.problem_type("NotFound"),
    "title": "Not found",
    "status": 404,
    "detail": "There is no instrument 'xyz'.",
    "instance": "/api/v1/instruments/xyz",
    "remedy": "List them at /api/v1/instruments.",
    "place": None,
}

Operation = dict[str, Any]


def describe(app: FastAPI) -> dict[str, Any]:
    """OpenAPI description of an application."""
    description = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for path, method, operation in _operations(description):
        _drop_validation(operation)
        if method == "get":
            _tell_reading(path, operation)
        for parameter in operation.get("parameters", ()):
            if example := _EXAMPLES.get((path, parameter["name"])):
                parameter["example"] = example
    schemas = description["components"]["schemas"]
    schemas |= problems.schemas()
    for unused in _VALIDATION:
        schemas.pop(unused, None)
    schemas["Problem"]["examples"] = [_PROBLEM]
    return description


def known_parameters(description: dict[str, Any]) -> dict[str, set[str]]:
    """Names of the query parameters of each address, as routes write it."""
    return {
        re.sub(r":path}", "}", path): {
            parameter["name"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        }
        for path, _, operation in _operations(description)
    }


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, operations_of in description["paths"].items():
        for method, operation in operations_of.items():
            yield path, method, operation


def _drop_validation(operation: Operation) -> None:
    """Take away the framework's own 422: here a faulty parameter is a 400."""
    content = operation["responses"].get("422", {}).get("content", {})
    schema = content.get(_JSON, {}).get("schema", {})
    if str(schema.get("$ref", "")).endswith(_VALIDATION):
        del operation["responses"]["422"]


def _tell_reading(path: str, operation: Operation) -> None:
    """Say that what a reader has is not sent again, and that JSON is JSON-LD."""
    responses = operation["responses"]
    responses["304"] = {"description": "What the reader has is still right (If-None-Match)"}
    content = responses.get("200", {}).get("content", {})
    if path.startswith("/api/v1/") and _JSON in content and not path.startswith("/api/v1/queries"):
        content["application/ld+json"] = {}
