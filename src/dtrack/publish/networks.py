"""Networks of texts, instruments and targets: GraphML and CSV for graph tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NETWORKS: Final = ("citations", "cooperation", "mappings")
"""Names of the networks: each is a query ``queries/publish/network_NAME.rq``."""
GRAPHML: Final = "application/graphml+xml"
_SPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(name: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """GraphML of a directed network; nodes are named by IRI, edges have relation and weight."""
    found = list(rows)
    ET.register_namespace("", _SPACE)
    root = ET.Element(f"{{{_SPACE}}}graphml")
    for of, key, kind in (
        ("node", "label", "string"),
        ("edge", "relation", "string"),
        ("edge", "weight", "double"),
    ):
        attributes = {"id": key, "for": of, "attr.name": key, "attr.type": kind}
        ET.SubElement(root, f"{{{_SPACE}}}key", attributes)
    graph = ET.SubElement(root, f"{{{_SPACE}}}graph", {"id": name, "edgedefault": "directed"})
    labels: dict[str, str] = {}
    for row in found:
        for end in ("source", "target"):
            labels[row[end]] = labels.get(row[end]) or row[f"{end}_label"]
    for iri in sorted(labels):
        node = ET.SubElement(graph, f"{{{_SPACE}}}node", {"id": iri})
        _data(node, "label", labels[iri] or iri.rsplit("/", 1)[-1])
    for number, row in enumerate(found):
        ends = {"id": f"e{number}", "source": row["source"], "target": row["target"]}
        edge = ET.SubElement(graph, f"{{{_SPACE}}}edge", ends)
        _data(edge, "relation", row["relation"])
        _data(edge, "weight", row["weight"] or "1")
    text: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"


def _data(parent: ET.Element, key: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_SPACE}}}data", {"key": key}).text = _NO_XML.sub("\ufffd", text)
