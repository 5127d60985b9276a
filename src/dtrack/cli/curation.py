"""Commands of curation: ``propose``, ``proposals``, ``proposal``, ``submit`` … ``template``."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dtrack.cli.acting import agent_of
from dtrack.cli.context import Session, agent_option, command_options, counted, pass_session
from dtrack.cli.proposals import (
    candidates_table,
    draft_text,
    proposals_table,
    shown,
    view_text,
)
from dtrack.cli.reports import report_text
from dtrack.curate.acts import STATES, Agent
from dtrack.curate.adding import place_of
from dtrack.curate.assertions import Status
from dtrack.curate.candidates import Selection
from dtrack.curate.handing_in import Handed, graphs_of
from dtrack.curate.proposing import SOURCE, Proposing
from dtrack.curate.sheets import code_lists, status_graphs
from dtrack.errors import (
    ConflictError,
    InputError,
    NotConformingError,
)
from dtrack.model import Report
from dtrack.sources.spreadsheet_templates import TEMPLATES
from dtrack.sources.spreadsheet_writing import write_template
from dtrack.wiring.reading import open_answers
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.adding import Place
    from dtrack.curate.merging import Choice

_AXES = ("legal-force", "implementation", "review")


@contextmanager
def _desk(session: Session, *, begun: bool = True) -> Iterator[tuple[Proposing, Agent]]:
    """Proposals of the home, and who acts; errors show what belongs to them.

    ``begun``: whether the home must have a journal.
    """
    with open_curator(session.settings, begun=begun) as curator:
        alone = session.settings.review_by_author
        desk = Proposing(curator, review_by_author=alone)
        try:
            yield desk, agent_of(session, curator.journal)
        except NotConformingError as error:
            if isinstance(error.report, Report):
                text = report_text(error.report, session.settings.language, most=20)
                click.echo(text, err=True)
            raise
        except ConflictError as error:
            if error.difference:
                click.echo(shown(error.difference), err=True)
            raise


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE… | status THING]")
@click.option("--title", help="What the proposal changes, in one line.")
@click.option("--withdraw", multiple=True, metavar="GRAPH", help="Withdraw this graph.")
@click.option("--graph", metavar="IRI", help="Graph that a file is, where it does not say so.")
@click.option("--into", type=int, metavar="N", help="Hand in again what changes in proposal N.")
@click.option("--drop", multiple=True, metavar="GRAPH", help="With --into: take this graph out.")
@click.option("--text", default="", help="What reviewers should know.")
@click.option("--submit", "at_once", is_flag=True, help="Submit it at once.")
@click.option("--axis", type=click.Choice(_AXES), help="With status: which status it is.")
@click.option("--value", help="With status: the status, such as retired or implemented.")
@click.option("--evidence", metavar="URL", help="With status: the page that bears it out.")
@click.option("--evidence-type", default="document", show_default=True, help="What that page is.")
@click.option("--from", "since", metavar="DATE", help="With status: first day, YYYY-MM-DD.")
@click.option("--until", default="", metavar="DATE", help="With status: last day, if it has ended.")
@agent_option
@command_options
@pass_session
def propose(
    session: Session,
    /,
    files: tuple[str, ...],
    title: str | None,
    withdraw: tuple[str, ...],
    graph: str | None,
    into: int | None,
    drop: tuple[str, ...],
    text: str,
    at_once: bool,
    **status: str | None,
) -> None:
    """Propose graphs as they are to be; nothing changes before they are published.

    FILEs are Turtle, TriG, N-Quads, N-Triples, JSON-LD, RDF/XML, SSSOM TSV, or
    spreadsheets after `dtrack template`.

    \b
    dtrack propose cbd-cop-16-1.ttl --title "Decision 16/1"
    dtrack propose taggings.xlsx --submit
    dtrack propose --withdraw https://w3id.org/dtrack/graph/decision/x
    dtrack propose status 'XII/19' --axis legal-force --value retired
        --evidence https://www.cbd.int/x --from 2022-12-19
    """  # noqa: D301 - click wants the character itself
    with _desk(session, begun=False) as (desk, agent), ExitStack() as stack:
        graphs: dict[str, bytes | None] = dict.fromkeys(withdraw)
        if files[:1] == ("status",) and not Path("status").exists():
            place = _place(session, desk, stack)
            asserted = _status(files[1:], agent, place, status)
            graphs |= status_graphs(asserted, place)
            title = title or f"{asserted.thing.rsplit('/', 1)[-1]} is {asserted.value}"
        else:
            handed = [Handed(Path(name).name, _bytes(name), graph) for name in files]
            graphs |= graphs_of(handed, lambda: _place(session, desk, stack))
        if into is None:
            if not graphs:
                raise InputError(
                    "There is nothing to propose.", remedy="Name files, or --withdraw."
                )
            named = ", ".join(Path(name).name for name in files) or "withdrawal"
            draft = desk.propose(agent, title or named, graphs, text=text, source=SOURCE)
        else:
            draft = desk.edit(into, agent, graphs, drop=drop, title=title, text=text)
        if at_once:
            draft = desk.submit(draft.proposal.number, agent)
    if session.json:
        session.give(draft)
        return
    session.say(draft_text(draft, session.settings.language))


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError(
            f"'{name}' cannot be read: {error.strerror}.", remedy="Check its name and owner."
        ) from error


def _place(session: Session, desk: Proposing, stack: ExitStack) -> Place:
    answers = stack.enter_context(open_answers(session.settings))
    return place_of(desk.curator, answers.names, answers.store)


def _status(
    names: tuple[str, ...], agent: Agent, place: Place, given: Mapping[str, str | None]
) -> Status:
    """Status that the options say. Raises InputError for what is missing."""
    for option, name in (("axis", "axis"), ("value", "value"), ("evidence", "evidence"),
                         ("since", "from")):  # fmt: skip
        if not given[option]:
            raise InputError(
                f"A status needs --{name}.",
                remedy="Say on which axis, its value, since when, and what bears it out.",
            )
    if not names:
        raise InputError("Whose status is it?", remedy="`dtrack propose status XII/19 …`.")
    return Status(
        thing=place.finder.thing(" ".join(names)),
        axis=given["axis"] or "",
        value=given["value"] or "",
        since=given["since"] or "",
        until=given["until"] or "",
        evidence=given["evidence"] or "",
        evidence_type=given["evidence_type"] or "document",
        asserted_by=agent.name,
    )


@click.command()
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--limit", default=50, show_default=True, help="How many to list.")
@click.option("--before", type=int, metavar="N", help="List those before this number only.")
@command_options
@pass_session
def proposals(session: Session, state: str | None, limit: int, before: int | None) -> None:
    """List proposals, latest first."""
    with _desk(session) as (desk, _):
        found = desk.proposals.listed(state, before, limit)
    if session.json:
        session.give(found)
    elif found:
        session.console.print(proposals_table(found))
    else:
        session.say("There are no such proposals. `dtrack propose` makes one.")


@click.command()
@click.argument("number", type=int)
@command_options
@pass_session
def proposal(session: Session, number: int) -> None:
    """Show proposal NUMBER: what it changes, what the shapes say, and what happened to it."""
    with _desk(session) as (desk, _):
        view = desk.view(number)
    if session.json:
        session.give(view)
        return
    session.say(view_text(view, session.settings.language))
    if view.candidates:
        session.console.print(candidates_table(view.candidates))


@click.command()
@click.argument("number", type=int)
@agent_option
@command_options
@pass_session
def submit(session: Session, number: int) -> None:
    """Hand proposal NUMBER to the reviewers; what does not conform is refused."""
    with _desk(session) as (desk, agent):
        draft = desk.submit(number, agent)
    if session.json:
        session.give(draft)
        return
    session.say(draft_text(draft, session.settings.language))


@click.command()
@click.argument("number", type=int)
@click.option("--approve", is_flag=True, help="Approve what somebody else has written.")
@click.option("--request-changes", metavar="TEXT", help="Give it back, and say what to change.")
@click.option("--reject", metavar="TEXT", help="End it without publishing, and say why.")
@click.option("--comment", metavar="TEXT", help="Say something.")
@click.option("--about", metavar="IRI", help="What the comment is about.")
@click.option("--accept", multiple=True, metavar="IRI", help="Accept this tagging or mapping.")
@click.option("--refuse", multiple=True, metavar="IRI", help="Refuse this tagging or mapping.")
@click.option("--accept-above", type=float, metavar="X", help="Accept those from confidence X on.")
@click.option("--refuse-below", type=float, metavar="X", help="Refuse those below confidence X.")
@click.option("--method", help="Of those, only the ones made by this method.")
@click.option("--target", metavar="KEY", help="Of those, only the ones for this target or theme.")
@agent_option
@command_options
@pass_session
def review(
    session: Session,
    /,
    number: int,
    approve: bool,
    request_changes: str | None,
    reject: str | None,
    comment: str | None,
    about: str | None,
    **selected: object,
) -> None:
    """Review proposal NUMBER: comment, accept or refuse its candidates, give a verdict.

    \b
    dtrack review 3 --accept-above 0.8 --refuse-below 0.3 --method lexical
    dtrack review 3 --comment "Which paragraph?" --about IRI
    dtrack review 3 --approve
    """  # noqa: D301 - click wants the character itself
    if approve + (request_changes is not None) + (reject is not None) > 1:
        raise click.UsageError("--approve, --request-changes and --reject exclude each other.")
    selection = Selection(**selected)  # type: ignore[arg-type]
    decides = selection != Selection()
    if not (approve or request_changes or reject or comment or decides):
        raise click.UsageError("Say what to do: --approve, --request-changes, --comment …")
    with _desk(session) as (desk, agent):
        decided = desk.decide(number, agent, selection) if decides else []
        if comment is not None:
            desk.comment(number, agent, comment, about)
        if request_changes is not None:
            desk.request_changes(number, agent, request_changes)
        elif reject is not None:
            desk.reject(number, agent, reject)
        elif approve:
            desk.approve(number, agent)
        found = desk.proposals.get(number)
    if session.json:
        session.give({"proposal": asdict(found), "decided": [asdict(item) for item in decided]})
        return
    if decides:
        accepted = sum(item.state == "accepted" for item in decided)
        session.say(f"{accepted} accepted, {len(decided) - accepted} refused.")
    session.say(f"Proposal {number} is {found.state}.")


@click.command()
@click.argument("number", type=int)
@agent_option
@command_options
@pass_session
def publish(session: Session, number: int) -> None:
    """Make the approved proposal NUMBER one revision."""
    with _desk(session) as (desk, agent):
        receipt = desk.publish(number, agent)
    if session.json:
        session.give(receipt)
        return
    session.say(
        f"Published proposal {number} as revision {receipt.revision}: "
        f"{counted(len(receipt.changed), 'graph')} changed."
    )


@click.command()
@click.argument("number", type=int)
@click.option("--ours", multiple=True, metavar="NAME", help="Conflicts there: the proposal's.")
@click.option("--theirs", multiple=True, metavar="NAME", help="Conflicts there: what others say.")
@agent_option
@command_options
@pass_session
def rebase(session: Session, number: int, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """Bring what others have published meanwhile into proposal NUMBER.

    Conflicts are shown triple by triple. Settle them by handing the graph in
    again (`dtrack propose FILE --into NUMBER`), or by --ours and --theirs, each
    with the name of a conflict (in brackets), with a graph or with `all`.
    """
    choices: dict[str, Choice] = {"*" if g == "all" else g: "theirs" for g in theirs}
    choices |= {"*" if graph == "all" else graph: "ours" for graph in ours}
    with _desk(session) as (desk, agent):
        draft = desk.rebase(number, agent, choices)
    if session.json:
        session.give(draft)
        return
    session.say(draft_text(draft, session.settings.language))


@click.command()
@click.argument("kind", type=click.Choice(sorted(TEMPLATES)))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .xlsx or .csv; without it CSV goes to standard output.",
)
@command_options
@pass_session
def template(session: Session, kind: str, output: Path | None) -> None:
    """Write an empty spreadsheet for KIND, to fill in and hand to `dtrack propose`."""
    form = "csv" if output is None else output.suffix.lstrip(".").lower()
    if form not in {"csv", "xlsx"}:
        raise InputError(f"'{output}' is neither .csv nor .xlsx.", remedy="Name it so.")
    body = write_template(kind, form, code_lists())
    if output is None:
        click.echo(body, nl=False)
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        raise click.FileError(str(output), str(error)) from error
    session.say(f"Wrote {output}. Fill it in, then `dtrack propose {output}`.")
