"""Servers as processes of their own, for tests and benchmarks: free ports, waiting, ending."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A server that runs: its address and process."""

    url: str
    pid: int


def free_port() -> int:
    """Port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether a condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def descendants(pid: int) -> set[int]:
    """Processes that a process has started, and those that they have, which still run."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found: set[int] = set()
    todo = [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found.update(children)
        todo += children
    return found


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False


@contextmanager
def served(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    ready: str = "/health/ready",
    seconds: float = 90,
) -> Iterator[Served]:
    """Run ``dtrack serve`` with arguments, and end it with all that it has started."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "dtrack", "serve", "--port", str(port), *arguments],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        up = wait_until(lambda: process.poll() is not None or _answers(url + ready), seconds)
        assert up, "the server does not answer"
        assert process.poll() is None, "the server has ended"
        yield Served(url, process.pid)
    finally:
        left = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()
            process.wait()
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), 10), (
        "processes are left over"
    )


@contextmanager
def served_plain(environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run a plain store."""
    with served("--plain-store", environment=environment, ready="/sparql") as server:
        yield server
