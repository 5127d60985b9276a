"""``$metadata``: the types of the service, for versions 3 and 4 (CSDL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from dtrack.publish.odata.sets import PARTS, SETS
from dtrack.publish.odata.wire import SPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE: Final = "application/xml"
_OLD: Final = (
    "http://schemas.microsoft.com/ado/2007/06/edmx",
    "http://schemas.microsoft.com/ado/2008/09/edm",
)
_NEW: Final = (
    "http://docs.oasis-open.org/odata/ns/edmx",
    "http://docs.oasis-open.org/odata/ns/edm",
)
_DATA: Final = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"


def write_metadata(version: int) -> bytes:
    """Description of all sets and types."""
    envelope, space = _OLD if version == 3 else _NEW
    for prefix, iri in (("edmx", envelope), ("", space), ("m", _DATA)):
        ET.register_namespace(prefix, iri)
    root = ET.Element(f"{{{envelope}}}Edmx", {"Version": "1.0" if version == 3 else "4.0"})
    inner = {f"{{{_DATA}}}DataServiceVersion": "2.0"} if version == 3 else {}
    services = ET.SubElement(root, f"{{{envelope}}}DataServices", inner)
    schema = ET.SubElement(services, f"{{{space}}}Schema", {"Namespace": SPACE})
    _types(schema, space, version)
    if version == 3:
        _associations(schema, space)
    container = ET.SubElement(schema, f"{{{space}}}EntityContainer", {"Name": "InforMEA"})
    if version == 3:
        container.set(f"{{{_DATA}}}IsDefaultEntityContainer", "true")
    for each in SETS.values():
        _set(container, space, each.name, each.entity)
    if version == 3:
        _association_sets(container, space)
    text: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text


def _types(schema: ET.Element, space: str, version: int) -> None:
    for entity_set in SETS.values():
        made = _entity_type(schema, space, entity_set.entity, entity_set.simple, version)
        for name, part in entity_set.many.items():
            if version == 4:
                kind = f"Collection({SPACE}.{part.type})"
                ET.SubElement(made, f"{{{space}}}NavigationProperty", {"Name": name, "Type": kind})
                continue
            ends = {
                "Name": name,
                "Relationship": f"{SPACE}.{entity_set.entity}_{name}",
                "FromRole": entity_set.entity,
                "ToRole": name,
            }
            ET.SubElement(made, f"{{{space}}}NavigationProperty", ends)
    for part in PARTS:
        _entity_type(schema, space, part.type, part.properties, version)


def _entity_type(
    schema: ET.Element, space: str, name: str, properties: Mapping[str, str], version: int
) -> ET.Element:
    made = ET.SubElement(schema, f"{{{space}}}EntityType", {"Name": name})
    key = ET.SubElement(made, f"{{{space}}}Key")
    ET.SubElement(key, f"{{{space}}}PropertyRef", {"Name": "id"})
    for each, kind in properties.items():
        kind = "Edm.DateTimeOffset" if version == 4 and kind == "Edm.DateTime" else kind
        nullable = "false" if each == "id" else "true"
        attributes = {"Name": each, "Type": kind, "Nullable": nullable}
        ET.SubElement(made, f"{{{space}}}Property", attributes)
    return made


def _associations(schema: ET.Element, space: str) -> None:
    for entity_set in SETS.values():
        for name, part in entity_set.many.items():
            made = ET.SubElement(
                schema, f"{{{space}}}Association", {"Name": f"{entity_set.entity}_{name}"}
            )
            for role, kind, many in (
                (entity_set.entity, entity_set.entity, "1"),
                (name, part.type, "*"),
            ):
                end = {"Role": role, "Type": f"{SPACE}.{kind}", "Multiplicity": many}
                ET.SubElement(made, f"{{{space}}}End", end)


def _set(container: ET.Element, space: str, name: str, kind: str) -> None:
    attributes = {"Name": name, "EntityType": f"{SPACE}.{kind}"}
    ET.SubElement(container, f"{{{space}}}EntitySet", attributes)


def _association_sets(container: ET.Element, space: str) -> None:
    for entity_set in SETS.values():
        for name, part in entity_set.many.items():
            # Parts have no set of their own outside of what they belong to.
            own = f"{entity_set.entity}_{name}"
            _set(container, space, own, part.type)
            made = ET.SubElement(
                container,
                f"{{{space}}}AssociationSet",
                {"Name": f"{own}_set", "Association": f"{SPACE}.{own}"},
            )
            for role, of in ((entity_set.entity, entity_set.name), (name, own)):
                ET.SubElement(made, f"{{{space}}}End", {"Role": role, "EntitySet": of})
