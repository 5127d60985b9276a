"""RDF that strangers send: bounded before it is parsed, and never fetching anything.

A document type can make 100 MB of 535 bytes, brackets within brackets use up
the stack or quadratic time, and a JSON-LD context may be an address; each is
refused before, or by, the parser.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.errors import Place, SyntaxProblem
from dtrack.stores.parsing import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_TRIPLES: Final = 1_000_000
DEEPEST: Final = 100
"""Most elements within elements, or brackets within brackets."""

UPLOAD_FORMATS: Final[Mapping[str, engine.RdfFormat]] = {
    "text/turtle": engine.RdfFormat.TURTLE,
    "application/n-triples": engine.RdfFormat.N_TRIPLES,
    "application/rdf+xml": engine.RdfFormat.RDF_XML,
    "application/ld+json": engine.RdfFormat.JSON_LD,
}
"""Media types of one graph that are read."""
DATASET_FORMATS: Final[Mapping[str, engine.RdfFormat]] = {
    **UPLOAD_FORMATS,
    "application/trig": engine.RdfFormat.TRIG,
    "application/n-quads": engine.RdfFormat.N_QUADS,
}
"""Media types that are read where there may be several graphs."""

_TAGS: Final = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(/?)(?:[^<>\"'/]|/(?!>)|\"[^\"]*+\"|'[^']*+')*+(/?)>",
    re.DOTALL,
)
_BRACKETS: Final = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\\r\n]|\\.)*+"'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''|'(?:[^'\\\r\n]|\\.)*+'"
    rb"|<[^<>\s]*+>|#[^\r\n]*+|[\[({]|[\])}]",
    re.DOTALL,
)
_JSON_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def upload_triples(data: bytes, media_type: str, base: str) -> list[engine.Triple]:
    """Triples of an upload. Raises SyntaxProblem with line and column."""
    quads, _ = _quads(data, UPLOAD_FORMATS[media_type], base, one_graph=True)
    return [quad.triple for quad in quads]


def upload_canonical(data: bytes, media_type: str, base: str) -> bytes:
    """Canonical N-Triples of an upload: sorted lines, without blank nodes."""
    return canonical(upload_triples(data, media_type, base), data, base, "body")


def upload_graphs(data: bytes, media_type: str, base: str) -> dict[str, bytes]:
    """Canonical N-Triples per graph of an upload, "" being the default graph."""
    graphs: dict[str, list[engine.Triple]] = defaultdict(list)
    for quad in _quads(data, DATASET_FORMATS[media_type], base)[0]:
        name = quad.graph_name
        if isinstance(name, engine.BlankNode):
            raise _problem("A graph has a blank node for a name.", "Give the graph an IRI.")
        graphs[name.value if isinstance(name, engine.NamedNode) else ""].append(quad.triple)
    return {name: canonical(graphs[name], data, base, "body") for name in graphs}


def upload_plain(data: bytes, media_type: str, base: str) -> tuple[bytes, dict[str, str]]:
    """N-Triples of all graphs of an upload, blank nodes left as such, and its prefixes."""
    quads, prefixes = _quads(data, DATASET_FORMATS[media_type], base)
    triples = (quad.triple for quad in quads)
    return engine.serialize(triples, format=engine.RdfFormat.N_TRIPLES) or b"", prefixes


def _quads(
    data: bytes, form: engine.RdfFormat, base: str, *, one_graph: bool = False
) -> tuple[list[engine.Quad], dict[str, str]]:
    """Quads of an upload, and its prefixes. Raises SyntaxProblem with line and column."""
    _check(data, form)
    try:
        read = engine.parse(
            data, form, base_iri=base, without_named_graphs=one_graph, rename_blank_nodes=True
        )
        quads = list(islice(read, MOST_TRIPLES + 1))
    except SyntaxError as error:
        raise _unreadable(error, form) from error
    except ValueError as error:
        raise _problem("The base of relative IRIs is none.", "Name the graph by an IRI.") from error
    if len(quads) > MOST_TRIPLES:
        raise _problem(
            f"There are more than {MOST_TRIPLES} triples.", "Send them in several graphs."
        )
    return quads, read.prefixes


def _unreadable(error: SyntaxError, form: engine.RdfFormat) -> SyntaxProblem:
    message = re.sub(r"^Parser error .*?: ", "", error.msg).split("\n")[0]
    if "LoadDocumentCallback" in message:
        return _problem(
            "The context is an address, and nothing is fetched.",
            "Write the context itself into the document.",
        )
    # IRIs of documents that do not parse may be of any length.
    return SyntaxProblem(
        f"{message.rstrip('.')[:300]}.",
        remedy=f"Mend the {form.name} there; nothing has been stored.",
        place=Place("body", error.lineno, error.offset),
    )


def _problem(message: str, remedy: str) -> SyntaxProblem:
    return SyntaxProblem(message, remedy=remedy, place=Place("body"))


def _check(data: bytes, form: engine.RdfFormat) -> None:
    """Refuse what is dangerous to parse."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise _problem("The body is not UTF-8.", "Send UTF-8.") from None
    if b"\0" in data:
        raise _problem("The body holds a NUL character.", "Send text in UTF-8.")
    if form == engine.RdfFormat.RDF_XML:
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise _problem(
                "A document type declaration is refused: entities can be used for attacks.",
                "Leave <!DOCTYPE …> out, and write names out in full.",
            )
        depths = _tag_depths(data)
    else:
        pattern = _JSON_BRACKETS if form == engine.RdfFormat.JSON_LD else _BRACKETS
        depths = _bracket_depths(data, pattern)
    for depth, offset in depths:
        if depth > DEEPEST:
            raise SyntaxProblem(
                f"It is nested more than {DEEPEST} deep.",
                remedy="Write it flatter, with IRIs for the inner nodes.",
                place=Place("body", data.count(b"\n", 0, offset) + 1),
            )


def _tag_depths(data: bytes) -> Iterator[tuple[int, int]]:
    """Depth after each tag of XML, with its place."""
    depth = 0
    for match in _TAGS.finditer(data):
        if match[1] is not None and not match[2]:
            depth += -1 if match[1] else 1
            yield depth, match.start()


def _bracket_depths(data: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Depth after each bracket outside strings, IRIs and comments, with its place."""
    if data.count(b"[") + data.count(b"(") + data.count(b"{") <= DEEPEST:
        return
    depth = 0
    for match in pattern.finditer(data):
        token = match.group()
        if token in b"[({":
            depth += 1
            yield depth, match.start()
        elif token in b"])}":
            depth -= 1
