"""The files of a release, written so that the same data gives the same bytes."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from dtrack.publish.releases.manifest import ReleasedFile
from dtrack.publish.statements import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import BufferedIOBase
    from pathlib import Path

GZIP: Final = "application/gzip"
_PIECE: Final = 1 << 20


@contextmanager
def packed(path: Path) -> Iterator[BufferedIOBase]:
    """File that is written gzip; neither name nor time of writing stands in it."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
        yield file


def write_nquads(path: Path, graphs: Iterable[tuple[str, bytes]]) -> None:
    """N-Quads, graph by graph in the order given, lines sorted."""
    with packed(path) as file:
        for graph, content in graphs:
            name = f" <{graph}> .\n".encode()
            for line in content.split(b"\n")[:-1]:
                file.write(line.removesuffix(b" .") + name)


def write_trig(path: Path, graphs: Iterable[tuple[str, bytes]]) -> None:
    """TriG, a block a graph."""
    with packed(path) as file:
        for graph, content in graphs:
            file.write(blocks({graph: content}))


def write_jsonld(
    path: Path,
    graphs: Iterable[tuple[str, bytes]],
    as_jsonld: Callable[[Mapping[str, bytes]], bytes],
) -> None:
    """Expanded JSON-LD, an object a graph."""
    with packed(path) as file:
        joint = b"[\n"
        for graph, content in graphs:
            file.write(joint + as_jsonld({graph: content}).strip().removeprefix(b"[")[:-1])
            joint = b",\n"
        file.write(b"\n]\n" if joint == b",\n" else b"[]\n")


def describe_file(path: Path, media_type: str, packing: str = "") -> ReleasedFile:
    """What a manifest says of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return ReleasedFile(path.name, media_type, packing, path.stat().st_size, digest.hexdigest())


def write_difference(before: Path, after: Path, added: Path, removed: Path) -> tuple[int, int]:
    """N-Quads that came and left between two releases, and how many; neither is held whole."""
    counts = [0, 0]
    with (
        gzip.open(before) as old,
        gzip.open(after) as new,
        packed(added) as came,
        packed(removed) as left,
    ):
        for line, is_new in _merged(old, new):
            (came if is_new else left).write(line)
            counts[0 if is_new else 1] += 1
    return counts[0], counts[1]


def _merged(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Lines of one of two files alone, both in the order of write_nquads."""
    ours, theirs = iter(old), iter(new)
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        if one == other:
            one, other = next(ours, None), next(theirs, None)
        elif other is None or (one is not None and _key(one) < _key(other)):
            assert one is not None  # noqa: S101 - one of the two is there
            yield one, False
            one = next(ours, None)
        else:
            yield other, True
            other = next(theirs, None)


def _key(line: bytes) -> tuple[bytes, bytes]:
    """Place of a line: its graph, then what it says."""
    said, _, graph = line.rpartition(b" <")
    return graph.removesuffix(b"> .\n"), said + b" ."
