"""Command ``search``: what holds some words, or is named by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.text import Text

from dtrack.answer.finding import split
from dtrack.cli.context import Session, as_of_option, command_options, pass_session
from dtrack.wiring.reading import open_answers

if TYPE_CHECKING:
    from dtrack.answer.finding import FacetView, FoundItem

_MOST_SHOWN = 8
"""Values of a facet that are printed."""


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--in", "instrument", metavar="KEY", help="Only texts of this instrument.")
@click.option("--kind", metavar="CLASS", help="Only this class, such as Decision or Theme.")
@click.option("--year", type=click.IntRange(1000, 9999), help="Only what was adopted in this year.")
@click.option("--status", metavar="KEY", help="Only what has this current status.")
@click.option("--theme", metavar="KEY", help="Only what addresses this theme.")
@click.option("--language", metavar="TAG", help="Only texts in this language, such as zh.")
@click.option("--facets", is_flag=True, help="Count all finds by what narrows them.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="Most finds that are printed.",
)
@click.option("--offset", type=click.IntRange(0, 10_000), default=0, help="Finds to pass over.")
@as_of_option
@command_options
@pass_session
def search(
    session: Session,
    /,
    text: tuple[str, ...],
    *,
    facets: bool,
    limit: int,
    offset: int,
    year: int | None,
    **filters: str | None,
) -> None:
    r"""Find texts, provisions, targets, themes … that hold all words of TEXT, best first.

    Words match by their stem or as beginnings; a symbol in any spelling leads
    to what it names.

    \b
    dtrack search restoration of wetlands
    dtrack search 湿地 --in ramsar --facets
    dtrack search 'décision XII/19'
    """
    narrowed = {**filters, "year": str(year) if year else None}
    with open_answers(session.reading()) as answers:
        found = answers.finding(session.settings.language).search(
            " ".join(text), narrowed, limit=limit, offset=offset, facets=facets
        )
    if session.json:
        session.give(found)
        return
    for item in found.items:
        session.console.print(_line(item))
        session.console.print(_snippet(item))
    session.say(f"{found.total} found" + (f", {len(found.items)} shown" if found.items else ""))
    for name, values in found.facets.items():
        if values:
            session.say(f"  {name}: {_counts(values)}")


def _line(item: FoundItem) -> Text:
    under = f", {item.instrument.label}" if item.instrument else ""
    symbol = f"{item.symbol} " if item.symbol and not item.number else ""
    return Text.assemble((f"{symbol}{item.label}", "bold"), f"  {item.kind}{under}  {item.iri}")


def _snippet(item: FoundItem) -> Text:
    line = Text("  ")
    for piece, marked in split(item.snippet, item.marks):
        line.append(" ".join(piece.split("\n")), style="reverse" if marked else "")
    return line


def _counts(values: list[FacetView]) -> str:
    shown = [f"{view.value} {view.count}" for view in values[:_MOST_SHOWN]]
    return ", ".join(shown) + (" …" if len(values) > _MOST_SHOWN else "")
