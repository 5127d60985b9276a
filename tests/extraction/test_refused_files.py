"""Files that cannot be read are refused with a reason and a remedy, in little time and memory."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from dtrack.cli.main import run
from dtrack.curate.texts import read_documents
from dtrack.errors import InputError
from dtrack.model import no_progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _scanned(path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(width=595, height=842)
    with path.open("wb") as file:
        writer.write(file)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * 60_000_000)


def _half(path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:document/>" * 400)
    path.write_bytes(whole.getvalue()[:150])


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(51_000_000)


def _with(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


FILES = {
    "scanned.pdf": (_scanned, "pictures of 3 pages"),
    "damaged.pdf": (_with(b"%PDF-1.7\n1 0 obj\n<< /Type /Catal"), "damaged or locked"),
    "damaged.docx": (_half, "damaged"),
    "bomb.docx": (_bomb, "unpacks to far more"),
    "empty.txt": (_with(b""), "empty"),
    "blank.txt": (_with(b" \n\t\n"), "empty"),
    "encoding.txt": (_with(bytes(range(128, 256)) * 40), "no readable text"),
    "large.txt": (_large, "larger than 50 MB"),
    "long.txt": (_with(b"word " * 2_200_000), "more than 10 million characters"),
    "soup.html": (_with(b"<html><body><p>A recipe for soup.</p></body></html>"), "no decision"),
    "data.json": (_with(b'[{"question": "none"}]'), "JSON data"),
    "old.doc": (_with(b"\xd0\xcf\x11\xe0" + b"\0" * 600), "older format"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, reason = FILES[name]
    path = tmp_path / name
    make(path)

    assert run(["extract", str(path)]) == 2

    told = capsys.readouterr().err
    assert reason in told
    assert name in told


@pytest.mark.parametrize("name", sorted(set(FILES) - {"soup.html", "data.json"}))
def test_one_unreadable_file_stops_an_import_of_many(name: str, tmp_path: Path, lexicon) -> None:
    make, reason = FILES[name]
    good, bad = tmp_path / "good.txt", tmp_path / name
    good.write_text("Decision 15/4\n\nThe Conference of the Parties,\n\n1. Decides to rest.\n")
    make(bad)

    with pytest.raises(InputError, match=reason):
        read_documents([good, bad], lexicon, no_progress)


def test_files_without_any_decision_import_nothing(tmp_path: Path, lexicon) -> None:
    names = ["soup.html", "data.json"]
    for name in names:
        FILES[name][0](tmp_path / name)

    with pytest.raises(InputError, match="no decision"):
        read_documents([tmp_path / name for name in names], lexicon, no_progress)
