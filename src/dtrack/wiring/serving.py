"""What the server answers from: snapshots of the store, and the one that is current.

A request holds one Service, so it never sees half a revision. A commit makes
the node open the next snapshot before it is answered; a former one goes when
its last request has.
"""

from __future__ import annotations

import logging
import threading
import weakref
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dtrack.answer.tombstone import Tombstone
from dtrack.curate.mirroring import mirror
from dtrack.errors import DtrackError, StoreError
from dtrack.stores.building import at_current, current_folder, has_store, open_folder
from dtrack.stores.markers import marker_in
from dtrack.stores.readers import ReaderPool
from dtrack.wiring.following import Follower, remote_store
from dtrack.wiring.harvesting import Harvester
from dtrack.wiring.judges import Judges
from dtrack.wiring.reading import answers_from
from dtrack.wiring.readying import Readying
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.answer.answers import Answers
    from dtrack.curate.writing import Curator
    from dtrack.journal import Journal
    from dtrack.model import Edit, Receipt, Store
    from dtrack.settings import Settings
    from dtrack.stores.markers import Marker

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Service:
    """One snapshot of the store, and the desk where it is changed."""

    settings: Settings
    answers: Answers
    readers: ReaderPool
    marker: Marker
    store: Store
    desk: Desk
    judges: Judges

    @property
    def trouble(self) -> DtrackError | None:
        """What keeps the node from following others, or its remote store from following it."""
        return self.desk.trouble

    @property
    def writer(self) -> Desk:
        """Way in; fulfils dtrack.model.Writer."""
        return self.desk

    @property
    def journal(self) -> Journal:
        """Journal that the store is a projection of."""
        return self.desk.curator.journal

    def tombstone(self, iri: str) -> Tombstone | None:
        """Tombstone of a thing that was withdrawn; None when it never was there, or is."""
        return self.desk.tombstone(iri)


class Desk:
    """Where a running node is changed: the curator, and the snapshot opened after."""

    def __init__(self, curator: Curator, node: Node) -> None:
        self.curator = curator
        self._node = node
        self._writing = 0
        self._lock = threading.Lock()

    @property
    def is_writing(self) -> bool:
        """Whether an edit is under way."""
        return self._writing > 0

    @property
    def trouble(self) -> DtrackError | None:
        """What failed when the node last looked at others; None when all is well."""
        return self._node.follower.trouble

    def write(self, edit: Edit) -> Receipt:
        """Make an edit a revision; who asks this node next reads it. Raises like Curator.write."""
        self._count(1)
        try:
            return self.curator.write(edit)
        finally:
            self._count(-1)
            self._node.refresh()
            self._node.follower.look()
            self._node.look_ahead()

    def _count(self, more: int) -> None:
        with self._lock:
            self._writing += more

    def refresh(self) -> None:
        """Let the node read what others than write() have committed through its curator."""
        self._node.refresh()
        self._node.follower.look()

    @property
    def runs_harvests(self) -> bool:
        """Whether this process runs the harvests that are due."""
        return self._node.harvester is not None

    def wake_harvests(self) -> None:
        """Let harvests that are due be run now rather than at the next look."""
        if self._node.harvester is not None:
            self._node.harvester.wake()

    def tombstone(self, iri: str) -> Tombstone | None:
        """Tombstone of a thing that was withdrawn."""
        last = self.curator.journal.withdrawal(iri)
        if last is None:
            return None
        return Tombstone(iri, last.at, last.agent, last.reason, last.number - 1)


class Source(Protocol):
    """What gives the service of a request: a node, or in tests a service itself."""

    def current(self) -> Service:
        """Service to answer a request from."""
        ...


