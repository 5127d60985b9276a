"""Values as feeds write them: texts with control characters, ``/Date(ms)/``, stubs for nothing."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TICKS: Final = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
_ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?)?(?:Z|[+-]\d{2}:?\d{2})?"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING: Final = frozenset({"__metadata", "__deferred"})


def clean(text: str) -> tuple[str, bool]:
    """Text without control characters and blanks around, and whether there were any."""
    without = _CONTROL.sub("", text)
    return without.replace("\r\n", "\n").replace("\r", "\n").strip(), without != text


def scalar(value: object) -> str:
    """A simple value as text; JSON for what is no simple value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(value: object) -> str | None:
    """Moment in UTC as xsd:dateTime; None for what is none.

    Versions 1 to 3 write milliseconds since 1970, version 4 ISO 8601; a day
    alone is taken as its first moment.
    """
    text = scalar(value).strip()
    try:
        if match := _TICKS.fullmatch(text):
            found = _EPOCH + timedelta(milliseconds=int(match[1]))
        elif _ISO.fullmatch(text):
            found = datetime.fromisoformat(text)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    if found.year < 1000:
        return None
    fraction = f".{found.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{found:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def several(value: object, row_id: str = "") -> tuple[dict[str, Any], ...]:
    """Objects of a field with several values, stubs for nothing left out.

    An empty list comes as one object that holds only ``__metadata``, in files
    with the identifier of the row beside it.
    """
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        value = value["results"]
    found = value if isinstance(value, list) else [value]
    return tuple(
        item if isinstance(item, dict) else {"value": item}
        for item in found
        if item is not None and not _is_stub(item, row_id)
    )


def is_deferred(value: object) -> bool:
    """Whether a field holds only the address where its values are."""
    return isinstance(value, dict) and set(value) == {"__deferred"}


def _is_stub(item: object, row_id: str) -> bool:
    if not isinstance(item, dict):
        return item == ""
    rest = {
        key: value
        for key, value in item.items()
        if key not in _NOTHING and value is not None and not is_deferred(value)
    }
    return not rest or (bool(row_id) and rest == {"id": row_id})
