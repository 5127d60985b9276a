"""Commands about keys and the audit log."""

from __future__ import annotations

import getpass
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from dtrack.cli.context import Session, command_options, pass_session
from dtrack.errors import NoStoreError
from dtrack.journal import SCOPES, expiry, start_of
from dtrack.wiring.writing import open_journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.journal import Entry, Key


def _operator() -> str:
    """Name of whoever runs the program, for the audit log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


@click.group()
def key() -> None:
    """Make, list and revoke the keys that changes over HTTP need."""


@key.command("create")
@click.option("--name", required=True, help="Who uses it and for what; it stands in the history.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    help=f"What it is for: {', '.join(SCOPES)}; several may be given, admin stands for all.",
)
@click.option(
    "--expires", metavar="DAY", help="Last day (YYYY-MM-DD), or days from now (90d); else never."
)
@command_options
@pass_session
def create(session: Session, name: str, scopes: tuple[str, ...], expires: str | None) -> None:
    """Make a key and print it, alone on the last line. It cannot be shown again."""
    ends = None if expires is None else expiry(expires)
    with open_journal(session.settings) as journal:
        made, token = journal.create_key(name, scopes, ends, _operator(), "cli")
    if session.json:
        session.give({**_plain(made), "token": token})
        return
    session.say(
        f"Key {made.id} '{made.name}' for {', '.join(made.scopes)}, "
        f"{_until(made)}. Keep it now; it cannot be shown again:"
    )
    click.echo(token)


@key.command("list")
@command_options
@pass_session
def list_keys(session: Session) -> None:
    """List all keys there ever were, without their secrets."""
    found: list[Key] = []
    # Keys may come before all data, so that there are none is no fault.
    with suppress(NoStoreError), open_journal(session.settings, begun=True) as journal:
        found = journal.list_keys()
    if session.json:
        session.give([_plain(item) for item in found])
        return
    if not found:
        session.say("There are no keys yet. `dtrack key create` makes one.")
        return
    session.console.print(_keys_table(found))


@key.command("revoke")
@click.argument("which", metavar="ID|NAME")
@command_options
@pass_session
def revoke(session: Session, which: str) -> None:
    """End a key at once, also for servers that run."""
    with open_journal(session.settings, begun=True) as journal:
        ended = journal.revoke_key(which, _operator(), "cli")
    if session.json:
        session.give(_plain(ended))
        return
    session.say(f"Key {ended.id} '{ended.name}' opens nothing any more.")


@click.command()
@click.option("--since", metavar="DAY", help="From this day or UTC time on (ISO 8601).")
@click.option("--agent", help="Only what this key, person or address did.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Most lines."
)
@command_options
@pass_session
def audit(session: Session, since: str | None, agent: str | None, limit: int) -> None:
    """Show who did what, latest first, refused attempts included."""
    start = None if since is None else start_of(since)
    with open_journal(session.settings, begun=True) as journal:
        found = journal.entries(since=start, agent=agent, limit=limit)
    if session.json:
        session.give([asdict(entry) for entry in found])
        return
    session.console.print(_audit_table(found))


def _until(item: Key) -> str:
    return "without end" if item.expires is None else f"until {item.expires[:10]}"


def _plain(item: Key) -> dict[str, object]:
    return {
        "id": item.id,
        "name": item.name,
        "scopes": list(item.scopes),
        "standing": item.standing,
        "created": item.created,
        "expires": item.expires,
        "revoked": item.revoked,
    }


def _keys_table(found: Sequence[Key]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("id", "name", "scopes", "standing", "created", "expires"):
        table.add_column(column, overflow="fold")
    for item in found:
        ends = "never" if item.expires is None else item.expires[:10]
        row = (item.id, item.name, " ".join(item.scopes), item.standing, item.created[:10], ends)
        table.add_row(*(Text(cell) for cell in row))
    return table


def _audit_table(found: Sequence[Entry]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("at", "agent", "door", "action", "object", "outcome", "detail"):
        table.add_column(column, overflow="fold")
    for entry in found:
        row = (
            f"{entry.at[:19]}Z", entry.agent, entry.door, entry.action, entry.object,
            entry.outcome, entry.detail,
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in row))
    return table
