"""Words of things, and taggings: from the text index where it holds them, else from the store.

The index holds them as they are searched, and gives a page of them in a tenth of the
time that a query takes; both are of the same revision.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dtrack.answer.lookup import Wording, labels, last_part, taggings_to, wordings
from dtrack.answer.views import TaggingView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dtrack.model import Store
    from dtrack.searching import TextIndex
    from dtrack.searching.things import Tagged, Thing

    Names = Callable[[Iterable[str]], Mapping[str, str]]


class Words:
    """Names and wordings in one language, of what a store holds and its text index finds."""

    def __init__(self, store: Store, texts: TextIndex | None, language: str) -> None:
        self._store = store
        self._texts = texts
        self._language = language
        self._found: dict[str, Thing] = {}
        """Things that were found for this answer, for its parts ask for the same ones."""

    def _those(self, iris: list[str]) -> dict[str, Thing]:
        """Those of some things that the text index holds."""
        if not self._texts:
            return {}
        self._found |= self._texts.those(iri for iri in iris if iri not in self._found)
        return {iri: self._found[iri] for iri in iris if iri in self._found}

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Name of each thing, as lookup.labels() gives it."""
        wanted = list(dict.fromkeys(iris))
        called = self._texts.labels(wanted, self._language) if self._texts else {}
        found = {iri: label or last_part(iri) for iri, label in called.items()}
        rest = [iri for iri in wanted if iri not in found]
        return found | labels(self._store, rest, self._language)

    def wordings(self, provisions: Iterable[str], names: Names) -> dict[str, Wording]:
        """Wording of each provision that exists, as lookup.wordings() gives it.

        ``names`` gives the names of things.
        """
        wanted = list(dict.fromkeys(provisions))
        found_here = self._those(wanted)
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

    def taggings(
        self, pairs: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[TaggingView, ...]]:
        """Who put provisions to targets or themes, as lookup.taggings_to() gives it."""
        wanted = list(dict.fromkeys(pairs))
        things = self._those(list(dict.fromkeys(provision for provision, _ in wanted)))
        found = {
            (provision, tag): tuple(_tagging(t) for t in things[provision].taggings if t.tag == tag)
            for provision, tag in wanted
            if provision in things
        }
        return found | taggings_to(self._store, [pair for pair in wanted if pair not in found])


@lru_cache(maxsize=10_000)
def _tagging(tagged: Tagged) -> TaggingView:
    return TaggingView(
        author=tagged.author,
        method=last_part(tagged.method),
        confidence=float(tagged.confidence or 1),
        review_state=last_part(tagged.state),
    )
