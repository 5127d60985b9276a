"""What people hand in - RDF in any format, a mapping set, a spreadsheet - as graphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.curate.sheets import code_lists, graphs_of_sheets
from dtrack.errors import InputError, Place, SyntaxProblem
from dtrack.sources.ntriples import is_iri
from dtrack.sources.spreadsheet import read_sheets
from dtrack.sources.sssom import read_mapping_set
from dtrack.stores.graph_sets import parse_jsonld, parse_nquads
from dtrack.stores.parsing import parse_trig, parse_turtle
from dtrack.stores.uploads import upload_canonical
from dtrack.terms import BASE, DT, OWL, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dtrack.curate.adding import Place as Where

_HOME: Final = f"{BASE}/"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/trig": ".trig",
    "application/n-quads": ".nq",
    "application/ld+json": ".jsonld",
    "application/rdf+xml": ".rdf",
    "text/csv": ".csv",
    _XLSX: ".xlsx",
}
"""Media types that are read, with the ending of their files."""
_SETS: Final = {".trig": parse_trig, ".nq": parse_nquads, ".jsonld": parse_jsonld}
_RECORDS: Final = tuple(
    re.compile(rf"^<([^>]*)> <{re.escape(RDF)}type> <{re.escape(kind)}> \.$".encode(), re.MULTILINE)
    for kind in (f"{DT}Record", f"{SKOS}ConceptScheme", f"{OWL}Ontology")
)


@dataclass(frozen=True, slots=True)
class Handed:
    """Something handed in: its name says what it is.

    ``graph`` names the graph that it is, where it does not say so itself.
    """

    name: str
    data: bytes
    graph: str | None = None


def graphs_of(items: Iterable[Handed], where: Callable[[], Where]) -> dict[str, bytes]:
    """Graphs of all that is handed in; ``where`` is asked only for spreadsheets.

    Raises SyntaxProblem, SheetProblem, InputError; then nothing is taken.
    """
    graphs: dict[str, bytes] = {}
    for item in items:
        for graph, content in _read(item, where).items():
            if graph in graphs:
                raise InputError(
                    f"The graph <{graph}> is handed in twice.", remedy="Join the two, or leave one."
                )
            graphs[graph] = content
    return graphs


def _read(item: Handed, where: Callable[[], Where]) -> dict[str, bytes]:
    name, data = item.name, item.data
    ending = next((e for e in (".sssom.tsv", *MEDIA_TYPES.values()) if name.endswith(e)), "")
    if ending == ".sssom.tsv":
        record = read_mapping_set(data, name, parse_turtle)
        return {record.graph: record.ntriples}
    if ending in {".csv", ".xlsx"}:
        return graphs_of_sheets(read_sheets(data, name, code_lists()), where())
    if ending in _SETS:
        return _named(_SETS[ending](data, _HOME, name), item)
    if ending == ".rdf":
        return _named({"": upload_canonical(data, "application/rdf+xml", _HOME)}, item)
    if ending in {".ttl", ".nt"}:
        return _named({"": parse_turtle(data, _HOME, name)}, item)
    raise InputError(
        f"'{name}' is of no kind that is read.",
        remedy=f"Its name has to end with {', '.join(MEDIA_TYPES.values())} or .sssom.tsv.",
    )


def _named(graphs: dict[str, bytes], item: Handed) -> dict[str, bytes]:
    """Graphs with a name for the one that has none."""
    bare = graphs.pop("", b"")
    if not bare and not graphs:
        raise SyntaxProblem(
            "There is no triple in it.",
            remedy="To withdraw a graph, say so: `--withdraw GRAPH`.",
            place=Place(item.name),
        )
    if bare:
        graph = item.graph or _says(bare, item.name)
        if not is_iri(graph):
            raise InputError(
                f"'{graph[:200]}' is no IRI of a graph.", remedy="Give an absolute IRI."
            )
        if graph in graphs:
            raise SyntaxProblem(
                f"Some triples of <{graph}> stand outside it.",
                remedy="Put them into the graph.",
                place=Place(item.name),
            )
        graphs[graph] = bare
    return graphs


def _says(ntriples: bytes, name: str) -> str:
    """Graph that a text says it is: that of its record, concept scheme or ontology."""
    for pattern in _RECORDS:
        found = {match[1].decode() for match in pattern.finditer(ntriples)}
        if len(found) == 1:
            return found.pop()
        if found:
            raise SyntaxProblem(
                f"It holds {len(found)} records: {', '.join(sorted(found)[:5])}.",
                remedy="Make one file of each, or put each into its graph (TriG, N-Quads).",
                place=Place(name),
            )
    raise SyntaxProblem(
        "It does not say which graph it is.",
        remedy="Begin it with '<graph/{kind}/{slug}> a dt:Record ; …', or name the graph.",
        place=Place(name),
    )
