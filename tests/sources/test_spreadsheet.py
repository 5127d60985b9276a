"""Spreadsheets by template: read whole, or refused with every faulty cell named."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from dtrack.curate.sheets import code_lists
from dtrack.errors import InputError, SyntaxProblem
from dtrack.sources import spreadsheet_cells
from dtrack.sources.spreadsheet import SheetProblem, read_sheets
from dtrack.sources.spreadsheet_cells import column_letter, read_grids
from dtrack.sources.spreadsheet_templates import TEMPLATES
from dtrack.sources.spreadsheet_writing import write_template

CODES = code_lists()
DAY = datetime.fromisoformat("2022-12-19")
HEADER = ["provision", "tag", "method", "confidence", "author"]
ROW = ["cbd-cop-12-19/4.c", "aichi-15", "lexical", 0.7, "our tagger"]


def book(*rows: list[Any], title: str = "Taggings") -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def faults(data: bytes, name: str = "taggings.xlsx") -> list[str]:
    with pytest.raises(SheetProblem) as raised:
        read_sheets(data, name, CODES)
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize("kind", TEMPLATES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_filled_in_with_its_own_examples_is_read(kind: str, form: str) -> None:
    empty = write_template(kind, form, CODES)
    columns = TEMPLATES[kind].columns
    examples = [column.example for column in columns]
    if form == "csv":
        data = empty + ",".join(examples).encode() + b"\r\n"
    else:
        workbook = load_workbook(io.BytesIO(empty))
        workbook.worksheets[0].append(examples)
        out = io.BytesIO()
        workbook.save(out)
        data = out.getvalue()

    (sheet,) = read_sheets(data, f"my.{form}", CODES)

    assert sheet.kind == kind
    (row,) = sheet.rows
    assert row.number == 3
    assert {name: row[name] for name in row.cells} == {c.name: c.example for c in columns}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_empty_template_has_no_rows(form: str) -> None:
    with pytest.raises(InputError) as raised:
        read_sheets(write_template("taggings", form, CODES), f"my.{form}", CODES)
    assert "dtrack template" in raised.value.remedy


def test_a_workbook_offers_the_lists_and_says_what_belongs_where() -> None:
    workbook = load_workbook(io.BytesIO(write_template("taggings", "xlsx", CODES)))
    sheet, lists = workbook["Taggings"], workbook["Lists"]

    assert lists.sheet_state == "hidden"
    offered = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert offered["C3:C2000"] == "'Lists'!$C$1:$C$3"
    assert [lists[f"C{n}"].value for n in (1, 2, 3)] == list(CODES["tagging-method"])
    assert "manual" in sheet["C1"].comment.text
    assert sheet["A2"].value.startswith("# ")
    assert all(sheet.cell(2, n + 1).value for n in range(len(TEMPLATES["taggings"].columns)))


def test_every_fault_names_sheet_and_cell_and_what_to_do() -> None:
    data = book(
        HEADER,
        ROW,
        ["", "aichi-15", "Lexical", "70%", "our tagger"],
        ["x/1", "aichi-1", "manual", "=0.1+0.2", None],
    )

    told = faults(data)

    assert [fault.split(":")[0] for fault in told] == [
        "taggings.xlsx, sheet Taggings, cell A3",
        "taggings.xlsx, sheet Taggings, cell C3",
        "taggings.xlsx, sheet Taggings, cell D3",
        "taggings.xlsx, sheet Taggings, cell D4",
        "taggings.xlsx, sheet Taggings, cell E4",
    ]
    assert told[1].endswith("'Lexical' is not in the list. Use one of imported, lexical, manual.")
    assert "formula" in told[3]


def test_columns_may_stand_in_any_order_and_lines_be_empty() -> None:
    data = book(
        ["Author", "confidence", "method", "tag", "provision"],
        [],
        ["# only a remark"],
        [None, None, None, None, None],
        ["a", 1, "manual", "aichi-1", "x/1"],
    )

    (sheet,) = read_sheets(data, "t.xlsx", CODES)

    assert [(row.number, row["author"], row["confidence"]) for row in sheet.rows] == [(5, "a", "1")]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        (["provision", "tag", "method", "author"], "row 1: The column 'confidence' is missing."),
        ([*HEADER, "colour"], "cell F1: There is no column 'colour'."),
        ([*HEADER, "tag"], "cell F1: The column 'tag' stands twice."),
    ],
)
def test_a_header_that_does_not_fit_is_told(header: list[str], fault: str) -> None:
    data = "\n".join([",".join(header), "x/1,aichi-1,manual,0.5,a"]).encode()

    assert any(fault in told for told in faults(data, "t.csv"))


@pytest.mark.parametrize(
    ("column", "value", "good"),
    [
        ("from", DAY, True),
        ("from", "2022-12-19", True),
        ("from", "19.12.2022", False),
        ("from", "2022-13-19", False),
        ("evidence", "https://example.org/a", True),
        ("evidence", "javascript:alert(1)", False),
        ("evidence", 'https://example.org/" .', False),
        ("value", "In-Force", False),
        ("axis", "legal-force", True),
    ],
)
def test_a_cell_is_checked_by_what_belongs_there(column: str, value: Any, good: bool) -> None:
    given = {c.name: c.example for c in TEMPLATES["status"].columns} | {column: value}
    data = book(list(given), list(given.values()), title="Status")

    if good:
        assert read_sheets(data, "s.xlsx", CODES)[0].rows
    else:
        (fault,) = faults(data, "s.xlsx")
        letter = column_letter(list(given).index(column))
        assert f"cell {letter}2: " in fault


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_however_a_spreadsheet_separates_it(separator: str) -> None:
    lines = [separator.join(HEADER), separator.join(['"x/1"', "aichi-1", "manual", "0.5", "a"])]

    (sheet,) = read_sheets("\r\n".join(lines).encode("utf-8-sig"), "t.csv", CODES)

    assert sheet.rows[0]["provision"] == "x/1"


def test_several_sheets_of_one_workbook_are_read_and_others_passed_over() -> None:
    workbook = load_workbook(io.BytesIO(book(HEADER, ROW)))
    notes = workbook.create_sheet("Notes")
    notes.append(["what we talked about"])
    mappings = workbook.create_sheet("Mappings")
    columns = TEMPLATES["mappings"].columns
    mappings.append([column.name for column in columns])
    mappings.append([column.example for column in columns])
    out = io.BytesIO()
    workbook.save(out)

    sheets = read_sheets(out.getvalue(), "both.xlsx", CODES)

    assert [(sheet.kind, len(sheet.rows)) for sheet in sheets] == [("taggings", 1), ("mappings", 1)]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 not a workbook",
        b"\xff\xfe\x00",
        b'provision,tag\n"open',
        b"provision\n" + b"x" * 30_000,
    ],
    ids=["broken workbook", "not UTF-8", "open quote", "endless cell"],
)
def test_what_is_no_spreadsheet_is_refused(data: bytes) -> None:
    with pytest.raises(SyntaxProblem) as raised:
        read_sheets(data, "odd", CODES)
    assert raised.value.remedy


def test_a_zip_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")

    with pytest.raises(SyntaxProblem):
        read_grids(out.getvalue(), "odd.xlsx")


def test_a_workbook_that_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_cells, "MOST_BYTES", 1000)

    with pytest.raises(SyntaxProblem) as raised:
        read_grids(book(HEADER, ROW), "large.xlsx")
    assert "too large" in raised.value.message


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_there_is_no_template_of_another_kind() -> None:
    with pytest.raises(InputError):
        write_template("odd", "csv", CODES)
