"""How two versions of a graph differ, line by line, for whoever came too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.journal import contents

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MOST: Final = 500
"""Lines that are told; more would be no answer to read."""


def difference(connection: Connection, before: str | None, after: str | None) -> str:
    """N-Triples lines that came (+) and left (-) between two digests; None = no graph.

    Empty where the journal never had one of them, as with an invented digest.
    """
    digests = [digest for digest in (before, after) if digest is not None]
    if len(contents.triples(connection, digests)) < len(set(digests)):
        return ""
    old, new = (_lines(connection, digest) for digest in (before, after))
    found = sorted([*(("- ", n) for n in old - new), *(("+ ", n) for n in new - old)], key=_place)
    told = [f"{sign}{line}" for sign, line in found[:_MOST]]
    if len(found) > _MOST:
        told.append(f"… and {len(found) - _MOST} more lines")
    return "\n".join(told)


def _lines(connection: Connection, digest: str | None) -> set[str]:
    if digest is None:
        return set()
    return set(contents.content(connection, digest).decode().split("\n")) - {""}


def _place(item: tuple[str, str]) -> tuple[str, str]:
    """Order by line, so that what a value was stands beside what it is; what left comes first."""
    sign, line = item
    return line, "0" if sign == "- " else "1"
