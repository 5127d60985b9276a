"""One place that answers: catalogue queries, symbols, overlap."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dtrack.answer.keeping import Keep
from dtrack.answer.names import Names
from dtrack.catalogue import bind
from dtrack.errors import NotFoundError, ParameterError
from dtrack.model import Iri, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from dtrack.answer.finding import SearchAnswers
    from dtrack.answer.overlaps import OverlapAnswers
    from dtrack.answer.patterns import PatternAnswers
    from dtrack.catalogue import Catalogue, Query
    from dtrack.model import Store
    from dtrack.overlap import OverlapIndex, Selection
    from dtrack.searching import TextIndex


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """Rows of a catalogue query, with the query and the SPARQL text that gave them."""

    query: Query
    sparql: str
    rows: Rows


def _day(text: str) -> str:
    """A day as it was given. Raises ParameterError when it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ParameterError(f"'{text}' is no day.", remedy="Write YYYY-MM-DD.") from None


class Answers:
    """Answers from one store; labels are in ``language`` unless a call says otherwise.

    Indexes that are not handed in are opened at the first question, or made
    from the store where nothing says how to open them. What answers from an
    index is imported then, too: its libraries take longer than the answer.
    """

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        queries: Path,
        *,
        language: str = "en",
        index: OverlapIndex | None = None,
        texts: TextIndex | None = None,
        open_index: Callable[[], OverlapIndex] | None = None,
        open_texts: Callable[[], TextIndex] | None = None,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.language = language
        self.names = Names(store, queries, language)
        self._index = index
        self._texts = texts
        self._has_texts = texts is not None or open_texts is not None
        self._queries = queries
        self._open_index = open_index or self._make_index
        self._open_texts = open_texts or self._make_texts
        self._lock = threading.Lock()
        self.keep = Keep()
        """What answers share, finished views among it."""

    @property
    def index(self) -> OverlapIndex:
        """Scored pairs, made once."""
        with self._lock:
            if self._index is None:
                self._index = self._open_index()
            return self._index

    @property
    def texts(self) -> TextIndex:
        """Text index of the store, made once."""
        with self._lock:
            if self._texts is None:
                self._texts = self._open_texts()
            return self._texts

    def _make_index(self) -> OverlapIndex:
        from dtrack.overlap import load_index

        return load_index(self.store, self._queries)

    def _make_texts(self) -> TextIndex:
        from dtrack.searching import TextIndex

        return TextIndex.build(self.store, self._queries)

    def query(self, name: str, values: Mapping[str, str]) -> QueryAnswer:
        """Rows of a catalogue query with typed values in place of its parameters.

        Raises NotFoundError for an unknown query or key, ParameterError for a
        missing, unknown or ill-typed value.
        """
        query = self.catalogue[name]
        sparql = bind(query, values, self)
        return QueryAnswer(query, sparql, self.store.select(sparql))

    def text(self, symbol: str) -> Iri:
        """IRI that a symbol in any spelling names (the catalogue's resolver)."""
        return Iri(self.names.text(symbol))

    def key(self, of: str, text: str) -> Iri:
        """IRI of an instrument, theme, actor … by key or name (the catalogue's resolver)."""
        return Iri(self.names.key(of, text))

    def patterns(self, language: str | None = None) -> PatternAnswers:
        """Answers about patterns of overlap with labels in a language."""
        from dtrack.answer.patterns import PatternAnswers

        texts = self.texts if self._has_texts else None
        return PatternAnswers(self.store, self.index, language or self.language, self.keep, texts)

    def overlaps(self, language: str | None = None) -> OverlapAnswers:
        """Overlap answers with labels in a language."""
        from dtrack.answer.overlaps import OverlapAnswers

        # Where no text index lies ready, to make one takes longer than to ask the store.
        texts = self.texts if self._has_texts else None
        return OverlapAnswers(self.store, self.index, language or self.language, self.keep, texts)

    def finding(self, language: str | None = None) -> SearchAnswers:
        """Search with labels and snippets rather in a language."""
        from dtrack.answer.finding import SearchAnswers

        return SearchAnswers(self.texts, self.names, self.key, language or self.language)

    def selection(
        self,
        *,
        instruments: Sequence[str] = (),
        group: str | None = None,
        framework: str | None = None,
        theme: str | None = None,
        actor: str | None = None,
        since: int | None = None,
        until: int | None = None,
        ended: bool = False,
        informational: bool = False,
        target: str | None = None,
        force: str | None = None,
        status: str | None = None,
        on: str | None = None,
    ) -> Selection:
        """Selection from keys and names as people type them.

        ``status`` is active, ended or any; ``on`` a day on which it must hold.

        Raises NotFoundError for one that does not exist, ParameterError when
        an instrument is given twice or the years are in the wrong order.
        """
        from dtrack.overlap import Selection

        chosen = [self.key("instrument", name) for name in instruments]
        if group:
            chosen += [iri for iri in self.group(group) if iri not in chosen]
        if len(set(chosen)) < len(chosen):
            raise ParameterError("The same instrument stands twice.", remedy="Name each once.")
        if since is not None and until is not None and since > until:
            raise ParameterError(f"No year lies between {since} and {until}.")

        if status not in {None, "active", "ended", "any"}:
            raise ParameterError(f"'{status}' is no status.", remedy="Say active, ended or any.")

        def iri(of: str, text: str | None) -> str | None:
            return self.key(of, text) if text else None

        return Selection(
            instruments=tuple(chosen),
            framework=iri("framework", framework),
            theme=iri("theme", theme),
            actor=iri("actor", actor),
            since=since,
            until=until,
            ended=ended or status == "any",
            only_ended=status == "ended",
            informational=informational,
            target=iri("target", target),
            verb=iri("force", force),
            as_of=None if on is None else _day(on),
        )

    def subject(self, text: str) -> tuple[str, Iri]:
        """Target or theme that a text names: ``("target", iri)`` or ``("theme", iri)``.

        Raises NotFoundError when it names neither.
        """
        for kind in ("target", "theme"):
            with suppress(NotFoundError):
                return kind, self.key(kind, text)
        raise NotFoundError(
            f"'{text}' names neither a target nor a theme.",
            remedy="Give a key such as aichi-15 or wetlands; `dtrack search TEXT` finds more.",
        )

    def group(self, name: str) -> list[Iri]:
        """Members of a group of instruments such as ``biodiversity``, in its own order."""
        group = self.key("instrument-group", name)
        rows = self.store.select(
            f"""PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
            SELECT ?member WHERE {{ <{group}> skos:member ?member }} ORDER BY ?member"""
        )
        return [Iri(row["member"]) for row in rows.texts()]

    @staticmethod
    def weights(override: Mapping[str, float]) -> Mapping[str, float]:
        """Weights of the dimensions for one request. Raises ParameterError."""
        from dtrack.overlap import default_weights

        return default_weights().override(override).dimensions
