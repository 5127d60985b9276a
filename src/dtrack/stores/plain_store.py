"""An ordinary dataset for conformance runs: it keeps no history, and nothing checks it."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from dtrack.errors import NoStoreError
from dtrack.stores.building import CURRENT, current_folder, publish
from dtrack.stores.markers import MARKER
from dtrack.stores.readers import ReaderPool, packed, update_head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dtrack.settings import Settings
    from dtrack.stores.plain import Change
    from dtrack.stores.readers import Upload
    from dtrack.stores.turns import Caller
    from dtrack.stores.updating import UpdateText


class PlainStore:
    """A dataset in a folder. A change makes a copy in a query process, and readers follow.

    So an update that runs away loses its process and its copy, and nothing else.
    """

    def __init__(self, home: Path, readers: ReaderPool) -> None:
        self._home = home
        self._turn = threading.Lock()
        self.readers = readers

    @classmethod
    def open(cls, home: Path, settings: Settings) -> Self:
        """Store in a folder of its own, made where there is none. Raises StoreError."""
        try:
            folder = current_folder(home)
        except NoStoreError:
            publish(home, lambda _: None)
            folder = current_folder(home)
        readers = ReaderPool(
            folder,
            settings.query_workers,
            settings.query_seconds,
            settings.query_rows,
            settings.query_memory_mb,
            answer_megabytes=settings.query_answer_mb,
            queue_length=settings.query_queue,
        )
        return cls(home, readers)

    def update(self, update: UpdateText, caller: Caller) -> None:
        """Run an update, whole or not at all. Raises QueryError."""
        body = update.text.encode("utf-8", "surrogatepass")
        self._change("plain_update", update_head(update), body, caller)

    def change_graph(
        self,
        graph: str | None,
        change: Change,
        uploads: Sequence[Upload],
        base: str,
        caller: Caller,
    ) -> tuple[bool, str]:
        """Change one graph; whether it was there before, and its new digest."""
        head, body = packed(uploads)
        asked = {**head, "graph": graph, "change": change, "base": base}
        given = self._change("plain_change", asked, body, caller)
        return given["existed"], given["digest"]

    def _change(
        self, task: str, head: dict[str, object], body: bytes, caller: Caller
    ) -> dict[str, Any]:
        with self._turn:
            former = self.readers.folder
            target = former.parent / f"store-{os.getpid()}-{secrets.token_hex(4)}"
            try:
                given, _ = self.readers.ask(task, {**head, "target": str(target)}, body, caller)
                for name in ("lease", MARKER):
                    shutil.copyfile(former / name, target / name)
                draft = self._home / f"{CURRENT}.new"
                draft.write_text(f"{target.name}\n")
                draft.replace(self._home / CURRENT)
                self.readers.follow(target)
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                raise
            # Who still reads it has its files open.
            shutil.rmtree(former, ignore_errors=True)
            return given

    def close(self) -> None:
        """End the query processes."""
        with suppress(OSError):
            self.readers.close()
