"""Command ``import decision-text``: texts of decisions become records, or a proposal."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dtrack.cli.acting import agent_of, publisher
from dtrack.cli.context import Session, command_options, pass_session
from dtrack.cli.extraction import megabytes
from dtrack.cli.load import tell_loading, told_report
from dtrack.curate.acts import Agent
from dtrack.curate.texts import bring_texts, read_documents
from dtrack.curate.texts.bringing import Wish
from dtrack.extraction.tagging import LexicalTagger, bundled_themes
from dtrack.extraction.words import bundled_lexicon
from dtrack.stores.markers import now
from dtrack.stores.parsing import parse_turtle
from dtrack.wiring.reading import open_answers
from dtrack.wiring.texts import texts_beside
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.curate.texts import FileReport, Outcome, Report, TextImport

_MOST = 20
"""Lines of a kind that are printed; ``--json`` has them all."""
_WAYS = ("records", "proposals")


@click.command("decision-text")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--source", help="Name of the source; the folder or file by default.")
@click.option(
    "--as",
    "as_",
    multiple=True,
    metavar="WAY|NAME",
    help="records (by default) or proposals: how they enter. Another word: who makes the change.",
)
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Confidence from which on a theme becomes a candidate.",
)
@click.option("--complete", is_flag=True, help="Withdraw what the source had and has no more.")
@click.option(
    "--overwrite", is_flag=True, help="Let the source win over what was edited here since."
)
@click.option("--reason", default="", help="Why; it stands in the history.")
@click.option("--dry-run", is_flag=True, help="Check and report; store nothing.")
@command_options
@pass_session
def import_decision_text(
    session: Session,
    /,
    files: tuple[Path, ...],
    source: str | None,
    as_: tuple[str, ...],
    least: float,
    complete: bool,
    overwrite: bool,
    reason: str,
    dry_run: bool,
) -> None:
    r"""Import texts of decisions: text, Word (.docx), PDF, HTML; single ones or volumes.

    Each text becomes a record with its provisions, directives and citations,
    unreviewed; a text that has a record already keeps it, and what that does
    not have is added beside it. Targets and themes enter as taggings in state
    proposed. Importing the same again changes nothing.

    \b
    dtrack import decision-text volume.docx --source "COP 21" --dry-run
    dtrack import decision-text volumes/* --as proposals
    """
    started = time.monotonic()
    ways, names = _split(as_)
    if names:
        session.flags["agent"] = names[-1]
    name = source or _source_name(files)
    lexicon = bundled_lexicon(parse_turtle)
    with (
        told_report(session),
        open_curator(session.settings, begun=True) as curator,
        open_answers(session.settings) as answers,
        session.progress() as progress,
    ):
        proposing = ways[-1] == "proposals"
        wish = Wish(
            source=name,
            agent=(
                agent_of(session, curator.journal)
                if proposing
                else Agent(publisher(session, curator.journal))
            ),
            day=now()[:10],
            reason=reason,
            as_proposal=proposing,
            complete=complete,
            overwrite=overwrite,
            dry_run=dry_run,
        )
        documents = read_documents(files, lexicon, progress)
        themes = bundled_themes(parse_turtle)
        beside = texts_beside(answers, themes.themes)
        done = bring_texts(
            curator,
            documents,
            wish,
            lexicon,
            beside.graph_of,
            LexicalTagger(themes, least),
            beside.tags,
            progress,
        )
    seconds = time.monotonic() - started
    if session.json:
        session.give(_as_json(done, name, seconds))
        return
    for line in _lines(done, name, dry_run=dry_run):
        session.say(line)
    if done.loading is not None:
        tell_loading(session, done.loading)
    session.say(f"{seconds:.1f} seconds, {megabytes()} MB of memory.")


def _split(words: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Ways and names of ``--as``."""
    ways = [word for word in words if word in _WAYS]
    return ways or ["records"], [word for word in words if word not in _WAYS]


def _source_name(files: tuple[Path, ...]) -> str:
    first = files[0]
    return f"folder {first.absolute().parent.name}" if len(files) > 1 else f"file {first.name}"


def _as_json(done: TextImport, name: str, seconds: float) -> dict[str, Any]:
    loading = done.loading
    report = asdict(done.report)
    citations = {key: report.pop(key) for key in ("inside", "held", "to_stubs", "unresolved")}
    lines = sum(each["lines"] for each in report["files"])
    unclaimed = sum(len(each["unclaimed"]) for each in report["files"])
    return {
        "source": name,
        **report,
        "citations": citations,
        "listed": sum(each["listed"] or 0 for each in report["files"]),
        "found": sum(each["found"] for each in report["files"]),
        "unclaimed_percent": round(100 * unclaimed / max(1, lines), 3),
        "graphs": {"new": done.new, "changed": done.changed, "same": done.same},
        "revision": loading.revision if loading else None,
        "kept": list(loading.kept) if loading else [],
        "proposal": done.proposal,
        "seconds": round(seconds, 1),
        "megabytes": megabytes(),
    }


def _lines(done: TextImport, name: str, *, dry_run: bool) -> Iterator[str]:
    report = done.report
    for file in report.files:
        yield from _file_lines(file)
    yield _total(report)
    for outcome in report.outcomes:
        if outcome.became == "skipped":
            yield f"Skipped {outcome.name} ({outcome.file}, line {outcome.line}): {outcome.why}."
    yield from _kept_lines(report.outcomes)
    yield (
        f"Citations: {report.inside} to texts of this import, {report.held} to records held, "
        f"{report.to_stubs} to {report.stubs} stubs, {len(report.unresolved)} unresolved."
    )
    for missing in report.unresolved[:_MOST]:
        yield f"  unresolved: {missing.symbol}, in {missing.provision} ({missing.place})"
    yield from _more(len(report.unresolved))
    yield f"{report.candidates} candidates for taggings with targets and themes, proposed."
    told = "would be new" if dry_run else "new"
    yield f"Graphs of '{name}': {done.new} {told}, {done.changed} changed, {done.same} as before."
    if done.proposal is not None:
        yield (
            f"Proposal {done.proposal}. `dtrack review {done.proposal} --accept-above 0.8` "
            "accepts its candidates."
        )


def _file_lines(file: FileReport) -> Iterator[str]:
    if file.skipped:
        yield f"{file.name}: skipped, {file.skipped}."
        return
    listed = "no table of contents" if file.listed is None else f"{file.listed} listed"
    share = 100 * len(file.unclaimed) / max(1, file.lines)
    yield (
        f"{file.name}: {listed}, {file.found} found; {len(file.unclaimed)} of {file.lines} "
        f"lines unclaimed ({share:.2f} %)."
    )
    for what, names in (
        ("missing", file.missing),
        ("doubled", file.doubled),
        ("not listed", file.unlisted),
    ):
        if names:
            yield f"  {what}: {', '.join(names)}"
    for line in file.unclaimed[:_MOST]:
        yield f"  unclaimed line {line.line}: {line.text[:80]}"
    yield from _more(len(file.unclaimed))


def _total(report: Report) -> str:
    became = dict.fromkeys(("record", "added", "kept", "skipped"), 0)
    for outcome in report.outcomes:
        became[outcome.became] += 1
    listed = sum(file.listed or 0 for file in report.files)
    found = sum(file.found for file in report.files)
    lines = sum(file.lines for file in report.files)
    unclaimed = sum(len(file.unclaimed) for file in report.files)
    return (
        f"{listed} texts listed, {found} found: {became['record']} with a record of their own, "
        f"{became['added']} added to a record that is kept, {became['kept']} held already, "
        f"{became['skipped']} skipped; {unclaimed} of {lines} lines unclaimed "
        f"({100 * unclaimed / max(1, lines):.2f} %)."
    )


def _kept_lines(outcomes: list[Outcome]) -> Iterator[str]:
    """Differences of records that are kept from their texts, in short."""
    told = [outcome for outcome in outcomes if outcome.differences]
    for outcome in told[:_MOST]:
        counts: dict[str, int] = {}
        for each in outcome.differences:
            if each.record or each.what != "structure":
                counts[each.what] = counts.get(each.what, 0) + 1
        words = ", ".join(f"{n} in {what}" for what, n in sorted(counts.items())) or "none else"
        yield f"{outcome.name}: {outcome.provisions} provisions added; differences: {words}."
    yield from _more(len(told))


def _more(count: int) -> Iterator[str]:
    if count > _MOST:
        yield f"  … and {count - _MOST} more (--json)"
