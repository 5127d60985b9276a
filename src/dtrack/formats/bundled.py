"""JSON-LD that names the bundled context by its address, made to hold the context itself.

Nothing is fetched when data is read, and a context that stays an address is
refused by the parser; so whoever takes our own answers may send them back.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from dtrack.formats.context import bundled_context
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Collection

ADDRESS: Final = f"{BASE}/context.jsonld"
MOST: Final = 50
"""Most places where the context is put in: a small body must not become a large one."""
_DEEPEST: Final = 200
"""Parsers refuse what is nested deeper; nothing is put in there."""
# A string without an end is one token, lest each quote in it is tried for a beginning.
_TOKENS: Final = re.compile(rb'"@context"\s*+:|"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def with_bundled_context(data: bytes, addresses: Collection[str] = ()) -> bytes:
    """JSON-LD with the bundled context wherever a context is its address.

    ``addresses`` are some more that it has. Lines stay the same, and so do
    other contexts.
    """
    known = {json.dumps(address).encode() for address in (ADDRESS, *addresses)}
    if not any(address in data for address in known):
        return data
    context = json.dumps(dict(bundled_context()), separators=(",", ":")).encode()
    pieces: list[bytes] = []
    end = 0
    for start in _places(data, known)[:MOST]:
        pieces += [data[end:start], context]
        end = data.index(b'"', start + 1) + 1
    return b"".join([*pieces, data[end:]])


def _places(data: bytes, known: Collection[bytes]) -> list[int]:
    """Where a context, or one in a list of contexts, is an address that is known."""
    found: list[int] = []
    # Of each bracket that is open: whether it is a list of contexts.
    lists: list[bool] = []
    follows_key = False
    for match in _TOKENS.finditer(data):
        token = match.group()
        if token in b"[{":
            lists.append(follows_key and token == b"[")
            if len(lists) > _DEEPEST:
                break
        elif token in b"]}":
            lists[-1:] = []
        elif token in known and (follows_key or (lists and lists[-1])):
            found.append(match.start())
        follows_key = token.endswith(b":") and token.startswith(b'"@context"')
    return found
