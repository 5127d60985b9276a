"""Formats of dumps and documents, by name; the engine writes them all.

rdflib would take about twenty times as long over the bundled corpus.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.errors import InputError
from dtrack.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RdfFormat:
    """A format: its name, media type, file extension, and whether it keeps graphs apart."""

    name: str
    media_type: str
    extension: str
    keeps_graphs: bool
    form: engine.RdfFormat

    def write(self, graphs: Mapping[str, bytes]) -> bytes:
        """Text of N-Triples per graph IRI, sorted; where graphs are not kept, their union."""
        return _write_quads(graphs, self.form) if self.keeps_graphs else _write(graphs, self.form)


_ENGINE: Final = engine.RdfFormat
RDF_FORMATS: Final[Mapping[str, RdfFormat]] = {
    form.name: form
    for form in (
        RdfFormat("nquads", "application/n-quads", "nq", True, _ENGINE.N_QUADS),
        RdfFormat("trig", "application/trig", "trig", True, _ENGINE.TRIG),
        RdfFormat("jsonld", "application/ld+json", "jsonld", True, _ENGINE.JSON_LD),
        RdfFormat("turtle", "text/turtle", "ttl", False, _ENGINE.TURTLE),
        RdfFormat("ntriples", "application/n-triples", "nt", False, _ENGINE.N_TRIPLES),
        RdfFormat("rdfxml", "application/rdf+xml", "rdf", False, _ENGINE.RDF_XML),
    )
}


def rdf_format(name: str) -> RdfFormat:
    """Format of a name. Raises InputError that lists those there are."""
    try:
        return RDF_FORMATS[name]
    except KeyError:
        raise InputError(
            f"There is no RDF format '{name}'.", remedy=f"Use one of {', '.join(RDF_FORMATS)}."
        ) from None


def _write_quads(graphs: Mapping[str, bytes], form: engine.RdfFormat) -> bytes:
    """Quads of all graphs, in a format that has them; the graph "" is the default one."""
    quads = (
        engine.Quad(
            quad.subject,
            quad.predicate,
            quad.object,
            engine.NamedNode(graph) if graph else engine.DefaultGraph(),
        )
        for graph in sorted(graphs)
        for quad in engine.parse(graphs[graph], engine.RdfFormat.N_TRIPLES)
    )
    return engine.serialize(quads, format=form, prefixes=_prefixes(graphs)) or b""


def _write(graphs: Mapping[str, bytes], form: engine.RdfFormat) -> bytes:
    """Union of graphs, each triple once."""
    lines = sorted({line for content in graphs.values() for line in content.splitlines(True)})
    triples = (quad.triple for quad in engine.parse(b"".join(lines), engine.RdfFormat.N_TRIPLES))
    return engine.serialize(triples, format=form, prefixes=_prefixes(graphs)) or b""


def _prefixes(graphs: Mapping[str, bytes]) -> dict[str, str]:
    """Prefixes that abbreviate something."""
    return {
        name: iri
        for name, iri in PREFIXES.items()
        if any(f"<{iri}".encode() in content for content in graphs.values())
    }
