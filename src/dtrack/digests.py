"""Digests of graphs, and of whole states that change graph by graph.

A graph's digest is the SHA-256 of its canonical N-Triples. A state's digest is
the sum of the digests of its pairs (graph, digest), modulo 2^256: the order
does not matter, and a change costs what it changes, not the whole state. The
derived graph, of which each revision changes a little, is digested so by lines.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_MODULUS: Final = 1 << 256
EMPTY_STATE: Final = "0" * 64
"""Digest of a state without graphs."""


def graph_digest(ntriples: bytes) -> str:
    """Hexadecimal SHA-256 of canonical N-Triples."""
    return sha256(ntriples).hexdigest()


def lines_digest(lines: Iterable[bytes]) -> str:
    """Digest of a set of N-Triples lines, which may come in any order."""
    return changed_lines(EMPTY_STATE, (), lines)


def changed_lines(digest: str, left: Iterable[bytes], came: Iterable[bytes]) -> str:
    """Digest of a set of lines after some left and others came."""
    total = int(digest, 16)
    total -= sum(int.from_bytes(sha256(line).digest()) for line in left)
    total += sum(int.from_bytes(sha256(line).digest()) for line in came)
    return f"{total % _MODULUS:064x}"


def state_digest(graphs: Iterable[tuple[str, str]]) -> str:
    """Digest of a state given as pairs of graph IRI and graph digest."""
    return changed_state(EMPTY_STATE, (), graphs)


def changed_state(
    state: str, left: Iterable[tuple[str, str]], came: Iterable[tuple[str, str]]
) -> str:
    """Digest of a state after some pairs of graph and digest left and others came."""
    total = int(state, 16)
    total -= sum(_weight(graph, digest) for graph, digest in left)
    total += sum(_weight(graph, digest) for graph, digest in came)
    return f"{total % _MODULUS:064x}"


def _weight(graph: str, digest: str) -> int:
    return int.from_bytes(sha256(f"{graph} {digest}".encode()).digest())
