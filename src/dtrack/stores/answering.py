"""The process that answers for a ReaderPool: ``python -m dtrack.stores.answering FOLDER``.

It reads questions from its input, each a line of JSON and a body, and writes
each answer likewise. A question names the folder to answer from; another one
than before is opened first. It ends when its input ends, even amid a query, so
nothing is left when the process that asked is killed.
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
from typing import TYPE_CHECKING, Any, BinaryIO

from dtrack.errors import DtrackError
from dtrack.stores.building import lease
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.results import Limits
from dtrack.stores.tasks import Bench, perform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_Question = tuple[dict[str, Any], bytes]


def main(
    arguments: Sequence[str],
    do: Callable[[Bench, dict[str, Any], bytes], _Question] = perform,
) -> None:
    """Answer until the input ends; ``do`` does the tasks.

    Arguments are the folder, most rows and MiB of an answer, and MiB of memory.
    """
    folder, max_rows, answer_megabytes, megabytes = arguments
    _limit_memory(int(megabytes) * 1024 * 1024)
    # An interrupt at the terminal reaches us too; the process that asks decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions: queue.SimpleQueue[_Question] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    try:
        store = _open(folder)
    except DtrackError as error:
        _send(answers, _described(error))
        os._exit(1)
    _send(answers, {"ready": True})
    limits = Limits(int(max_rows), int(answer_megabytes))
    while True:
        head, body = questions.get()
        try:
            if head["folder"] != folder:
                store, former = _open(head["folder"]), store
                former.close()
                folder = head["folder"]
            given, answer = do(Bench(store, limits), head, body)
        except DtrackError as error:
            _send(answers, _described(error))
        else:
            _send(answers, given, answer)
            del answer
        del body


def _open(folder: str) -> EmbeddedStore:
    """Store in a folder, which stays as long as it is open."""
    release = lease(Path(folder))
    return EmbeddedStore.open(Path(folder), read_only=True, on_close=release)


def _listen(questions: queue.SimpleQueue[_Question]) -> None:
    """Pass questions on; end the process with its input."""
    for line in sys.stdin.buffer:
        head = json.loads(line)
        questions.put((head, sys.stdin.buffer.read(head["bytes"])))
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
    main(sys.argv[1:])
