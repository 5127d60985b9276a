"""What an administrator says of a harvest, checked before anything is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from dtrack.errors import InputError
from dtrack.journal.harvests import Subscription
from dtrack.sources.ntriples import is_iri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS: Final[Mapping[str, str]] = {
    "ldes": "The stream of changes of another node: every version, withdrawals included.",
    "atom": "The feed of changes of another node: the latest version of each record.",
    "informea": "An InforMEA service (OData): its rows, beside what is held.",
    "sparql": "A SPARQL endpoint: its graphs, or what a CONSTRUCT gives.",
}
"""Kinds of origins, best first for other nodes."""

_ENDINGS: Final = {"/ldes": "ldes", ".atom": "atom", "/odata": "informea", "/sparql": "sparql"}
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
_DURATION: Final = re.compile(r"(\d{1,9})\s*([smhd]?)")
_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST: Final = 366 * 86400


def duration(text: str) -> int:
    """Seconds of a time such as 90s, 15m, 6h or 1d. Raises InputError."""
    match = _DURATION.fullmatch(text.strip().lower())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not 1 <= seconds <= _LONGEST:
        raise InputError(
            f"'{text[:30]}' is no time between two runs.",
            remedy="Write it as 90s, 15m, 6h or 1d; a year is the longest.",
        )
    return seconds


def told_duration(seconds: int) -> str:
    """Seconds as a time that duration() reads."""
    for unit, size in reversed(_UNITS.items()):
        if unit and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def is_name(text: str) -> bool:
    """Whether a text may be the name of a harvest."""
    return _NAME.fullmatch(text) is not None


def is_fetched(url: str) -> bool:
    """Whether a text is an address that is fetched: http or https, without a user name."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return False


def kind_of(url: str) -> str:
    """Kind of origin that the end of an address tells; "" where it tells none."""
    path = urlsplit(url).path.rstrip("/")
    return next((kind for end, kind in _ENDINGS.items() if path.endswith(end)), "")


def wanted(
    name: str,
    url: str,
    agent: str,
    *,
    kind: str = "",
    every: str = "1h",
    only: Sequence[str] = (),
    graphs: str = "",
    construct: str = "",
    graph: str = "",
) -> Subscription:
    """A harvest as it is to be set up. Raises InputError for what does not fit together."""
    if not is_name(name):
        raise InputError(
            f"'{name[:50]}' is no name of a harvest.",
            remedy="Use up to 48 lower-case letters, digits and hyphens.",
        )
    if not is_fetched(url):
        raise InputError(
            f"'{url[:100]}' is no address that is fetched.",
            remedy="Give an http or https address without a user name.",
        )
    kind = kind or kind_of(url)
    if kind not in KINDS:
        raise InputError(
            "The address does not tell what kind of origin it is.",
            remedy=f"Say --kind with one of {', '.join(KINDS)}.",
        )
    options: dict[str, Any] = {"only": list(only)} if only else {}
    if (graphs or construct or graph) and kind != "sparql":
        raise InputError(
            f"An origin of the kind {kind} takes no queries.", remedy="Leave them out."
        )
    if graphs and construct:
        raise InputError(
            "A query that lists graphs and one that makes a graph were given.",
            remedy="Give one of them.",
        )
    if bool(construct) != bool(graph) or (graph and not is_iri(graph)):
        raise InputError(
            "What a CONSTRUCT gives is one record, which needs the IRI of its graph.",
            remedy="Give --construct and --graph together.",
        )
    given = {"graphs": graphs, "construct": construct, "graph": graph}
    options |= {key: value for key, value in given.items() if value}
    return Subscription(name, kind, url, options, duration(every), agent)
