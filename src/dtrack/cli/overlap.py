"""Commands about overlap: ``overlap`` and ``gaps``."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dtrack.cli.context import Session, as_of_option, command_options, pass_session
from dtrack.cli.tables import coverage_table, evidence_lines, gaps_table, matrix_table
from dtrack.errors import ParameterError
from dtrack.wiring.drawing import draw_matrix
from dtrack.wiring.reading import open_answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.answer.views import CellView, MatrixView


_FRAMEWORK = click.option("--framework", metavar="KEY", help="Only what serves this framework.")


def selection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the filters of a selection."""
    options = (
        click.option("--theme", metavar="KEY", help="Only this theme and narrower ones."),
        click.option("--actor", metavar="KEY", help="Only what asks this actor or a narrower one."),
        click.option("--since", type=int, metavar="YEAR", help="Adopted in this year or later."),
        click.option("--until", type=int, metavar="YEAR", help="Adopted in this year or earlier."),
        click.option(
            "--ended", is_flag=True, help="Also what is retired, superseded or implemented."
        ),
        click.option("--informational", is_flag=True, help="Also provisions that only note."),
        click.option("--target", metavar="KEY", help="Only this target and narrower ones."),
        click.option("--force", metavar="KEY", help="Only verbs of this force, e.g. request."),
        click.option(
            "--status", type=click.Choice(["active", "ended", "any"]), help="Only this status."
        ),
        click.option("--on", metavar="DAY", help="Adopted and in force on this day, YYYY-MM-DD."),
    )
    wrapped = wraps(function)(function)
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def _weights(pairs: tuple[str, ...]) -> dict[str, float]:
    weights = {}
    for pair in pairs:
        name, equals, number = pair.partition("=")
        try:
            weights[name] = float(number)
        except ValueError:
            equals = ""
        if not equals:
            raise ParameterError(
                f"'{pair}' is not DIMENSION=WEIGHT.", remedy="Write e.g. --weight actor=0.3."
            )
    return weights


@click.command()
@click.argument("instruments", nargs=-1, metavar="[A B]")
@click.option("--matrix", "as_matrix", is_flag=True, help="Every two instruments instead of two.")
@click.option("--group", metavar="KEY", help="With --matrix: biodiversity, rio or chemicals.")
@click.option("--near", metavar="IRI", help="Provisions anywhere next to this provision.")
@click.option("--at", metavar="KEY", help="Who serves this target or theme, e.g. aichi-15.")
@click.option(
    "--plot", type=click.Path(dir_okay=False, path_type=Path), help="Also draw it (.svg or .png)."
)
@click.option("--limit", default=10, show_default=True, help="How many pairs to show.")
@click.option("--offset", default=0, show_default=True, help="How many pairs to pass over.")
@click.option("--weight", "weights", multiple=True, metavar="DIM=W", help="Change a weight.")
@_FRAMEWORK
@selection_options
@as_of_option
@command_options
@pass_session
def overlap(
    session: Session,
    /,
    instruments: tuple[str, ...],
    as_matrix: bool,
    group: str | None,
    near: str | None,
    at: str | None,
    plot: Path | None,
    limit: int,
    offset: int,
    weights: tuple[str, ...],
    **filters: Any,
) -> None:
    r"""Show where decisions of instruments A and B overlap, and why.

    \b
    dtrack overlap cbd ramsar
    dtrack overlap --matrix --group biodiversity --plot matrix.svg
    dtrack overlap cbd unfccc --theme restoration --limit 3
    dtrack overlap --at aichi-15
    """
    with open_answers(session.reading()) as answers:
        dimensions = answers.weights(_weights(weights))
        question = answers.overlaps()
        if near:
            chosen = answers.selection(instruments=instruments, group=group, **filters)
            found = question.nearest(answers.text(near), chosen, dimensions, limit=limit)
            _show_pairs(session, found, found.pairs)
        elif at:
            chosen = answers.selection(instruments=instruments, group=group, **filters)
            _show_at(session, question, answers, at, chosen)
        elif as_matrix or group:
            chosen = answers.selection(instruments=instruments, group=group, **filters)
            _show_matrix(session, question.matrix(chosen, dimensions), plot)
        elif len(instruments) == 2:
            chosen = answers.selection(instruments=instruments, **filters)
            row, column = chosen.instruments
            view = question.pairs(row, column, chosen, dimensions, limit=limit, offset=offset)
            _show_between(session, view)
        else:
            raise ParameterError(
                "Name two instruments.",
                remedy="Say `dtrack overlap cbd ramsar`, or --matrix for all of them.",
            )


def _show_matrix(session: Session, view: MatrixView, plot: Path | None) -> None:
    if plot is not None:
        draw_matrix(view, plot)
    if session.json:
        session.give(view)
        return
    session.say("Overlap of conventions: mean score, shared targets/shared themes")
    session.say("(in brackets: operative provisions compared; '·': no pair shares a subject)\n")
    session.console.print(matrix_table(view))
    session.say()
    session.console.print(coverage_table(view.coverage))
    if plot is not None:
        session.say(f"\nDrawn in {plot}.")
    session.say(
        "\nExplain a cell: dtrack overlap A B. What the figures mean: docs/reference/overlap.md."
    )


