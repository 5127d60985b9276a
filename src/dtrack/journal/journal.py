"""The journal as the stories see it: one object over one database."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import select

from dtrack.digests import EMPTY_STATE, graph_digest, state_digest
from dtrack.errors import JournalError, NotFoundError
from dtrack.journal import audit, contents, feeding, keys, revisions
from dtrack.journal.audit import Entry
from dtrack.journal.database import connect, reading, turn, upgrade, writing
from dtrack.journal.schema import ABOUT, CONTENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from dtrack.journal.feeding import Wanted
    from dtrack.journal.keys import Examined, Key
    from dtrack.journal.values import Change, Facts, Head, Plan, Version
    from dtrack.model import Edit

_STAGED_BYTES: Final = 32 << 20
_DOUBT_SECONDS: Final = 5.0


def _identity(engine: Engine) -> str:
    """Name of the journal in a database, which gets one where it has none."""
    query = select(ABOUT.c.value).where(ABOUT.c.name == "identity")
    # Who only reads neither waits for a writer nor needs a disk that can be written.
    with reading(engine) as connection:
        found: str | None = connection.scalar(query)
    if found is not None:
        return found
    with writing(engine) as connection:
        found = connection.scalar(query)
        if found is None:
            found = secrets.token_hex(16)
            connection.execute(ABOUT.insert(), {"name": "identity", "value": found})
    return found


class Journal:
    """Revisions of graphs in a database; safe in threads and beside other processes."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self.engine = engine
        self.identity = identity
        """Names this journal, so that a store knows which one it is a projection of."""

    @classmethod
    def open(cls, url: str, *, begun: bool = False) -> Self:
        """Journal at a database URL, brought up to date where needed.

        One that is not there yet is made, unless it was to be ``begun`` already: who only
        reads leaves nothing behind. Raises JournalError, SettingError, MissingExtraError,
        NoStoreError.
        """
        engine = connect(url, begun=begun)
        try:
            upgrade(engine, begun=begun)
            identity = _identity(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, identity)

    def close(self) -> None:
        """Let go of connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        """Give the journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def turn(self) -> AbstractContextManager[None]:
        """Be the only node of this journal that mirrors, as long as the context lasts."""
        return turn(self.engine)

    def last(self) -> int:
        """Number of the last revision; 0 before the first."""
        with reading(self.engine) as connection:
            return revisions.last(connection)

    def facts(self, number: int) -> Facts:
        """Facts of a revision. Raises NotFoundError."""
        with reading(self.engine) as connection:
            return revisions.facts(connection, number)

    def listed(self, before: int | None = None, limit: int = 50) -> list[Facts]:
        """Revisions, latest first, those before a number only."""
        with reading(self.engine) as connection:
            return revisions.listed(connection, before, limit)

    def changes(self, number: int) -> list[Change]:
        """What a revision did, by graph."""
        with reading(self.engine) as connection:
            return revisions.changes(connection, number)

    def since(self, after: int, until: int | None = None) -> list[tuple[Facts, list[Change]]]:
        """Revisions after a number and up to another, in order, with what they did.

        Without ``until`` all there are now; a second call may find more.
        """
        with reading(self.engine) as connection:
            return list(revisions.since(connection, after, until))

    def number_at(self, moment: str) -> int:
        """Number of the last revision made up to a moment, as UTC text; 0 for none."""
        with reading(self.engine) as connection:
            return revisions.number_at(connection, moment)

    def heads(self, graphs: Collection[str] | None = None) -> dict[str, Head]:
        """Graphs as they are now: all, or those asked for that there are."""
        with reading(self.engine) as connection:
            return revisions.heads(connection, graphs)

    def heads_of_source(self, source: str) -> dict[str, Head]:
        """Graphs of one source as they are now."""
        with reading(self.engine) as connection:
            return revisions.heads_of_source(connection, source)

    def brought(self, source: str) -> dict[str, str | None]:
        """Graphs as the imports of a source last made them; None = withdrawn by it."""
        with reading(self.engine) as connection:
            return revisions.brought(connection, source)

    def sources(self) -> dict[str, int]:
        """Sources, each with the number of its graphs."""
        with reading(self.engine) as connection:
            return revisions.sources(connection)

    def state(self, number: int) -> dict[str, str]:
        """Graphs with their digests as they were after a revision."""
        with reading(self.engine) as connection:
            return revisions.state(connection, number)

    def makers(self, number: int) -> dict[str, int]:
        """Revision that made each graph what it was after a revision."""
        with reading(self.engine) as connection:
            return revisions.makers(connection, number)

    def versions(self, graph: str) -> list[Version]:
        """Versions of a graph, first to last."""
        with reading(self.engine) as connection:
            return revisions.versions(connection, graph)

    def counted(self) -> int:
        """Number of changes of graphs that there ever were."""
        with reading(self.engine) as connection:
            return feeding.counted(connection)

    def sequence(self, start: int, limit: int) -> list[Version]:
        """Changes from a place in their order on, first to last."""
        with reading(self.engine) as connection:
            return feeding.sequence(connection, start, limit)

    def bounds(self, start: int, size: int, most: int) -> list[tuple[str, str]]:
        """Times of the first and the last of each ``size`` changes from a place on."""
        with reading(self.engine) as connection:
            return feeding.bounds(connection, start, size, most)

    def latest(
        self, wanted: Wanted, before: tuple[int, str] | None = None, limit: int = 100
    ) -> list[Version]:
        """Changes that are wanted, last to first, those before a revision and graph only."""
        with reading(self.engine) as connection:
            return feeding.latest(connection, wanted, before, limit)

    def withdrawn(self) -> dict[str, str]:
        """Graphs that are no more, each with the digest it had last."""
        with reading(self.engine) as connection:
            return feeding.withdrawn(connection)

    def version_at(self, number: int, graph: str) -> Version | None:
        """A graph as it was after a revision; None when it had never been there."""
        with reading(self.engine) as connection:
            return feeding.version_at(connection, number, graph)

    def has_graphs(self, start: str) -> bool:
        """Whether any graph whose name starts so was ever changed."""
        with reading(self.engine) as connection:
            return feeding.has_graphs(connection, start)

    def content(self, digest: str) -> bytes:
        """Canonical N-Triples of a digest. Raises JournalError when they are lost."""
        with reading(self.engine) as connection:
            return contents.content(connection, digest)

    def contents(self, digests: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Digests with their canonical N-Triples, a portion at a time."""
        for some in contents.portions(set(digests), 100):
            with reading(self.engine) as connection:
                found = list(contents.contents(connection, some))
            yield from found

    def stage(self, items: Iterable[tuple[str, bytes]]) -> dict[str, str]:
        """Keep contents before the revision that will name them; graph IRI → digest.

        They are kept in portions, so any number fits into memory. What no
        revision comes to name does no harm.
        """
        digests: dict[str, str] = {}
        portion: dict[str, bytes] = {}
        size = 0
        for graph, content in items:
            digests[graph] = digest = graph_digest(content)
            portion[digest] = content
            size += len(content)
            if size >= _STAGED_BYTES:
                self._keep(portion)
                portion, size = {}, 0
        self._keep(portion)
        return digests

    def _keep(self, portion: Mapping[str, bytes]) -> None:
        if portion:
            with writing(self.engine) as connection:
                contents.keep(connection, portion)

    def plan(
        self,
        edit: Edit,
        digests: Mapping[str, str | None],
        sizes: Mapping[str, int],
        shapes: str,
    ) -> Plan:
        """Revision that would give graphs these digests now; no changes when none differs.

        ``sizes`` gives the triples of each new digest. Raises ConflictError where
        a graph is not what the edit expects.
        """
        with reading(self.engine) as connection:
            return revisions.plan(connection, edit, digests, sizes, shapes)

    def sizes(self, digests: Collection[str]) -> dict[str, int]:
        """Number of triples of each digest that is kept."""
        with reading(self.engine) as connection:
            return contents.triples(connection, digests)

    def note(
        self, agent: str, door: str, action: str, what: str, outcome: str, detail: str = ""
    ) -> None:
        """Add a line to the audit log; ``outcome`` is done, refused or failed."""
        with writing(self.engine) as connection:
            audit.note(connection, Entry(agent, door, action, what, outcome, detail))

    def entries(
        self,
        *,
        since: str | None = None,
        agent: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """Lines of the audit log, latest first: from a time on, of an agent, before a number."""
        with reading(self.engine) as connection:
            return audit.entries(connection, since=since, agent=agent, before=before, limit=limit)

    def create_key(
        self, name: str, scopes: Collection[str], expires: str | None, agent: str, door: str
    ) -> tuple[Key, str]:
        """A new key and its token, which is told this once. Raises InputError."""
        with writing(self.engine) as connection:
            key, token = keys.create(connection, name, scopes, expires)
            detail = f"{' '.join(key.scopes)}; ends {key.expires or 'never'}"
            what = f"{key.id} {key.name}"
            audit.note(connection, Entry(agent, door, "create-key", what, "done", detail))
        return key, token

    def revoke_key(self, which: str, agent: str, door: str) -> Key:
        """End a key, given by id or name, at once. Raises NotFoundError."""
        with writing(self.engine) as connection:
            key = keys.revoke(connection, which)
            what = f"{key.id} {key.name}"
            audit.note(connection, Entry(agent, door, "revoke-key", what, "done", ""))
        return key

    def list_keys(self) -> list[Key]:
        """All keys there ever were, first to last, without their secrets."""
        with reading(self.engine) as connection:
            return keys.listed(connection)

    def examine_key(self, token: str) -> Examined:
        """What a token is: a key that opens something, or why it does not."""
        with reading(self.engine) as connection:
            return keys.examine(connection, token)

    def check_key(self, token: str) -> Key | None:
        """Key of a token; None when it is unknown, expired or revoked."""
        found = self.examine_key(token)
        return None if found.fault else found.key

    def withdrawal(self, iri: str) -> Facts | None:
        """Revision that took a thing away last; None when none did."""
        with reading(self.engine) as connection:
            return revisions.withdrawal(connection, iri)

    def write(self, planned: Plan, made: Mapping[str, bytes], gone: Collection[str] = ()) -> None:
        """Write a planned revision, with the contents (by digest) that it brings.

        ``gone`` are the IRIs of things that it takes away.

        Durable on return. Raises ConflictError when another revision came
        between, and JournalError; then nothing is written.
        """
        try:
            with writing(self.engine) as connection:
                contents.keep(connection, made)
                revisions.write(connection, planned, gone)
        except JournalError:
            # A connection that breaks in the very commit leaves it open what became of it.
            if not self._is_written_after_all(planned.facts.token):
                raise

    def _is_written_after_all(self, token: str) -> bool:
        deadline = time.monotonic() + _DOUBT_SECONDS
        while True:
            try:
                with reading(self.engine) as connection:
                    return revisions.is_written(connection, token)
            except JournalError:
                if self.engine.dialect.name == "sqlite" or time.monotonic() > deadline:
                    return False
                time.sleep(0.2)

    def check(self) -> list[str]:
        """What is wrong with the journal, in sentences; empty when it is sound.

        Every content is read and digested, and the state is computed again from
        the changes of all revisions.
        """
        faults: list[str] = []
        with reading(self.engine) as connection:
            for digest in connection.scalars(select(CONTENTS.c.digest)).all():
                try:
                    contents.content(connection, digest)
                except JournalError as error:
                    faults.append(error.message)
            number = revisions.last(connection)
            told = revisions.facts(connection, number).digest if number else EMPTY_STATE
            state = revisions.state(connection, number)
            now = {g: head.digest for g, head in revisions.heads(connection).items()}
        if state_digest(state.items()) != told:
            faults.append(f"The changes do not add up to the state after revision {number}.")
        if state != now:
            faults.append("The list of current graphs is not what the changes add up to.")
        return faults

    def resolve(self, text: str) -> int:
        """Number of a revision given as a number, ``-1`` (the one before the last), or a day.

        A day or time (ISO 8601, UTC) means the last revision up to its end.
        Raises NotFoundError.
        """
        last = self.last()
        try:
            number = int(text)
        except ValueError:
            moment = f"{text}T23:59:59.999999Z" if len(text) == len("2026-11-21") else text
            number = self.number_at(moment)
        if number < 0:
            number += last
        if not 1 <= number <= last:
            raise NotFoundError(
                f"There is no revision '{text}'.",
                remedy=f"Give a number from 1 to {last}, or a day as YYYY-MM-DD; "
                "`dtrack history` lists them.",
            )
        return number
