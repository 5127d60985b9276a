"""Rows come out whole in every format, and say the same."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtrack.errors import InputError
from dtrack.formats import ROW_FORMATS, row_format
from dtrack.formats.json_rows import json_value
from dtrack.model import Iri, Literal, Rows, text_literal
from dtrack.terms import XSD
from strategies import hostile, terms

ROWS = Rows(
    ("thing", "label", "n"),
    (
        (Iri("https://x.org/a_b"), text_literal('a "b", c\n', "en"), Literal("7", f"{XSD}integer")),
        (Iri("https://x.org/c"), None, Literal("0.5", f"{XSD}decimal")),
    ),
)
NONE = Rows(("thing",), ())


def write(name: str, rows: Rows = ROWS) -> str:
    return row_format(name).write(rows).decode()


def test_json_holds_columns_and_rows() -> None:
    assert json.loads(write("json")) == {
        "columns": ["thing", "label", "n"],
        "rows": [
            {"thing": "https://x.org/a_b", "label": 'a "b", c\n', "n": 7},
            {"thing": "https://x.org/c", "label": None, "n": 0.5},
        ],
    }
    assert json.loads(write("json", NONE)) == {"columns": ["thing"], "rows": []}


@pytest.mark.parametrize(
    ("lexical", "datatype", "value"),
    [
        ("7", "integer", 7),
        ("-12345678901234567890", "integer", -12345678901234567890),
        ("0.5", "decimal", 0.5),
        ("1500", "double", 1500.0),
        ("1e400", "double", "1e400"),
        ("NaN", "double", "NaN"),
        ("INF", "double", "INF"),
        ("true", "boolean", True),
        ("false", "boolean", False),
        ("1", "boolean", "1"),
        ("seven", "integer", "seven"),
        ("7" * 5000, "integer", "7" * 5000),
        ("7", "string", "7"),
        ("2014-10-17", "date", "2014-10-17"),
    ],
)
def test_numbers_and_booleans_are_json_ones(lexical: str, datatype: str, value: object) -> None:
    found = json_value(Literal(lexical, f"{XSD}{datatype}"))

    assert found == value
    assert type(found) is type(value)


def test_csv_is_quoted_where_needed() -> None:
    assert write("csv") == (
        'thing,label,n\r\nhttps://x.org/a_b,"a ""b"", c\n",7\r\nhttps://x.org/c,,0.5\r\n'
    )
    assert write("csv", NONE) == "thing\r\n"


def test_tsv_has_a_line_a_row() -> None:
    assert write("tsv") == (
        'thing\tlabel\tn\nhttps://x.org/a_b\ta "b", c\\n\t7\nhttps://x.org/c\t\t0.5\n'
    )


def test_markdown_is_a_table_without_markup() -> None:
    assert write("markdown") == (
        "| thing | label | n |\n| --- | --- | --- |\n"
        '| https://x.org/a\\_b | a "b", c | 7 |\n| https://x.org/c |  | 0.5 |\n'
    )


values = st.one_of(st.none(), terms, hostile.map(Literal))
tables = st.lists(st.tuples(values, values), max_size=5).map(lambda r: Rows(("a", "b"), tuple(r)))


@given(tables)
def test_any_rows_come_back_from_csv_tsv_and_json(rows: Rows) -> None:
    expected = [list(row.values()) for row in rows.texts()]

    read = list(csv.reader(io.StringIO(write("csv", rows), newline="")))
    assert read == [["a", "b"], *expected]

    lines = write("tsv", rows).removesuffix("\n").split("\n")
    assert len(lines) == len(expected) + 1
    assert all(line.count("\t") == 1 for line in lines)

    found = json.loads(write("json", rows))["rows"]
    assert len(found) == len(expected)
    for given_row, row in zip(rows, found, strict=True):
        assert row == {name: json_value(term) for name, term in given_row.items()}


@given(tables)
def test_any_rows_stay_one_line_each_in_markdown(rows: Rows) -> None:
    lines = write("markdown", rows).removesuffix("\n").split("\n")

    assert len(lines) == len(rows) + 2
    assert all(len(line.replace("\\\\", "").replace("\\|", "").split("|")) == 4 for line in lines)


def test_every_format_has_its_name_media_type_and_extension() -> None:
    assert len(ROW_FORMATS) == 4
    for name, form in ROW_FORMATS.items():
        assert form.name == name
        assert form.media_type.partition("/")[0] in {"application", "text"}
        assert form.extension.isalpha()


def test_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="json, csv, tsv, markdown"):
        row_format("xlsx")
