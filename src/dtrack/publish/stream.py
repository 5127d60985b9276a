"""Changes as a Linked Data Event Stream: a tree of pages, full ones never to change again.

The root leads to index nodes where there are many pages, else to the pages
themselves; each way says from which time on, and for full pages until when,
so that a client goes only where something is new.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dtrack.publish.statements import (
    SPACES,
    Statement,
    blocks,
    expanded,
    link,
    turtle,
    value,
)
from dtrack.terms import DCTERMS, DT, PROV, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dtrack.publish.changes import Changed

LDES: Final = SPACES["ldes"]
TREE: Final = SPACES["tree"]
AS: Final = SPACES["as"]

PAGE: Final = 100
"""Members of a full page."""
FAN: Final = 100
"""Pages of a full index node."""

FORMS: Final[Mapping[str, str]] = {
    "application/trig": "trig",
    "application/ld+json": "jsonld",
    "text/turtle": "turtle",
}
"""Media types of pages, best first; Turtle has no graphs, so it only links to contents.

N-Quads cannot say a relative link, and would send clients away from the address
that they came to.
"""


@dataclass(frozen=True, slots=True)
class Way:
    """A relation from a node to another: from a time on, and until one where that is settled."""

    node: str
    first: str
    last: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """What every node says of the stream; addresses are relative to the node."""

    iri: str
    root: str
    shape: str
    licence: str
    title: str


def about_stream(stream: Stream) -> list[Statement]:
    """The stream: which paths tell time and identity, and that nothing is ever dropped."""
    iri = stream.iri
    return [
        link(iri, f"{RDF}type", f"{LDES}EventStream"),
        value(iri, f"{DCTERMS}title", stream.title),
        link(iri, f"{DCTERMS}license", stream.licence),
        link(iri, f"{TREE}shape", stream.shape),
        link(iri, f"{LDES}timestampPath", f"{DCTERMS}created"),
        link(iri, f"{LDES}versionOfPath", f"{DCTERMS}isVersionOf"),
        link(iri, f"{LDES}versionCreateObject", f"{AS}Create"),
        link(iri, f"{LDES}versionUpdateObject", f"{AS}Update"),
        link(iri, f"{LDES}versionDeletePath", f"{RDF}type"),
        link(iri, f"{LDES}versionDeleteObject", f"{AS}Delete"),
        link(iri, f"{TREE}view", stream.root),
    ]


def about_root(root: str) -> list[Statement]:
    """The view: that it keeps every version for good."""
    return [
        link(root, f"{RDF}type", f"{TREE}Node"),
        link(root, f"{TREE}viewDescription", "_:view"),
        link("_:view", f"{RDF}type", f"{TREE}ViewDescription"),
        link("_:view", f"{LDES}retentionPolicy", "_:retention"),
        link("_:retention", f"{RDF}type", f"{LDES}RetentionPolicy"),
        value(
            "_:retention",
            f"{DCTERMS}description",
            "Every version of every record is kept, withdrawals included.",
        ),
    ]


def ways(node: str, leads: Sequence[Way]) -> Iterator[Statement]:
    """Relations of a node."""
    yield link(node, f"{RDF}type", f"{TREE}Node")
    for number, way in enumerate(leads):
        yield from _relation(node, f"_:from{number}", "GreaterThanOrEqualTo", way.node, way.first)
        if way.last:
            yield from _relation(node, f"_:until{number}", "LessThanOrEqualTo", way.node, way.last)


def _relation(node: str, name: str, kind: str, target: str, time: str) -> Iterator[Statement]:
    yield link(node, f"{TREE}relation", name)
    yield link(name, f"{RDF}type", f"{TREE}{kind}Relation")
    yield link(name, f"{TREE}path", f"{DCTERMS}created")
    yield value(name, f"{TREE}value", time, "dateTime")
    yield link(name, f"{TREE}node", target)


def members(stream: str, changes: Sequence[Changed]) -> Iterator[Statement]:
    """Members of a page: each a version of a record, or its end."""
    for change in changes:
        kind = "Delete" if change.is_withdrawn else "Create" if change.is_new else "Update"
        yield link(stream, f"{TREE}member", change.version)
        yield link(change.version, f"{RDF}type", f"{AS}{kind}")
        yield link(change.version, f"{DCTERMS}isVersionOf", change.graph)
        yield value(change.version, f"{DCTERMS}created", change.at, "dateTime")
        yield link(change.version, f"{PROV}wasAttributedTo", change.agent_iri)
        yield value(change.version, f"{DCTERMS}description", change.reason)
        yield value(change.version, f"{DT}sourceName", change.source)
        # What says whose change it was stays readable when it stands alone.
        if change.digest:
            yield link(change.version, f"{RDF}type", f"{DT}GraphVersion")
            yield link(change.version, f"{PROV}wasGeneratedBy", change.revision)
            yield value(change.version, f"{DT}digest", change.digest)
            for address in list(change.contents.values())[:1]:
                yield link(change.version, f"{SPACES['foaf']}page", address)


def write_page(
    form: str,
    statements: Sequence[Statement],
    contents: Mapping[str, bytes],
    as_jsonld: Callable[[Mapping[str, bytes]], bytes],
) -> bytes:
    """A page in a form: what it says, and the content of each member as a graph named like it.

    ``as_jsonld`` writes graphs as expanded JSON-LD.
    """
    if form == "jsonld":
        nodes: list[Any] = expanded(statements)
        if contents:
            nodes += json.loads(as_jsonld(contents))
        return json.dumps(nodes, ensure_ascii=False).encode()
    if form == "trig":
        return turtle(statements) + blocks(contents)
    return turtle(statements)
