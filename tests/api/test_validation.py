"""POST /api/v1/validate: what strangers send is checked, and can neither hurt nor be stored."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dtrack.settings import load_settings
from dtrack.stores.building import current_folder, current_marker
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.wiring.serving import Node, open_service
from gate.faults import FAULTS, Fault
from serving import TestClient

VALIDATE = "/api/v1/validate"
SECONDS = 6
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:ThingShape a sh:NodeShape ; sh:targetClass ex:Thing ;
    sh:property [ sh:path [ sh:inversePath ex:of ] ; sh:minCount 1 ;
        sh:message "a part is missing"@en, "缺少部分"@zh ] .
"""
SOUND = "@prefix ex: <https://example.org/> . ex:a a ex:Thing . ex:b ex:of ex:a ."
FAULTY = "@prefix ex: <https://example.org/> . ex:a a ex:Thing ."


@dataclass(frozen=True)
class House:
    """A node over the bundled corpus, and a client without a key."""

    home: Path
    node: Node
    client: TestClient

    def send(self, content: str | bytes, media: str = "text/turtle", **more: Any) -> Any:
        headers = {"Content-Type": media, **more.pop("headers", {})}
        return self.client.post(VALIDATE, content=content, headers=headers, **more)

    def form(self, data: str, shapes: str, **headers: str) -> Any:
        files = {
            "data": ("data.ttl", data, "text/turtle"),
            "shapes": ("shapes.ttl", shapes, "application/octet-stream"),
        }
        return self.client.post(VALIDATE, files=files, headers=headers)


