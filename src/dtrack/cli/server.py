"""The command that serves."""

from __future__ import annotations

import signal
import socket
import sys
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dtrack.cli.context import Session, command_options, pass_session
from dtrack.cli.logs import LogFormat, log_to_stderr
from dtrack.errors import InputError, StoreError
from dtrack.wiring.corpus import read_catalogue
from dtrack.wiring.serving import open_service
from dtrack.wiring.writing import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable

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
@click.option("--read-only", is_flag=True, help="Take no changes over HTTP, whatever key is sent.")
@click.option(
    "--log-format",
    type=click.Choice(["json", "text"]),
    help="One line a request on standard error; default: text on a terminal, else JSON.",
)
@command_options
@pass_session
def serve(
    session: Session,
    host: str | None,
    port: int | None,
    *,
    plain_store: bool,
    read_only: bool,
    log_format: LogFormat | None,
) -> None:
    """Serve pages, the API and a SPARQL endpoint until interrupted.

    Ready when /health/ready answers 200. Told to end (SIGTERM), it finishes
    what it is answering, for some seconds at most. Anybody may read; changes need a key
    (`dtrack key create`). Harvests that are due are run (`dtrack harvest`), except
    with --read-only. An address that others reach is refused while there is
    no key, except with --read-only.

    With --plain-store only /sparql, /update and /graphs are served, over an
    empty dataset that is gone afterwards, or stays in a folder given with
    --home: for conformance tests.
    """
    # The web framework takes as long to import as all the rest; other commands do without.
    from dtrack.api.security import is_loopback

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
    log_to_stderr(log_format or ("text" if sys.stderr.isatty() else "json"))
    with ExitStack() as stack:
        if plain_store:
            app = _plain_app(settings, stack)
        else:
            if not read_only:
                _check_keys(settings)
            app = _app(settings, stack, harvests=not read_only)
            app.state.read_only = read_only
        session.say(f"Serving on {_address(settings)}/ (Ctrl-C ends it)")
        _run(app, settings, stack.close)


def _check_keys(settings: Settings) -> None:
    """Refuse to take changes where others reach us and nobody has decided who may make them."""
    from dtrack.api.security import check_bind, is_loopback

    if not is_loopback(settings.host):
        with open_journal(settings, begun=True) as journal:
            check_bind(settings.host, journal)


def _app(settings: Settings, stack: ExitStack, *, harvests: bool) -> FastAPI:
    from dtrack.web.app import create_app

    # A query file that is torn is told now, and not to whoever asks that query first.
    list(read_catalogue())
    service = open_service(settings)
    stack.callback(service.close)
    if harvests:
        service.start_harvests()
    app = create_app(service)
    # Now, for two threads that both have to compute would hold each other up.
    service.warm(changes=harvests)
    return app


def _plain_app(settings: Settings, stack: ExitStack) -> FastAPI:
    from dtrack.api.plain import PlainService, create_plain_app

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


def _run(app: FastAPI, settings: Settings, end_work: Callable[[], object]) -> None:
    """Answer until told to end; ``end_work`` gives up what then takes too long."""
    import uvicorn

    timer = threading.Timer(SHUTDOWN_SECONDS, end_work)
    timer.daemon = True

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """Finish what is being answered."""
            timer.start()
            await super().shutdown(sockets)

    # The server raises the signal that ended it once more, when all is answered; what has
    # been opened must still be closed then.
    signal.signal(signal.SIGTERM, lambda *_: None)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=LONGEST_HEADERS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        http="h11",
    )
    try:
        Server(config).run()
    finally:
        timer.cancel()
        # The first process that is ended lets the last answer go, and with it the server; the
        # others must be ended before we are, or they are left behind.
        if timer.ident is not None:
            timer.join()
