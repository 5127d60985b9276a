"""Lines of the log on standard error: JSON for programs, text for people."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from dtrack.api.observing import request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

LogFormat = Literal["json", "text"]

_OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What a line says beside its message; a fault is named, but its words may be private."""
    fields = {name: value for name, value in vars(record).items() if name not in _OWN}
    if request_id.get():
        fields.setdefault("request_id", request_id.get())
    if record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        fields["error"] = kind.__name__
        while trace and trace.tb_next:
            trace = trace.tb_next
        if trace:
            fields["at"] = f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
    return fields


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Line for a record."""
        fields: Mapping[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        return json.dumps(fields, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """One line for people; with ``whole`` as many as there are, and where a fault came about."""

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__()
        self._is_whole = whole

    def format(self, record: logging.LogRecord) -> str:
        """Line for a record."""
        fields = " ".join(f"{name}={value!s}" for name, value in _fields(record).items())
        line = f"{record.levelname} {record.name}: {record.getMessage()} {fields}".rstrip()
        if not self._is_whole:
            # A path may hold anything; a line stays one line.
            return _printable(line)
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        return "\n".join(map(_printable, f"{line}\n{trace}".rstrip().split("\n")))


def _printable(line: str) -> str:
    """Line in which nothing steers a terminal."""
    return line if line.isprintable() else line.encode("unicode_escape").decode("ascii")


def log_of_a_command(verbose: int) -> None:
    """Send to standard error what a command has to say beside its answer.

    Warnings, with one ``-v`` what is done, with two of them all there is.
    """
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextLines(whole=verbose > 1))
    logging.basicConfig(handlers=[handler], level=level)
    # They log tracebacks for what our own messages already say in one line.
    # pySHACL sets its levels itself.
    for name in ("rdflib.term", "pyshacl", "pyshacl-validate"):
        logging.getLogger(name).disabled = verbose < 2
    # Which plugins it has is nobody's concern.
    logging.getLogger("alembic").setLevel(logging.WARNING if verbose < 2 else level)


def log_to_stderr(form: LogFormat) -> None:
    """Send what a server has to say to standard error, and nothing else there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    own = logging.getLogger("dtrack")
    own.setLevel(min(own.getEffectiveLevel(), logging.INFO))
