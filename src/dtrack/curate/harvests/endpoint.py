"""A SPARQL endpoint, read whole each time: its graphs one by one, or what a CONSTRUCT gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from dtrack.curate.harvests.offering import Batch, Told, attempted, is_own, unusable
from dtrack.errors import SyntaxProblem
from dtrack.sources.ntriples import is_iri
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.harvests.offering import Reading
    from dtrack.sources.harvest import Remark

ALL_GRAPHS: Final = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph"
_ROWS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples, text/turtle;q=0.8"
_PORTION: Final = 50


def read_endpoint(reading: Reading) -> Iterator[Batch]:
    """The record that ``construct`` gives, else each graph that ``graphs`` lists.

    Raises FetchError, RefusedError, SyntaxProblem with the address.
    """
    options, url = reading.subscription.options, reading.url
    if options.get("construct"):
        content = _triples(reading, url, str(options["construct"]))
        graph = str(options["graph"])
        yield Batch([Told(graph, content or None, _place(url), reading.now)], {}, is_last=True)
        return
    graphs, faults = _graphs(reading, url, str(options.get("graphs") or ALL_GRAPHS))
    position: Mapping[str, Any] = {}
    for start in range(0, len(graphs), _PORTION):
        reading.progress("Reading graphs", start, len(graphs))
        told = [_told(reading, url, graph) for graph in graphs[start : start + _PORTION]]
        yield Batch(told, position)
    yield Batch((), position, is_last=True, faults=faults)


def _told(reading: Reading, url: str, graph: str) -> Told:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    content, fault = attempted(lambda: _triples(reading, url, query))
    return Told(graph, content or None, _place(url), reading.now, fault=fault)


def _place(url: str) -> str:
    """Address without what may be a secret: it is published with what came from there."""
    return url.split("?", 1)[0]


def _asked(url: str, query: str) -> str:
    parts = urlsplit(url)
    more = urlencode({"query": query})
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def _graphs(reading: Reading, url: str, query: str) -> tuple[list[str], tuple[Remark, ...]]:
    """Graphs that a query lists in its first column, and rows that name none."""
    body = reading.fetcher.ask(_asked(url, query), _ROWS).body
    try:
        answer = json.loads(body)
        first = str(answer["head"]["vars"][0])
        rows = list(answer["results"]["bindings"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise SyntaxProblem(
            f"{_place(url)} does not answer with SPARQL results in JSON.",
            remedy="Give the address of a SPARQL endpoint, and a SELECT query that lists graphs.",
        ) from error
    found: dict[str, None] = {}
    faults: list[Remark] = []
    for number, row in enumerate(rows, 1):
        graph = _named(row, first)
        if graph is None or is_own(graph):
            continue
        if not is_iri(graph):
            faults.append(unusable(url, f"row {number}", f"'{graph[:100]}' names no graph."))
        elif reading.wants(graph):
            found[graph] = None
    return list(found), tuple(faults)


def _named(row: object, column: str) -> str | None:
    """What a row holds in a column: None where that is nothing, or a blank node; "" for a fault."""
    cell = row.get(column, {"type": "bnode"}) if isinstance(row, dict) else None
    if isinstance(cell, dict) and cell.get("type") == "bnode":
        return None
    value = cell.get("value") if isinstance(cell, dict) else None
    return value if isinstance(value, str) else ""


def _triples(reading: Reading, url: str, query: str) -> bytes:
    body = reading.fetcher.ask(_asked(url, query), _TRIPLES).body
    return parse_turtle(body, url, _place(url))
