"""Expanded JSON-LD, as the engine writes it, made short with our context.

This is compaction for one known context (JSON-LD 1.1 API, 6.1) over flat
nodes: nothing is nested, and nothing is fetched.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dtrack.formats.context import API_TERMS, bundled_context
from dtrack.terms import DT, PREFIXES, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TYPE: Final = f"{RDF}type"
_STRING: Final = f"{XSD}string"

Value = dict[str, Any]


def compacted(nodes: Sequence[Mapping[str, Any]], context: str, first: str = "") -> bytes:
    """JSON-LD of expanded nodes that names a context instead of every IRI.

    The node ``first`` goes before all others, for readers that look no further.
    """
    ordered = sorted(nodes, key=lambda node: node.get("@id") != first)
    graph = [item for node in ordered for item in _items(node)]
    document = {"@context": context, "items": graph}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _items(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Node with short keys; a named graph keeps its name."""
    short: dict[str, Any] = {"iri": node["@id"]} if "@id" in node else {}
    for key, values in node.items():
        if key == "@graph":
            short["items"] = [item for each in values for item in _items(each)]
        elif key in {"@type", _TYPE}:
            types = [v if isinstance(v, str) else v["@id"] for v in values]
            short["type"] = _one(sorted(_name(each) for each in types))
        elif not key.startswith("@"):
            short |= _property(key, values)
    return [short]


def _property(iri: str, values: Sequence[Value]) -> dict[str, object]:
    """A property with its values as the term for it lets them be written."""
    name = _name(iri)
    definition = bundled_context().get(name)
    rules: Mapping[str, str] = definition if isinstance(definition, dict) else {}
    if rules.get("@container") != "@language":
        return {name: _one([_value(value, rules.get("@type", "")) for value in values])}
    texts: dict[str, list[str]] = {}
    for value in values:
        if "@language" in value:
            texts.setdefault(value["@language"], []).append(value["@value"])
    short: dict[str, object] = {}
    if texts:
        short[name] = {tag: _one(found) for tag, found in sorted(texts.items())}
    # What is no text in a language has no place in a map by language.
    if others := [_value(value, "") for value in values if "@language" not in value]:
        short[iri] = _one(others)
    return short


def _name(iri: str) -> str:
    """Term of the context, or an abbreviated IRI, that stands for an IRI."""
    if iri.startswith(DT):
        name = iri[len(DT) :]
        # A key of the API may have the name of a term and mean something else.
        return name if name in bundled_context() and name not in API_TERMS else f"dt:{name}"
    for prefix in ("dcterms", "foaf", "org", "owl", "prov", "qb", "rdf", "rdfs", "skos"):
        space = PREFIXES[prefix]
        if iri.startswith(space) and "/" not in iri[len(space) :]:
            return f"{prefix}:{iri[len(space) :]}"
    return iri


def _value(value: Value, type_of: str) -> object:
    """One value; a type that the definition gives is not said again."""
    if "@id" in value:
        return value["@id"] if type_of == "@id" else {"iri": value["@id"]}
    datatype = value.get("@type", _STRING)
    if type_of.startswith("xsd:") and datatype == f"{XSD}{type_of[4:]}":
        return value["@value"]
    if not type_of and datatype == _STRING and "@language" not in value:
        return value["@value"]
    return value


def _one(values: list[Any]) -> object:
    """The only value, or all."""
    return values[0] if len(values) == 1 else values
