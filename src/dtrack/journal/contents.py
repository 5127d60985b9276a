"""Contents of graphs, each kept once, by digest."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from dtrack.digests import graph_digest
from dtrack.errors import JournalError
from dtrack.journal.schema import CONTENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection

_LEVEL: Final = 1
"""Of compression: N-Triples shrink to a tenth even so."""

BATCH: Final = 500
"""Rows in one statement; SQLite allows 32,766 parameters."""


def portions(items: Collection[str], size: int = BATCH) -> Iterator[list[str]]:
    """Items in lists of at most ``size``."""
    todo = list(items)
    for start in range(0, len(todo), size):
        yield todo[start : start + size]


def keep(connection: Connection, contents: Mapping[str, bytes]) -> None:
    """Keep contents, given by digest, that are not kept yet."""
    for digests in portions(contents):
        known = set(
            connection.scalars(select(CONTENTS.c.digest).where(CONTENTS.c.digest.in_(digests)))
        )
        rows = [
            {
                "digest": digest,
                "triples": contents[digest].count(b"\n"),
                "size": len(contents[digest]),
                "body": zlib.compress(contents[digest], _LEVEL),
            }
            for digest in digests
            if digest not in known
        ]
        if rows:
            connection.execute(CONTENTS.insert(), rows)


def content(connection: Connection, digest: str) -> bytes:
    """Canonical N-Triples of a digest. Raises JournalError when they are lost or damaged."""
    held = CONTENTS.c.body, CONTENTS.c.size
    row = connection.execute(select(*held).where(CONTENTS.c.digest == digest)).one_or_none()
    return _whole(digest, *(row or (None, 0)))


def contents(connection: Connection, digests: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Digests with their canonical N-Triples, in portions that fit into memory."""
    for some in portions(set(digests), 100):
        rows = connection.execute(
            select(CONTENTS.c.digest, CONTENTS.c.body, CONTENTS.c.size).where(
                CONTENTS.c.digest.in_(some)
            )
        ).all()
        bodies = {digest: (body, size) for digest, body, size in rows}
        for digest in some:
            yield digest, _whole(digest, *bodies.get(digest, (None, 0)))


def triples(connection: Connection, digests: Collection[str]) -> dict[str, int]:
    """Number of triples of each digest."""
    found: dict[str, int] = {}
    for some in portions(set(digests)):
        rows = connection.execute(
            select(CONTENTS.c.digest, CONTENTS.c.triples).where(CONTENTS.c.digest.in_(some))
        )
        found.update((row.digest, row.triples) for row in rows)
    return found


def _whole(digest: str, body: bytes | None, size: int) -> bytes:
    """Content, after a look at whether it is what its digest says; ``size`` is its own."""
    try:
        # With room for all of it at once, nothing is moved.
        found = None if body is None else zlib.decompress(body, bufsize=max(size, 1))
    except zlib.error:
        found = None
    if found is None or graph_digest(found) != digest:
        raise JournalError(
            f"The journal has lost the content {digest[:12]}….",
            remedy="Bring back a backup: `dtrack restore FILE`.",
        )
    return found