def _cell_lines(cell: CellView) -> list[str]:
    def names(things: list[Any], *, keys: bool = False) -> str:
        return "; ".join(f"{t.key} {t.label}" if keys else t.label for t in things) or "none"

    counts = (
        f"{cell.overlapping_row} of {cell.directives_row} ({cell.row}), "
        f"{cell.overlapping_column} of {cell.directives_column} ({cell.column})"
    )
    scores = f"mean score {cell.mean:.2f}, best {cell.top:.2f}, Jaccard {cell.jaccard:.2f}"
    return [
        f"{cell.row} and {cell.column}: {scores}",
        f"  provisions with a counterpart: {counts}",
        f"  shared targets ({len(cell.shared_targets)}): {names(cell.shared_targets, keys=True)}",
        f"  targets connected by a mapping ({len(cell.aligned_targets)}):",
        *(
            f"    {m.subject} {m.predicate} {m.object}, by {m.author}, "
            f"confidence {m.confidence:g}, {m.review_state}"
            for pair in cell.aligned_targets
            for m in pair.mappings
        ),
        f"  shared themes ({len(cell.shared_themes)}): {names(cell.shared_themes)}",
        f"  shared actors ({len(cell.shared_actors)}): {names(cell.shared_actors)}",
    ]


def _show_between(session: Session, view: Any) -> None:
    if session.json:
        session.give(view)
        return
    for line in _cell_lines(view.cell):
        session.say(line)
    session.say()
    for pair in view.pairs:
        for line in evidence_lines(pair):
            session.say(line)
        session.say()
    shown = f"{view.offset + 1} to {view.offset + len(view.pairs)}" if view.pairs else "none"
    session.say(f"pairs {shown} of {view.total}; more with --offset and --limit\n")
    session.console.print(coverage_table(view.coverage))


def _show_pairs(session: Session, view: Any, pairs: list[Any]) -> None:
    if session.json:
        session.give(view)
        return
    for pair in pairs:
        for line in evidence_lines(pair):
            session.say(line)
        session.say()
    session.console.print(coverage_table(view.coverage))


def _show_at(session: Session, question: Any, answers: Any, at: str, chosen: Any) -> None:
    kind, iri = answers.subject(at)
    view = (question.at_target if kind == "target" else question.at_theme)(iri, chosen)
    if session.json:
        session.give(view)
        return
    session.say(f"{view.subject.label} <{view.subject.iri}>")
    for serving in view.provisions:
        p = serving.provision
        how = (
            serving.relation
            if serving.relation == "same"
            else (f"{serving.relation}, via {serving.via.label}, counts {serving.weight:.2f}")
        )
        session.say(f"  {p.instrument.key} {p.symbol}, {p.number}  ({how})")
        session.say(f"    {p.summary}")
        for m in serving.mappings:
            session.say(f"    mapped by {m.author} ({m.predicate}, {m.confidence:g})")
    session.say(f"{len(view.provisions)} provisions\n")
    session.console.print(coverage_table(view.coverage))


@click.command()
@click.argument("framework")
@click.option("--group", metavar="KEY", help="Only a group: biodiversity, rio or chemicals.")
@click.option("--instrument", "instruments", multiple=True, metavar="KEY", help="Only these.")
@selection_options
@as_of_option
@command_options
@pass_session
def gaps(
    session: Session,
    /,
    framework: str,
    group: str | None,
    instruments: tuple[str, ...],
    **filters: Any,
) -> None:
    r"""List targets of FRAMEWORK that instruments have no active operative provision for.

    \b
    dtrack gaps aichi
    dtrack gaps gbf --group biodiversity
    dtrack gaps sdg --instrument cbd --instrument unccd
    """
    with open_answers(session.reading()) as answers:
        chosen = answers.selection(instruments=instruments, group=group, **filters)
        view = answers.overlaps().gaps(answers.key("framework", framework), chosen)
    if session.json:
        session.give(view)
        return
    session.say(f"{view.framework.label}: operative provisions per target")
    session.say("(n = directly, +n = only through a mapping, '·' = none)\n")
    session.console.print(gaps_table(view))
    session.say()
    for instrument in view.instruments:
        missing = [row.notation for row in view.rows if instrument.key in row.missing]
        session.say(
            f"{instrument.key}: {len(missing)} of {len(view.rows)} without a provision"
            + (f": {', '.join(missing)}" if missing and len(missing) < len(view.rows) else "")
        )
    session.say(f"\nServed by nobody: {', '.join(item.label for item in view.empty) or 'none'}\n")
    session.console.print(coverage_table(view.coverage))
    session.say("An empty cell means: not found in what was read. See the coverage.")
