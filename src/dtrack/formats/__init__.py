"""Formats of rows, by name: one table of media types and functions.

RDF formats and the formats of SPARQL results come from the engine, see
``dtrack.stores``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError
from dtrack.formats.json_rows import write_json
from dtrack.formats.markdown import write_markdown
from dtrack.formats.separated import write_csv, write_tsv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dtrack.model import Rows

__all__ = ["ROW_FORMATS", "RowFormat", "row_format"]


@dataclass(frozen=True, slots=True)
class RowFormat:
    """A format: its name, media type, file extension, and what writes it."""

    name: str
    media_type: str
    extension: str
    write: Callable[[Rows], bytes]


ROW_FORMATS: Final[Mapping[str, RowFormat]] = {
    form.name: form
    for form in (
        RowFormat("json", "application/json", "json", write_json),
        RowFormat("csv", "text/csv; charset=utf-8", "csv", write_csv),
        RowFormat("tsv", "text/tab-separated-values; charset=utf-8", "tsv", write_tsv),
        RowFormat("markdown", "text/markdown; charset=utf-8", "md", write_markdown),
    )
}


def row_format(name: str) -> RowFormat:
    """Format of a name. Raises InputError that lists those there are."""
    try:
        return ROW_FORMATS[name]
    except KeyError:
        raise InputError(
            f"There is no format '{name}' for rows.",
            remedy=f"Use one of {', '.join(ROW_FORMATS)}.",
        ) from None
