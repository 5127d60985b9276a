"""Commands ``harvest``: what this node reads from others, when, and how it went."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from dtrack.cli.acting import agent_of
from dtrack.cli.context import Session, agent_option, command_options, pass_session
from dtrack.curate.harvests import KINDS, is_running_here, wanted
from dtrack.curate.harvests.showing import (
    AsideView,
    HarvestReport,
    HarvestView,
    compare_offer,
    list_harvests,
    report_harvest,
)
from dtrack.errors import InputError, RefusedError
from dtrack.journal.harvests import UNUSABLE, Harvests
from dtrack.wiring.harvesting import run_harvest
from dtrack.wiring.writing import open_journal

if TYPE_CHECKING:
    from dtrack.curate.harvests import Run
    from dtrack.journal import Journal


@click.group()
def harvest() -> None:
    r"""Read from other nodes and services, again and again.

    \b
    dtrack harvest add ramsar http://127.0.0.1:8001/ldes --every 1h
    dtrack harvest run ramsar
    dtrack harvest show ramsar

    `dtrack serve` runs what is due.
    """


@harvest.command()
@click.argument("name")
@click.argument("url")
@click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    help="Kind of origin; told from /ldes, .atom, /odata or /sparql at the end of the address.",
)
@click.option(
    "--every", default="1h", show_default=True, help="Time between two runs: 90s, 15m, 6h, 1d."
)
@click.option(
    "--only",
    multiple=True,
    metavar="START",
    help="Only records whose graph begins so; may be given several times.",
)
@click.option("--graphs", default="", metavar="QUERY", help="SPARQL: SELECT that lists graphs.")
@click.option(
    "--construct", default="", metavar="QUERY", help="SPARQL: CONSTRUCT that gives one record."
)
@click.option("--graph", default="", metavar="IRI", help="SPARQL: graph of that record.")
@agent_option
@command_options
@pass_session
def add(
    session: Session,
    name: str,
    url: str,
    kind: str | None,
    every: str,
    only: tuple[str, ...],
    graphs: str,
    construct: str,
    graph: str,
) -> None:
    r"""Set up the harvest NAME of the origin at URL; it is due at once.

    Only the host of URL is asked: what it sends elsewhere is refused. Queries
    are given as text, or as @FILE.

    \b
    dtrack harvest add cbd http://127.0.0.1:8001/ldes
    dtrack harvest add unfccc https://service.example/odata --every 1d
    """
    with open_journal(session.settings) as journal:
        agent = _administrator(session, journal)
        made = wanted(
            name,
            url,
            agent,
            kind=kind or "",
            every=every,
            only=only,
            graphs=_query(graphs),
            construct=_query(construct),
            graph=graph,
        )
        made = Harvests(journal).add(made)
        journal.note(agent, "cli", "add-harvest", f"{name} {url.split('?', 1)[0]}", "done")
    if session.json:
        session.give({"name": made.name, "kind": made.kind, "url": made.url, "due": made.due})
        return
    session.say(
        f"Harvest '{made.name}' of {made.url} ({made.kind}), every {every}. "
        f"`dtrack harvest run {made.name}` reads it now; `dtrack serve` when it is due."
    )


@harvest.command("list")
@command_options
@pass_session
def list_(session: Session) -> None:
    """List the harvests, and how each went last."""
    with open_journal(session.settings, begun=True) as journal:
        found = list_harvests(journal, whole=True)
    if session.json:
        session.give([asdict(each) for each in found])
        return
    if not found:
        session.say("Nothing is harvested. `dtrack harvest add` sets a harvest up.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("Name", "Kind", "Every", "State", "Last run", "Outcome", "Records"):
        table.add_column(column)
    for each in found:
        told = (
            each.name,
            each.kind,
            each.every,
            _state(session, each),
            (each.ended or "never")[:19],
            each.outcome,
            ", ".join(f"{count} {standing}" for standing, count in each.offers.items()),
        )
        table.add_row(*map(Text, told))
    session.console.print(table)


@harvest.command()
@click.argument("name")
@click.option("--limit", default=20, show_default=True, help="Most records of each standing.")
@click.option("--graph", metavar="IRI", help="Compare this record here with what was told of it.")
@command_options
@pass_session
def show(session: Session, name: str, limit: int, graph: str | None) -> None:
    """Show a harvest: its last run, conflicts with both sides, what was refused and why.

    With --graph, the triples that this record would lose (-) and gain (+), were it
    as its origin tells it.
    """
    if graph is not None:
        _compare(session, name, graph)
        return
    with open_journal(session.settings, begun=True) as journal:
        found = report_harvest(journal, name, limit=limit, whole=True)
    if session.json:
        session.give(asdict(found))
        return
    _tell(session, found)


def _state(session: Session, each: HarvestView) -> str:
    """How a harvest is: what a killed run has left begun is not taken for running."""
    if not each.running:
        return each.state
    return "running" if is_running_here(session.settings.home, each.name) else "not ended"


@harvest.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Run every harvest that is not paused.")
@click.option(
    "--again",
    is_flag=True,
    help="Read everything anew; what the origin has no more is withdrawn, however much it is.",
)
@command_options
@pass_session
def run(session: Session, names: tuple[str, ...], *, everything: bool, again: bool) -> None:
    """Run harvests now, whether they are due or not.

    A record that was curated here, or that another origin brings with other
    content, is not written over: it is told as a conflict. What the shapes
    refuse stays outside with the reason; the rest goes in, as one revision.
    An entry that cannot be used is told and left aside, and the run is done
    with faults: what stands of it stays.
    """
    with open_journal(session.settings, begun=True) as journal:
        _administrator(session, journal)
        if everything:
            names = tuple(e.name for e in Harvests(journal).listed() if e.state == "active")
    if not names and not everything:
        raise InputError("No harvest is named.", remedy="Name one, or say --all.")
    told = []
    for name in names:
        with session.progress() as progress:
            done = run_harvest(session.settings, name, again=again, progress=progress)
        told.append(
            {
                "name": name,
                "outcome": done.outcome,
                "faults": done.faults,
                "read": done.read,
                "revision": done.settled.revision,
                "changed": len(done.settled.changed),
                "offers": dict(done.counts),
            }
        )
        if not session.json:
            _tell_run(session, done)
    if session.json:
        session.give(told)


@harvest.command()
@click.argument("name")
@command_options
@pass_session
def pause(session: Session, name: str) -> None:
    """Let a harvest rest until `dtrack harvest resume`."""
    _set_state(session, name, "paused")


@harvest.command()
@click.argument("name")
@command_options
@pass_session
def resume(session: Session, name: str) -> None:
    """Let a paused harvest go on; it is due at once."""
    _set_state(session, name, "active")


@harvest.command()
@click.argument("name")
@command_options
@pass_session
def remove(session: Session, name: str) -> None:
    """Forget a harvest; what it has brought stays.

    `dtrack withdraw --source "harvest NAME"` takes that out, too.
    """
    with open_journal(session.settings, begun=True) as journal:
        agent = _administrator(session, journal)
        source = Harvests(journal).get(name).source
        Harvests(journal).remove(name)
        journal.note(agent, "cli", "remove-harvest", name, "done")
        left = len(journal.heads_of_source(source))
    if session.json:
        session.give({"name": name, "graphs": left})
        return
    more = f'; `dtrack withdraw --source "{source}"` takes them out' if left else ""
    session.say(f"Harvest '{name}' is forgotten. {left} records that it brought stay{more}.")


def _compare(session: Session, name: str, graph: str) -> None:
    with open_journal(session.settings, begun=True) as journal:
        found = compare_offer(journal, name, graph)
    if session.json:
        session.give(found)
        return
    for sign, lines in (("-", found.removed), ("+", found.added)):
        for line in lines:
            session.say(f"{sign} {line}")


def _administrator(session: Session, journal: Journal) -> str:
    """Name of who acts, when that one may decide what is asked for. Raises RefusedError."""
    agent = agent_of(session, journal)
    if not agent.may("admin"):
        raise RefusedError(
            f"The key of {agent.name} may not set up harvests: it has "
            f"{', '.join(sorted(agent.scopes))}.",
            remedy="Use a key with the scope admin.",
        )
    return agent.name


def _query(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{text[1:]}' cannot be read.", remedy="Check its name.") from error


def _set_state(session: Session, name: str, state: str) -> None:
    with open_journal(session.settings, begun=True) as journal:
        agent = _administrator(session, journal)
        Harvests(journal).set_state(name, state)
        journal.note(agent, "cli", f"{state}-harvest", name, "done")
    if session.json:
        session.give({"name": name, "state": state})
        return
    session.say(f"Harvest '{name}' is {state}.")


def _tell_run(session: Session, done: Run) -> None:
    told = ", ".join(f"{count} {standing}" for standing, count in sorted(done.counts.items()))
    revision = done.settled.revision
    became = f"revision {revision}" if revision else "nothing to change"
    session.say(
        f"{done.name}: {done.outcome}, read {done.read}, {became}; records: {told or 'none'}."
    )
    if done.faults:
        lost = f", {done.given_up} not asked for any more" if done.given_up else ""
        why = f"`dtrack harvest show {done.name}` says why"
        session.say(f"  {done.faults} cannot be used{lost}; {why}.")
    for remark in done.remarks[:3]:
        session.say(f"  {remark}")
    if len(done.remarks) > len(done.remarks[:3]):
        session.say(f"  … `dtrack harvest show {done.name}` has more.")


def _tell(session: Session, found: HarvestReport) -> None:
    each: HarvestView = found.harvest
    session.say(f"{each.name}: {each.kind} at {each.url}, every {each.every}, {each.state}")
    session.say(f"  belongs to the source '{each.source}', added {each.created[:19]}")
    if each.running:
        since = each.running[:19]
        if is_running_here(session.settings.home, each.name):
            session.say(f"  running since {since}")
        else:
            session.say(
                f"  begun {since} and not ended: another node runs it, or it was broken off and "
                "the next run takes it up"
            )
    if each.ended:
        session.say(f"  last run {each.ended[:19]}: {each.outcome} {each.message}".rstrip())
    if each.failures:
        many = f"{each.failures} runs have failed, one after the other"
        session.say("  1 run has failed" if each.failures == 1 else f"  {many}")
    if each.next:
        session.say(f"  next run {each.next[:19]}")
    counts = ", ".join(f"{count} {standing}" for standing, count in each.offers.items())
    session.say(f"  records: {counts or 'none yet'}")
    for aside in found.aside:
        _tell_aside(session, aside)
    for remark in found.remarks[:20]:
        session.say(f"  {remark['place']} ({remark['about']}): {remark['message']}")


def _tell_aside(session: Session, aside: AsideView) -> None:
    session.say(f"  {aside.standing}: <{aside.graph}>")
    session.say(f"    {aside.reason}")
    there = "unusable" if aside.standing == UNUSABLE else (aside.there.digest or "withdrawn")[:12]
    session.say(f"    there: {there}, {aside.there.at[:19]}, {aside.there.version}")
    if aside.here is not None:
        here = f"{(aside.here.digest or '')[:12]}, {aside.here.at[:19]}, {aside.here.version}"
        session.say(f"    here:  {here}, source '{aside.here.source}'")
