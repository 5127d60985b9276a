"""What a process that runs other people's shapes may not do: reach anything outside itself.

The queries of shapes are refused when they name what is outside
(validation.shapes); this holds for what nobody has thought of, too.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from dtrack.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUTSIDE: Final = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "subprocess.",
    "shutil.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.kill",
    "pty.",
)
"""Events that are refused, by how their names begin (docs of Python: audit events table)."""
_MODULES: Final = (".py", ".pyc", ".so")
"""Files that are read while a module is imported for the first time."""

_secluded = False


def install() -> None:
    """Watch over this process from now on; nothing is refused but within secluded()."""
    # A module that is imported late would be written down as compiled.
    sys.dont_write_bytecode = True
    sys.addaudithook(_watch)


@contextmanager
def secluded() -> Iterator[None]:
    """Refuse network, other processes and files, in this whole process: RefusedError."""
    global _secluded
    _secluded = True
    try:
        yield
    finally:
        _secluded = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if not _secluded:
        return
    if event.startswith(_OUTSIDE) or (event == "open" and _is_foreign(arguments)):
        raise RefusedError(
            "The shapes reach for something outside the data.",
            remedy="Leave it out: constraints see the data handed in, and nothing else.",
        )


def _is_foreign(arguments: tuple[object, ...]) -> bool:
    """Whether what is opened is anything else than a module that is read."""
    path, mode = arguments[0], arguments[1]
    reads = mode is None or not set(str(mode)) & set("wax+")
    return not (reads and isinstance(path, str) and path.endswith(_MODULES))
