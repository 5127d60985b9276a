"""Entities on the wire: JSON of version 3 as InforMEA's clients read it, and of version 4."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.publish.odata.entities import Entity, Part, Value
    from dtrack.publish.odata.options import Options, Page
    from dtrack.publish.odata.sets import EntitySet

SPACE: Final = "informea"
"""Namespace of the types, as in the feeds that are there."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire format: version 3 ("verbose") or 4; ``root`` is the address of the service."""

    version: int
    root: str

    @property
    def media_type(self) -> str:
        """Content-Type of answers."""
        kind = "odata=verbose" if self.version == 3 else "odata.metadata=minimal"
        return f"application/json;{kind};charset=utf-8"

    @property
    def headers(self) -> Mapping[str, str]:
        """Header that names the version."""
        return {"OData-Version": "4.0"} if self.version == 4 else {"DataServiceVersion": "2.0"}

    def service(self, sets: Mapping[str, EntitySet]) -> bytes:
        """Service document."""
        if self.version == 3:
            return _json({"d": {"EntitySets": list(sets)}})
        listed = [{"name": name, "kind": "EntitySet", "url": name} for name in sets]
        return _json({"@odata.context": f"{self.root}/$metadata", "value": listed})

    def page(self, entity_set: EntitySet, page: Page, options: Options, following: str) -> bytes:
        """A page of a set; ``following`` is the address of the next, relative to this one."""
        shown = [self._entity(entity_set, each, options) for each in page.entities]
        if self.version == 3:
            body: dict[str, Any] = {"results": shown}
            if page.total is not None:
                body["__count"] = str(page.total)
            if following:
                body["__next"] = following
            return _json({"d": body})
        body = {"@odata.context": f"{self.root}/$metadata#{entity_set.name}"}
        if page.total is not None:
            body["@odata.count"] = page.total
        body["value"] = shown
        if following:
            body["@odata.nextLink"] = following
        return _json(body)

    def entity(self, entity_set: EntitySet, entity: Entity, options: Options) -> bytes:
        """One entity."""
        shown = self._entity(entity_set, entity, options)
        if self.version == 3:
            return _json({"d": shown})
        context = f"{self.root}/$metadata#{entity_set.name}/$entity"
        return _json({"@odata.context": context, **shown})

    def property(self, entity_set: EntitySet, entity: Entity, name: str) -> bytes:
        """One property of an entity, or one of its collections."""
        if name in entity_set.many:
            parts = [self._part(entity_set, name, each) for each in entity.parts[name]]
            if self.version == 3:
                return _json({"d": {"results": parts}})
            return _json({"@odata.context": self._about(entity_set, entity, name), "value": parts})
        value = self._value(entity.values[name])
        if self.version == 3:
            return _json({"d": {name: value}})
        return _json({"@odata.context": self._about(entity_set, entity, name), "value": value})

    def error(self, code: str, message: str) -> bytes:
        """An error as OData's clients read it."""
        said = {"lang": "en", "value": message} if self.version == 3 else message
        return _json({"error": {"code": code, "message": said}})

    def _about(self, entity_set: EntitySet, entity: Entity, name: str) -> str:
        return f"{self.root}/$metadata#{address_of(entity_set, entity)}/{name}"

    def _entity(self, entity_set: EntitySet, entity: Entity, options: Options) -> dict[str, Any]:
        chosen = set(options.select or entity_set.names)
        own = f"{self.root}/{address_of(entity_set, entity)}"
        body: dict[str, Any] = {}
        if self.version == 3:
            body["__metadata"] = {"id": own, "uri": own, "type": f"{SPACE}.{entity_set.entity}"}
        else:
            body["@odata.id"] = own
        for name in entity_set.simple:
            if name in chosen:
                body[name] = self._value(entity.values[name])
        for name in entity_set.many:
            if name in options.expand:
                parts = [self._part(entity_set, name, each) for each in entity.parts[name]]
                body[name] = {"results": parts} if self.version == 3 else parts
            elif name in chosen and self.version == 3:
                body[name] = {"__deferred": {"uri": f"{own}/{name}"}}
        return body

    def _part(self, entity_set: EntitySet, name: str, part: Part) -> dict[str, Any]:
        kind = entity_set.many[name].type
        values = {key: self._value(value) for key, value in part.items()}
        if self.version == 4:
            return values
        own = f"{self.root}/{kind}('{quote(str(part['id']), safe='')}')"
        return {"__metadata": {"id": own, "uri": own, "type": f"{SPACE}.{kind}"}, **values}

    def _value(self, value: Value) -> Any:
        if not isinstance(value, datetime):
            return value
        if self.version == 4:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return f"/Date({(value - _EPOCH) // timedelta(milliseconds=1)})/"


def address_of(entity_set: EntitySet, entity: Entity) -> str:
    """Address of an entity, relative to the service; a quote in its key is doubled."""
    return f"{entity_set.name}('{quote(entity.id.replace(chr(39), chr(39) * 2), safe='')}')"


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
