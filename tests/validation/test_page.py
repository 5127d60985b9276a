"""The report as a page: complete, escaped, and readable by everybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from dtrack.model import Finding, Report, Severity
from dtrack.validation.page import as_html

FINDING = Finding(
    Severity.VIOLATION,
    "https://w3id.org/dtrack/id/decision/x",
    "https://w3id.org/dtrack/shapes#TextShape-title",
    "http://www.w3.org/ns/shacl#MinCountConstraintComponent",
    value='<script>alert("x")</script>',
    messages={"en": "Add a title <here>.", "zh": "请补充标题。"},
    place="data/x.ttl",
)
REPORT = Report((FINDING,), 3, 5, by_reference=("<urn:s>: it uses <b>",))


class Seen(HTMLParser):
    """Tags, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_shows_each_finding_and_runs_nothing_of_it() -> None:
    seen = Seen(as_html(REPORT))

    assert "script" not in seen.tags
    assert "b" not in seen.tags
    for part in ('<script>alert("x")</script>', "Add a title <here>.", "data/x.ttl", "<urn:s>"):
        assert part in seen.text
    assert not {"link", "img", "iframe"} & set(seen.tags)


@pytest.mark.parametrize(
    ("asked", "language", "message"),
    [
        ("en", "en", "Add a title &lt;here&gt;."),
        ("zh", "zh", "请补充标题。"),
        ("xx", "en", "Add a title &lt;here&gt;."),
    ],
)
def test_page_speaks_the_language_asked_for(asked: str, language: str, message: str) -> None:
    page = as_html(REPORT, asked)

    assert f'<html lang="{language}">' in page
    assert message in page


def test_tables_have_captions_and_headers() -> None:
    page = as_html(REPORT)

    assert page.count("<caption>") == page.count("<table>") == 1
    assert page.count('scope="col"') == 5
    assert page.count('scope="row"') == 1


def test_colours_of_the_page_stand_out_from_white() -> None:
    page = as_html(REPORT)
    colours = re.findall(r"[ {]color: #([0-9a-f]{6})", page)

    assert len(colours) == 4
    assert min(map(contrast, colours)) >= 4.5


def contrast(colour: str) -> float:
    """Contrast to white (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_page_of_nothing_found_says_so() -> None:
    assert "Nothing was found." in as_html(Report((), 3, 5))
