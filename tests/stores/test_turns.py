"""Turns are shared fairly, in bounds, and given up with whoever waits."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dtrack.errors import QueryTimeoutError, StoreError
from dtrack.stores.turns import Caller, CancelledError, Turns


def turns_of(size: int, queue_length: int = 8) -> Turns[int]:
    turns: Turns[int] = Turns(queue_length)
    for number in range(size):
        turns.add(number)
    return turns


def waiting(turns: Turns[int], number: int) -> None:
    end = time.monotonic() + 5
    while len(turns._waiting) < number and time.monotonic() < end:
        time.sleep(0.01)
    assert len(turns._waiting) == number


def test_client_never_holds_the_last_one_beside_another() -> None:
    turns = turns_of(3)
    greedy = [turns.take(Caller("a"), 1), turns.take(Caller("a"), 1)]

    with pytest.raises(QueryTimeoutError):
        turns.take(Caller("a"), 0.1)

    assert turns.take(Caller("b"), 0.1) not in greedy


def test_client_that_is_alone_may_hold_the_only_one() -> None:
    turns = turns_of(1)

    assert turns.take(Caller("a"), 0.1) == 0


def test_server_itself_may_hold_the_last_one() -> None:
    turns = turns_of(2)
    turns.take(Caller(), 0.1)

    assert turns.take(Caller(), 0.1) == 1


def test_who_holds_least_goes_first() -> None:
    turns = turns_of(3)
    held = turns.take(Caller("a"), 1)
    others = [turns.take(Caller("x"), 1), turns.take(Caller("y"), 1)]
    order: list[str] = []

    def take(client: str) -> None:
        caller = Caller(client)
        found = turns.take(caller, 5)
        order.append(client)
        turns.bring_back(caller, found)

    with ThreadPoolExecutor(2) as threads:
        threads.submit(take, "a")
        waiting(turns, 1)
        threads.submit(take, "b")
        waiting(turns, 2)
        turns.bring_back(Caller("x"), others[0])

    assert order == ["b", "a"]
    turns.bring_back(Caller("a"), held)


def test_queue_is_bounded() -> None:
    turns = turns_of(1, queue_length=1)
    first = Caller("a")
    thing = turns.take(first, 1)
    with ThreadPoolExecutor(1) as threads:
        second = threads.submit(turns.take, Caller("b"), 5)
        waiting(turns, 1)

        started = time.monotonic()
        with pytest.raises(StoreError, match="Too many"):
            turns.take(Caller("c"), 5)
        assert time.monotonic() - started < 1

        turns.bring_back(first, thing)
        assert second.result() == thing


def test_who_has_gone_waits_no_longer() -> None:
    turns = turns_of(1)
    turns.take(Caller("a"), 1)
    gone = Caller("b", threading.Event())
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(turns.take, gone, 30)
        waiting(turns, 1)
        gone.cancelled.set()

        with pytest.raises(CancelledError):
            asked.result(5)
    assert not turns._waiting
