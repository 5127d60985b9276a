"""The process that answers for a ReaderPool: ``python -m dtrack.stores.answering FOLDER``.

It reads one question a line (JSON) from its input and writes each answer as a
line of JSON and then the body. It ends when its input ends, even amid a query,
so nothing is left when the process that asked is killed.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dtrack.errors import DtrackError
from dtrack.stores.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Mapping


def main(folder: str, max_rows: str, megabytes: str) -> None:
    """Answer until the input ends."""
    _limit_memory(int(megabytes) * 1024 * 1024)
    # An interrupt at the terminal reaches us too; the process that asks decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    try:
        store = EmbeddedStore.open(Path(folder), read_only=True)
    except DtrackError as error:
        _send(answers, _described(error))
        os._exit(1)
    _send(answers, {"ready": True})
    while True:
        question = json.loads(questions.get())
        try:
            answer = store.serialise(question["query"], question["accept"], int(max_rows))
        except DtrackError as error:
            _send(answers, _described(error))
        else:
            head = {"kind": answer.kind, "media_type": answer.media_type, "size": answer.size}
            _send(answers, head, answer.body)


def _listen(questions: queue.SimpleQueue[bytes]) -> None:
    """Pass questions on; end the process with its input."""
    for line in sys.stdin.buffer:
        questions.put(line)
    os._exit(0)


def _send(answers: BinaryIO, head: Mapping[str, object], body: bytes = b"") -> None:
    """Write one answer."""
    answers.write(json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body)
    answers.flush()


def _described(error: DtrackError) -> dict[str, object]:
    """Error as plain values; the asking process makes it anew."""
    place = error.place
    return {
        "error": type(error).__name__,
        "message": error.message,
        "remedy": error.remedy,
        "place": [place.source, place.line, place.column] if place else None,
    }


def _limit_memory(size: int) -> None:
    """Let the process die rather than the machine, where the system can."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
