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
    """One line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Line for a record."""
        fields = " ".join(f"{name}={value!s}" for name, value in _fields(record).items())
        line = f"{record.levelname} {record.name}: {record.getMessage()} {fields}".rstrip()
        # A path may hold anything; a line stays one line.
        return line.encode("unicode_escape").decode("ascii") if not line.isprintable() else line


def log_to_stderr(form: LogFormat) -> None:
    """Send what a server has to say to standard error, and nothing else there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    own = logging.getLogger("dtrack")
    own.setLevel(min(own.getEffectiveLevel(), logging.INFO))
