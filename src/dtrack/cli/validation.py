"""Commands that check: ``validate`` and ``reason``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from dtrack.cli.context import Session, command_options, pass_session
from dtrack.cli.reports import report_text
from dtrack.errors import InputError
from dtrack.validation.page import as_html
from dtrack.validation.report import LANGUAGES
from dtrack.wiring.checking import reason_over, validate_foreign, validate_ours

_FILE = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, type=_FILE)
@click.option("--shapes", "shapes", multiple=True, type=_FILE, help="Shapes of your own.")
@click.option("--data", "data", multiple=True, type=_FILE, help="Data to check by --shapes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "turtle", "json", "html"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Language of messages; otherwise --lang."
)
@click.option("--reference", is_flag=True, help="Use pySHACL for everything (slow).")
@command_options
@pass_session
def validate(
    session: Session,
    paths: tuple[Path, ...],
    shapes: tuple[Path, ...],
    data: tuple[Path, ...],
    form: str,
    language: str | None,
    reference: bool,
) -> int:
    r"""Check records in PATHS against our shapes, or --data against --shapes.

    PATHS are files or folders of records, or the ontology folder; without
    any, the bundled data is checked. Records are checked together with the
    ontology, the codes and the rest of the bundled corpus that they refer to.

    \b
    dtrack validate data/
    dtrack validate my-decision.ttl --lang zh
    dtrack validate my-decision.ttl --language zh --format html > report.html
    dtrack validate --shapes my-shapes.ttl --data my-data.ttl --format turtle
    """
    if bool(shapes) != bool(data):
        raise InputError(
            "Shapes and data go together.", remedy="Give both --shapes FILE and --data FILE."
        )
    if shapes and paths:
        raise InputError("Give either PATHS or --shapes with --data, not both.")
    with session.progress() as progress:
        if shapes:
            report = validate_foreign(shapes, data)
        else:
            report = validate_ours(paths, progress, reference=reference)
    if form == "turtle":
        click.echo(report.turtle, nl=False)
    elif form == "html":
        click.echo(as_html(report, language or session.settings.language), nl=False)
    elif form == "json" or session.json:
        session.give({"conforms": report.conforms, **asdict(report)})
    else:
        click.echo(report_text(report, language or session.settings.language))
    return 0 if report.conforms else 1


@click.command()
@click.argument("paths", nargs=-1, type=_FILE)
@command_options
@pass_session
def reason(session: Session, paths: tuple[Path, ...]) -> int:
    """Ask HermiT whether ontology and data are consistent, and what follows from them.

    PATHS are further records, reasoned over together with the bundled corpus.
    Needs Java and the extra "reason".
    """
    with session.progress() as progress:
        result = reason_over(paths, progress)
    if session.json:
        session.give({**asdict(result), "inferred_facts": result.inferred_facts})
    else:
        session.say(
            f"{'Consistent' if result.consistent else 'INCONSISTENT'}; "
            f"{len(result.unsatisfiable)} unsatisfiable classes; "
            f"{result.inferred_facts} inferred facts "
            f"({len(result.types)} types, {result.subclass_axioms} subclass axioms)."
        )
        session.say(
            f"Read {result.classes} classes, {result.individuals} individuals, "
            f"{result.statements} statements."
        )
        for name in result.unsatisfiable:
            session.say(f"  can have no members: {name}")
        for clash in result.clashes:
            session.say(f"  {clash}")
        if result.undeclared:
            session.say(f"  {sum(result.undeclared.values())} statements use undeclared terms")
    return 0 if result.consistent and result.coherent else 1
