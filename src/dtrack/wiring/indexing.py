"""The process that makes what indexes need for another one: ``python -m dtrack.wiring.indexing``.

It reads frames from its input, each eight bytes that say how long it is and then so
many: contents as canonical N-Triples, an empty frame after the last one that is loaded,
the folder for the text index, then what follows by rules, and an empty frame. It tells in
frames of a name and what goes by it: what the rules of excerpts.py give, the columns and
tables of the overlap index, and how many things are in the text index once that is
written; or what went wrong. It ends when its input ends, so none is left when the process
that asked is killed. What it has to say besides goes to its standard error, which who
asked keeps.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dtrack.errors import DtrackError
from dtrack.hearing import Hearing
from dtrack.overlap.changing import DIRECTIVES, read_whole
from dtrack.overlap.told import NOTING as OF_OVERLAP
from dtrack.resources import root_folder
from dtrack.searching.index import TextIndex
from dtrack.searching.told import NOTING as OF_SEARCH
from dtrack.stores.embedded import EmbeddedStore
from dtrack.wiring.apart import FAILED, HEAD, RULES, TEXTS
from dtrack.wiring.excerpts import NOTING as OF_RULES
from dtrack.wiring.excerpts import first_given
from dtrack.wiring.giving_way import give_way

if TYPE_CHECKING:
    from dtrack.stores.told import Told

_AHEAD: Final = 64
"""Frames that are read before they are needed."""

Frames = queue.Queue[bytes]


def main() -> None:
    """Hear what is told, write the index, and say so."""
    # An interrupt at the terminal reaches us too; the process that asks decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # There are no cycles among millions of facts; the process ends soon.
    gc.disable()
    frames: Frames = queue.Queue(_AHEAD)
    threading.Thread(target=_listen, args=(frames,), daemon=True).start()
    try:
        _made(frames)
    except DtrackError as error:
        _tell(FAILED, error.message)
    # Whatever it is, who asked can do without us; panics of the library for texts are
    # no Exception.
    except BaseException as error:  # noqa: BLE001
        traceback.print_exc()
        _tell(FAILED, _named(error))
    # To let go of each fact one by one would take its time.
    os._exit(0)


def _made(frames: Frames) -> None:
    """Make of what is heard what is asked for, and tell it."""
    with EmbeddedStore.in_memory() as store:
        # It holds nothing; all is read off what was told.
        store.load([], hearing=Hearing(OF_OVERLAP | OF_RULES | OF_SEARCH))
        told = store.told()
        assert told is not None  # noqa: S101 - asked for
        _hear(told, frames)
        # From here on nobody waits for it before the engine has put its files together.
        give_way()
        queries = root_folder("queries")
        given = first_given(store, queries)
        _tell(RULES, given)
        for lines in given.values():
            told.hear(b"".join(sorted(lines)))
        read = read_whole(store, queries / "index")
        _tell(DIRECTIVES, (read.columns, read.tables))
        del given, read
        folder = Path(frames.get().decode())
        index = TextIndex.build(store, queries, folder, derived=lambda: _hear(told, frames))
        _tell(TEXTS, len(index))


def _tell(name: str, told: object) -> None:
    """Send a frame of something and its name."""
    frame = pickle.dumps((name, told), pickle.HIGHEST_PROTOCOL)
    out = sys.stdout.buffer
    out.write(len(frame).to_bytes(HEAD, "big"))
    out.write(frame)
    out.flush()


def _hear(told: Told, frames: Frames) -> None:
    """Take in contents up to an empty frame."""
    while content := frames.get():
        told.hear(content)


def _listen(frames: Frames) -> None:
    """Pass frames on; end the process with its input, or where that cannot be taken in."""
    given = sys.stdin.buffer
    try:
        while head := given.read(HEAD):
            frames.put(given.read(int.from_bytes(head, "big")))
    except BaseException:  # noqa: BLE001 - else all would wait for what never comes
        traceback.print_exc()
    os._exit(1)


def _named(error: BaseException) -> str:
    """A fault by its kind and place; its words may be of what is indexed."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    # The name that is imported by; what runs as a program calls itself otherwise.
    module = getattr(trace.tb_frame.f_globals.get("__spec__"), "name", "")
    return f"{type(error).__name__} at {module}:{trace.tb_lineno}"


if __name__ == "__main__":
    main()
