"""A release of what a node holds: its records from the journal, its lists from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.describing import rows
from dtrack.formats import row_format
from dtrack.publish.networks import NETWORKS, write_graphml
from dtrack.publish.releases.building import Content, build_release
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.wiring.reading import open_answers, store_marker
from dtrack.wiring.writing import open_journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dtrack.model import Progress
    from dtrack.publish.releases.manifest import Manifest
    from dtrack.settings import Settings


def make_release(
    settings: Settings, folder: Path, previous: Path | None, progress: Progress
) -> Manifest:
    """Release of the state that the store is in, in a folder of its own. Raises InputError."""
    marker = store_marker(settings)
    with open_journal(settings, begun=True) as journal, open_answers(settings) as answers:
        facts = journal.facts(marker.revision)
        state = journal.state(marker.revision)

        def graphs() -> Iterator[tuple[str, bytes]]:
            for graph in sorted(state):
                yield graph, journal.content(state[graph])

        content = Content(
            base=settings.base_iri,
            revision=facts.number,
            at=facts.at,
            digest=facts.digest,
            graphs=graphs,
            number=facts.graphs,
            triples=facts.triples,
            tables={
                query.name: answers.query(query.name, {}).rows
                for query in answers.catalogue
                if not any(parameter.is_required for parameter in query.parameters)
            },
            networks={
                name: write_graphml(name, rows(answers, f"network_{name}")) for name in NETWORKS
            },
            as_jsonld=RDF_FORMATS["jsonld"].write,
            as_csv=row_format("csv").write,
        )
        return build_release(folder, content, previous, progress)
