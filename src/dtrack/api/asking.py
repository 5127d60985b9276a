"""Questions to the query processes: in a thread, within a budget, given up with the caller."""

import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from fastapi import Request

from dtrack.api.budgets import Budgets
from dtrack.api.context import service_of
from dtrack.api.security import address_of
from dtrack.errors import DtrackError, StoreError
from dtrack.stores.turns import Caller

T = TypeVar("T")

_SPARE_TURNS = 8


async def asked(request: Request, ask: Callable[[Caller], T]) -> T:
    """What a question gives, asked in a thread of its own.

    The body of the request must have been read. Its caller's going away ends
    the question. Raises TooManyError when the caller's budget is spent,
    StoreError when too many wait, and what the question raises.
    """
    turns, budgets = _turns(request), _budgets(request)
    client = client_of(request)
    budgets.admit(client)
    if turns.available_tokens < 1:
        raise StoreError(
            "Too many queries wait for their turn.",
            remedy="Ask again later; DTRACK_QUERY_QUEUE says how many may wait.",
        )
    caller = Caller(
        client,
        threading.Event(),
        lambda: budgets.admit(client),
        lambda seconds: budgets.charge(client, seconds),
    )
    return await _watched(request, caller, ask, turns)


async def _watched(
    request: Request, caller: Caller, ask: Callable[[Caller], T], turns: anyio.CapacityLimiter
) -> T:
    """What a question gives, unless the caller goes away before."""
    given: list[T] = []
    failed: list[DtrackError] = []

    def answer() -> None:
        try:
            given.append(ask(caller))
        except DtrackError as error:
            # A group of tasks would wrap it.
            failed.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_watch, request, caller)
        try:
            await anyio.to_thread.run_sync(answer, limiter=turns)
        finally:
            tasks.cancel_scope.cancel()
    if failed:
        raise failed[0]
    return given[0]


async def _watch(request: Request, caller: Caller) -> None:
    """Tell a question when nobody waits for its answer any more."""
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            caller.cancelled.set()
            return


def client_of(request: Request) -> str:
    """Who is asking: the name of a valid key, else an address."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    ring = getattr(service_of(request), "journal", None)
    if ring is not None and scheme.lower() == "bearer" and token:
        try:
            found = ring.examine_key(token.strip())
        except DtrackError:
            found = None
        if found is not None and found.key is not None and not found.fault:
            return f"key {found.key.id}"
    return address_of(request)


def _turns(request: Request) -> anyio.CapacityLimiter:
    """Threads that wait for query processes."""
    turns: anyio.CapacityLimiter | None = getattr(request.app.state, "turns", None)
    if turns is None:
        settings = service_of(request).settings
        most = settings.query_workers + settings.query_queue + _SPARE_TURNS
        turns = request.app.state.turns = anyio.CapacityLimiter(most)
    return turns


def _budgets(request: Request) -> Budgets:
    """Budgets of an application's clients."""
    budgets: Budgets | None = getattr(request.app.state, "budgets", None)
    if budgets is None:
        seconds = service_of(request).settings.client_budget
        budgets = request.app.state.budgets = Budgets(seconds)
    return budgets
