"""Commands about the store as a whole: ``init``, ``dump``, ``doctor``."""

from __future__ import annotations

import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from dtrack import __version__
from dtrack.cli.context import Session, command_options, pass_session
from dtrack.cli.reports import report_text
from dtrack.errors import DtrackError, NotConformingError
from dtrack.model import Report
from dtrack.settings import SETTINGS
from dtrack.wiring import RDF_FORMATS, dump_graphs, load_corpus, store_marker


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of records to load instead of the bundled corpus.",
)
@command_options
@pass_session
def init(session: Session, data: Path | None) -> None:
    """Load the bundled corpus into the store, checked and with all that is derived.

    The new store takes the place of the former one in one step at the end;
    killed before, it leaves the former one as it was. Loading the same data
    again gives the same graph, whose digest is printed.
    """
    settings = session.settings
    try:
        with session.progress() as progress:
            loading = load_corpus(settings, data, progress)
    except NotConformingError as error:
        if isinstance(error.report, Report):
            click.echo(report_text(error.report, settings.language, most=20), err=True)
        raise
    marker = store_marker(settings)
    if session.json:
        session.give(marker)
        return
    session.say(
        f"Loaded {loading.records} records with {loading.triples} triples, "
        f"now {marker.triples} with what is derived, in {marker.graphs} graphs."
    )
    warnings = len(loading.report.findings)
    session.say(
        f"Checked {loading.report.focus_nodes} things against {loading.report.shapes} shapes: "
        f"conforms, {warnings} hints (`dtrack validate` lists them)."
    )
    session.say(f"Digest {marker.digest}")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(RDF_FORMATS)),
    default="nquads",
    show_default=True,
    help="RDF format; only nquads, trig and jsonld keep the graphs apart.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write instead of standard output.",
)
@click.option("--graph", "graphs", multiple=True, metavar="IRI", help="Only this graph.")
@command_options
@pass_session
def dump(session: Session, form: str, output: Path | None, graphs: tuple[str, ...]) -> None:
    """Write the whole store, or some graphs, as RDF in a stable order."""
    body = dump_graphs(session.settings, form, graphs)
    if output is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    # Written beside and renamed, so that a full disk never leaves half a dump.
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(body)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise click.FileError(str(output), str(error)) from error
    session.say(f"Wrote {output} ({len(body)} bytes).")


def _parts() -> dict[str, str]:
    """Optional parts with what they give, or how to get them."""

    def module(name: str, extra: str) -> str:
        return "installed" if find_spec(name) else f"missing: pip install 'dtrack[{extra}]'"

    return {
        "owlready2 (dtrack reason)": module("owlready2", "reason"),
        "Java (dtrack reason)": shutil.which("java") or "missing: install a Java runtime",
        "matplotlib (--plot)": module("matplotlib", "plot"),
        "SPARQLWrapper (remote stores)": module("SPARQLWrapper", "remote"),
    }


@click.command()
@command_options
@pass_session
def doctor(session: Session) -> None:
    """Show what is set and from where, what is installed, and how the store is."""
    settings = session.settings
    values = {
        setting.name: {
            "value": str(getattr(settings, setting.name)),
            "origin": settings.origins[setting.name],
            "variable": setting.variable,
            "help": setting.help,
        }
        for setting in SETTINGS
    }
    try:
        marker = store_marker(settings, check=True)
        store = {
            "state": "whole",
            "triples": str(marker.triples),
            "graphs": str(marker.graphs),
            "digest": marker.digest,
            "built": f"{marker.built} by dtrack {marker.version}",
        }
        trouble: DtrackError | None = None
    except DtrackError as error:
        store, trouble = {"state": str(error)}, error
    parts = _parts()
    if session.json:
        session.give({"version": __version__, "settings": values, "parts": parts, "store": store})
    else:
        session.say(f"dtrack {__version__}, Python {platform.python_version()}\n\nSettings")
        for name, item in values.items():
            session.say(f"  {name:<14} {item['value']:<28} {item['origin']:<26} {item['help']}")
        for title, table in (("Optional parts", parts), ("Store", store)):
            session.say(f"\n{title}")
            for name, text in table.items():
                session.say(f"  {name:<30} {text}")
    if trouble is not None:
        raise trouble
