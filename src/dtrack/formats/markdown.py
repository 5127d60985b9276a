"""Rows as a table in Markdown (GitHub's flavour)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.model import Rows

# What would be read as markup, as a link, or as the end of a cell.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>#|~]")
_SPACE: Final = re.compile(r"\s+")


def write_markdown(rows: Rows) -> bytes:
    """Table with a head; markup in values is escaped, line ends become spaces."""
    lines = [_line(rows.columns), _line("---" for _ in rows.columns)] if rows.columns else []
    lines += [_line(map(_escaped, row.values())) for row in rows.texts()]
    return "".join(f"{line}\n" for line in lines).encode()


def _line(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Value without markup."""
    return _MARKUP.sub(lambda found: f"\\{found.group()}", _SPACE.sub(" ", text).strip())
