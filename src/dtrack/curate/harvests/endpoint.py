"""A SPARQL endpoint, read whole each time: its graphs one by one, or what a CONSTRUCT gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from dtrack.curate.harvests.offering import Batch, Told
from dtrack.errors import SyntaxProblem
from dtrack.sources.ntriples import is_iri
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.harvests.offering import Reading

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
        yield Batch([Told(graph, content or None, url, reading.now)], {}, is_last=True)
        return
    graphs = _graphs(reading, url, str(options.get("graphs") or ALL_GRAPHS))
    position: Mapping[str, Any] = {}
    for start in range(0, len(graphs), _PORTION):
        reading.progress("Reading graphs", start, len(graphs))
        told = [
            Told(
                graph,
                _triples(
                    reading,
                    url,
                    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}",
                )
                or None,
                url,
                reading.now,
            )
            for graph in graphs[start : start + _PORTION]
        ]
        yield Batch(told, position)
    yield Batch((), position, is_last=True)


def _asked(url: str, query: str) -> str:
    parts = urlsplit(url)
    more = urlencode({"query": query})
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def _graphs(reading: Reading, url: str, query: str) -> list[str]:
    """Graphs that a query lists in its first column."""
    body = reading.fetcher.ask(_asked(url, query), _ROWS).body
    try:
        answer = json.loads(body)
        first = answer["head"]["vars"][0]
        found = [row[first]["value"] for row in answer["results"]["bindings"] if first in row]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise SyntaxProblem(
            f"{url.split('?', 1)[0]} does not answer with SPARQL results in JSON.",
            remedy="Give the address of a SPARQL endpoint, and a SELECT query that lists graphs.",
        ) from error
    return [graph for graph in dict.fromkeys(found) if is_iri(graph) and reading.wants(graph)]


def _triples(reading: Reading, url: str, query: str) -> bytes:
    body = reading.fetcher.ask(_asked(url, query), _TRIPLES).body
    return parse_turtle(body, url, url.split("?", 1)[0])
