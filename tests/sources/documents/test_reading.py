"""Readers of documents, on files made here."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from dtrack.errors import InputError
from dtrack.sources.documents import LARGEST, read_document


def texts(data, place):
    return [line.text for line in read_document(data, place) if line.text.strip()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_of_a_text_is_found_out(encoding):
    words = "缔约方大会，请执行秘书编写关于生态系统恢复的报告，并向第十三届会议提交。"

    assert texts(words.encode(encoding), "text.txt") == [words]


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\n ", "a.txt", "empty"),
        (bytes(range(128, 256)) * 20, "a.txt", "no readable text"),
        (b"\x00\x01\x02\x03" * 500, "a.txt", "no readable text"),
        (b"PK\x03\x04 broken", "a.docx", "damaged"),
        (b"%PDF-1.4 broken", "a.pdf", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "older format"),
        (b"<html><body><script>x</script></body></html>", "a.html", "no text"),
    ],
)
def test_a_faulty_document_is_refused_with_its_name_and_a_remedy(data, place, words):
    with pytest.raises(InputError, match=words) as caught:
        read_document(data, place)

    assert caught.value.remedy
    assert place in str(caught.value) or "empty" in words


def test_a_document_of_more_than_50_megabytes_is_refused():
    with pytest.raises(InputError, match="larger than 50 MB"):
        read_document(b"a" * (LARGEST + 1), "a.txt")


def test_word_paragraphs_tables_and_lists_become_lines():
    document = docx.Document()
    document.add_heading("17/9. Ponds", 1)
    document.add_paragraph("The Conference of the Parties,")
    document.add_paragraph("Requests Parties to dig;", style="List Number")
    document.add_paragraph("Notes the mud.", style="List Number")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    stream = io.BytesIO()
    document.save(stream)

    found = texts(stream.getvalue(), "a.docx")

    assert found == [
        "17/9. Ponds",
        "The Conference of the Parties,",
        "1.\tRequests Parties to dig;",
        "2.\tNotes the mud.",
        "| a | b |",
    ]


def test_a_zip_bomb_in_a_word_file_is_not_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 45_000_000 + b"</a>")

    with pytest.raises(InputError, match="unpacks to far more"):
        read_document(stream.getvalue(), "bomb.docx")


def test_entities_in_a_word_file_are_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    with pytest.raises(InputError, match="damaged"):
        read_document(stream.getvalue(), "a.docx")


def test_html_gives_its_blocks_without_menus():
    page = (
        "<html><nav><p>Menu</p></nav><h1>17/9. Ponds</h1><p>Line<br>two</p>"
        "<ol type='a'><li>First</li><li>Second</li></ol></html>"
    )

    assert texts(page.encode(), "a.html") == [
        "17/9. Ponds",
        "Line",
        "two",
        "(a) First",
        "(b) Second",
    ]


def test_a_scanned_pdf_is_refused():
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    stream = io.BytesIO()
    writer.write(stream)

    with pytest.raises(InputError, match="pictures of 1 pages"):
        read_document(stream.getvalue(), "scan.pdf")
