"""InforMEA feeds: OData versions 1 to 4 and the newer JSON, to items with what is wrong in them."""

from dtrack.sources.informea.checks import check
from dtrack.sources.informea.envelope import Page, read_page
from dtrack.sources.informea.fields import SETS, EntitySet
from dtrack.sources.informea.items import File, Item, Keyword, Text, read_items

VERSION = "informea reader 1"
"""Stands in every record; a new number when the same input gives other triples."""

__all__ = [
    "SETS",
    "VERSION",
    "EntitySet",
    "File",
    "Item",
    "Keyword",
    "Page",
    "Text",
    "check",
    "read_items",
    "read_page",
]
