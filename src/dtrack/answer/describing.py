"""Facts about the data, for the node's descriptions of it: counted once a revision."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Final

from dtrack.catalogue import bind, read_query
from dtrack.publish.describing.facts import Facts, Links, Release, SourceFacts
from dtrack.publish.releases.manifest import FILE, read_manifest
from dtrack.publish.told import kind_of
from dtrack.resources import root_folder
from dtrack.terms import DERIVED_GRAPH, HISTORY_GRAPHS

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.answer.answers import Answers
    from dtrack.catalogue import Query
    from dtrack.journal import Journal
    from dtrack.settings import Settings

_KEPT: Final = 2


class FactsOfStates:
    """Facts by state of the store; safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: dict[str, Facts] = {}

    def facts(self, state: str, settings: Settings, answers: Answers, journal: Journal) -> Facts:
        """Facts of a state."""
        with self._lock:
            if state not in self._facts:
                while len(self._facts) >= _KEPT:
                    self._facts.pop(next(iter(self._facts)))
                self._facts[state] = gather(settings, answers, journal)
            return self._facts[state]


def gather(settings: Settings, answers: Answers, journal: Journal) -> Facts:
    """Facts of the data as it is now; history is told of elsewhere."""
    period = next(iter(rows(answers, "period")), {"first": "", "last": ""})
    graphs, kinds, of_source = _graphs(answers)
    last = journal.last()
    return Facts(
        base=settings.base_iri,
        publisher=settings.publisher,
        contact=settings.contact,
        revision=last,
        began=journal.facts(1).at if last else "",
        changed=journal.facts(last).at if last else "",
        first_day=period["first"],
        last_day=period["last"],
        triples=sum(graphs.values()),
        classes=_counts(answers, "class_counts", "class", "things"),
        properties=_counts(answers, "property_counts", "property", "triples"),
        graphs=graphs,
        kinds=kinds,
        sources=_sources(answers, of_source),
        links=tuple(
            Links(row["vocabulary"], row["relation"], int(row["links"]))
            for row in rows(answers, "links")
        ),
        releases=latest_release(settings.releases),
    )


def rows(answers: Answers, name: str) -> list[dict[str, str]]:
    """Rows of a query of ``queries/publish`` without parameters."""
    return list(answers.store.select(bind(_query(name), {}, answers)).texts())


def _graphs(
    answers: Answers,
) -> tuple[dict[str, int], dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """Triples by graph; graphs and triples by kind, and by source."""
    graphs: dict[str, int] = {}
    kinds: dict[str, tuple[int, int]] = {}
    sources: dict[str, tuple[int, int]] = {}
    for row in rows(answers, "graph_counts"):
        graph, count = row["graph"], int(row["triples"])
        if graph.startswith(HISTORY_GRAPHS):
            continue
        graphs[graph] = count
        if graph == DERIVED_GRAPH:
            continue
        for table, key in ((kinds, kind_of(graph)), (sources, row["source"])):
            number, triples = table.get(key, (0, 0))
            table[key] = (number + 1, triples + count)
    return graphs, dict(sorted(kinds.items())), sources


def _sources(answers: Answers, counts: dict[str, tuple[int, int]]) -> tuple[SourceFacts, ...]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows(answers, "sources"):
        texts = found.setdefault(row["source"], {}).setdefault(row["property"], {})
        texts.setdefault(row["language"], row["value"])
    return tuple(
        SourceFacts(
            iri=iri,
            titles=said.get("title", {}),
            descriptions=said.get("description", {}),
            licence=next(iter(said.get("licence", {}).values()), ""),
            page=next(iter(said.get("page", {}).values()), ""),
            graphs=counts.get(iri, (0, 0))[0],
            triples=counts.get(iri, (0, 0))[1],
        )
        for iri, said in found.items()
    )


def _counts(answers: Answers, name: str, key: str, figure: str) -> dict[str, int]:
    return {row[key]: int(row[figure]) for row in rows(answers, name)}


def latest_release(folder: Path) -> tuple[Release, ...]:
    """Files of the release that was made last; none where there is no release."""
    manifests = [read_manifest(path) for path in folder.glob(f"*/{FILE}")]
    if not manifests:
        return ()
    last = max(manifests, key=lambda each: (each.revision, each.version))
    return tuple(
        Release(
            f"dump/{last.version}/{each.name}",
            each.media_type,
            each.packing,
            each.size,
            each.sha256,
            last.version,
        )
        for each in last.files
    )


@cache
def _query(name: str) -> Query:
    path = root_folder("queries") / "publish" / f"{name}.rq"
    return read_query(name, path.read_text(encoding="utf-8"), f"queries/publish/{path.name}")
