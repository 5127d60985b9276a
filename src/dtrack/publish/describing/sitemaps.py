"""Addresses of pages for search engines: sitemaps, and what robots may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST: Final = 10_000
"""Addresses in one sitemap; the protocol allows 50,000."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

CLOSED: Final = ("/sparql", "/update", "/graphs", "/odata", "/api/v1/validate", "/find")
"""What costs much and shows a search engine nothing."""


def write_sitemap(pages: Iterable[tuple[str, str]]) -> bytes:
    """Sitemap of addresses with the time of the last change of each, "" where unknown."""
    return _written("urlset", "url", pages)


def write_index(sitemaps: Iterable[tuple[str, str]]) -> bytes:
    """List of sitemaps."""
    return _written("sitemapindex", "sitemap", sitemaps)


def write_robots(base: str) -> str:
    """What robots may ask, and where they find the pages."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    return "\n".join([*lines, "", f"Sitemap: {base}/sitemap.xml", ""])


def _written(outer: str, inner: str, found: Iterable[tuple[str, str]]) -> bytes:
    lines = [
        f"<{inner}><loc>{escape(address)}</loc>"
        + (f"<lastmod>{escape(at)}</lastmod>" if at else "")
        + f"</{inner}>\n"
        for address, at in found
    ]
    return f"{_HEAD}<{outer} {_SPACE}>\n{''.join(lines)}</{outer}>\n".encode()
