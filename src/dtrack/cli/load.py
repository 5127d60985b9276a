"""Commands that fill the store and empty it out: ``init``, ``import``, ``dump``."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dtrack.cli.acting import publisher
from dtrack.cli.context import (
    Session,
    agent_option,
    as_of_option,
    command_options,
    counted,
    pass_session,
)
from dtrack.cli.reports import report_text
from dtrack.curate.loading import bring
from dtrack.errors import InputError, NotConformingError
from dtrack.model import Edit, Report
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.wiring.reading import dump_graphs, dump_mappings, mapping_sets, store_marker
from dtrack.wiring.releasing import make_release
from dtrack.wiring.writing import load_corpus, open_curator, open_journal, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.curate.loading import Loading
    from dtrack.settings import Settings


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of records to load instead of the bundled corpus.",
)
@click.option("--overwrite", is_flag=True, help="Let the data win over what was edited here since.")
@agent_option
@command_options
@pass_session
def init(session: Session, data: Path | None, overwrite: bool) -> None:
    """Load the bundled corpus into the store, checked and with all that is derived.

    It becomes a revision of the journal when anything in it is new, and the
    store is built anew in any case, in one step at the end; killed before, it
    leaves the former one as it was. What was edited here since stays. Loading
    the same data again gives the same graph, whose digest is printed.
    """
    settings = session.settings
    with told_report(session), session.progress() as progress:
        with open_journal(settings) as journal:
            agent = publisher(session, journal)
        loading = load_corpus(settings, data, progress, agent=agent, overwrite=overwrite)
    marker = store_marker(settings)
    if session.json:
        session.give(marker)
        return
    session.say(
        f"Loaded {loading.records} records with {loading.triples} triples; the store now holds "
        f"{marker.triples} with what is derived, in {marker.graphs} graphs."
    )
    tell_loading(session, loading)
    session.say(f"Digest {marker.digest}")


@contextmanager
def told_report(session: Session) -> Iterator[None]:
    """Show the report of data that the shapes refuse."""
    try:
        yield
    except NotConformingError as error:
        if isinstance(error.report, Report):
            click.echo(report_text(error.report, session.settings.language, most=20), err=True)
        raise


def tell_loading(session: Session, loading: Loading) -> None:
    """Say what a load checked, changed and kept."""
    report = loading.report
    if report is not None:
        session.say(
            f"Checked {report.focus_nodes} things against {report.shapes} shapes: "
            f"conforms, {len(report.findings)} hints (`dtrack validate` lists them)."
        )
    if loading.revision is None:
        session.say("Nothing in it is new; no revision was made.")
    else:
        session.say(
            f"Revision {loading.revision}: {counted(len(loading.changed), 'graph')} changed."
        )
    if loading.kept:
        session.say(
            f"{len(loading.kept)} graphs were edited here and also changed in the source; they "
            f"stay as edited, such as {loading.kept[0]} (--overwrite lets the source win)."
        )


@click.group("import")
def import_() -> None:
    """Bring records of a source in, checked, as one revision."""


@import_.command("records")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--source", help="Name of the source; the first path's name by default.")
@click.option("--complete", is_flag=True, help="Withdraw what the source had and has no more.")
@click.option(
    "--overwrite", is_flag=True, help="Let the source win over what was edited here since."
)
@click.option("--reason", default="", help="Why; it stands in the history.")
@agent_option
@command_options
@pass_session
def import_records(
    session: Session,
    paths: tuple[Path, ...],
    source: str | None,
    complete: bool,
    overwrite: bool,
    reason: str,
) -> None:
    r"""Import record files (.ttl, .sssom.tsv) or folders of them.

    Importing the same again changes nothing.

    \b
    dtrack import records my-decisions/ --source "my desk"
    """
    name = source or f"folder {paths[0].name}"
    with (
        told_report(session),
        open_curator(session.settings) as curator,
        session.progress() as progress,
    ):
        agent = publisher(session, curator.journal)
        edit = Edit({}, agent, reason or f"Import {paths[0].name}", name, "import")
        records = read_records(paths, progress)
        loading = bring(
            curator, records, edit, complete=complete, overwrite=overwrite, progress=progress
        )
    if session.json:
        session.give(
            {
                "revision": loading.revision,
                "changed": list(loading.changed),
                "kept": list(loading.kept),
            }
        )
        return
    session.say(f"Read {loading.records} records with {loading.triples} triples.")
    tell_loading(session, loading)


def _sssom(settings: Settings, graphs: tuple[str, ...]) -> bytes:
    if len(graphs) != 1:
        listed = "\n  ".join(mapping_sets(settings))
        raise InputError(
            "An SSSOM file holds one mapping set.", remedy=f"Name one with --graph:\n  {listed}"
        )
    return dump_mappings(settings, graphs[0])


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice([*sorted(RDF_FORMATS), "sssom"]),
    default="nquads",
    show_default=True,
    help="RDF format; only nquads, trig and jsonld keep the graphs apart. sssom writes the one "
    "mapping set that --graph names.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write instead of standard output.",
)
@click.option("--graph", "graphs", multiple=True, metavar="IRI", help="Only this graph.")
@as_of_option
@command_options
@pass_session
def dump(session: Session, form: str, output: Path | None, graphs: tuple[str, ...]) -> None:
    """Write the whole store, or some graphs, as RDF in a stable order."""
    settings = session.reading()
    body = _sssom(settings, graphs) if form == "sssom" else dump_graphs(settings, form, graphs)
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


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a former release; what came and left since is written too.",
)
@command_options
@pass_session
def release(session: Session, folder: Path, previous: Path | None) -> None:
    r"""Write a release of all records to a folder of its own below FOLDER.

    N-Quads, TriG and JSON-LD, each list of the catalogue as CSV and Parquet, networks
    as GraphML, checksums, and a manifest. The same data gives the same bytes; a release that is
    there is left as it is.

    \b
    dtrack release releases/ --previous releases/1-4f2a9c01
    """
    with session.progress() as progress:
        manifest = make_release(session.settings, folder, previous, progress)
    if session.json:
        session.give(manifest)
        return
    size = sum(file.size for file in manifest.files)
    session.say(
        f"Release {manifest.version}: {manifest.triples} triples in {manifest.graphs} graphs, "
        f"{len(manifest.files)} files, {size} bytes."
    )
    if manifest.previous:
        session.say(
            f"Since {manifest.previous}: {manifest.added} quads came, {manifest.removed} left."
        )
    session.say(str(folder / manifest.version))
