"""An InforMEA service, read whole each time: what it no longer has is no more there.

Its times of change are often those of creation, so asking only for what is new
would miss edits and never learn of withdrawals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.curate.feeds import Origin, harvest_informea
from dtrack.curate.feeds.bringing import stamped_singly
from dtrack.curate.harvests.offering import Batch, Told, attempted, unusable
from dtrack.sources import informea
from dtrack.sources.informea.items import LEFT_OUT
from dtrack.sources.informea.service import read_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.curate.feeds import Held
    from dtrack.curate.harvests.offering import Reader, Reading
    from dtrack.curate.writing import Curator


def read_informea(curator: Curator, held: Held) -> Reader:
    """Reader of a service; each row becomes a record beside what is held about the same thing."""

    def read(reading: Reading) -> Iterator[Batch]:
        subscription, url = reading.subscription, reading.url
        origin = Origin(subscription.source, curator.base, informea.VERSION)
        pages = read_service(reading.fetcher, url, progress=reading.progress)
        harvest = harvest_informea(pages, held, origin)
        singly = stamped_singly(curator, harvest, origin, subscription.source, reading.now[:10])
        told: list[Told] = []
        for graph, make in singly:
            if reading.wants(graph):
                place = harvest.places.get(graph, url)
                content, fault = attempted(make)
                said = f"{place}: {fault}" if fault else ""
                told.append(Told(graph, content, place.split(", ", 1)[0], reading.now, fault=said))
        faults = [r for r in harvest.remarks if r.rule in LEFT_OUT]
        rest = tuple(r for r in harvest.remarks if r.rule not in LEFT_OUT)
        singled = tuple(unusable(r.place, r.about, r.message) for r in faults)
        yield Batch(told, {}, is_last=True, remarks=rest, faults=singled)

    return read
