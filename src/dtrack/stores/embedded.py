"""The embedded store: pyoxigraph, on disk or in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING, Final, Self

import pyoxigraph as engine

from dtrack.errors import (
    NoStoreError,
    QueryError,
    StoreError,
    StoreLockedError,
    SyntaxProblem,
)
from dtrack.hearing import Hearing
from dtrack.model import Serialised, no_progress
from dtrack.stores import results
from dtrack.stores.bulk import MANY, bulk_load
from dtrack.stores.changes import is_shown, patch_of, update_of
from dtrack.stores.copying import copy_sealed
from dtrack.stores.datasets import WHOLE, Dataset, named_node
from dtrack.stores.guard import check
from dtrack.stores.loading import Loading
from dtrack.stores.parsing import read_strictly, sorted_lines
from dtrack.stores.results import NO_LIMITS, Limits
from dtrack.stores.skolem import skolemise
from dtrack.stores.solutions import rows_of
from dtrack.stores.told import Told
from dtrack.stores.trouble import disk_trouble, engine_errors, without_traceback
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from dtrack.hearing import Listener
    from dtrack.model import Progress, Record, Revision, Rows

_MANY: Final = 500_000
"""Triples whose files are worth putting together after a load."""

NOBODY: Final = Hearing()
_NOTHING: Final[Mapping[str, bytes]] = {}

_Answer = engine.QuerySolutions | engine.QueryBoolean | engine.QueryTriples


class EmbeddedStore:
    """A quad store whose default graph is the union of its graphs.

    One process writes to a folder; a read-only store is a view frozen at its
    opening. Fulfils dtrack.model.Store.
    """

    def __init__(
        self,
        store: engine.Store,
        on_close: Callable[[], None] | None = None,
        sealed: Path | None = None,
    ) -> None:
        self._store: engine.Store | None = store
        self._on_close = on_close
        self._sealed = sealed
        """Folder of a store that is only read."""
        self._told: Told | None = None
        self._listener: Listener | None = None
        self._foretold: set[bytes] = set()
        self._apart = False
        self._loading: Loading | None = None

    @classmethod
    def in_memory(cls) -> Self:
        """Give an empty store that lives as long as its object."""
        return cls(engine.Store())

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> Self:
        """Store in a folder; a writer makes the folder where there is none.

        ``on_close`` is called once, by close(). Raises NoStoreError,
        StoreLockedError, StoreError.
        """
        if read_only and not (folder / "CURRENT").is_file():
            raise NoStoreError("No data has been loaded yet.", remedy="Run `dtrack init`.")
        try:
            if read_only:
                return cls(engine.Store.read_only(str(folder)), on_close, folder)
            folder.mkdir(parents=True, exist_ok=True)
            return cls(engine.Store(str(folder)), on_close)
        except (OSError, RuntimeError) as error:
            if "lock" in str(error).lower():
                raise StoreLockedError(
                    "Another process has the store open for writing.",
                    remedy="Stop it, or wait for it to end.",
                ) from error
            raise disk_trouble(error) or StoreError(
                "The store cannot be opened; its files are damaged or not yours to read.",
                remedy="Check the folder's owner, or build the store again with `dtrack rebuild`.",
            ) from error

    @without_traceback
    def select(self, query: str) -> Rows:
        """Solutions of a SELECT query. Raises QueryError with line and column."""
        with engine_errors(query):
            answer = self._answer(query)
            if not isinstance(answer, engine.QuerySolutions):
                raise _other_form("SELECT")
            return rows_of(answer)

    @without_traceback
    def ask(self, query: str) -> bool:
        """Answer of an ASK query."""
        with engine_errors(query):
            answer = self._answer(query)
            if not isinstance(answer, engine.QueryBoolean):
                raise _other_form("ASK")
            return bool(answer)

    @without_traceback
    def construct(self, query: str) -> bytes:
        """Canonical N-Triples of a CONSTRUCT or DESCRIBE query."""
        with engine_errors(query):
            answer = self._answer(query)
            if not isinstance(answer, engine.QueryTriples):
                raise _other_form("CONSTRUCT or DESCRIBE")
            triples = skolemise(list(set(answer)), BASE)
        return sorted_lines(engine.serialize(triples, format=engine.RdfFormat.N_TRIPLES) or b"")

    @without_traceback
    def serialise(
        self,
        query: str,
        accept: str,
        limits: Limits = NO_LIMITS,
        dataset: Dataset = WHOLE,
    ) -> Serialised:
        """Any query's answer in the format that an Accept header asks for.

        Raises ResultTooLargeError past the limits, and NotAcceptableError.
        """
        with engine_errors(query):
            answer = self._answer(query, dataset)
            if isinstance(answer, engine.QueryBoolean):
                return results.boolean(answer, accept)
            if isinstance(answer, engine.QuerySolutions):
                return results.solutions(answer, accept, limits)
            return results.graph(answer, accept, limits)

    def apply(self, revision: Revision, known: Mapping[str, bytes] = _NOTHING) -> None:
        """Replace whole graphs in one transaction; applying twice changes nothing.

        ``known`` is what some of them hold now, where somebody knows it for sure.
        """
        for graph in revision.changes:
            _graph_name(graph)
        if any(is_shown(graph) for graph in revision.changes):
            self._forget()
        with engine_errors():
            if update := update_of(self._engine, revision, known):
                self._engine.update(update)

    def patch(self, graph: str, removed: Iterable[bytes], added: Iterable[bytes]) -> None:
        """Take lines of N-Triples out of one graph and put others in, in one transaction."""
        left, came = set(removed), set(added)
        name = _graph_name(graph)
        if left:
            self._forget()
        elif is_shown(graph):
            self._hear(came - self._foretold)
        with engine_errors():
            if not left and len(came) > MANY:
                bulk_load(self._engine, [(graph, b"".join(sorted(came)))])
                return
            if update := patch_of(self._engine, graph, left, came):
                self._engine.update(update)
            # A graph with nothing in it would go on being listed.
            if next(self._engine.quads_for_pattern(None, None, None, name), None) is None:
                self._engine.remove_graph(name)

    def load(
        self,
        records: Iterable[Record],
        progress: Progress = no_progress,
        hearing: Hearing = NOBODY,
        *,
        trusted: bool = False,
        in_order: bool = False,
        ahead: bool = False,
    ) -> int:
        """Load records into an empty store; number of triples in them.

        What ``hearing`` asks for can be had of told() and listener() afterwards. ``trusted``
        records of shown graphs are known to have been stored before, letter by letter:
        their IRIs are not checked again. Those that come ``in_order`` of the engine are
        written into files of whole graphs. ``ahead``: come back as soon as all is read, and
        let whoever asks the engine wait until all is stored; what fails then, they are told.
        """
        if self._engine:
            raise StoreError(
                "The store is not empty.", remedy="Change it by a revision, or build a new one."
            )
        raw, total = self._engine, len(records) if isinstance(records, Sized) else 0
        triples = 0
        self._told = Told(hearing.noting) if hearing.noting else None
        self._listener = hearing.listening() if hearing.listening else None

        def contents() -> Iterator[tuple[str, bytes]]:
            nonlocal triples
            done = 0
            for done, record in enumerate(records, 1):
                loading.go_on()
                progress("loading", done - 1, max(total, done))
                triples += record.size
                _graph_name(record.graph)
                if is_shown(record.graph):
                    self._pass_on(record.ntriples)
                elif trusted:
                    read_strictly(record.ntriples)
                yield record.graph, record.ntriples
            progress("loading", done, done)
            self._apart = triples > _MANY

        def work() -> None:
            with engine_errors():
                # What is left to read then would have to wait for others, piece by piece.
                end = loading.all_read
                bulk_load(raw, contents(), trusted=trusted, in_order=in_order, at_end=end)
                if not self._apart:
                    # Of many files the engine would first put some together, and keep us waiting.
                    raw.flush()

        loading = Loading()
        if ahead:
            self._loading = loading
            loading.begin(work)
        else:
            work()
        return triples

    def whole(self) -> None:
        """Wait until all that was loaded is stored. Raises what kept it from that."""
        # An engine that holds nothing is as good: only that it is there counts.
        _ = self._engine

    def put_together(self, progress: Progress = no_progress) -> None:
        """Put together the files that a large load has left, while others may read."""
        if not self._apart:
            return
        progress("putting files together", 0, 1)
        with engine_errors():
            self._engine.optimize()
            self._engine.flush()
        self._apart = False
        progress("putting files together", 1, 1)

    def told(self) -> Told | None:
        """What it was told while it was loaded, where that is still all that it holds."""
        return self._told

    def listener(self) -> Listener | None:
        """Who listened while it was loaded, where that is still all that it holds."""
        return self._listener

    def foretell(self, added: Iterable[bytes]) -> None:
        """Let lines of N-Triples be heard already that are to be put in by patch()."""
        coming = set(added)
        self._hear(coming - self._foretold)
        self._foretold |= coming

    def _hear(self, lines: set[bytes]) -> None:
        """Let lines that come into the union be heard."""
        if lines:
            self._pass_on(b"".join(sorted(lines)))

    def _pass_on(self, ntriples: bytes) -> None:
        """Let who listens hear sorted N-Triples."""
        for each in (self._told, self._listener):
            if each is not None:
                each.hear(ntriples)

    def _forget(self) -> None:
        """Forget what was heard: it is no longer all there is."""
        self._told = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def graphs(self) -> tuple[str, ...]:
        """IRIs of all graphs, sorted."""
        with engine_errors():
            return tuple(sorted(str(name.value) for name in self._engine.named_graphs()))

    def graph(self, iri: str) -> bytes:
        """Canonical N-Triples of one graph; empty when there is none."""
        with engine_errors():
            lines = self._engine.dump(
                format=engine.RdfFormat.N_TRIPLES, from_graph=_graph_name(iri)
            )
        return sorted_lines(lines or b"")

    def dump(self) -> bytes:
        """All quads as sorted N-Quads."""
        return b"".join(
            sorted(
                line.removesuffix(b".\n") + f"<{name}> .\n".encode()
                for name in self.graphs()
                for line in self.graph(name).splitlines(keepends=True)
            )
        )

    def flush(self) -> None:
        """Bring what was written to disk."""
        with engine_errors():
            self._engine.flush()

    def copy_to(self, folder: Path) -> None:
        """Make a store in a new folder that holds the same, by hard links where it can be.

        One that is only read must be whole: nobody may write to its folder.
        """
        with engine_errors():
            if self._sealed is not None:
                # The engine's copy of a store that it only reads lacks what is in its log alone.
                copy_sealed(self._sealed, folder)
            else:
                self._engine.backup(str(folder))

    def close(self) -> None:
        """Let go of files and locks; what comes after raises StoreError."""
        if self._store is not None:
            if self._loading is not None:
                self._loading.end()
            self._store = self._loading = None
            self._forget()
            if self._on_close:
                self._on_close()

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def raw(self) -> engine.Store:
        """Give the engine's own store, for the modules of this room."""
        return self._engine

    @property
    def _engine(self) -> engine.Store:
        if self._store is None:
            raise StoreError("The store has been closed.", remedy="Open it again.")
        if self._loading is not None:
            self._loading.wait()
        return self._store

    def _answer(self, query: str, dataset: Dataset = WHOLE) -> _Answer:
        """Answer as the engine gives it; its default graph is the union of all graphs."""
        check(query)
        if not dataset.is_named:
            return self._engine.query(query, base_iri=dataset.base)
        return self._engine.query(
            query,
            base_iri=dataset.base,
            default_graph=[named_node(iri) for iri in dataset.default],
            named_graphs=[named_node(iri) for iri in dataset.named],
        )


def _other_form(wanted: str) -> QueryError:
    return QueryError(f"This is no {wanted} query.", remedy=f"Hand in a {wanted} query here.")


def _graph_name(iri: str) -> engine.NamedNode:
    """Name of a graph."""
    try:
        return engine.NamedNode(iri)
    except ValueError as error:
        raise SyntaxProblem(
            f"'{iri}' is no IRI, so it cannot name a graph.", remedy="Give an absolute IRI."
        ) from error
