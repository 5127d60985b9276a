"""Changes as an Atom feed (RFC 4287); what was withdrawn as deleted entries (RFC 6721)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from dtrack.terms import DT, ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.publish.changes import Changed

MEDIA_TYPE: Final = "application/atom+xml"
ATOM: Final = "http://www.w3.org/2005/Atom"
TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
KINDS: Final = f"{ONTOLOGY}#Record"
"""Scheme of the categories that say what kind of record changed."""

# What XML 1.0 cannot hold at all, not even as a reference.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself; ``links`` by relation, relative to its own address."""

    iri: str
    title: str
    updated: str
    licence: str
    links: Mapping[str, str]


def write_atom(head: Head, changes: Sequence[Changed]) -> bytes:
    """A feed of changes in the order given."""
    for prefix, space in (("", ATOM), ("at", TOMBSTONES), ("dt", DT)):
        ET.register_namespace(prefix, space)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _text(feed, ATOM, "id", head.iri)
    _text(feed, ATOM, "title", head.title)
    _text(feed, ATOM, "updated", head.updated)
    _text(feed, ATOM, "rights", head.licence)
    _text(feed, ATOM, "generator", "dtrack")
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, ATOM, "name", "dtrack")
    for relation, address in head.links.items():
        media = {"type": MEDIA_TYPE} if relation in {"self", "next", "first"} else {}
        _link(feed, relation, address, media)
    for change in changes:
        _deleted(feed, change) if change.is_withdrawn else _entry(feed, change)
    text: bytes = ET.tostring(feed, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text


def _entry(feed: ET.Element, change: Changed) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, ATOM, "id", change.graph)
    _text(entry, ATOM, "title", change.title)
    _text(entry, ATOM, "updated", change.at)
    _text(entry, ATOM, "published", change.at)
    author = ET.SubElement(entry, f"{{{ATOM}}}author")
    _text(author, ATOM, "name", change.agent)
    _text(entry, ATOM, "summary", change.reason or "No reason was given.")
    ET.SubElement(entry, f"{{{ATOM}}}category", {"term": change.kind, "scheme": KINDS})
    _link(entry, "alternate", change.thing)
    _revision(entry, change)
    for media, address in change.contents.items():
        _link(entry, "related", address, {"type": media})


def _deleted(feed: ET.Element, change: Changed) -> None:
    entry = ET.SubElement(
        feed, f"{{{TOMBSTONES}}}deleted-entry", {"ref": change.graph, "when": change.at}
    )
    by = ET.SubElement(entry, f"{{{TOMBSTONES}}}by")
    _text(by, ATOM, "name", change.agent)
    _text(entry, TOMBSTONES, "comment", change.reason or "No reason was given.")
    _link(entry, "alternate", change.thing)
    _revision(entry, change)


def _revision(entry: ET.Element, change: Changed) -> None:
    """What our own harvester needs, in our own namespace: revision, digest, source."""
    _link(entry, "via", change.revision)
    _text(entry, DT, "revisionNumber", str(change.number))
    _text(entry, DT, "sourceName", change.source)
    if change.digest:
        _text(entry, DT, "digest", change.digest)
    if change.patch:
        _link(entry, "related", change.patch, {"type": "application/rdf-patch"})


def _text(parent: ET.Element, space: str, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{space}}}{name}").text = _NO_XML.sub("\ufffd", text)


def _link(
    parent: ET.Element, relation: str, address: str, more: Mapping[str, str] | None = None
) -> None:
    attributes = {"rel": relation, "href": address, **(more or {})}
    ET.SubElement(parent, f"{{{ATOM}}}link", attributes)
