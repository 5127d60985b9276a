"""Which provisions a directive of a draft may meet, and what these say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import values_block
from dtrack.overlap import Selection, similar_to
from dtrack.screen.weighing import Provision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from dtrack.model import Store
    from dtrack.overlap import OverlapIndex
    from dtrack.screen.drafts import DraftDirective
    from dtrack.searching import Alike, TextIndex

_KINDS = ("OperativeProvision",)


class Finding:
    """Looks up candidates in both indexes, and their facts in the store."""

    def __init__(
        self,
        store: Store,
        queries: Path,
        index: OverlapIndex,
        texts: TextIndex,
        alike: Alike,
        selection: Selection,
    ) -> None:
        self._store = store
        self._queries = queries / "screen"
        self._index = index
        self._texts = texts
        self._alike = alike
        self._selection = selection
        self._known: dict[str, Provision | None] = {}

    def candidates(self, directive: DraftDirective, most: int, worded: int) -> list[Provision]:
        """Provisions nearest by values, so many of each instrument, and nearest by words."""
        found = [*similar_to(self._index, directive.values, self._selection, most)]
        for language, text in directive.texts:
            alike = self._alike.candidates(text, language, _KINDS, worded)
            found += [thing.iri for thing in alike if self._is_wanted(thing.instrument)]
        return self.provisions(found)

    def _is_wanted(self, instrument: str) -> bool:
        wanted = self._selection.instruments
        return bool(instrument) and (not wanted or instrument in wanted)

    def provisions(self, iris: Iterable[str]) -> list[Provision]:
        """Provisions with their facts, each once, in the order given."""
        wanted = list(dict.fromkeys(iris))
        self._read([iri for iri in wanted if iri not in self._known])
        return [found for iri in wanted if (found := self._known[iri]) is not None]

    def _read(self, iris: list[str]) -> None:
        if not iris:
            return
        targets: dict[str, dict[str, None]] = {iri: {} for iri in iris}
        verbs: dict[str, dict[str, None]] = {iri: {} for iri in iris}
        actors: dict[str, dict[str, None]] = {iri: {} for iri in iris}
        deadlines: dict[str, dict[tuple[str, str], None]] = {iri: {} for iri in iris}
        places = {iri: self._index.row(iri) for iri in iris}
        for iri, place in places.items():
            if place is not None:
                targets[iri] = dict.fromkeys(self._index.directive(place).values.get("target", ()))
        # What directs nobody is not in the index.
        for row in self._rows("targets", [iri for iri, place in places.items() if place is None]):
            targets[row["thing"]][row["target"]] = None
        for row in self._rows("directives", iris):
            verbs[row["thing"]][row["verb"]] = None
            if row["addressee"]:
                actors[row["thing"]][row["addressee"]] = None
            if row["day"] or row["words"]:
                deadlines[row["thing"]][row["day"], row["words"]] = None
        things = self._texts.those(iris)
        for iri in iris:
            self._known[iri] = None
            if thing := things.get(iri):
                values = {
                    "target": tuple(targets[iri]),
                    "theme": thing.themes,
                    "actor": tuple(actors[iri]),
                    "verb": tuple(verbs[iri]),
                }
                self._known[iri] = Provision(thing, values, tuple(deadlines[iri]))

    def _rows(self, name: str, iris: Collection[str]) -> Iterable[dict[str, str]]:
        if not iris:
            return ()
        query = (self._queries / f"{name}.rq").read_text(encoding="utf-8")
        block = values_block("thing", iris)
        return self._store.select(query.replace("WHERE {", f"WHERE {{\n  {block}", 1)).texts()

    def verbs(self) -> list[dict[str, str]]:
        """Force and modality of each verb, the ends of their IRIs."""
        query = (self._queries / "verbs.rq").read_text(encoding="utf-8")
        return [
            {
                key: value.rsplit("/", 1)[-1] if key != "verb" else value
                for key, value in row.items()
            }
            for row in self._store.select(query).texts()
        ]