@pytest.fixture(scope="module")
def house(corpus_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("validation") / "home"
    shutil.copytree(corpus_template, home)
    flags = {"home": home, "query_seconds": SECONDS, "client_budget": 100_000, "body_mb": 1}
    node = open_service(load_settings(flags, {}, folder=home))
    try:
        with TestClient(create_app(node), raise_server_exceptions=False) as client:
            yield House(home, node, client)
    finally:
        node.close()


def shapes_found(answer: Any) -> set[str]:
    return {each["shape"] for each in answer.json()["findings"] if each["severity"] == "Violation"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_rule_is_found_broken_in_a_faulty_record_and_kept_in_its_sound_twin(
    house: House, fault: Fault
) -> None:
    faulty, sound = house.send(fault.turtle), house.send(fault.sound)

    assert faulty.status_code == sound.status_code == 200, faulty.text
    assert not faulty.json()["conforms"]
    assert fault.shape in shapes_found(faulty)
    assert sound.json()["conforms"], sound.text


def test_nothing_is_stored(house: House) -> None:
    journal = house.node.current().journal
    before = current_marker(house.home), current_folder(house.home), journal.last()

    assert house.send(FAULTS[0].sound).json()["conforms"]

    assert (current_marker(house.home), current_folder(house.home), journal.last()) == before
    assert not list((house.home / "trials").iterdir())


@pytest.mark.parametrize("form", RDF_FORMATS.values(), ids=lambda form: form.name)
def test_data_come_in_every_format_as_a_body_and_as_a_file(house: House, form: Any) -> None:
    fault = FAULTS[0]
    graph = fault.graph if form.keeps_graphs else ""
    data = form.write({graph: parse_turtle(fault.turtle.encode(), f"{BASE}/")})

    answers = [
        house.send(data, form.media_type),
        house.client.post(
            VALIDATE, files={"data": (f"x.{form.extension}", data, "application/octet-stream")}
        ),
        house.client.post(VALIDATE, files={"data": (None, data), "format": (None, form.name)}),
    ]

    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert fault.shape in shapes_found(answer)


@pytest.mark.parametrize(
    ("media", "sign"),
    [
        ("application/json", '"conforms": false'),
        ("text/turtle", "ValidationReport"),
        ("text/html", "<!doctype html>"),
        ("text/plain", "Does not conform: "),
    ],
)
def test_report_comes_as_accept_says(house: House, media: str, sign: str) -> None:
    for answer in (
        house.send(FAULTS[0].turtle, headers={"Accept": media}),
        house.form(FAULTY, SHAPES, Accept=media),
    ):
        assert answer.headers["content-type"].startswith(media)
        assert sign in answer.text
        assert answer.headers["access-control-allow-origin"] == "*"


def test_page_may_be_styled_by_its_own_style_and_run_nothing(house: House) -> None:
    policy = house.send(FAULTS[0].turtle, headers={"Accept": "text/html"}).headers[
        "content-security-policy"
    ]

    assert "default-src 'none'; style-src 'sha256-" in policy


@pytest.mark.parametrize("by", ["lang", "header"])
def test_messages_are_in_the_language_asked_for(house: House, by: str) -> None:
    headers = {"Accept": "text/plain"}
    headers |= {"Accept-Language": "fr, zh-CN;q=0.8, en;q=0.5"} if by == "header" else {}
    query = "?lang=zh" if by == "lang" else ""

    answer = house.client.post(
        VALIDATE + query, files={"data": (None, FAULTY), "shapes": (None, SHAPES)}, headers=headers
    )

    assert answer.headers["content-language"] == "zh"
    assert "缺少部分" in answer.text
    assert "不符合要求" in answer.text


def test_data_without_a_graph_may_be_given_one(house: House) -> None:
    fault = FAULTS[0]
    text = fault.turtle.replace("a dt:Record ;", "")

    answer = house.send(text, params={"graph": fault.graph})

    assert fault.graph in {each["place"] for each in answer.json()["findings"]}


def test_shapes_of_others_judge_by_their_blank_nodes_and_paths(house: House) -> None:
    faulty, sound = house.form(FAULTY, SHAPES), house.form(SOUND, SHAPES)

    assert [each["messages"] for each in faulty.json()["findings"]] == [
        {"en": "a part is missing", "zh": "缺少部分"}
    ]
    assert sound.json()["conforms"]


@pytest.mark.parametrize(
    ("content", "media", "status", "line"),
    [
        ("<a> <b> <c> .\n<a> <b>", "text/turtle", 400, 2),
        ('{"@context": "https://example.org/c", "@id": "x"}', "application/ld+json", 400, None),
        (
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
            "application/rdf+xml",
            400,
            None,
        ),
        ("[" * 5000, "text/turtle", 400, 1),
        (b"\xff\xfe", "text/turtle", 400, None),
        ("", "text/turtle", 400, None),
        ("a,b", "text/csv", 415, None),
        ("#" * (1 << 21), "text/turtle", 413, None),
    ],
    ids=["faulty", "context", "entities", "nested", "latin", "empty", "csv", "large"],
)
def test_what_cannot_be_read_is_a_problem_with_its_place(
    house: House, content: str | bytes, media: str, status: int, line: int | None
) -> None:
    answer = house.send(content, media)

    problem = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["remedy"]
    if line:
        assert problem["place"]["line"] == line


def test_faulty_part_of_a_form_is_named_with_its_line(house: House) -> None:
    answer = house.form(SOUND, SHAPES + "\nex:a ex:b")

    assert answer.status_code == 400
    assert answer.json()["place"]["source"] == "shapes"
    assert answer.json()["place"]["line"] == SHAPES.count("\n") + 2


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"shapes": (None, SHAPES)}, 400),
        ({"data": (None, SOUND), "more": (None, SOUND)}, 400),
        ({"data": (None, SOUND), "format": (None, "excel")}, 400),
        ({"data": ("x.pdf", SOUND, "application/pdf")}, 415),
    ],
    ids=["no-data", "unknown-part", "unknown-format", "unknown-type"],
)
def test_form_that_makes_no_sense_is_refused(house: House, files: Any, status: int) -> None:
    assert house.client.post(VALIDATE, files=files).status_code == status


def constraint(query: str) -> str:
    return SHAPES + (
        "ex:Own a sh:NodeShape ; sh:targetClass ex:Thing ; "
        f"sh:sparql [ sh:select {json.dumps(query)} ] ."
    )


# The regular expression takes twice as long for each letter more.
ENDLESS = constraint(
    f"SELECT $this WHERE {{ $this ?p ?o FILTER(!REGEX('{'a' * 60}b', '^(a+)+$')) }}"
)


def test_shapes_that_never_end_are_ended_and_the_next_check_runs(house: House) -> None:
    started = time.monotonic()

    answer = house.form(FAULTY, ENDLESS)

    assert answer.status_code == 503, answer.text
    assert "check was ended after 6 seconds" in answer.json()["detail"]
    assert time.monotonic() - started < SECONDS + 20
    assert not list((house.home / "trials").iterdir())
    assert house.form(SOUND, SHAPES).json()["conforms"]


