"""RDF text to canonical N-Triples: sorted lines, each once, without blank nodes.

Blank nodes become IRIs, and literals that storage would rewrite are refused,
so that what is digested, diffed and stored is one and the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as engine

from dtrack.errors import Place, SyntaxProblem
from dtrack.stores.literals import UnstorableError, storable
from dtrack.stores.skolem import TooAlikeError, skolemise
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse_turtle(data: bytes, base: str = f"{BASE}/", place: str = "data") -> bytes:
    """Canonical N-Triples of a Turtle (or N-Triples) text.

    ``place`` names it in messages, ``base`` is for relative IRIs. Raises
    SyntaxProblem with line and column, and what to do.
    """
    quads = _parsed(data, engine.RdfFormat.TURTLE, base, place)
    return canonical((quad.triple for quad in quads), data, base, place)


def parse_trig(data: bytes, base: str = f"{BASE}/", place: str = "data") -> dict[str, bytes]:
    """Canonical N-Triples per graph IRI of a TriG (or N-Quads) text; "" is the default graph."""
    graphs: dict[str, list[engine.Triple]] = defaultdict(list)
    for quad in _parsed(data, engine.RdfFormat.TRIG, base, place):
        name = quad.graph_name
        if isinstance(name, engine.BlankNode):
            raise SyntaxProblem(
                "A graph has a blank node for a name.",
                remedy="Give the graph an IRI.",
                place=Place(place),
            )
        graphs[name.value if isinstance(name, engine.NamedNode) else ""].append(quad.triple)
    return {name: canonical(graphs[name], data, base, place) for name in sorted(graphs)}


def parse_page(
    data: bytes, base: str, place: str = "data"
) -> tuple[list[tuple[str, str, str]], dict[str, bytes], dict[str, str]]:
    """What a TriG text says itself, and the graphs that it carries.

    Statements of the default graph come as they stand, as names and lexical
    forms; of each named graph comes the canonical form, or why there is none.
    Raises SyntaxProblem for a text that cannot be read at all.
    """
    said: list[tuple[str, str, str]] = []
    graphs: dict[str, list[engine.Triple]] = defaultdict(list)
    for quad in _parsed(data, engine.RdfFormat.TRIG, base, place):
        if isinstance(quad.graph_name, engine.NamedNode):
            graphs[quad.graph_name.value].append(quad.triple)
        elif isinstance(quad.graph_name, engine.DefaultGraph):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, engine.Triple) and not isinstance(value, engine.Triple):
                said.append((subject.value, quad.predicate.value, value.value))
    contents: dict[str, bytes] = {}
    faults: dict[str, str] = {}
    for name, triples in graphs.items():
        try:
            contents[name] = canonical(triples, data, base, place)
        except SyntaxProblem as error:
            faults[name] = error.message
    return said, contents, faults


def read_strictly(ntriples: bytes) -> None:
    """Read N-Triples and keep nothing. Raises SyntaxError for what is none."""
    for _ in engine.parse(ntriples, engine.RdfFormat.N_TRIPLES):
        pass


def sorted_lines(lines: bytes) -> bytes:
    """N-Triples or N-Quads sorted by bytes, each line once."""
    return b"".join(sorted({line for line in lines.splitlines(keepends=True) if line.strip()}))


def _parsed(data: bytes, form: engine.RdfFormat, base: str, place: str) -> list[engine.Quad]:
    """Quads of a text, as the engine reads it."""
    try:
        return list(engine.parse(data, form, base_iri=base))
    except SyntaxError as error:
        # The message repeats the position that the place already gives.
        message = re.sub(r"^Parser error .*?: ", "", error.msg)
        raise SyntaxProblem(
            f"{message.rstrip('.')}.",
            remedy=f"Mend the {form.name} there; nothing of it has been read.",
            place=Place(place, error.lineno, error.offset),
        ) from error


def canonical(triples: Iterable[engine.Triple], data: bytes, base: str, place: str) -> bytes:
    """Canonical form of triples that were read from ``data``.

    Raises SyntaxProblem for what storage would not keep.
    """
    try:
        kept = skolemise([_kept(triple, data, place) for triple in triples], base)
    except TooAlikeError as error:
        raise SyntaxProblem(
            f"Blank nodes cannot be told apart: {error}.",
            remedy="Give them IRIs.",
            place=Place(place),
        ) from error
    return sorted_lines(engine.serialize(kept, format=engine.RdfFormat.N_TRIPLES) or b"")


def _kept(triple: engine.Triple, data: bytes, place: str) -> engine.Triple:
    """Triple in the form that storage keeps."""
    value = triple.object
    if isinstance(value, engine.NamedNode | engine.BlankNode):
        return triple
    if isinstance(value, engine.Triple):
        raise SyntaxProblem(
            "A triple term cannot be stored.",
            remedy="Say it with a node of its own, such as a dt:Tagging.",
            place=Place(place),
        )
    try:
        literal = storable(value)
    except UnstorableError as error:
        raise SyntaxProblem(
            str(error), remedy=error.remedy, place=Place(place, _line(data, value.value))
        ) from error
    return triple if literal is value else engine.Triple(triple.subject, triple.predicate, literal)


def _line(data: bytes, lexical: str) -> int | None:
    """First line where a lexical form stands as a whole; the parser does not say."""
    pattern = rf"(?<![\w.+-]){re.escape(lexical)}(?!\w|\.\w)"
    match = re.search(pattern.encode(), data)
    return data.count(b"\n", 0, match.start()) + 1 if match else None
