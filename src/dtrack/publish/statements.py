"""A few triples whose IRIs may be relative to the document that holds them.

Pages of a stream link to each other: relative links hold at whatever address
a node is reached, which the engine's writers, who want absolute IRIs, cannot say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dtrack.model import Iri, Literal, Term
from dtrack.terms import PREFIXES, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_LAST_ZEROS: Final = re.compile(r"\.?0+(?=Z$)")
SPACES: Final = {
    **{name: PREFIXES[name] for name in ("dcterms", "dt", "foaf", "prov", "rdf", "xsd")},
    "as": "https://www.w3.org/ns/activitystreams#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "ldes": "https://w3id.org/ldes#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "tree": "https://w3id.org/tree#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}
"""Prefixes of such documents."""


class Statement(NamedTuple):
    """A triple; a subject or an IRI may be relative, or a blank node as ``_:name``."""

    subject: str
    predicate: str
    value: Term


def link(subject: str, predicate: str, target: str) -> Statement:
    """Triple whose object is a thing."""
    return Statement(subject, predicate, Iri(target))


def value(subject: str, predicate: str, text: str, datatype: str = "string") -> Statement:
    """Triple whose object is a literal of an XSD type, in the form that storage keeps."""
    if datatype == "dateTime" and "." in text:
        text = _LAST_ZEROS.sub("", text)
    return Statement(subject, predicate, Literal(text, f"{XSD}{datatype}"))


def turtle(statements: Sequence[Statement]) -> bytes:
    """Turtle, one block a subject, with prefixes."""
    text = ""
    found: dict[str, dict[str, list[str]]] = {}
    for each in dict.fromkeys(statements):
        name = "a" if each.predicate == f"{RDF}type" else _name(each.predicate)
        found.setdefault(each.subject, {}).setdefault(name, []).append(_term(each.value))
    for subject, said in found.items():
        lines = (f"{name} {', '.join(terms)}" for name, terms in said.items())
        text += f"\n{_reference(subject)} " + " ;\n    ".join(lines) + " .\n"
    used = (each for each in SPACES.items() if f"{each[0]}:" in text)
    return ("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in used) + text).encode()


def expanded(statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Nodes of expanded JSON-LD; relative IRIs stay so."""
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, term in statements:
        node = nodes.setdefault(subject, {"@id": subject})
        if predicate == f"{RDF}type":
            node.setdefault("@type", []).append(str(term))
        else:
            node.setdefault(predicate, []).append(_json(term))
    return list(nodes.values())


def blocks(graphs: Mapping[str, bytes]) -> bytes:
    """TriG of graphs given as N-Triples."""
    return b"".join(
        b"\n<%s> {\n%s}\n" % (graph.encode(), content) for graph, content in graphs.items()
    )


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, Iri):
        return {"@id": term}
    if term.language:
        return {"@value": term.lexical, "@language": term.language}
    if term.datatype == f"{XSD}string":
        return {"@value": term.lexical}
    return {"@value": term.lexical, "@type": term.datatype}


def _term(term: Term) -> str:
    if isinstance(term, Literal):
        return _literal(term)
    name = _name(term)
    return name if not name.startswith("<") else _reference(term)


def _literal(term: Literal) -> str:
    quoted = f'"{term.lexical.translate(_ESCAPES)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    return quoted if term.datatype == f"{XSD}string" else f"{quoted}^^<{term.datatype}>"


def _reference(iri: str) -> str:
    return iri if iri.startswith("_:") else f"<{iri}>"


def _name(iri: str) -> str:
    """IRI abbreviated where a prefix fits and what is left is a plain name."""
    for prefix, space in SPACES.items():
        if iri.startswith(space) and iri[len(space) :].isalnum():
            return f"{prefix}:{iri[len(space) :]}"
    return f"<{iri}>"
