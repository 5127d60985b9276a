"""Tables of a release as Parquet, with columns of the types that their values have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import MissingExtraError
from dtrack.model import Literal, plain
from dtrack.terms import XSD

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.model import Rows, Term

MEDIA_TYPE: Final = "application/vnd.apache.parquet"


def write_parquet(path: Path, rows: Rows) -> None:
    """Rows as Parquet. Raises MissingExtraError."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError(
            "Parquet needs pyarrow.", remedy="Install it: pip install 'dtrack[parquet]'."
        ) from error
    columns = {
        name: _column(pa, [row[place] for row in rows.rows])
        for place, name in enumerate(rows.columns)
    }
    parquet.write_table(pa.table(columns), path, compression="zstd")


def _column(arrow: Any, terms: list[Term | None]) -> Any:
    types = {t.datatype if isinstance(t, Literal) else "" for t in terms if t is not None}
    texts = [None if term is None else plain(term) for term in terms]
    if types == {f"{XSD}integer"}:
        return arrow.array([None if t is None else int(t) for t in texts], arrow.int64())
    if types and types <= {f"{XSD}decimal", f"{XSD}double", f"{XSD}integer"}:
        return arrow.array([None if t is None else float(t) for t in texts], arrow.float64())
    if types == {f"{XSD}boolean"}:
        return arrow.array([None if t is None else t == "true" for t in texts], arrow.bool_())
    if types == {f"{XSD}date"}:
        days = [None if t is None else date.fromisoformat(t[:10]) for t in texts]
        return arrow.array(days, arrow.date32())
    return arrow.array(texts, arrow.string())
