"""Many triples at once, past transactions: text for the engine's bulk loader.

Each triple of a shown graph stands in the text twice, in its graph and in the
default graph, which is the union (see dtrack.stores.changes). The engine reads the
text as it is made, so that it may choose how much of it to sort and write at a time;
portions of ours took longer (decision 46). In TriG it reads, and checks, the name of
a graph once and each subject once, where N-Quads repeat them (decision 47); where it
need not check, N-Quads are read faster.
"""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as engine

from dtrack.errors import SyntaxProblem
from dtrack.model import at_once
from dtrack.stores.changes import is_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PORTION: Final = 1 << 20
"""Bytes of TriG that are made at a time, at least."""

LOT: Final = 1_000_000
"""Quads that the engine sorts and writes at a time."""

MANY: Final = 5_000
"""Triples that are sooner loaded in bulk than written in a transaction."""


def bulk_load(
    store: engine.Store,
    graphs: Iterable[tuple[str, bytes]],
    *,
    trusted: bool = False,
    in_order: bool = False,
    at_end: Callable[[], None] = at_once,
) -> None:
    """Load graphs, given as IRI and canonical N-Triples, and the union of those shown.

    What ``graphs`` raises is raised here; SyntaxProblem and SyntaxError are, for what is
    no N-Triples. ``trusted`` contents are those that the engine has read before: it looks
    for neither wrong IRIs nor wrong tags of languages in them. Graphs that come ``in_order``
    of in_engine_order() are not parted among two files of an index that goes by graphs:
    such files need never be put together. ``at_end`` is called once all is read.
    """
    form = engine.RdfFormat.N_QUADS if trusted else engine.RdfFormat.TRIG
    if in_order:
        graphs = _filled(graphs)
    portions = _portions(graphs, _quads if trusted else _trig)
    text = io.BufferedReader(_Text(portions, at_end), PORTION)
    store.bulk_load(input=text, format=form, lenient=trusted)


def in_engine_order(graphs: Iterable[str]) -> list[str]:
    """Names of graphs in the order in which the engine keeps them; as they are, where it fails."""
    names = list(graphs)
    quads = b"".join(b"<x:a> <x:b> <x:c> <%b> .\n" % name.encode() for name in names)
    try:
        # Only on disk it keeps an order.
        with tempfile.TemporaryDirectory(prefix="dtrack-order-") as folder:
            store = engine.Store(folder)
            store.bulk_load(input=quads, format=engine.RdfFormat.N_QUADS)
            found = [str(name.value) for name in store.named_graphs()]
            del store
    except (OSError, SyntaxError):
        return names
    return found


def not_canonical() -> SyntaxProblem:
    """Error for a graph that is not written as all of ours are."""
    return SyntaxProblem(
        "A graph is no canonical N-Triples.", remedy="Hand it in as Turtle, to be read."
    )


def _portions(
    graphs: Iterable[tuple[str, bytes]], written: Callable[[str, bytes], tuple[bytes, bytes]]
) -> Iterator[bytes]:
    """Text of graphs and their union, in portions; what has no graph is of the union alone."""
    portion = bytearray()
    for graph, ntriples in graphs:
        inside, outside = written(graph, ntriples)
        if graph:
            portion += inside
        if is_shown(graph):
            portion += outside
        if len(portion) >= PORTION:
            yield bytes(portion)
            portion.clear()
    if portion:
        yield bytes(portion)


def _filled(graphs: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Graphs, with repetitions before one that would be parted among two lots of the engine.

    What is repeated is a line of the union, by the name of no graph; it is stored once. Were
    a lot of another size, all would be stored as well, and only take longer.
    """
    filled, line = 0, b""
    for graph, ntriples in graphs:
        quads = ntriples.count(b"\n") * (2 if is_shown(graph) else 1)
        if line and filled + quads > LOT >= quads:
            yield "", line * (LOT - filled)
            filled = 0
        filled = (filled + quads) % LOT
        if is_shown(graph) and ntriples:
            line = ntriples[: ntriples.index(b"\n") + 1]
        yield graph, ntriples


def _trig(graph: str, ntriples: bytes) -> tuple[bytes, bytes]:
    """TriG of N-Triples, inside of a graph and outside of any. Raises SyntaxProblem."""
    turtle = _turtle(ntriples)
    return b"GRAPH <%b> {\n%b}\n" % (graph.encode(), turtle), turtle


def _quads(graph: str, ntriples: bytes) -> tuple[bytes, bytes]:
    """N-Quads of canonical N-Triples, inside of a graph and outside of any."""
    # A line feed ends a line and stands nowhere else in it.
    return ntriples.replace(b" .\n", b" <%b> .\n" % graph.encode()), ntriples


def _turtle(ntriples: bytes) -> bytes:
    """N-Triples with what follows on the same subject put behind it. Raises SyntaxProblem."""
    parts: list[bytes] = []
    last = b""
    # A line feed ends a line and stands nowhere else in it; a space and a dot go before it.
    for line in ntriples.splitlines():
        subject, _, said = line.partition(b" ")
        # Turtle may be shorter; what is none of ours must not pass for it.
        if said[:1] != b"<" or said[-2:] != b" .":
            raise not_canonical()
        if subject == last:
            parts += (b";", said[:-2])
        else:
            parts += (b".\n", line[:-2]) if last else (line[:-2],)
            last = subject
    return b"".join(parts) + b".\n" if parts else b""


class _Text(io.RawIOBase):
    """Portions of a text as one file to read."""

    def __init__(self, portions: Iterator[bytes], at_end: Callable[[], None]) -> None:
        self._portions = portions
        self._at_end = at_end
        self._held = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Put the next bytes into a buffer; how many, 0 at the end."""
        if not self._held:
            self._held = memoryview(next(self._portions, b""))
            if not self._held:
                self._at_end()
        part = self._held[: len(buffer)]
        buffer[: len(part)] = part
        self._held = self._held[len(part) :]
        return len(part)
