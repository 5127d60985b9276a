"""Commands that look back and take back: ``history``, ``diff``, ``revert``, ``withdraw``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from dtrack.cli.acting import publisher
from dtrack.cli.context import (
    OfRevisions,
    Session,
    agent_option,
    command_options,
    counted,
    pass_session,
)
from dtrack.curate.looking_back import differences, graphs_that_told, tells_of
from dtrack.curate.looking_back import history as history_of
from dtrack.curate.returning import return_to, withdraw_graphs, withdraw_source
from dtrack.curate.returning import revert as revert_revision
from dtrack.errors import InputError, nothing_loaded
from dtrack.wiring.reading import graphs_about, open_answers
from dtrack.wiring.writing import open_curator, open_journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.curate.looking_back import GraphDifference, History
    from dtrack.journal import Facts
    from dtrack.model import Receipt


@click.command()
@click.argument("thing", nargs=-1)
@click.option("--triples", is_flag=True, help="Show the triples of each step, and who said which.")
@click.option("--limit", default=20, show_default=True, help="How many revisions to list.")
@click.option("--before", type=int, metavar="REV", help="List those before this revision only.")
@command_options
@pass_session
def history(
    session: Session, thing: tuple[str, ...], triples: bool, limit: int, before: int | None
) -> None:
    r"""List revisions, or show what made THING (an IRI or a symbol) what it is.

    \b
    dtrack history
    dtrack history XII/19
    dtrack history --triples https://w3id.org/dtrack/id/provision/cbd-cop-12-19/4.c
    """
    with open_journal(session.settings, begun=True) as journal:
        if not thing:
            revisions = journal.listed(before, limit)
            if not revisions and not journal.last():
                # Keys may have been made, but no revision.
                raise nothing_loaded()
            _list(session, revisions)
            return
        iri = _iri(session, " ".join(thing))
        graphs = graphs_about(session.settings, iri) or graphs_that_told(journal, iri)
        records = [graph for graph in graphs if tells_of(journal, graph, iri)]
        if journal.versions(iri) or records:
            # A record is asked for: all that it says counts, not only its own name.
            iri, graphs = records[0] if records else iri, records or [iri]
        found = history_of(journal, iri, graphs)
    if session.json:
        session.give(found)
        return
    _show(session, found, triples=triples)


def _iri(session: Session, text: str) -> str:
    """IRI of a thing given as one, or as a symbol."""
    if text.startswith(("http://", "https://", "urn:")):
        return text
    with open_answers(session.settings) as answers:
        return str(answers.text(text))


def _list(session: Session, revisions: Sequence[Facts]) -> None:
    if session.json:
        session.give([asdict(facts) for facts in revisions])
        return
    table = Table(box=None, pad_edge=False)
    for name in ("revision", "at (UTC)", "agent", "door", "source", "graphs", "triples", "reason"):
        table.add_column(name, justify="right" if name in {"graphs", "triples"} else "left")
    for facts in revisions:
        table.add_row(
            str(facts.number), facts.at[:19].replace("T", " "), Text(facts.agent), facts.door,
            Text(facts.source), str(facts.graphs), str(facts.triples), Text(facts.reason),
        )  # fmt: skip
    session.console.print(table)


def _show(session: Session, found: History, *, triples: bool) -> None:
    session.say(found.thing)
    for step in found.steps:
        facts = step.facts
        session.say(
            f"  revision {facts.number}, {facts.at[:19].replace('T', ' ')} UTC, {facts.agent} "
            f"({facts.door}): {facts.reason}; +{len(step.added)} -{len(step.removed)} triples"
        )
        if triples:
            _lines(session, step.added, step.removed)
    if not triples:
        session.say("  --triples shows what came and left, and who said each triple that holds.")
        return
    session.say("\nWhat holds now, and since which revision")
    for one in found.assertions:
        session.say(f"  {one.facts.number:>5} {one.facts.agent:<16} {one.triple}")
    if not found.assertions:
        session.say("  nothing: it has been withdrawn")


def _lines(session: Session, added: Sequence[str], removed: Sequence[str]) -> None:
    for line in added:
        session.say(f"    + {line}")
    for line in removed:
        session.say(f"    - {line}")


@click.command(cls=OfRevisions)
@click.argument("first")
@click.argument("second", required=False, default="now")
@click.option("--graph", "graphs", multiple=True, metavar="IRI", help="Only this graph.")
@click.option("--summary", is_flag=True, help="Count the triples instead of showing them.")
@command_options
@pass_session
def diff(session: Session, first: str, second: str, graphs: tuple[str, ...], summary: bool) -> int:
    r"""Show which triples came and left between two revisions, graph by graph.

    FIRST and SECOND are revisions (12, 0 for nothing, -1 for the one before the
    last), days (2026-11-21), or "now". Exit code 1 when there is a difference.

    \b
    dtrack diff 1
    dtrack diff 3 5 --summary
    """
    with open_journal(session.settings, begun=True) as journal:
        numbers = [
            0 if text == "0" else journal.last() if text == "now" else journal.resolve(text)
            for text in (first, second)
        ]
        found = differences(journal, numbers[0], numbers[1], graphs)
    if session.json:
        session.give(found)
    else:
        _show_differences(session, found, summary=summary)
    return 1 if found else 0


def _show_differences(session: Session, found: Sequence[GraphDifference], *, summary: bool) -> None:
    for one in found:
        session.say(f"{one.graph}  +{len(one.added)} -{len(one.removed)}")
        if not summary:
            _lines(session, one.added, one.removed)
    added, removed = (sum(len(getattr(d, side)) for d in found) for side in ("added", "removed"))
    differ = "differs" if len(found) == 1 else "differ"
    session.say(f"{counted(len(found), 'graph')} {differ}: +{added} -{removed} triples")


@click.command(cls=OfRevisions)
@click.argument("revision")
@click.option("--to", "whole", is_flag=True, help="Make everything what it was after REVISION.")
@click.option("--reason", default="", help="Why; it stands in the history.")
@agent_option
@command_options
@pass_session
def revert(session: Session, revision: str, whole: bool, reason: str) -> None:
    r"""Undo what REVISION did, by a new revision; the history keeps both.

    \b
    dtrack revert 12 --reason "The source has withdrawn it"
    dtrack revert 8 --to
    """
    with open_curator(session.settings, begun=True) as curator:
        number = curator.journal.resolve(revision)
        act = return_to if whole else revert_revision
        receipt = act(curator, number, publisher(session, curator.journal), reason)
    tell(session, receipt)


@click.command()
@click.argument("graphs", nargs=-1, metavar="[GRAPH]...")
@click.option("--source", help="Withdraw every graph of this source, in one revision.")
@click.option("--reason", default="", help="Why; the tombstones say it.")
@agent_option
@command_options
@pass_session
def withdraw(session: Session, graphs: tuple[str, ...], source: str | None, reason: str) -> None:
    r"""Take graphs, or all of a source, out of publication; `dtrack revert` brings them back.

    \b
    dtrack withdraw --source "folder harvest" --reason "Withdrawn at the origin"
    """
    if bool(graphs) == bool(source):
        raise InputError("Say what to withdraw.", remedy="Name graphs, or a --source.")
    with open_curator(session.settings, begun=True) as curator:
        agent = publisher(session, curator.journal)
        if source:
            receipt = withdraw_source(curator, source, agent, reason)
        else:
            receipt = withdraw_graphs(curator, graphs, agent, reason)
    tell(session, receipt)


def tell(session: Session, receipt: Receipt) -> None:
    """Say what an edit has become."""
    if session.json:
        session.give({"revision": receipt.revision, "changed": list(receipt.changed)})
    elif receipt.revision is None:
        session.say("Nothing is different; no revision was made.")
    else:
        session.say(
            f"Revision {receipt.revision}: {counted(len(receipt.changed), 'graph')} changed."
        )