@pytest.mark.parametrize("word", ["SERVICE", "\\u0053ERVICE"])
def test_shapes_reach_no_other_server(house: House, word: str) -> None:
    calls: list[object] = []
    with _Listener(calls) as address:
        answer = house.form(
            FAULTY, constraint(f"SELECT $this WHERE {{ {word} <{address}> {{ $this ?p ?o }} }}")
        )

    assert answer.status_code == 400, answer.text
    assert "reaches outside the data" in answer.json()["detail"]
    assert not calls


@pytest.mark.parametrize("word", ["FROM", "\\u0046ROM"])
def test_shapes_read_no_file_of_the_server(house: House, word: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<https://example.org/a> <https://example.org/says> 'the secret' .")

    answer = house.form(
        FAULTY,
        constraint(f"SELECT $this ?value {word} <{secret.as_uri()}> WHERE {{ $this ?p ?value }}"),
    )

    assert answer.status_code == 400, answer.text
    assert "reaches outside the data" in answer.json()["detail"]
    assert "the secret" not in answer.text


def test_shapes_nested_without_end_are_a_problem(house: House) -> None:
    text = SHAPES + "ex:R a sh:NodeShape ; sh:targetClass ex:Thing ; sh:node ex:R ; sh:not ex:R ."

    assert house.form(FAULTY, text).status_code in {200, 400}


def test_five_checks_at_once_leave_the_server_answering(house: House) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(house.form(FAULTY, ENDLESS).status_code))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    waits = []
    for _ in range(5):
        started = time.monotonic()
        assert house.client.get("/health/live").status_code == 200
        waits.append(time.monotonic() - started)
    assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()

    assert max(waits) < 1
    assert statuses == [503] * 5


def test_checks_count_against_the_budget_of_a_client(corpus_template: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(corpus_template, home)
    flags = {"home": home, "query_seconds": 2, "client_budget": 1, "query_workers": 1}
    node = open_service(load_settings(flags, {}, folder=home))
    try:
        with TestClient(create_app(node)) as client:
            files = {"data": (None, FAULTY), "shapes": (None, ENDLESS)}
            assert client.post(VALIDATE, files=files).status_code == 503
            refused = client.post(VALIDATE, content=SOUND, headers={"Content-Type": "text/turtle"})
    finally:
        node.close()

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


class _Listener:
    """A server on a free port that notes who connects."""

    def __init__(self, calls: list[object]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._calls = calls

    def __enter__(self) -> str:
        threading.Thread(target=self._listen, daemon=True).start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/sparql"

    def _listen(self) -> None:
        with suppress(OSError):
            connection, caller = self._socket.accept()
            connection.close()
            self._calls.append(caller)

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave accept() waiting.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.mark.parametrize(
    ("language", "verdict", "message"),
    [("en", "do not conform", "a part is missing"), ("zh", "数据不符合要求", "缺少部分")],
)
def test_page_shows_the_report_beside_what_was_sent(
    house: House, language: str, verdict: str, message: str
) -> None:
    answer = house.client.post(
        f"/validate?lang={language}",
        files={
            "data": (None, FAULTY + " # <script>alert(1)</script>"),
            "shapes": (None, SHAPES),
            "format": (None, "turtle"),
        },
        headers={"Accept": "text/html"},
    )

    assert answer.status_code == 200
    assert verdict in answer.text
    assert f">{message}</td>" in answer.text
    assert "<script>" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_page_takes_a_file_and_empty_fields_beside_it(house: House) -> None:
    answer = house.client.post(
        "/validate",
        files=[
            ("data", (None, "")),
            ("data", ("record.ttl", FAULTS[0].sound, "application/octet-stream")),
            ("shapes", (None, "")),
            ("shapes", ("", "", "application/octet-stream")),
            ("format", (None, "turtle")),
        ],
        headers={"Accept": "text/html"},
    )

    assert "The data conform." in answer.text, answer.text


def test_page_says_where_data_cannot_be_read(house: House) -> None:
    answer = house.client.post(
        "/validate", files={"data": (None, "<a> <b>")}, headers={"Accept": "text/html"}
    )

    assert answer.status_code == 400
    assert "body:1" in answer.text
