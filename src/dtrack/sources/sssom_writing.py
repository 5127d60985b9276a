"""A mapping set as SSSOM TSV that sources.sssom reads back as the same graph."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError
from dtrack.terms import BASE, DCTERMS, DT, RDF, SDG, SDG_FRAMEWORK, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE: Final = re.compile(rb"<([^>]*)> <([^>]*)> (.*) \.")
_ESCAPES: Final = {"\\\\": "\\", '\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t"}
_PREFIXES: Final = {
    "dt": DT,
    "dtid": f"{BASE}/id/",
    "dtcode": f"{BASE}/codes/",
    "sdg": SDG,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS,
    "unmd": SDG_FRAMEWORK.removesuffix("sdg"),
    "xsd": XSD,
}
_EXTENSIONS: Final = (
    ("ext_strength", "dt:strength"),
    ("ext_review_state", "dt:reviewState"),
    ("ext_record_graph", "dt:recordOf"),
    ("ext_belongs_to_source", "dt:belongsToSource"),
    ("ext_source_place", "dt:sourcePlace"),
    ("ext_source", "dcterms:source"),
    ("ext_read_by", "dt:readBy"),
)
_COLUMNS: Final = (
    "record_id", "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "author_label", "confidence", "mapping_date", "see_also", "comment",
    "ext_strength", "ext_review_state",
)  # fmt: skip
_Node = defaultdict[str, list[str]]


def write_mapping_set(graph: str, ntriples: bytes, labels: Mapping[str, str]) -> bytes:
    """SSSOM TSV of the graph of a mapping set; ``labels`` are English, for readers.

    Raises InputError for a graph that is none, or that SSSOM has no place for.
    """
    nodes = _nodes(ntriples)
    sets = [iri for iri, node in nodes.items() if f"{DT}MappingSet" in node[f"{RDF}type"]]
    if len(sets) != 1:
        raise InputError(
            f"<{graph}> is no mapping set.", remedy="`dtrack dump --format sssom` lists those."
        )
    head = _head(graph, sets[0], nodes)
    mappings = sorted(
        (iri for iri, node in nodes.items() if f"{DT}Mapping" in node[f"{RDF}type"]), key=_order
    )
    home = f"{sets[0].replace('/id/mapping-set/', '/id/mapping/')}/"
    numbered = mappings == [f"{home}{n}" for n in range(1, len(mappings) + 1)]
    rows = [_row(iri, nodes[iri], labels, numbered=numbered) for iri in mappings]
    used = [c for c in _COLUMNS if any(row[c] for row in rows) or c == "author_label"]
    lines = ["\t".join(used), *("\t".join(row[c] for c in used) for row in rows)]
    return "".join(f"{line}\n" for line in (*head, *lines)).encode()


def _nodes(ntriples: bytes) -> dict[str, _Node]:
    """Values by subject and property: IRIs and lexical forms."""
    found: dict[str, _Node] = defaultdict(lambda: defaultdict(list))
    for line in ntriples.splitlines():
        if match := _LINE.fullmatch(line):
            found[match[1].decode()][match[2].decode()].append(_value(match[3].decode()))
    return found


def _value(term: str) -> str:
    if term.startswith("<"):
        return term[1:-1]
    quoted = term[1 : term.rindex('"')]
    return re.sub(r"\\[\\\"nrt]", lambda m: _ESCAPES[m[0]], quoted)


def _head(graph: str, the_set: str, nodes: Mapping[str, _Node]) -> list[str]:
    record, about = nodes[graph], nodes[the_set]

    def one(node: _Node, property_: str, what: str) -> str:
        if not node[property_]:
            raise InputError(
                f"<{the_set}> has no {what}, which SSSOM asks for.", remedy="Add it first."
            )
        return node[property_][0]

    pairs: list[tuple[str, str | list[str]]] = [
        ("mapping_set_id", the_set),
        ("mapping_set_title", one(about, f"{DCTERMS}title", "title")),
        ("mapping_set_description", "".join(about[f"{DCTERMS}description"])),
        ("license", one(about, f"{DCTERMS}license", "license")),
        ("publication_date", one(record, f"{DCTERMS}modified", "date")),
        ("ext_record_graph", graph),
        ("ext_belongs_to_source", one(record, f"{DT}belongsToSource", "source")),
        ("ext_review_state", one(record, f"{DT}reviewState", "review state").rsplit("/", 1)[-1]),
        ("ext_source_place", record[f"{DT}sourcePlace"]),
        ("ext_source", record[f"{DCTERMS}source"]),
        ("ext_read_by", record[f"{DT}readBy"]),
    ]
    lines = [f"# {key}: {_yaml(value)}" for key, value in pairs if value]
    lines += ["# curie_map:", *(f"#   {prefix}: {iri}" for prefix, iri in _PREFIXES.items())]
    lines.append("# extension_definitions:")
    for name, property_ in _EXTENSIONS:
        lines += [f"#   - slot_name: {name}", f"#     property: {property_}"]
    return lines


def _yaml(value: str | list[str]) -> str:
    # JSON texts and lists are YAML.
    plain = value[0] if isinstance(value, list) and len(value) == 1 else value
    return json.dumps(plain, ensure_ascii=False)


def _order(iri: str) -> tuple[int, str]:
    last = iri.rsplit("/", 1)[-1]
    return (int(last), "") if last.isdigit() else (0, last)


def _row(iri: str, node: _Node, labels: Mapping[str, str], *, numbered: bool) -> dict[str, str]:
    def text(property_: str) -> str:
        return re.sub(r"[\t\n\r]+", " ", "|".join(sorted(node[property_])))

    subject, object_ = text(f"{DT}mappingSubject"), text(f"{DT}mappingObject")
    return {
        "record_id": "" if numbered else _curie(iri),
        "subject_id": _curie(subject),
        "subject_label": labels.get(subject, ""),
        "predicate_id": _curie(text(f"{DT}mappingPredicate")),
        "object_id": _curie(object_),
        "object_label": labels.get(object_, ""),
        "mapping_justification": _curie(text(f"{DT}justification")),
        "author_label": text(f"{DT}author"),
        "confidence": text(f"{DT}confidence"),
        "mapping_date": text(f"{DT}mappingDate"),
        "see_also": text(f"{DCTERMS}source"),
        "comment": text(f"{DT}note"),
        "ext_strength": text(f"{DT}strength").rsplit("/", 1)[-1],
        "ext_review_state": text(f"{DT}reviewState").rsplit("/", 1)[-1],
    }


def _curie(iri: str) -> str:
    """IRI by the longest of our prefixes that fits."""
    fits = [(len(full), prefix) for prefix, full in _PREFIXES.items() if iri.startswith(full)]
    if not fits:
        return iri
    _, prefix = max(fits)
    return f"{prefix}:{iri[len(_PREFIXES[prefix]) :]}"
