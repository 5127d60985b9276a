"""What a whole store says of itself: its digest, its size, and the revision it holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from dtrack import __version__
from dtrack.digests import EMPTY_STATE, graph_digest, lines_digest, state_digest
from dtrack.errors import NoStoreError, StoreError
from dtrack.stores.changes import is_shown
from dtrack.terms import DERIVED_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.model import Store

MARKER: Final = "marker.json"


@dataclass(frozen=True, slots=True)
class Marker:
    """What a whole store holds: written last, so a store without one is not whole.

    ``digest`` is content_digest(), ``built`` a UTC time; ``revision`` is the last
    one applied, of the journal with the identity ``journal``. ``derived`` is the
    digest of the derived graph by lines, "" in markers that did not tell it yet,
    and ``derived_triples`` the number of its lines.
    """

    digest: str
    triples: int
    graphs: int
    version: str
    built: str
    revision: int = 0
    journal: str = ""
    derived: str = ""
    derived_triples: int = 0


def content_digest(store: Store) -> str:
    """Digest of what a store says: of all its graphs but those of history."""
    return marker_of(store).digest


def marker_in(folder: Path) -> Marker:
    """Marker of a store's folder. Raises NoStoreError, StoreError."""
    try:
        return Marker(**json.loads((folder / MARKER).read_text()))
    except FileNotFoundError as error:
        raise NoStoreError(
            "The store that was loaded is gone.", remedy="Run `dtrack rebuild`."
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            "The marker of the store cannot be read.", remedy="Run `dtrack rebuild`."
        ) from error


def marker_of(store: Store, revision: int = 0, journal: str = "") -> Marker:
    """Marker of what a store holds now, graph by graph."""
    digests: list[tuple[str, str]] = []
    triples = derived_triples = 0
    derived = EMPTY_STATE
    for graph in store.graphs():
        if is_shown(graph):
            content = store.graph(graph)
            triples += content.count(b"\n")
            if graph == DERIVED_GRAPH:
                derived = lines_digest(content.splitlines(keepends=True))
                derived_triples = content.count(b"\n")
            digests.append((graph, derived if graph == DERIVED_GRAPH else graph_digest(content)))
    return Marker(
        digest=state_digest(digests),
        triples=triples,
        graphs=len(digests),
        version=__version__,
        built=now(),
        revision=revision,
        journal=journal,
        derived=derived,
        derived_triples=derived_triples,
    )


def now() -> str:
    """UTC time as markers write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
