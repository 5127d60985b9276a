"""Command ``resolve``: what a symbol names."""

from __future__ import annotations

import click

from dtrack.cli.context import Session, as_of_option, command_options, pass_session
from dtrack.wiring.naming import open_names


@click.command()
@click.argument("symbol", nargs=-1, required=True)
@as_of_option
@command_options
@pass_session
def resolve(session: Session, symbol: tuple[str, ...]) -> None:
    r"""Print the IRI that a SYMBOL names, in any spelling and language.

    \b
    dtrack resolve XII/19
    dtrack resolve '第 XII/19 号决定'
    dtrack resolve 'Conf. 16.4 (Rev. CoP18)'
    dtrack resolve 'Aichi Targets 5, 14 and 15'
    """
    with open_names(session.reading()) as names:
        found = names.resolve(" ".join(symbol))
    if session.json:
        session.give(list(found))
        return
    for resolution in found:
        click.echo(resolution.iri)
    for resolution in found:
        click.echo(f"  {resolution.label}")
        if resolution.note:
            click.echo(f"  {resolution.note}")
        for other in resolution.others:
            click.echo(f"  also: {other}")
