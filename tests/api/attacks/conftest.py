from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import make_home
from dtrack.settings import load_settings
from dtrack.web.app import create_app
from dtrack.wiring.serving import Node
from processes import Served, served
from serving import TestClient


@pytest.fixture(scope="module")
def attacked_home(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path_factory.mktemp("attacked"), root)


@pytest.fixture(scope="module")
def victim(attacked_home: Path) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """Client of a real node, and the headers of a key that may publish."""
    settings = {"home": attacked_home, "query_workers": 1, "client_budget": 1000}
    node = Node(load_settings(settings, {}, folder=attacked_home))
    try:
        token = node.current().journal.create_key("p", ["publish"], None, "tests", "cli")[1]
        with TestClient(create_app(node), raise_server_exceptions=False) as client:
            yield client, {"Authorization": f"Bearer {token}"}
    finally:
        node.close()


@pytest.fixture(scope="module")
def server(attacked_home: Path) -> Iterator[Served]:
    """The program as it is served."""
    with served(environment={"DTRACK_HOME": str(attacked_home)}) as running:
        yield running


class Listener:
    """Notes who calls this machine."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.calls: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls.append(b"connected")
            caller.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()
