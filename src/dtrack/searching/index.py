"""A text index: built whole, brought forward graph by graph, opened to be asked.

Its files lie in a folder of their own beside the store; a file is never changed
once it is written, so the next index shares those that stay by hard links.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

from tantivy import Index, Occur, Query

from dtrack.errors import NoStoreError, StoreError
from dtrack.model import at_once, no_progress
from dtrack.searching.questions import query_of
from dtrack.searching.results import Found, Hit
from dtrack.searching.schema import FACETS, FORMAT, document, register, schema, thing_of
from dtrack.searching.snippets import Marker
from dtrack.searching.things import concerned, read_all, read_some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from tantivy import IndexWriter, Searcher, SearchResult

    from dtrack.model import Progress, Store
    from dtrack.searching.questions import Question
    from dtrack.searching.things import Thing

log = logging.getLogger(__name__)

_FORMAT_FILE: Final = "format"
META: Final = "meta.json"
_BUILDING_HEAP: Final = 256 << 20
_UPDATING_HEAP: Final = 15 << 20
_BATCH: Final = 20_000
_CODES: Final = ("Actor", "CodedValue", "OperativeVerb", "SymbolForm", "Theme")
"""Kinds of things that are codes."""
_MOST_VALUES: Final = 10_000
"""Values of a facet that are counted; there are hundreds of themes and instruments."""

_MOST_KEPT: Final = 5000
_MOST_COUNTS: Final = 64
_BROAD: Final = 0.6
"""Share of all things past which those that do not match are sooner counted than those that do."""

Counts = dict[str, dict[str, int]]
"""By facet and value."""


class TextIndex:
    """What can be found at one revision; many threads may ask at once."""

    def __init__(self, index: Index) -> None:
        register(index)
        self._index = index
        self._searcher: Searcher = index.searcher()
        self._kept: dict[str, dict[str, str]] = {}
        self.changed: frozenset[str] = frozenset()
        """Things that may be otherwise than in the index that this one was brought forward from."""
        self._counts: dict[Question, Counts] = {}
        self._whole: Counts | None = None
        self._codes: int | None = None

    @classmethod
    def build(
        cls,
        store: Store,
        queries: Path,
        folder: Path | None = None,
        progress: Progress = no_progress,
        derived: Callable[[], None] = at_once,
    ) -> Self:
        """Index of everything in a store, in a new folder, or in memory where none is given.

        ``derived`` returns once the store holds what follows by rules too.
        """
        with _disk_errors():
            index = _create(folder)
            # One thread, so that the order of equals is the same at each build.
            writer = index.writer(heap_size=_BUILDING_HEAP, num_threads=1)
            for done, thing in enumerate(read_all(store, queries, progress, derived)):
                if done % _BATCH == 0:
                    progress("Indexing texts", done, done + _BATCH)
                writer.add_document(document(thing))
            _finish(writer, folder)
            index.reload()
        return cls(index)

    @classmethod
    def updated(
        cls,
        store: Store,
        queries: Path,
        former: Path,
        folder: Path,
        changed: Mapping[str, tuple[bytes, bytes]],
    ) -> Self:
        """Index of a store after some graphs have changed, made from that of before.

        ``changed`` maps each graph to its N-Triples before and after. Raises
        NoStoreError when there is no index of before, or one of another layout.
        """
        _check(former)
        with _disk_errors():
            _link(former, folder)
            index = Index.open(str(folder))
            register(index, writing=True)
            writer = index.writer(heap_size=_UPDATING_HEAP, num_threads=1)
            things = concerned(store, queries, changed)
            _replace(writer, store, queries, things)
            _finish(writer, folder)
            index.reload()
        found = cls(index)
        found.changed = frozenset(things)
        return found

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Index in a folder. Raises NoStoreError when there is none of this layout."""
        _check(folder)
        with _disk_errors():
            return cls(Index.open(str(folder)))

    def __len__(self) -> int:
        """Count the things that can be found."""
        return int(self._searcher.num_docs)

    def search(
        self,
        question: Question,
        *,
        limit: int = 20,
        offset: int = 0,
        facets: bool = False,
        language: str = "en",
    ) -> Found:
        """A page of what matches, best first, with snippets rather in ``language``."""
        query = query_of(question)
        found = self._searcher.search(query, limit=max(limit, 1), offset=offset, count=True)
        marker = Marker(question.pieces, question.filters.language or language)
        hits = []
        for score, address in found.hits[:limit]:
            thing = thing_of(self._searcher.doc(address))
            hits.append(Hit(thing, float(score), marker.snippet(thing.texts)))
        total = _total(found)
        counts = self._counted(question, query, total) if facets else {}
        return Found(total, tuple(hits), counts)

    def things(self, query: Query, limit: int) -> list[tuple[float, Thing]]:
        """What matches a query of the library, best first, with scores."""
        found = self._searcher.search(query, limit=limit, count=False)
        return [(float(score), thing_of(self._searcher.doc(at))) for score, at in found.hits]

    def thing(self, iri: str) -> Thing | None:
        """A thing by its IRI."""
        query = Query.term_query(schema(), "iri", iri)
        return next((thing for _, thing in self.things(query, 1)), None)

    def those(self, iris: Iterable[str]) -> dict[str, Thing]:
        """Things by their IRIs, as far as they can be found."""
        wanted = list(dict.fromkeys(iris))
        if not wanted:
            return {}
        query = Query.term_set_query(schema(), "iri", wanted)
        return {thing.iri: thing for _, thing in self.things(query, len(wanted))}

    def labels(self, iris: Iterable[str], language: str) -> dict[str, str]:
        """What things are called, as far as they can be found.

        Kept, for the values of facets are few and asked for again and again.
        """
        kept = self._kept.setdefault(language, {})
        wanted = list(dict.fromkeys(iris))
        missing = [iri for iri in wanted if iri not in kept]
        if missing:
            if len(kept) >= _MOST_KEPT:
                kept = self._kept[language] = {}
                missing = wanted
            things = self.those(missing)
            kept.update((iri, thing.label(language)) for iri, thing in things.items())
        return {iri: kept[iri] for iri in wanted if iri in kept}

    def adopt(self, former: TextIndex, changed: frozenset[str]) -> None:
        """Take over what things are called in the index before, but for those that changed."""
        for language, kept in list(former._kept.items()):
            called = {iri: label for iri, label in list(kept.items()) if iri not in changed}
            self._kept.setdefault(language, {}).update(called)

    def warm(self, language: str) -> None:
        """Count all things, and look up what the values of facets are called; it is kept."""
        values = [value for held in self._all().values() for value in held if "://" in value]
        self.labels(values[:_MOST_KEPT], language)

    def rarity(self, field: str, word: str) -> float:
        """Inverse document frequency of a word of a field, as BM25 has it.

        Over all but the code lists: what defines a code says nothing of how texts are
        worded, and there are as many definitions as texts where few texts are recorded.
        """
        if self._codes is None:
            self._codes = self._how_many(_in_codes())
        held = int(self._searcher.doc_freq(field, word))
        if held:
            term = Query.term_query(schema(), field, word)
            held -= self._how_many(
                Query.boolean_query([(Occur.Must, term), (Occur.Must, _in_codes())])
            )
        return math.log(1 + (len(self) - self._codes - held + 0.5) / (held + 0.5))

    def _how_many(self, query: Query) -> int:
        """Things that match."""
        return _total(self._searcher.search(query, limit=1, count=True))

    def _counted(self, question: Question, query: Query, total: int) -> Counts:
        """Facets of a question: they are the same on each page of what is found."""
        known = self._counts.get(question)
        if known is None:
            known = self._count(query, total)
            if len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
            self._counts[question] = known
        return known

    def _all(self) -> Counts:
        """Facets of all things."""
        if self._whole is None:
            self._whole = self._aggregated(Query.all_query())
        return self._whole

    def _count(self, query: Query, total: int) -> Counts:
        """Facets of what matches, ``total`` things."""
        if total <= _BROAD * len(self):
            return self._aggregated(query)
        whole = self._all()
        if any(len(values) >= _MOST_VALUES for values in whole.values()):
            # Not all values are counted, so the rest would not be what is left of them.
            return self._aggregated(query)
        others = self._aggregated(
            Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])
        )
        left = {
            name: {value: number - others[name].get(value, 0) for value, number in values.items()}
            for name, values in whole.items()
        }
        return {name: {v: n for v, n in values.items() if n} for name, values in left.items()}

    def _aggregated(self, query: Query) -> Counts:
        wanted = {
            name: {"terms": {"field": field, "size": _MOST_VALUES}}
            for name, field in FACETS.items()
        }
        answer = self._searcher.aggregate(query, wanted)
        return {
            name: {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[name]["buckets"]}
            for name in FACETS
        }


