"""What a query process does when it is asked: each task by its name.

A task is plain values and a body, and so is what it gives; so tasks travel to
another process, and the same code runs within one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as engine

from dtrack.digests import graph_digest
from dtrack.errors import DtrackError, StoreError
from dtrack.stores import plain
from dtrack.stores.datasets import Dataset
from dtrack.stores.parsing import sorted_lines
from dtrack.stores.results import GRAPH_FORMATS, content_type, graph_in, negotiate, too_many
from dtrack.stores.updating import UpdateText, effects
from dtrack.stores.uploads import upload_canonical, upload_triples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dtrack.stores.embedded import EmbeddedStore
    from dtrack.stores.results import Limits

Head = dict[str, Any]
Given = tuple[Head, bytes]


@dataclass(frozen=True, slots=True)
class Bench:
    """What tasks work on: a store to read, and how large an answer may be."""

    store: EmbeddedStore
    limits: Limits


def perform(bench: Bench, head: Head, body: bytes) -> Given:
    """Do the task that a head names. Raises DtrackError."""
    try:
        return _TASKS[head["task"]](bench, head, body)
    except DtrackError as error:
        # Frames below hold the copy of a store; it must be closed before the folder can go.
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None) from None
    except (OSError, RuntimeError):
        # What the system or the engine says may hold addresses.
        raise StoreError(
            "The store failed while it was at work.", remedy="Run `dtrack doctor`."
        ) from None


def _text(body: bytes) -> str:
    # Half a surrogate pair is the engine's to refuse, with a message.
    return body.decode("utf-8", "surrogatepass")


def _query(bench: Bench, head: Head, body: bytes) -> Given:
    """Answer a query."""
    dataset = Dataset(tuple(head["default"]), tuple(head["named"]), head["base"])
    answer = bench.store.serialise(_text(body), head["accept"], bench.limits, dataset)
    given = {"kind": answer.kind, "media_type": answer.media_type, "size": answer.size}
    return given, answer.body


def _graph(bench: Bench, head: Head, _: bytes) -> Given:
    """Give a graph in the format that Accept asks for, and its digest."""
    store, graph = bench.store.raw, head["graph"]
    name = plain.name_of(graph)
    if not plain.has_graph(store, name):
        raise plain.no_graph(graph)
    media = negotiate(head["accept"], GRAPH_FORMATS)
    lines = sorted_lines(store.dump(format=engine.RdfFormat.N_TRIPLES, from_graph=name) or b"")
    size, cap = lines.count(b"\n"), bench.limits.rows
    if cap is not None and size > cap:
        raise too_many(cap, "triples")
    triples = [quad.triple for quad in engine.parse(lines, engine.RdfFormat.N_TRIPLES)]
    given = {"media_type": content_type(media), "size": size, "digest": graph_digest(lines)}
    return given, graph_in(media, triples, bench.limits)


def _digest(bench: Bench, head: Head, _: bytes) -> Given:
    """Give the digest and canonical N-Triples of a graph; a digest of None = not there."""
    store = bench.store.raw
    name = plain.name_of(head["graph"])
    if not plain.has_graph(store, name):
        return {"digest": None}, b""
    lines = sorted_lines(store.dump(format=engine.RdfFormat.N_TRIPLES, from_graph=name) or b"")
    return {"digest": graph_digest(lines)}, lines


def _read(_: Bench, head: Head, body: bytes) -> Given:
    """Give the canonical N-Triples of uploads, one after the other in the body."""
    pieces = _pieces(head, body)
    read = [upload_canonical(data, media, head["base"]) for media, data in pieces]
    return {}, sorted_lines(b"".join(read))


def _effects(bench: Bench, head: Head, body: bytes) -> Given:
    """Find what an update would change, on a copy of the store in the folder ``target``."""
    store = _copy(bench, head)
    found = effects(store, _update_text(head, body))
    return {
        "changes": {
            graph: None if content is None else content.decode()
            for graph, content in found.changes.items()
        },
        "before": found.before,
    }, b""


def _plain_update(bench: Bench, head: Head, body: bytes) -> Given:
    """Make a changed copy of an ordinary dataset in the folder ``target``."""
    store = _copy(bench, head)
    plain.update(store, _update_text(head, body))
    store.flush()
    return {}, b""


def _plain_change(bench: Bench, head: Head, body: bytes) -> Given:
    """Make a copy of an ordinary dataset with one graph changed."""
    triples = [
        triple
        for media, data in _pieces(head, body)
        for triple in upload_triples(data, media, head["base"])
    ]
    store = _copy(bench, head)
    existed = plain.change_graph(store, head["graph"], plain.Change(head["change"]), triples)
    store.flush()
    name = plain.name_of(head["graph"])
    lines = sorted_lines(store.dump(format=engine.RdfFormat.N_TRIPLES, from_graph=name) or b"")
    return {"existed": existed, "digest": graph_digest(lines)}, b""


def _copy(bench: Bench, head: Head) -> engine.Store:
    target = Path(head["target"])
    bench.store.copy_to(target)
    return engine.Store(str(target))


def _update_text(head: Head, body: bytes) -> UpdateText:
    return UpdateText(_text(body), head["base"], tuple(head["using"]), tuple(head["using_named"]))


def _pieces(head: Head, body: bytes) -> list[tuple[str, bytes]]:
    """Media type and content of each upload."""
    found, start = [], 0
    for media, size in head["pieces"]:
        found.append((media, body[start : start + size]))
        start += size
    return found


_TASKS: Final[Mapping[str, Callable[[Bench, Head, bytes], Given]]] = {
    "query": _query,
    "graph": _graph,
    "digest": _digest,
    "read": _read,
    "effects": _effects,
    "plain_update": _plain_update,
    "plain_change": _plain_change,
}
