"""The story of a harvest: what an origin offers is read, settled with what is here, and told."""

from __future__ import annotations

from dtrack.curate.harvests.atom import read_feed
from dtrack.curate.harvests.endpoint import read_endpoint
from dtrack.curate.harvests.offering import Batch, Reading
from dtrack.curate.harvests.running import Run, is_due, is_running_here, run
from dtrack.curate.harvests.service import read_informea
from dtrack.curate.harvests.setting_up import (
    KINDS,
    duration,
    is_fetched,
    is_name,
    kind_of,
    told_duration,
    wanted,
)
from dtrack.curate.harvests.settling import Settled, settle
from dtrack.curate.harvests.stream import read_stream

__all__ = [
    "KINDS",
    "Batch",
    "Reading",
    "Run",
    "Settled",
    "duration",
    "is_due",
    "is_fetched",
    "is_name",
    "is_running_here",
    "kind_of",
    "read_endpoint",
    "read_feed",
    "read_informea",
    "read_stream",
    "run",
    "settle",
    "told_duration",
    "wanted",
]
