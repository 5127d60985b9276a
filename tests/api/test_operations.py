"""What operators see: readiness with reasons, figures, one line a request, an orderly end."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from dtrack.api.plain import PlainService, create_plain_app
from dtrack.api.routes import operations
from dtrack.cli.logs import JsonLines, TextLines
from dtrack.errors import JournalError, StoreError
from dtrack.settings import load_settings
from dtrack.web.app import create_app
from processes import wait_until
from serving import TestClient, small_service

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def figures(client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_status(root):
    with TestClient(create_app(small_service(root)), raise_server_exceptions=False) as client:
        for slug in ("cbd-cop-12-19", "cbd-cop-12-20", "nothing"):
            client.get(f"/api/v1/decisions/{slug}")
        client.head("/version")
        client.get("/there/is/nothing")
        found = figures(client)

    def count(method: str, route: str, status: str) -> float | None:
        labels = (("method", method), ("route", route), ("status", status))
        return found.get(("dtrack_requests_total", labels))

    assert count("GET", "/api/v1/decisions/{key:path}", "200") == 2
    assert count("GET", "/api/v1/decisions/{key:path}", "404") == 1
    assert count("HEAD", "/version", "200") == 1
    assert count("GET", "none", "404") == 1
    labels = (("method", "GET"), ("route", "/api/v1/decisions/{key:path}"))
    assert found["dtrack_request_seconds_count", labels] == 3
    assert not any("cbd-cop" in str(key) for key in found)


def test_figures_tell_of_the_store_and_its_processes(client):
    found = figures(client)

    marker = client.app.state.source.current().marker
    assert found["dtrack_store_triples", ()] == marker.triples
    assert found["dtrack_store_revision", ()] == marker.revision
    assert found["dtrack_query_workers", (("state", "idle"),)] == 1
    assert found["dtrack_queries_queued", ()] == 0
    assert ("dtrack_query_workers_ended_total", ()) in found
    assert found["dtrack_requests_running", ()] == 1


def test_plain_store_is_seen_too(tmp_path, caplog):
    service = PlainService(load_settings({"query_workers": 1}, {}, folder=tmp_path), tmp_path)
    try:
        with TestClient(create_plain_app(service)) as client:
            with caplog.at_level(logging.INFO, logger="dtrack.requests"):
                answer = client.get(
                    "/sparql", params={"query": "ASK {}"}, headers={"X-Request-ID": "mine-1"}
                )
            found = figures(client)
    finally:
        service.close()

    (line,) = [r for r in caplog.records if r.name == "dtrack.requests"]
    assert (line.request_id, line.route, line.status) == ("mine-1", "/sparql", 200)
    assert answer.headers["x-request-id"] == "mine-1"
    labels = (("method", "GET"), ("route", "/sparql"), ("status", "200"))
    assert found["dtrack_requests_total", labels] == 1
    assert found["dtrack_query_workers", (("state", "idle"),)] == 1


def test_applications_count_apart(root, client):
    with TestClient(create_app(small_service(root))) as other:
        assert figures(other)["dtrack_requests_running", ()] == 1
        names = {name for name, _ in figures(client)}
    assert "dtrack_requests_total" in names


def test_node_that_is_not_ready_says_why(client, monkeypatch):
    service = client.app.state.source.current()

    def broken(_self):
        raise JournalError("The journal cannot be read.", remedy="Look at its disk.")

    monkeypatch.setattr(type(service.journal), "last", broken)
    monkeypatch.setattr(type(service.readers.store), "serialise", _no_answer)
    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["retry-after"]) > 0
    parts = {reason["part"]: reason["remedy"] for reason in response.json()["reasons"]}
    assert parts["journal"] == "Look at its disk."
    assert "queries" in parts
    assert client.get("/health/live").status_code == 200


def test_one_cause_of_not_being_ready_is_told_once(client, monkeypatch):
    def down(*_: object) -> None:
        raise StoreError("The remote store does not answer.", remedy="See that it runs.")

    for part in ("_queries", "_others"):
        monkeypatch.setattr(operations, part, down)
    told = client.get("/health/ready").json()

    assert told["detail"] == "Not ready: The remote store does not answer."
    assert told["remedy"] == "See that it runs."
    assert [reason["part"] for reason in told["reasons"]] == ["queries", "others"]


def _no_answer(*_):
    raise JournalError("No process answers.", remedy="Wait.")


@pytest.mark.parametrize("given", ["abc-1.2_X", "a" * 64])
def test_id_of_a_request_is_kept(client, given):
    assert client.get("/version", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", "<x>", "\u00e9", "-x", "a;b"])
def test_id_that_is_not_sane_is_replaced(client, given):
    headers = {"X-Request-ID": given.encode("latin-1")}
    made = client.get("/version", headers=headers).headers["x-request-id"]

    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_line_of_a_request_is_json_and_tells_no_secrets(client, caplog):
    with caplog.at_level(logging.INFO, logger="dtrack.requests"):
        client.get(
            "/sparql?query=ASK{<urn:private>?p ?o}",
            headers={"X-Request-ID": "one"},
        )
        headers = {"Authorization": "Bearer dt_secret_secret"}
        client.get("/api/v1/decisions/nothing%0Aforged", headers=headers)
    lines = [JsonLines().format(r) for r in caplog.records if r.name == "dtrack.requests"]

    first = json.loads(lines[0])
    assert first.items() >= {
        "request_id": "one", "method": "GET", "route": "/sparql", "path": "/sparql",
        "status": 200, "level": "info",
    }.items()  # fmt: skip
    assert first["bytes"] > 0 <= first["ms"]
    assert not {"private", "secret"} & set(re.findall(r"[a-z]+", " ".join(lines)))
    assert all("\n" not in line for line in lines)
    texts = [TextLines().format(r) for r in caplog.records if r.name == "dtrack.requests"]
    assert all("\n" not in line for line in texts)


def test_fault_is_logged_by_its_place_and_not_by_its_words():
    try:
        raise RuntimeError("secret words of a query")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))

    assert line["error"] == "RuntimeError"
    assert "test_operations:" in line["at"]
    assert "secret" not in str(line)
    short = TextLines().format(record)
    assert "RuntimeError" in short
    assert "secret" not in short

    # Who asks a command for all that there is to say gets it, in lines that steer no terminal.
    record.msg = "failed\x1b[2J\nhere"
    lines = TextLines(whole=True).format(record).splitlines()
    assert lines[0] == r"ERROR x: failed\x1b[2J"
    assert lines[1].startswith("here error=RuntimeError")
    assert lines[-1] == "RuntimeError: secret words of a query"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        # A thread may end meanwhile.
        with suppress(OSError):
            found.update(map(int, children.read_text().split()))
    return found


def _is_answering(port: int) -> bool:
    """Whether a query process is at work."""
    told = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
    return 'dtrack_query_workers{state="busy"} 1.0' in told


def _serve(home: Path, port: int, **settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DTRACK_HOME": str(home), **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "dtrack", "serve", "--port", str(port), "--log-format", "json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=30).status_code == 200:
                return process
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(process.communicate())


ENDING = """
import os, signal, sys, threading
from types import SimpleNamespace
from dtrack.cli import server

