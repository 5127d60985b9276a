"""Words of things: from the text index where it holds them, else from the store.

The index holds them as they are searched, and gives a page of them in a tenth of the
time that a query takes; both are of the same revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import Wording, labels, last_part, wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dtrack.model import Store
    from dtrack.searching import TextIndex

    Names = Callable[[Iterable[str]], Mapping[str, str]]


class Words:
    """Names and wordings in one language, of what a store holds and its text index finds."""

    def __init__(self, store: Store, texts: TextIndex | None, language: str) -> None:
        self._store = store
        self._texts = texts
        self._language = language

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Name of each thing, as lookup.labels() gives it."""
        wanted = list(dict.fromkeys(iris))
        things = self._texts.those(wanted) if self._texts else {}
        found = {
            iri: thing.label(self._language) or last_part(iri) for iri, thing in things.items()
        }
        rest = [iri for iri in wanted if iri not in found]
        return found | labels(self._store, rest, self._language)

    def wordings(self, provisions: Iterable[str], names: Names) -> dict[str, Wording]:
        """Wording of each provision that exists, as lookup.wordings() gives it.

        ``names`` gives the names of things.
        """
        wanted = list(dict.fromkeys(provisions))
        found_here = self._texts.those(wanted) if self._texts else {}
        # What has no number in a text, such as a claim, is no provision.
        things = {iri: t for iri, t in found_here.items() if t.number and t.symbol}
        named = names(
            iri
            for thing in things.values()
            for iri in (thing.work, *thing.verbs, *thing.addressees)
        )
        found = {
            iri: Wording(
                provision=iri,
                text=thing.work,
                symbol=thing.symbol,
                title=named[thing.work],
                number=thing.number,
                summary=thing.wording(self._language),
                verbs=tuple(dict.fromkeys(named[verb] for verb in thing.verbs)),
                addressees=tuple(dict.fromkeys(named[who] for who in thing.addressees)),
            )
            for iri, thing in things.items()
        }
        rest = [iri for iri in wanted if iri not in found]
        return found | wordings(self._store, rest, self._language, names)
