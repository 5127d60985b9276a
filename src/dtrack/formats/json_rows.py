"""Rows as plain JSON: ``{"columns": […], "rows": [{column: value}]}``."""

from __future__ import annotations

import json
import re
from typing import Final

from dtrack.model import Literal, Rows, Term, plain
from dtrack.terms import XSD

_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def write_json(rows: Rows) -> bytes:
    """JSON with a line a row; see json_value() for what cells become."""
    columns = json.dumps(rows.columns, ensure_ascii=False)
    lines = ",\n  ".join(
        json.dumps({name: json_value(term) for name, term in row.items()}, ensure_ascii=False)
        for row in rows
    )
    body = f"[\n  {lines}\n]" if lines else "[]"
    return f'{{"columns": {columns},\n "rows": {body}}}\n'.encode()


def json_value(term: Term | None) -> str | int | float | bool | None:
    """JSON value of a term: null for unbound, numbers and booleans as such, else text.

    A number that JSON or a double cannot hold (NaN, INF, an ill-typed literal)
    stays text; a decimal becomes the nearest double.
    """
    if isinstance(term, Literal):
        return _literal(term)
    return None if term is None else plain(term)


def _literal(literal: Literal) -> str | int | float | bool:
    """JSON value of a literal."""
    lexical = literal.lexical
    if literal.datatype == f"{XSD}boolean" and lexical in {"true", "false"}:
        return lexical == "true"
    # Python refuses to read integers past some thousands of digits.
    if literal.datatype == f"{XSD}integer" and _INTEGER.fullmatch(lexical) and len(lexical) < 1000:
        return int(lexical)
    if literal.datatype in {f"{XSD}decimal", f"{XSD}double"} and _NUMBER.fullmatch(lexical):
        number = float(lexical)
        # Past the range of doubles.
        return lexical if number in {float("inf"), float("-inf")} else number
    return lexical
