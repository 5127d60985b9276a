"""Where the pages are: the menu, the map of the site, and the way to a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MENU: Final = (
    ("overlaps", "/overlaps"),
    ("gaps", "/gaps"),
    ("texts", "/decisions"),
    ("targets", "/frameworks"),
    ("themes", "/themes"),
    ("actors", "/actors"),
    ("deadlines", "/deadlines"),
    ("sparql", "/sparql"),
)
"""Pages of the menu: key of the word, address."""

SITE: Final = (
    (
        "site_explore",
        (
            ("overlaps", "/overlaps"),
            ("gaps", "/gaps"),
            ("patterns", "/patterns"),
            ("compare", "/compare"),
            ("options", "/options"),
            ("network", "/network"),
            ("figures", "/figures"),
            ("deadlines", "/deadlines"),
            ("screen", "/screen"),
        ),
    ),
    (
        "site_records",
        (
            ("texts", "/decisions"),
            ("instruments", "/instruments"),
            ("meetings", "/meetings"),
            ("targets", "/frameworks"),
            ("themes", "/themes"),
            ("actors", "/actors"),
        ),
    ),
    (
        "site_data",
        (
            ("sparql", "/sparql"),
            ("desk", "/desk"),
            ("validate", "/validate"),
            ("docs", "/docs"),
            ("dataset", "/dataset"),
            ("codes", "/codes"),
            ("ontology", "/ontology"),
            ("shapes", "/shapes"),
        ),
    ),
)
"""Map of the site, by groups."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way to a page: what it is called and where it is."""

    label: str
    address: str


def section(path: str) -> str:
    """Address of the menu that a page belongs to, "" for none."""
    if path.startswith(("/doc/target", "/doc/goal", "/doc/framework")):
        return "/frameworks"
    if path.startswith("/codes/theme"):
        return "/themes"
    if path.startswith("/codes/actor"):
        return "/actors"
    for _, address in MENU:
        if path == address or path.startswith(f"{address}/"):
            return address
    return ""
