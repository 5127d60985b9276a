"""The stories of what goes in: a change is checked, journalled, stored - or refused whole."""

from __future__ import annotations

from dtrack.curate.loading import Loading, load
from dtrack.curate.rules import Rules
from dtrack.curate.writing import Curator

__all__ = ["Curator", "Loading", "Rules", "load"]
