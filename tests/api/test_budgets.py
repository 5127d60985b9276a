"""Clients have budgets, and questions end with their callers."""

from __future__ import annotations

import socket
import time
from urllib.parse import quote, urlsplit

import httpx
import pytest

from dtrack.api.budgets import MOST_CLIENTS, Budgets
from dtrack.errors import TooManyError
from processes import descendants, served_plain, wait_until

RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(
    f"VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(7)
) + " FILTER(?v0 + ?v1 + ?v2 + ?v3 + ?v4 + ?v5 + ?v6 < 0) }"  # fmt: skip


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_budget_is_spent_and_fills_again() -> None:
    clock = Clock()
    budgets = Budgets(60, clock)
    budgets.charge("a", 75)

    with pytest.raises(TooManyError) as caught:
        budgets.admit("a")
    assert caught.value.retry_after == 16
    budgets.admit("b")
    clock.now += caught.value.retry_after
    budgets.admit("a")


def test_no_more_is_saved_than_a_minute_gives() -> None:
    clock = Clock()
    budgets = Budgets(60, clock)
    budgets.charge("a", 1)
    clock.now += 10_000
    budgets.charge("a", 61)

    with pytest.raises(TooManyError):
        budgets.admit("a")


def test_ever_new_clients_fill_no_memory() -> None:
    budgets = Budgets(1)
    for number in range(MOST_CLIENTS + 10):
        budgets.charge(str(number), 1)

    assert len(budgets._left) == MOST_CLIENTS


def test_served_client_is_told_to_wait_and_gone_ones_cost_nothing() -> None:
    settings = {
        "DTRACK_QUERY_SECONDS": "30",
        "DTRACK_QUERY_WORKERS": "1",
        "DTRACK_CLIENT_BUDGET": "6",
    }
    with served_plain(settings) as server:
        parts = urlsplit(server.url)
        httpx.get(f"{server.url}/sparql", params={"query": "ASK {}"}, timeout=60)
        (worker,) = descendants(server.pid)
        # It hangs up amid a query: without the watch its process would go on for 30 seconds.
        with socket.create_connection((parts.hostname, parts.port)) as wire:
            head = f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n"
            wire.sendall(head.encode())
            time.sleep(1)
        assert wait_until(lambda: worker not in descendants(server.pid), 5)
        answer = httpx.get(f"{server.url}/sparql", params={"query": "ASK {}"}, timeout=60)
        assert answer.json()["boolean"] is True

        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server.url}/sparql", params={"query": RUNAWAY}, timeout=6)
        time.sleep(0.5)
        refused = httpx.get(f"{server.url}/sparql", params={"query": "ASK {}"}, timeout=60)

        assert refused.status_code == 429
        assert refused.headers["content-type"] == "application/problem+json"
        assert 0 < int(refused.headers["retry-after"]) <= 60
