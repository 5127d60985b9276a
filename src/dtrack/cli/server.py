"""The command that serves."""

from __future__ import annotations

import socket
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dtrack.api.plain import PlainService, create_plain_app
from dtrack.api.security import is_loopback
from dtrack.cli.context import Session, command_options, pass_session
from dtrack.errors import InputError, StoreError
from dtrack.web.app import create_app
from dtrack.wiring import open_service

if TYPE_CHECKING:
    from fastapi import FastAPI

    from dtrack.settings import Settings

LONGEST_HEADERS = 64 * 1024
"""Most bytes of a request's line and headers; queries in addresses are long."""
SHUTDOWN_SECONDS = 10
"""How long requests may go on when the server is told to stop."""


def _check_free(host: str, port: int) -> None:
    """Refuse a port that is taken before anything else starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StoreError(
                f"Cannot listen on {host} port {port}: {error.strerror or error}.",
                remedy="Choose another with --port.",
            ) from error


@click.command()
@click.option("--host", help="Address to bind to (DTRACK_HOST; default: 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (DTRACK_PORT; default: 8000).")
@click.option(
    "--plain-store",
    is_flag=True,
    help="Serve an ordinary dataset instead: no union, no checks, no keys, this machine only.",
)
@command_options
@pass_session
def serve(session: Session, host: str | None, port: int | None, *, plain_store: bool) -> None:
    """Serve pages, the API and a SPARQL endpoint until interrupted.

    Ready when /health/ready answers 200. Anybody may read; changes need a key
    (`dtrack key create`).

    With --plain-store only /sparql, /update and /graphs are served, over an
    empty dataset that is gone afterwards, or stays in a folder given with
    --home: for conformance tests.
    """
    session.flags["host"], session.flags["port"] = host, port
    settings = session.settings
    if not settings.host:
        raise InputError("The host is empty.", remedy="Say --host 127.0.0.1.")
    if plain_store and not is_loopback(settings.host):
        raise InputError(
            "A plain store takes changes from everybody, so only this machine may reach it.",
            remedy="Leave --host out.",
        )
    _check_free(settings.host, settings.port)
    with ExitStack() as stack:
        app = _plain_app(settings, stack) if plain_store else _app(settings, stack)
        session.say(f"Serving on {_address(settings)}/ (Ctrl-C ends it)")
        _run(app, settings)


def _app(settings: Settings, stack: ExitStack) -> FastAPI:
    service = open_service(settings)
    stack.callback(service.close)
    return create_app(service)


def _plain_app(settings: Settings, stack: ExitStack) -> FastAPI:
    if settings.origins["home"] == "flag":
        home = settings.home / "plain"
    else:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dtrack-")))
    service = PlainService(replace(settings, base_iri=_address(settings)), home)
    stack.callback(service.close)
    return create_plain_app(service)


def _address(settings: Settings) -> str:
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{shown}:{settings.port}"


def _run(app: FastAPI, settings: Settings) -> None:
    """Answer until interrupted."""
    import uvicorn

    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=LONGEST_HEADERS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        http="h11",
    )
