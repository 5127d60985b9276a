"""Sets of graphs, N-Quads and JSON-LD, to canonical N-Triples; nothing is ever fetched for them."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import pyoxigraph as engine

from dtrack.errors import Place, SyntaxProblem
from dtrack.stores.parsing import canonical
from dtrack.terms import BASE


def parse_nquads(data: bytes, base: str = f"{BASE}/", place: str = "data") -> dict[str, bytes]:
    """Canonical N-Triples per graph IRI of N-Quads; "" is the default graph.

    Raises SyntaxProblem with line and column, and what to do.
    """
    return _graphs(data, engine.RdfFormat.N_QUADS, base, place)


def parse_jsonld(data: bytes, base: str = f"{BASE}/", place: str = "data") -> dict[str, bytes]:
    """Canonical N-Triples per graph IRI of a JSON-LD document; "" is the default graph.

    Raises SyntaxProblem with the place, and what to do.
    """
    _check(data, place)
    return _graphs(data, engine.RdfFormat.JSON_LD, base, place)


def _graphs(data: bytes, form: engine.RdfFormat, base: str, place: str) -> dict[str, bytes]:
    graphs: dict[str, list[engine.Triple]] = defaultdict(list)
    try:
        # N-Quads have no relative IRIs, and their parser takes no base.
        given = None if form == engine.RdfFormat.N_QUADS else base
        for quad in engine.parse(data, form, base_iri=given, rename_blank_nodes=True):
            name = quad.graph_name
            if isinstance(name, engine.BlankNode):
                raise SyntaxProblem(
                    "A graph has a blank node for a name.",
                    remedy="Give the graph an IRI.",
                    place=Place(place),
                )
            graphs[name.value if isinstance(name, engine.NamedNode) else ""].append(quad.triple)
    except SyntaxError as error:
        raise _unreadable(error, form, place) from error
    return {name: canonical(graphs[name], data, base, place) for name in sorted(graphs)}


def _check(data: bytes, place: str) -> None:
    """Refuse what is no JSON, or nested so deep that it is meant to hurt."""
    try:
        json.loads(data)
    except RecursionError:
        raise SyntaxProblem(
            "It is nested too deep.", remedy="Write it flatter.", place=Place(place)
        ) from None
    except UnicodeDecodeError:
        raise SyntaxProblem(
            "The text is not UTF-8.", remedy="Save it as UTF-8.", place=Place(place)
        ) from None
    except json.JSONDecodeError as error:
        raise SyntaxProblem(
            f"{error.msg}.",
            remedy="Mend the JSON there.",
            place=Place(place, error.lineno, error.colno),
        ) from error


def _unreadable(error: SyntaxError, form: engine.RdfFormat, place: str) -> SyntaxProblem:
    if "LoadDocumentCallback" in error.msg:
        return SyntaxProblem(
            "The context is an address, and nothing is fetched.",
            remedy="Write the context itself into the document.",
            place=Place(place),
        )
    message = re.sub(r"^Parser error .*?: ", "", error.msg).split("\n")[0]
    return SyntaxProblem(
        f"{message.rstrip('.')[:300]}.",
        remedy=f"Mend the {form.name} there; nothing of it has been read.",
        place=Place(place, error.lineno, error.offset),
    )
