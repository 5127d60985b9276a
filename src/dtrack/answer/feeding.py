"""Changes of the journal as feeds tell them: each with its thing, its title, its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from dtrack.journal import agent_iri, revision_iri, version_iri
from dtrack.publish.changes import Changed
from dtrack.publish.told import kind_of, told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dtrack.journal import Journal, Version

_FORMS: Final = {"text/turtle": "turtle", "application/n-quads": "nquads"}


def describe_changes(
    journal: Journal, versions: Sequence[Version], base: str, language: str, up: str = ""
) -> tuple[list[Changed], dict[str, bytes]]:
    """Changes as they are told, and the content of each version that there is, by its IRI.

    ``up`` leads from the document that tells them to the root of the node.
    """
    contents = _contents(journal, versions)
    found = [_changed(version, contents, base, language, up) for version in versions]
    kept = {each.version: contents[each.digest] for each in found if each.digest}
    return found, kept


def graphs_telling_of(
    journal: Journal, instrument: str, present: Collection[str]
) -> frozenset[str]:
    """Graphs that tell of an instrument: those of the store, and those withdrawn that did."""
    gone = journal.withdrawn()
    bodies = dict(journal.contents(set(gone.values())))
    told_of = {
        graph
        for graph, digest in gone.items()
        if instrument in told(graph, bodies[digest]).instruments
    }
    return frozenset({*present, *told_of})


def _contents(journal: Journal, versions: Sequence[Version]) -> dict[str, bytes]:
    wanted = {each.change.digest or each.change.before for each in versions}
    return dict(journal.contents({digest for digest in wanted if digest}))


def _changed(
    version: Version, contents: Mapping[str, bytes], base: str, language: str, up: str
) -> Changed:
    facts, change = version.facts, version.change
    # What was withdrawn is told of by what it was.
    said = told(change.graph, contents.get(change.digest or change.before or "", b""))
    address = f"{up}api/v1/revisions/{facts.number}/content?graph={quote(change.graph, safe='')}"
    patch = address.replace("/content?", "/patch?")
    return Changed(
        graph=change.graph,
        version=version_iri(facts.number, change.graph, base),
        thing=said.thing,
        title=said.title(language),
        kind=kind_of(change.graph),
        number=facts.number,
        revision=revision_iri(facts.number, base),
        at=facts.at,
        agent=facts.agent,
        agent_iri=agent_iri(facts.agent, base),
        reason=facts.reason,
        source=change.source,
        digest=change.digest,
        is_new=change.before is None,
        contents=(
            {media: f"{address}&format={name}" for media, name in _FORMS.items()}
            if change.digest
            else {}
        ),
        patch=patch,
    )
