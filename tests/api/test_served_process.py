"""The server as a process: it answers, keeps its deadline, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from dtrack.overlap import refresh
from dtrack.stores.building import publish
from serving import small_records

SECONDS = 3
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

SERVER = """
import sys
import uvicorn
from dtrack.settings import load_settings
from dtrack.web.app import create_app
from dtrack.wiring.serving import open_service

service = open_service(load_settings())
try:
    uvicorn.run(create_app(service), port=int(sys.argv[1]), log_level="warning")
finally:
    service.close()
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> set[int]:
    """Processes that a process has started and that still run."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.add(int(status.parent.name))
    return found


def _wait_until(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def home(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("home")

    def build(store):
        store.load(small_records(root))
        refresh(store, root / "queries")

    publish(folder, build)
    return folder


def test_server_answers_ends_runaways_and_leaves_no_process(home, root):
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "DTRACK_HOME": str(home), "DTRACK_QUERY_SECONDS": str(SECONDS)}
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], env=environment)
    try:
        assert _wait_until(lambda: _is_ready(url) or process.poll() is not None)
        workers = _children(process.pid)

        started = time.monotonic()
        runaway = httpx.get(f"{url}/sparql", params={"query": RUNAWAY}, timeout=60)
        took = time.monotonic() - started
        after = httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, timeout=60)
        page = httpx.get(f"{url}/", headers={"Accept": "text/html"}, timeout=60)
        workers |= _children(process.pid)

        assert runaway.status_code == 503
        assert runaway.headers["content-type"] == "application/problem+json"
        assert took < SECONDS + 5
        assert after.json()["boolean"] is True
        assert page.status_code == 200
        assert len(workers) >= 2
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()
            process.wait()
    assert process.returncode in {0, -signal.SIGTERM}
    assert _wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 10)
