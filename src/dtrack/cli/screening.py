"""Command ``screen``: what a draft repeats, amends, would supersede or contradicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from dtrack.cli.context import Session, as_of_option, command_options, counted, pass_session
from dtrack.cli.tables import coverage_table
from dtrack.errors import InputError, Place
from dtrack.screen import relations_of, told_below
from dtrack.wiring.reading import open_answers
from dtrack.wiring.screening import screen_draft

if TYPE_CHECKING:
    from dtrack.screen.views import ActView, CloseView, DirectiveView, MatchView, ScreeningView

_STYLES = {"repeats": "yellow", "contradicts": "red"}


@click.command()
@click.argument("draft", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", metavar="TAG", help="Language of labels and summaries (as --lang).")
@click.option("--instrument", metavar="KEY", help="Who will adopt it, where it does not say so.")
@click.option("--against", metavar="KEY", multiple=True, help="Only provisions of this instrument.")
@click.option("--only", metavar="SYMBOL", help="The text with this symbol, of several in a file.")
@click.option(
    "--matches",
    type=click.IntRange(0, 20),
    default=5,
    show_default=True,
    help="Most matches that are printed of each directive.",
)
@as_of_option
@command_options
@pass_session
def screen(
    session: Session,
    /,
    draft: Path,
    language: str | None,
    instrument: str | None,
    against: tuple[str, ...],
    only: str | None,
    matches: int,
) -> None:
    r"""Show what each directive of DRAFT meets in what is recorded, with the evidence.

    DRAFT is text, Word (.docx), PDF, HTML, a record in Turtle (.ttl), or JSON
    with the key "text". Nothing is stored.

    \b
    dtrack screen draft.docx --instrument ramsar
    dtrack screen draft.txt --against cbd --against cms --json
    """
    try:
        data = draft.read_bytes()
    except OSError as error:
        raise InputError(
            "This file cannot be opened.",
            remedy="Check its name and who may read it.",
            place=Place(str(draft)),
        ) from error
    with open_answers(session.reading()) as answers, session.progress() as progress:
        found = screen_draft(
            answers,
            data,
            draft.name,
            progress,
            language=language or session.settings.language,
            instrument=instrument,
            against=against,
            only=only,
        )
    if session.json:
        session.give(found)
        return
    _print(session, found, matches)


def _print(session: Session, found: ScreeningView, matches: int) -> None:
    under = f"{found.instrument.label}: " if found.instrument else ""
    title = " ".join(filter(None, [found.symbol, found.title])) or "Draft"
    session.console.print(Text(f"{under}{title}", style="bold"))
    if found.work:
        says = "would supersede" if found.newer else "is recorded already as"
        session.say(f"The draft {says} {found.work.label} <{found.work.iri}>.")
    counts = relations_of(found.directives)
    told = ", ".join(f"{n} {what}" for what, n in counts.items() if n)
    recitals = f", {counted(found.recitals, 'recital')} not screened" if found.recitals else ""
    session.say(
        f"{counted(len(found.directives), 'directive')}{recitals}: {told or 'nothing to tell'}"
    )
    for directive in found.directives:
        session.say()
        _print_directive(session, directive, matches)
    session.say()
    if found.nothing_in_common:
        session.say("Nothing in common with what is recorded; the coverage says how much that is.")
    else:
        session.console.print(_conventions(found))
    session.say()
    session.console.print(coverage_table(found.coverage))


def _print_directive(session: Session, directive: DirectiveView, most: int) -> None:
    words = " ".join(directive.text.split())
    session.console.print(Text.assemble((f"{directive.number}  ", "bold"), words[:160]))
    subjects = [view.value.label for view in (*directive.targets, *directive.themes)]
    if subjects:
        session.say(f"   about: {', '.join(subjects)}")
    for act in directive.acts:
        session.say(f"   {_act(act)}")
    for match in directive.matches[:most]:
        session.console.print(_match(match))
    if len(directive.matches) > most:
        session.say(f"   … and {len(directive.matches) - most} more")
    for close in directive.close[:most]:
        session.console.print(_close(close))
    if directive.is_new:
        session.say("   new: nothing recorded says the same")
    elif directive.new or directive.new_words:
        names = [named.label for named in directive.new]
        session.say(f"   new in it: {', '.join([*names, *directive.new_words])}")
    if directive.lacks:
        session.say(f"   lacks: {', '.join(directive.lacks)}")


def _act(act: ActView) -> str:
    place = f" {act.pinpoint}" if act.pinpoint else ""
    known = f"<{act.cited.iri}>" if act.recorded else "(not recorded here)"
    return f"{act.relation} {act.symbol}{place} {known}"


def _match(match: MatchView) -> Text:
    """One line on the provision, one on what it says, one on why."""
    provision = match.provision
    line = Text("   ")
    for relation in match.relations or ["touches"]:
        line.append(f"{relation} ", style=_STYLES.get(relation, "dim"))
    line.append(f"{provision.instrument.key} {provision.symbol}, {provision.number}", style="bold")
    line.append(f"  {match.score:.2f}{'  (this text itself)' if match.same_text else ''}")
    line.append(f"\n      {provision.summary}")
    why = [
        f"{dimension.name}: {', '.join(value.second.label for value in dimension.shared)}"
        for dimension in match.dimensions
        if dimension.shared
    ]
    if match.wording and match.wording.words:
        words = ", ".join(match.wording.words)
        why.append(f"wording {match.wording.likeness:.2f}: {words}")
    why += [f"{c.on}: {c.draft} against {c.provision}" for c in match.conflicts]
    line.append(f"\n      {' · '.join(why)}", style="dim")
    return line


def _close(close: CloseView) -> Text:
    """One line on a provision that falls short of a threshold, and on how narrowly."""
    provision = close.provision
    misses = ", ".join(
        f"{miss.figure} {told_below(miss.value)} below {miss.threshold:g}" for miss in close.misses
    )
    line = Text("   ")
    line.append(f"close, not counted: {' and '.join(close.relations)} ", style="dim")
    line.append(f"{provision.instrument.key} {provision.symbol}, {provision.number}", style="bold")
    line.append(f"  {misses}")
    return line


def _conventions(found: ScreeningView) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("instrument", "repeats", "contradicts", "touches", "amends", "supersedes"):
        table.add_column(column, justify="left" if column == "instrument" else "right")
    table.add_column("best", justify="right")
    for row in found.conventions:
        counts = (row.repeats, row.contradicts, row.touches, row.amends, row.supersedes)
        table.add_row(row.instrument.key, *map(str, counts), f"{row.best:.2f}")
    return table