def _create(folder: Path | None) -> Index:
    """Index in a new folder, or in memory, to be written."""
    if folder is None:
        index = Index(schema())
    else:
        folder.mkdir(parents=True, exist_ok=True)
        index = Index(schema(), str(folder), reuse=False)
    register(index, writing=True)
    return index


def _replace(writer: IndexWriter, store: Store, queries: Path, iris: Iterable[str]) -> None:
    wanted = set(iris)
    for iri in wanted:
        writer.delete_documents_by_term("iri", iri)
    for thing in read_some(store, queries, wanted):
        writer.add_document(document(thing))


def _finish(writer: IndexWriter, folder: Path | None) -> None:
    """Bring everything to disk; nothing is written after."""
    writer.commit()
    writer.wait_merging_threads()
    if folder is not None:
        (folder / _FORMAT_FILE).write_text(f"{FORMAT}\n")


def _check(folder: Path) -> None:
    """Refuse a folder without a whole index of this layout. Raises NoStoreError."""
    with suppress(OSError, ValueError):
        found = int((folder / _FORMAT_FILE).read_text())
        if found == FORMAT and (folder / META).is_file() and Index.is_compatible(str(folder)):
            return
    raise NoStoreError(
        "There is no text index of this version beside the store.", remedy="Run `dtrack rebuild`."
    )


def _link(former: Path, folder: Path) -> None:
    """Make a folder with the same files; those that are replaced are copied."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in former.iterdir():
        if path.name.endswith(".lock"):
            continue
        target = folder / path.name
        try:
            if path.suffix == ".json":
                shutil.copyfile(path, target)
            else:
                os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Say what a full disk or damaged files mean here; texts of the library hold paths."""
    try:
        yield
    except (OSError, ValueError) as error:
        log.warning("text index failed", extra={"reason": str(error)})
        raise StoreError(
            "The text index cannot be written or read.",
            remedy="Make room, or check the folder's owner; `dtrack rebuild` makes it again.",
        ) from error


def _total(found: SearchResult) -> int:
    """How many things match, whatever part of them was asked for."""
    # The library's stubs do not know the count, which its results have.
    return int(getattr(found, "count") or 0)  # noqa: B009


def _in_codes() -> Query:
    return Query.const_score_query(Query.term_set_query(schema(), "kind", list(_CODES)), 0.0)
