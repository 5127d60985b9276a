"""The process that checks what strangers send: ``python -m dtrack.wiring.judging FOLDER …``.

It answers like dtrack.stores.answering, and is ended like it when a check takes
too long or too much memory: shapes are programs, and may never end.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rdflib import Graph

from dtrack.errors import DtrackError, InputError, ResultTooLargeError, SyntaxProblem
from dtrack.model import Revision
from dtrack.sources.corpus import own_graph
from dtrack.stores.answering import main
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import sorted_lines
from dtrack.stores.plain import name_of
from dtrack.stores.updating import refuse_protected
from dtrack.stores.uploads import upload_graphs, upload_plain
from dtrack.validation.gate import gate
from dtrack.validation.page import as_html
from dtrack.validation.reading import parse_turtle
from dtrack.validation.readings import readings
from dtrack.validation.reference import validate_graph
from dtrack.validation.report import as_json, as_text
from dtrack.validation.shapes import bundled_shapes, shapes_of
from dtrack.wiring.seclusion import install, secluded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dtrack.model import Report
    from dtrack.stores.tasks import Bench

Head = dict[str, Any]
Piece = tuple[str, str, bytes]
"""Name of a part (data or shapes), its media type and content."""

UNNAMED: Final = "graph/unnamed/data"
"""Graph, below the base, of data that do not say whose they are."""

REPORT_FORMATS: Final[Mapping[str, Callable[[Report, str], str]]] = {
    "application/json": lambda report, _: as_json(report),
    "text/html": as_html,
    "text/plain": as_text,
    "text/turtle": lambda report, _: report.turtle,
}
"""Media types of a report, best first."""


def judge(bench: Bench, head: Head, body: bytes) -> tuple[Head, bytes]:
    """Report on what was sent, in the media type and language asked for."""
    try:
        pieces = list(_pieces(head, body))
        by_ours = all(name == "data" for name, _, _ in pieces)
        report = _by_ours(bench, head, pieces) if by_ours else _by_theirs(head, pieces)
        text = REPORT_FORMATS[head["media_type"]](report, head["language"]).encode()
    except DtrackError as error:
        # Frames below hold all the data.
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None) from None
    except MemoryError:
        raise ResultTooLargeError(
            "The check needs more memory than it may have.", remedy="Send less at a time."
        ) from None
    if len(text) > bench.limits.megabytes << 20:
        raise ResultTooLargeError(
            f"The report is larger than {bench.limits.megabytes} MiB.",
            remedy="Send less at a time.",
        )
    return {"conforms": report.conforms}, text


def _pieces(head: Head, body: bytes) -> Iterator[Piece]:
    """Parts that were sent, one after the other in the body."""
    start = 0
    for name, media, size in head["pieces"]:
        yield name, media, body[start : start + size]
        start += size


def _by_ours(bench: Bench, head: Head, pieces: Iterable[Piece]) -> Report:
    """What the gate says of data as graphs of the store, in a copy that is dropped after."""
    changes = _changes(head, pieces)
    for graph in changes:
        refuse_protected(graph)
    target = Path(head["target"])
    bench.store.copy_to(target)
    store = EmbeddedStore.open(target)
    try:
        changed = {graph: (store.graph(graph), content) for graph, content in changes.items()}
        store.apply(Revision(0, dict(changes)))
        return gate(store, bundled_shapes(), changed)
    finally:
        store.close()


def _changes(head: Head, pieces: Iterable[Piece]) -> dict[str, bytes]:
    """Data by graph: as they say themselves, else the graph asked for, else one of no name."""
    asked, root = head["graph"], f"{head['base']}/"
    if asked is not None:
        name_of(asked)
    found: dict[str, bytes] = {}
    for _, media, data in pieces:
        for name, content in upload_graphs(data, media, asked or root).items():
            graph = name or asked or own_graph(content, "body") or root + UNNAMED
            found[graph] = sorted_lines(found.get(graph, b"") + content)
    return found


def _by_theirs(head: Head, pieces: Iterable[Piece]) -> Report:
    """What the reference engine says of data and shapes, neither of them ours."""
    data, shapes = Graph(), Graph()
    for name, media, content in pieces:
        try:
            lines, prefixes = upload_plain(content, media, f"{head['base']}/")
        except SyntaxProblem as error:
            raise _named(error, name) from None
        graph = shapes if name == "shapes" else data
        parse_turtle(lines, "urn:dtrack:body", name, graph)
        for prefix, namespace in prefixes.items():
            graph.bind(prefix, namespace)
    try:
        with secluded():
            return validate_graph(data, shapes_of(shapes))
    except (DtrackError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever shapes can bring about in pySHACL
        raise InputError(
            f"The reference engine cannot run these shapes ({type(error).__name__}).",
            remedy="Check that they are SHACL, and that none is nested without end.",
        ) from None


def _named(error: SyntaxProblem, part: str) -> SyntaxProblem:
    """The same, placed in the part of the form that it is about."""
    place = error.place
    if place is not None:
        place = type(place)(part, place.line, place.column)
    return SyntaxProblem(error.message, remedy=error.remedy, place=place)


if __name__ == "__main__":
    # rdflib and pySHACL log what they find strange in data: anybody could fill the log.
    logging.disable(logging.CRITICAL)
    install()
    # Made ready before the first question, for a question's time is short.
    readings(bundled_shapes())
    main(sys.argv[1:], judge)
