"""A real PostgreSQL for tests: a cluster of its own in a temporary folder, on a free port.

Run as root, it gives the cluster to another user, since PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PROGRAMS = ("initdb", "postgres", "pg_ctl")
SECONDS = 60


def programs() -> dict[str, str] | None:
    """Paths of PostgreSQL's programs: on PATH, or where Debian puts them; None without them."""
    folders = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        found = {name: shutil.which(name, path=str(folder)) for name in PROGRAMS}
        if all(found.values()):
            return {name: str(path) for name, path in found.items()}
    return None


def _owner() -> str | None:
    """User to run as in place of root; None for ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgresServer:
    """A cluster that can be started and stopped."""

    def __init__(self, folder: Path, found: dict[str, str], user: str | None) -> None:
        self.folder = folder
        self.port = free_port()
        self._found = found
        self._user = user
        self._databases = 0

    def _run(self, program: str, *arguments: str) -> None:
        # pg_ctl's child would keep a pipe open for as long as it lives, so this is a file.
        with (self.folder / "out").open("a") as out:
            done = subprocess.run(
                [self._found[program], *arguments],
                user=self._user,
                extra_groups=[] if self._user else None,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            )
        if done.returncode:
            told = (self.folder / "out").read_text(errors="replace")
            raise RuntimeError(f"{program} failed: {told[-2000:]}")

    def make(self) -> None:
        """Make the cluster."""
        self._run(
            "initdb", "--pgdata=data", "--username=dtrack", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-instructions",
        )  # fmt: skip

    def start(self) -> None:
        """Start it; ready on return."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -k '' -c max_connections=40"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` ends connections, ``immediate`` is a crash."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def url(self, database: str = "postgres") -> str:
        """Database URL as DTRACK_JOURNAL_URL takes it."""
        return f"postgresql://dtrack@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """URL of a database that is empty."""
        self._databases += 1
        name = f"journal_{os.getpid()}_{self._databases}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def running(found: dict[str, str]) -> Iterator[PostgresServer]:
    """A started server that is stopped and removed at the end."""
    user = _owner()
    folder = Path(tempfile.mkdtemp(prefix="dtrack-postgres-"))
    try:
        (folder / "out").touch()
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "out", user)
        server = PostgresServer(folder, found, user)
        server.make()
        server.start()
        try:
            yield server
        finally:
            # A test may have stopped it already.
            if (folder / "data" / "postmaster.pid").exists():
                server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
