"""Secretariats named by their conventions: "the secretariats of the Basel Convention and CITES"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dtrack.extraction.actors import Actors, Named

_SECRETARIATS_OF = re.compile(
    r"\b[Ss]ecretariat(?P<several>s?) of (?:the )?(?:(?:[A-Z][\w-]+, )*[A-Z][\w-]+ and )?$"
)
_AND_OF = re.compile(r",?\s*(?:and)?\s*(?:of )?(?:the )?")


def with_secretariats(head: str, found: list[Named], actors: Actors) -> list[Named]:
    """Actors, with their secretariats for "the secretariats of the Basel Convention and CITES"."""
    result: list[Named] = []
    last = 0
    of = False
    for named in found:
        lead = _SECRETARIATS_OF.search(head[: named.start])
        key = actors.secretariat(named.key)
        # One without a key counts as its body.
        key = named.key if not key and lead and not lead["several"] else key
        joined = of and _AND_OF.fullmatch(head, last, named.start) is not None
        of = bool(key) and (lead is not None or joined)
        if of and lead is not None and result and result[-1].end > lead.start():
            result.pop()
        start = named.start if not of else lead.start() if lead else last
        result.append(named._replace(key=key, start=start) if of else named)
        of = of or head[named.start : named.end].lower().startswith("secretariats of")
        last = named.end
    return result
