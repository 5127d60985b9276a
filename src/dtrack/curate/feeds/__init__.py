"""The stories of imports: what a source says is set beside what is held, and never over it."""

from dtrack.curate.feeds.bringing import Import, bring_harvest
from dtrack.curate.feeds.held import Held
from dtrack.curate.feeds.informea import harvest_informea
from dtrack.curate.feeds.origin import Origin

__all__ = ["Held", "Import", "Origin", "bring_harvest", "harvest_informea"]
