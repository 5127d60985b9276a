"""The command that serves."""

from __future__ import annotations

import socket

import click

from dtrack.cli.context import Session, command_options, pass_session
from dtrack.errors import InputError, StoreError
from dtrack.web.app import create_app
from dtrack.wiring import open_service


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
@command_options
@pass_session
def serve(session: Session, host: str | None, port: int | None) -> None:
    """Serve pages, the API and a SPARQL endpoint until interrupted.

    Ready when /health/ready answers 200. Reading only: there is no way to
    write over HTTP yet, so it may be bound to a public address.
    """
    import uvicorn

    session.flags["host"], session.flags["port"] = host, port
    settings = session.settings
    if not settings.host:
        raise InputError("The host is empty.", remedy="Say --host 127.0.0.1.")
    _check_free(settings.host, settings.port)
    service = open_service(settings)
    try:
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        session.say(f"Serving on http://{shown}:{settings.port}/ (Ctrl-C ends it)")
        uvicorn.run(
            create_app(service),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    finally:
        service.close()
