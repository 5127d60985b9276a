"""Commands for whoever runs a node: ``backup``, ``restore``, ``rebuild``, ``doctor``."""

from __future__ import annotations

import platform
import shutil
from importlib.util import find_spec
from pathlib import Path

import click

from dtrack import __version__
from dtrack.cli.context import Session, command_options, counted, pass_session
from dtrack.curate.projecting import fits
from dtrack.errors import DtrackError, JournalError, StoreError
from dtrack.journal import back_up
from dtrack.journal import restore as restore_journal
from dtrack.settings import SETTINGS
from dtrack.wiring.reading import store_marker
from dtrack.wiring.writing import journal_url, open_curator, open_journal


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command_options
@pass_session
def backup(session: Session, file: Path) -> None:
    r"""Write the whole journal to FILE: every revision, proposal, key and audit line.

    It may be done while others write. The store is not in it: it is built again
    from the journal.

    \b
    dtrack backup dtrack-2026-11-21.backup
    """
    with open_journal(session.settings, begun=True) as journal, session.progress() as progress:
        last = back_up(journal, file, progress)
    if session.json:
        session.give({"file": str(file), "revision": last, "bytes": file.stat().st_size})
        return
    session.say(f"Wrote {file} ({file.stat().st_size} bytes), up to revision {last}.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command_options
@pass_session
def restore(session: Session, file: Path) -> None:
    """Bring the journal back from the backup FILE, and build the store from it.

    A journal that is there is kept beside under another name; a PostgreSQL
    database must be empty.
    """
    settings = session.settings
    with session.progress() as progress:
        last = restore_journal(file, journal_url(settings), progress)
        with open_curator(settings) as curator:
            marker = curator.rebuild(progress)
    if session.json:
        session.give(marker)
        return
    session.say(f"Restored revisions 1 to {last}; the store is built again.")
    session.say(f"Digest {marker.digest}")


@click.command()
@command_options
@pass_session
def rebuild(session: Session) -> None:
    """Build the store again from the journal alone; the digest must be the same."""
    with open_curator(session.settings, begun=True) as curator, session.progress() as progress:
        marker = curator.rebuild(progress)
    if session.json:
        session.give(marker)
        return
    session.say(
        f"Built revision {marker.revision}: {marker.triples} triples in {marker.graphs} graphs."
    )
    session.say(f"Digest {marker.digest}")


def _state(session: Session, *, mend: bool) -> tuple[dict[str, str], DtrackError | None]:
    """How journal and store are, and what is wrong with them."""
    settings = session.settings
    told: dict[str, str] = {}
    try:
        with open_curator(settings, begun=True) as curator:
            if mend:
                with session.progress() as progress:
                    told["mended"] = "yes" if curator.recover(progress) else "nothing to mend"
            journal = curator.journal
            last = journal.last()
            told["journal"] = f"{journal.engine.dialect.name}, {counted(last, 'revision')}"
            faults = journal.check()
            if faults:
                told["journal"] += f"; damaged: {faults[0]}"
                raise JournalError(faults[0], remedy="Bring back a backup: `dtrack restore FILE`.")
            marker = store_marker(settings, check=True)
            told["state"] = "whole"
            if not fits(marker, last, journal):
                told["state"] = f"at revision {marker.revision}, the journal at {last}"
                raise StoreError(
                    f"The store is at revision {marker.revision}, the journal at {last}.",
                    remedy="`dtrack doctor --mend` applies what is missing.",
                )
            told |= {
                "revision": str(marker.revision),
                "triples": str(marker.triples),
                "graphs": str(marker.graphs),
                "digest": marker.digest,
                "built": f"{marker.built} by dtrack {marker.version}",
            }
    except DtrackError as error:
        told.setdefault("state", str(error))
        return told, error
    return told, None


def _parts() -> dict[str, str]:
    """Optional parts with what they give, or how to get them."""

    def module(name: str, extra: str) -> str:
        return "installed" if find_spec(name) else f"missing: pip install 'dtrack[{extra}]'"

    return {
        "owlready2 (dtrack reason)": module("owlready2", "reason"),
        "Java (dtrack reason)": shutil.which("java") or "missing: install a Java runtime",
        "matplotlib (--plot)": module("matplotlib", "plot"),
        "SPARQLWrapper (remote stores)": module("SPARQLWrapper", "remote"),
        "psycopg (PostgreSQL journal)": module("psycopg", "postgres"),
        "pypdf, docx, openpyxl (documents)": module("pypdf", "documents"),
    }


@click.command()
@click.option("--mend", is_flag=True, help="Apply what the store lacks, or build it again.")
@command_options
@pass_session
def doctor(session: Session, mend: bool) -> None:
    """Show what is set and from where, what is installed, and how journal and store are.

    Every content of the journal is read and digested, and so is every graph of
    the store. Exit code 3 when anything is not as it should be.
    """
    settings = session.settings
    values = {
        setting.name: {
            "value": setting.shown(getattr(settings, setting.name)),
            "origin": settings.origins[setting.name],
            "variable": setting.variable,
            "help": setting.help,
        }
        for setting in SETTINGS
    }
    store, trouble = _state(session, mend=mend)
    parts = _parts()
    if session.json:
        session.give({"version": __version__, "settings": values, "parts": parts, "store": store})
    else:
        session.say(f"dtrack {__version__}, Python {platform.python_version()}\n\nSettings")
        for name, item in values.items():
            session.say(f"  {name:<14} {item['value']:<28} {item['origin']:<26} {item['help']}")
        for title, table in (("Optional parts", parts), ("Journal and store", store)):
            session.say(f"\n{title}")
            for name, text in table.items():
                session.say(f"  {name:<30} {text}")
    if trouble is not None:
        raise trouble
