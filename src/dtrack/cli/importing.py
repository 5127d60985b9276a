"""Commands ``import KIND``: one for each kind of source that the wiring knows."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dtrack.cli.acting import publisher
from dtrack.cli.context import Session, agent_option, command_options, pass_session
from dtrack.cli.history import tell
from dtrack.cli.load import import_, tell_loading, told_report
from dtrack.cli.texts import import_decision_text
from dtrack.wiring.importing import KINDS, Options, import_sheets, import_source
from dtrack.wiring.writing import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.curate.feeds import Import
    from dtrack.sources.harvest import Remark
    from dtrack.wiring.importing import Kind

_SHOWN = 3


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    if value and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise click.BadParameter("write YYYY-MM-DD")
    return value or ""


def _command(name: str, kind: Kind) -> click.Command:
    """Command that imports one kind of source."""

    def run(session: Session, /, names: tuple[str, ...], report: Path | None, **given: Any) -> None:
        settings = session.settings
        with told_report(session), session.progress() as progress:
            with open_journal(settings, begun=True) as journal:
                agent = publisher(session, journal)
            given["source"] = given["source"] or ""
            found = import_source(settings, name, names, Options(agent, **given), progress)
        if report is not None:
            _write(report, [asdict(remark) for remark in found.harvest.remarks])
        if session.json:
            session.give(_told(found, dry_run=given["dry_run"]))
            return
        _tell(session, found, dry_run=given["dry_run"])

    run.__doc__ = f"""{kind.help}

    What is the same stays untouched; what is held already is not overwritten.
    `dtrack withdraw --source NAME` takes a source out again.
    """
    options: list[Callable[[Any], Any]] = [
        click.argument("names", nargs=-1, required=True, metavar="FILE|URL..."),
        click.option("--source", help="Name of the source; made from the first file by default."),
        click.option("--complete", is_flag=True, help="Withdraw what the source has no more."),
        click.option("--overwrite", is_flag=True, help="Let the source win over edits made here."),
        click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
        click.option(
            "--report",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write every remark to this file, as JSON.",
        ),
        click.option(
            "--allow-private",
            is_flag=True,
            help="Follow links to addresses inside private networks.",
        ),
        click.option("--reason", default="", help="Why; it stands in the history."),
    ]
    if kind.is_feed:
        options.append(
            click.option("--since", callback=_day, metavar="DATE", help="Only what is new since.")
        )
    wrapped: Callable[..., Any] = pass_session(run)
    for option in (*reversed(options), agent_option, command_options):
        wrapped = option(wrapped)
    return click.command(name)(wrapped)


def _told(found: Import, *, dry_run: bool) -> dict[str, object]:
    loading = found.loading
    return {
        "dry_run": dry_run,
        "rows": dict(found.harvest.rows),
        "matched": found.harvest.matched,
        "new": found.new,
        "changed": found.changed,
        "same": found.same,
        "gone": list(found.gone),
        "revision": loading.revision if loading else None,
        "graphs": list(loading.changed) if loading else [],
        "kept": list(loading.kept) if loading else [],
        "remarks": [asdict(remark) for remark in found.harvest.remarks],
    }


def _tell(session: Session, found: Import, *, dry_run: bool) -> None:
    rows = ", ".join(f"{count} {name}" for name, count in found.harvest.rows.items())
    session.say(f"Read {rows}; {found.harvest.matched} are about what is held already.")
    _remarks(session, found.harvest.remarks)
    session.say(
        f"{found.new} graphs are new, {found.changed} changed, {found.same} the same"
        + (f"; {len(found.gone)} are no more in the source." if found.gone else ".")
    )
    if dry_run:
        session.say("Nothing was changed (--dry-run).")
    elif found.loading is not None:
        tell_loading(session, found.loading)


def _remarks(session: Session, remarks: tuple[Remark, ...]) -> None:
    """Remarks by rule, the first of each in full."""
    by_rule: dict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_rule[remark.rule].append(remark)
    for rule, found in sorted(by_rule.items()):
        session.say(f"  {rule}: {len(found)}")
        for remark in found[:_SHOWN]:
            session.say(f"    {remark}")
        if len(found) > _SHOWN:
            session.say("    … (--report FILE has all of them)")


def _write(path: Path, value: object) -> None:
    try:
        path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(path), str(error)) from error


@import_.command("sheets")
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Check the rows and the gate, and change nothing.")
@click.option("--reason", default="", help="Why; it stands in the history.")
@agent_option
@command_options
@pass_session
def import_sheets_(session: Session, names: tuple[str, ...], dry_run: bool, reason: str) -> None:
    r"""Import rows of spreadsheets after `dtrack template` (XLSX, CSV), at once.

    Decisions, taggings, mappings and statuses; each fault names its cell, and
    with one fault nothing is imported. Rows that are held already are passed
    over. `dtrack propose FILE` hands the same to reviewers instead.

    \b
    dtrack template taggings -o taggings.xlsx
    dtrack import sheets taggings.xlsx
    """
    with told_report(session):
        with open_journal(session.settings, begun=True) as journal:
            agent = publisher(session, journal)
        options = Options(agent, reason=reason, dry_run=dry_run)
        receipt = import_sheets(session.settings, names, options)
    if dry_run and not session.json:
        session.say(f"{len(receipt.changed)} graphs would change. Nothing was changed (--dry-run).")
        return
    tell(session, receipt)


for _name, _kind in KINDS.items():
    import_.add_command(_command(_name, _kind))
import_.add_command(import_decision_text)

__all__ = ["import_"]