server.SHUTDOWN_SECONDS = 0
begun, ended = threading.Event(), threading.Event()

def end_work():
    begun.set()
    # The server has ended meanwhile, as nothing else holds it up.
    ended.wait(1)
    print("all is ended")

async def app(scope, receive, send):
    assert scope["type"] == "lifespan"
    await receive()
    await send({"type": "lifespan.startup.complete"})
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
    await receive()
    begun.wait(60)
    await send({"type": "lifespan.shutdown.complete"})

server._run(app, SimpleNamespace(host="127.0.0.1", port=int(sys.argv[1])), end_work)
print("the server is ended")
"""
"""A server that is told to end while what it works with is being ended, which takes its time."""


def test_server_leaves_only_when_all_that_it_began_to_end_is_ended():
    done = subprocess.run(
        [sys.executable, "-c", ENDING, str(_free_port())],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["all is ended", "the server is ended"]


@pytest.mark.parametrize("patience", ["3", "60"])
def test_server_finishes_what_it_answers_and_exits_with_0(small_home, patience):
    port = _free_port()
    process = _serve(small_home, port, DTRACK_QUERY_SECONDS=patience)
    answers: list[httpx.Response | Exception] = []

    def ask() -> None:
        try:
            url = f"http://127.0.0.1:{port}/sparql"
            answers.append(httpx.get(url, params={"query": RUNAWAY}, timeout=60))
        except httpx.TransportError as error:
            answers.append(error)

    try:
        asking = threading.Thread(target=ask)
        asking.start()
        assert wait_until(lambda: _is_answering(port) or bool(answers)), answers
        workers = _children(process.pid)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=40)
        took = time.monotonic() - started
        asking.join(30)
    finally:
        process.kill()
        process.wait()

    assert process.returncode == 0, errors
    assert workers
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert all(line["request_id"] for line in lines if line["logger"] == "dtrack.requests")
    if patience == "3":
        # Its query may run for 3 seconds, and it is told what became of it.
        assert isinstance(answers[0], httpx.Response)
        assert answers[0].status_code == 503
        assert "ended after 3 seconds" in answers[0].json()["detail"]
        assert took < 10
    else:
        assert took < 20
