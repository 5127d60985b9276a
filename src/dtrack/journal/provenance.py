"""A revision as PROV-O, for a graph of its own that SPARQL users read beside the data.

The revision is an activity of an agent; each graph as it left it is an entity,
a specialization of the record, derived from the version before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from dtrack.terms import BASE, DCTERMS, DT, HISTORY_GRAPHS, PROV, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.journal.values import Change, Facts

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def history_graph(number: int) -> str:
    """Name of the graph that tells what a revision did."""
    return f"{HISTORY_GRAPHS}{number}"


def revision_iri(number: int, base: str = BASE) -> str:
    """IRI of a revision."""
    return f"{base}/id/revision/{number}"


def version_iri(number: int, graph: str, base: str = BASE) -> str:
    """IRI of a graph as a revision left it."""
    local = graph.rsplit("/graph/", 1)[-1] if "/graph/" in graph else graph
    return f"{revision_iri(number, base)}/{quote(local, safe='/-._~')}"


def agent_iri(agent: str, base: str = BASE) -> str:
    """IRI of an agent: its own where it is one, else from its name."""
    if agent.startswith(("http://", "https://")) and not set(' <>"{}|^`\\') & set(agent):
        return agent
    return f"{base}/id/agent/{quote(agent, safe='-._~')}"


def provenance(
    facts: Facts,
    changes: Iterable[Change],
    former: Mapping[str, int],
    base: str = BASE,
) -> bytes:
    """Canonical N-Triples that tell a revision.

    ``former`` gives, for each graph that was there before, the revision that
    had made it so.
    """
    lines = set(_about_revision(facts, base))
    for change in changes:
        lines.update(_about_version(facts.number, change, former.get(change.graph), base))
    return "".join(sorted(lines)).encode()


def _about_revision(facts: Facts, base: str) -> Iterator[str]:
    revision, agent = revision_iri(facts.number, base), agent_iri(facts.agent, base)
    yield _link(revision, f"{RDF}type", f"{DT}Revision")
    yield _value(revision, f"{DT}revisionNumber", str(facts.number), "integer")
    # Whole seconds: storage would rewrite a fraction that ends in zeros.
    yield _value(revision, f"{PROV}endedAtTime", f"{facts.at[:19]}Z", "dateTime")
    yield _link(revision, f"{PROV}wasAssociatedWith", agent)
    yield _value(revision, f"{DT}reason", facts.reason)
    yield _value(revision, f"{DT}sourceName", facts.source)
    yield _value(revision, f"{DT}door", facts.door)
    yield _link(revision, f"{PROV}used", f"{BASE}/shapes/version/{facts.shapes}")
    yield _value(revision, f"{DT}stateDigest", facts.digest)
    yield _link(agent, f"{RDF}type", f"{PROV}Agent")
    yield _value(agent, f"{RDFS}label", facts.agent)


def _about_version(number: int, change: Change, former: int | None, base: str) -> Iterator[str]:
    revision, version = revision_iri(number, base), version_iri(number, change.graph, base)
    before = None if former is None else version_iri(former, change.graph, base)
    if before and change.digest is None:
        yield _link(before, f"{PROV}wasInvalidatedBy", revision)
        yield _link(revision, f"{DT}withdrew", change.graph)
    if change.digest is None:
        return
    yield _link(version, f"{RDF}type", f"{DT}GraphVersion")
    yield _link(version, f"{PROV}specializationOf", change.graph)
    yield _link(version, f"{PROV}wasGeneratedBy", revision)
    yield _value(version, f"{DT}digest", change.digest)
    yield _value(version, f"{DT}sourceName", change.source)
    if change.origin:
        yield _link(version, f"{PROV}hadPrimarySource", change.origin)
        if change.told:
            yield _value(change.origin, f"{DCTERMS}created", f"{change.told[:19]}Z", "dateTime")
    if before:
        yield _link(version, f"{PROV}wasRevisionOf", before)


def _link(subject: str, predicate: str, target: str) -> str:
    return f"<{subject}> <{predicate}> <{target}> .\n"


def _value(subject: str, predicate: str, text: str, datatype: str = "") -> str:
    typed = f"^^<{XSD}{datatype}>" if datatype else ""
    return f'<{subject}> <{predicate}> "{text.translate(_ESCAPES)}"{typed} .\n'
