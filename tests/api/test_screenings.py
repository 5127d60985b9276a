"""POST /api/v1/screenings: drafts of every kind, and what is none."""

from __future__ import annotations

import io

import pytest

from dtrack.api.routes import screenings
from dtrack.web.app import create_app
from serving import TestClient, small_service

ADDRESS = "/api/v1/screenings"
TEXT = """The Conference of the Parties,

1. Invites Parties to do work on wetlands by 2030;

2. Amends decision XII/20.
"""


def send(client, content: str | bytes, media: str = "text/plain", query: str = "", **headers: str):
    body = content.encode() if isinstance(content, str) else content
    return client.post(ADDRESS + query, content=body, headers={"Content-Type": media, **headers})


def test_text_is_screened(client):
    response = send(client, TEXT, query="?lang=zh")
    body = response.json()

    assert response.status_code == 200
    assert response.headers["content-language"] == "zh"
    first, second = body["directives"]
    assert first["matches"][0]["provision"]["symbol"] in {"XII/19", "Resolution 11.10"}
    assert first["matches"][0]["dimensions"][1]["shared"][0]["first"]["label"] == "湿地"
    assert first["deadlines"] == ["2030"]
    assert second["acts"][0]["cited"]["key"] == "cbd-cop-12-20"
    assert {row["instrument"]["key"] for row in body["coverage"]} == {"cbd", "cms"}


def test_files_and_json_are_screened(client):
    from docx import Document

    document = Document()
    for line in TEXT.split("\n\n"):
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)

    word = client.post(ADDRESS, files={"draft": ("draft.docx", file.getvalue())})
    as_json = client.post(ADDRESS, json={"text": TEXT, "instrument": "cms"})

    assert len(word.json()["directives"]) == 2
    assert as_json.json()["instrument"]["key"] == "cms"


@pytest.mark.parametrize(
    ("content", "media", "query", "status"),
    [
        (TEXT, "text/plain", "?against=nothing", 404),
        (TEXT, "text/plain", "?instrument=nothing", 404),
        (TEXT, "text/plain", "?colour=red", 400),
        (TEXT, "text/plain", "?only=XX/1", 400),
        (TEXT, "image/png", "", 415),
        (TEXT, "", "", 415),
        ("", "text/plain", "", 400),
        ("{", "application/json", "", 400),
        ("[1]", "application/json", "", 400),
        ("<a", "text/turtle", "", 400),
        (b"%PDF-1.4 broken", "application/pdf", "", 400),
        (b"PK\x03\x04broken", "text/plain", "", 400),
        ("\x00\ud7ff🦆" * 50, "text/plain", "", 400),
        (TEXT, "multipart/form-data; boundary=x", "", 400),
    ],
)
def test_what_is_no_draft_is_a_problem(client, content, media, query, status):
    response = send(client, content, media, query)

    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_screening_is_ended_when_it_takes_too_long(root, monkeypatch):
    clock = iter(range(0, 10_000_000, 1000))
    monkeypatch.setattr(screenings, "monotonic", lambda: next(clock))

    # An application of its own, for what it uses is taken off a client's budget.
    with TestClient(create_app(small_service(root))) as client:
        late = send(client, TEXT)
        spent = send(client, TEXT)

    assert late.status_code == 503
    assert "was ended after" in late.json()["detail"]
    assert spent.status_code == 429
