"""Commands that ask: ``query``, ``sparql``, ``resolve``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from dtrack.cli.context import Session, as_of_option, command_options, pass_session
from dtrack.cli.tables import rows_table
from dtrack.errors import ParameterError
from dtrack.formats import ROW_FORMATS, row_format
from dtrack.wiring.corpus import read_catalogue
from dtrack.wiring.reading import open_answers

if TYPE_CHECKING:
    from dtrack.catalogue import Parameter, Query


def _list_queries(session: Session) -> None:
    queries = list(read_catalogue())
    if session.json:
        session.give(
            [{"name": q.name, "summary": q.summary, "tags": list(q.tags)} for q in queries]
        )
        return
    width = max(len(query.name) for query in queries)
    for query in queries:
        session.say(f"{query.name:<{width}}  {query.summary}")
    session.say(f"\n{len(queries)} queries. `dtrack query NAME --describe` shows one.")


def _kind(parameter: Parameter) -> str:
    return f"{parameter.of} key" if parameter.of else str(parameter.kind)


def _need(parameter: Parameter) -> str:
    if parameter.is_required:
        return "required"
    return "may be left out" if parameter.any else f"default {parameter.default}"


def _describe(session: Session, query: Query) -> None:
    session.say(f"{query.name}: {query.summary}")
    if query.description:
        session.say(query.description)
    session.say("\nParameters:" if query.parameters else "\nNo parameters.")
    for parameter in query.parameters:
        session.say(
            f"  {parameter.name}  ({_kind(parameter)}, {_need(parameter)})  {parameter.description}"
        )
    session.say("\nColumns:")
    for column in query.columns:
        session.say(f"  {column.name}  {column.description or ''}")


@click.command()
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--describe", is_flag=True, help="Show the query's parameters and columns.")
@click.option("--show-sparql", is_flag=True, help="Print the bound SPARQL text instead of running.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *sorted(ROW_FORMATS)]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@as_of_option
@command_options
@pass_session
def query(
    session: Session,
    name: str | None,
    values: tuple[str, ...],
    describe: bool,
    show_sparql: bool,
    form: str,
) -> None:
    r"""Run a query of the catalogue; without NAME, list them all.

    \b
    dtrack query options_and_actions --json
    dtrack query decision_outline decision=XII/19
    dtrack query actions_by_actor actor=blg
    """
    if name is None:
        _list_queries(session)
        return
    if describe:
        _describe(session, read_catalogue()[name])
        return
    given = {}
    for pair in values:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(f"'{pair}' is not KEY=VALUE.", remedy="Write e.g. actor=blg.")
        given[key] = value
    with open_answers(session.reading()) as answers:
        answer = answers.query(name, given)
    if show_sparql:
        click.echo(answer.sparql)
    elif session.json or form != "table":
        sys.stdout.buffer.write(row_format("json" if session.json else form).write(answer.rows))
        sys.stdout.buffer.flush()
    else:
        session.console.print(rows_table(answer.rows))
        session.say(f"{len(answer.rows)} rows")


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--accept", default="", help="Media type of the answer; the default shows a table.")
@as_of_option
@command_options
@pass_session
def sparql(session: Session, file: BinaryIO, accept: str) -> None:
    """Answer the SPARQL query in FILE ("-" reads standard input).

    The default graph is the union of all published graphs. SERVICE is refused.
    """
    text = file.read().decode("utf-8")
    wanted = "application/sparql-results+json" if session.json else accept
    with open_answers(session.reading()) as answers:
        if wanted:
            body = answers.store.serialise(text, wanted).body
        else:
            answer = answers.store.serialise(text, "")
            if answer.kind == "solutions":
                session.console.print(rows_table(answers.store.select(text)))
                return
            body = answer.body
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()