class Node:
    """A running node: the current snapshot of a home, opened anew when the home has changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self.harvester: Harvester | None = None
        # A store that was handed over without its journal is served, and gets one.
        begun = not has_store(settings.home)
        curator = self._stack.enter_context(open_curator(settings, begun=begun))
        self._judges = Judges(settings)
        self._stack.callback(self._judges.close)
        try:
            curator.recover()
            self._remote = remote_store(settings)
            self.follower = Follower(self.follow, settings.follow_seconds)
            self._stack.callback(self.follower.stop)
            self.desk = Desk(curator, self)
            self._turn = threading.Lock()
            self._readying = Readying(self)
            self._stack.callback(self._readying.end)
            self._folder = current_folder(settings.home)
            # One set of processes for all snapshots: to start it costs more than to open one.
            self._readers = ReaderPool(
                self._folder,
                settings.query_workers,
                settings.query_seconds,
                settings.query_rows,
                settings.query_memory_mb,
                answer_megabytes=settings.query_answer_mb,
                queue_length=settings.query_queue,
                remote=self._remote,
            )
            self._stack.callback(self._readers.close)
            self._service = self._open(self._folder)
            self.follower.look()
            if self._remote is not None or settings.journal_url:
                self.follower.start()
        except BaseException:
            self._stack.close()
            raise

    @property
    def service(self) -> Service:
        """Snapshot that answers now."""
        return self._service

    @property
    def folder(self) -> Path:
        """Folder of the store that it is a snapshot of."""
        return self._folder

    @property
    def local(self) -> Store:
        """The store in it."""
        return self._local

    def start_harvests(self) -> None:
        """Run the harvests that are due, from now on, unless the settings say not to."""
        if self._settings.run_harvests:
            self.harvester = Harvester(self._settings, self.desk.curator, self.desk.refresh)
            self.harvester.start()

    def warm(self, *, changes: bool) -> None:
        """Make ready what each process makes once: what first requests need, now.

        What takes longer is made when nobody asks; where ``changes`` come, so are the
        queries that the shapes become.
        """
        self._readying.start(changes=changes)

    def current(self) -> Service:
        """Service to answer a request from.

        When another process has committed, the next snapshot is opened beside,
        and this one answers until that is ready.
        """
        self._readying.asked()
        try:
            folder = current_folder(self._settings.home)
        except StoreError:
            # The home is damaged; what is open still answers.
            return self._service
        if folder != self._folder and not self._turn.locked():
            threading.Thread(target=self._refresh_quietly, daemon=True).start()
        return self._service

    def _refresh_quietly(self) -> None:
        try:
            self.refresh()
        except StoreError as error:
            log.warning("snapshot not opened", extra={"reason": error.message})

    def refresh(self) -> None:
        """Open the current snapshot, where it is not the one that answers."""
        with self._turn:
            folder = current_folder(self._settings.home)
            if folder == self._folder:
                return
            # Another writer may clear that one away before it is held.
            folder, service = at_current(self._settings.home, lambda at: (at, self._open(at)))
            # Warm before it answers: the first to ask should not wait for the indexes.
            _ = service.answers.index, service.answers.texts
            self._readers.follow(folder)
            self._readying.leave(self._service.answers)
            self._folder, self._service = folder, service
            log.info("snapshot opened", extra={"revision": service.marker.revision})

    def look_ahead(self) -> None:
        """Do for the next edits what they would have to do sooner or later; nobody waits."""
        self._readying.look_ahead()

    def follow(self) -> None:
        """Take over what other nodes have written, and bring the remote store up to date."""
        curator = self.desk.curator
        if curator.journal.last() > self._service.marker.revision:
            curator.recover()
            self.refresh()
        if self._remote is not None:
            mirror(self._settings.home, curator.journal, self._remote)

    def _open(self, folder: Path) -> Service:
        store = open_folder(folder)
        try:
            readers = self._readers.at(folder)
        except BaseException:
            store.close()
            raise
        settings = self._settings
        asked = self._remote or store
        answers = answers_from(asked, store, settings)
        service = Service(
            settings, answers, readers, marker_in(folder), asked, self.desk, self._judges
        )
        weakref.finalize(service, _let_go, readers, store)
        self._local = store
        return service

    def close(self) -> None:
        """End the query processes and let go of store and journal."""
        if self.harvester is not None:
            self.harvester.stop()
        self.follower.stop()
        self._readying.end()
        _let_go(self._service.readers, self._local)
        self._stack.close()


def _let_go(readers: ReaderPool, store: Store) -> None:
    readers.close()
    store.close()


def open_service(settings: Settings) -> Node:
    """Open a home for serving. Raises NoStoreError before the first load, JournalError."""
    return Node(settings)
