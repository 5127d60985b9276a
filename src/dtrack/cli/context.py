"""What every command has at hand: settings, the console, the opened store."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from dtrack.model import no_progress
from dtrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from dtrack.model import Progress as ProgressCall

P = ParamSpec("P")
T = TypeVar("T")


def counted(number: int, thing: str) -> str:
    """How many there are of a thing: 1 graph, 2 graphs."""
    return f"{number} {thing if number == 1 else thing + 's'}"


PIPED_WIDTH = 140
"""Columns of tables that go to a file or a pipe, which have no width of their own."""


@dataclass
class Session:
    """One run of the program; what draws on the terminal is imported when something is drawn."""

    flags: dict[str, object | None] = field(default_factory=dict)
    json: bool = False
    as_of: str | None = None
    """Revision or day to answer as of; None = now."""

    @cached_property
    def console(self) -> Console:
        """Standard output, for tables and for lines that may be long."""
        from rich.console import Console

        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
        return Console(highlight=False, soft_wrap=True, width=width)

    @property
    def settings(self) -> Settings:
        """Settings in force, flags first."""
        return load_settings(self.flags)

    def reading(self) -> Settings:
        """Settings to read with: those in force, or the home of the state asked for."""
        settings = self.settings
        if self.as_of is None:
            return settings
        # What makes a former state needs all that writes; reading the present one does without.
        from dtrack.wiring.writing import past_settings

        with self.progress() as progress:
            return past_settings(settings, self.as_of, progress)

    @property
    def agent(self) -> str:
        """Who acts: ``--as``, else who runs the program."""
        given = self.flags.get("agent")
        if given:
            return str(given)
        try:
            return getpass.getuser()
        except (OSError, KeyError):
            return "operator"

    def say(self, text: str = "") -> None:
        """Print a line for people, as it is."""
        self.console.print(text, markup=False)

    def give(self, value: object) -> None:
        """Print a value as JSON."""
        click.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2))

    @contextmanager
    def progress(self) -> Iterator[ProgressCall]:
        """Progress bar on standard error; silent when that is no terminal."""
        if not sys.stderr.isatty():
            yield no_progress
            return
        from rich import progress as parts
        from rich.console import Console

        bar = parts.Progress(
            parts.SpinnerColumn(),
            parts.TextColumn("{task.description}"),
            parts.BarColumn(),
            parts.TextColumn("{task.completed}/{task.total}"),
            parts.TimeElapsedColumn(),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        with bar:
            task = bar.add_task("", total=None)

            def report(what: str, done: int, total: int) -> None:
                bar.update(task, description=what, completed=done, total=total)

            yield report


def _plain(value: object) -> Any:
    """What JSON can say, from dataclasses downward."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def command_options(function: Callable[P, T]) -> Callable[P, T]:
    """Give a command the options that all have: ``--home``, ``--lang``, ``--json``."""

    def keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
        def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
            session = context.ensure_object(Session)
            if name == "json":
                session.json = session.json or bool(value)
            elif value is not None:
                session.flags[name] = value

        return callback

    options = (
        click.option(
            "--home",
            type=click.Path(file_okay=False),
            expose_value=False,
            callback=keep("home"),
            help="Folder of the store (DTRACK_HOME; default: var).",
        ),
        click.option(
            "--lang",
            metavar="TAG",
            expose_value=False,
            callback=keep("language"),
            help="Language of labels and messages, such as en or zh (DTRACK_LANGUAGE).",
        ),
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            callback=keep("json"),
            help="Print JSON instead of text.",
        ),
    )
    wrapped = wraps(function)(function)
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def as_of_option(function: Callable[P, T]) -> Callable[P, T]:
    """Give a command that reads the option ``--as-of``."""

    def keep(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        context.ensure_object(Session).as_of = value

    return click.option(
        "--as-of",
        metavar="REV",
        expose_value=False,
        callback=keep,
        help="Answer as the store was after a revision (12, -1) or on a day (2026-11-21).",
    )(function)


def agent_option(function: Callable[P, T]) -> Callable[P, T]:
    """Give a command that writes the option ``--as``."""

    def keep(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.ensure_object(Session).flags["agent"] = value

    return click.option(
        "--as",
        "agent",
        metavar="NAME",
        expose_value=False,
        callback=keep,
        help="Who makes the change, for the history; else who runs the program.",
    )(function)


class OfRevisions(click.Command):
    """A command whose arguments are revisions: -1 is one of them, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Arguments and options in their places."""
        ctx.ignore_unknown_options = any(re.fullmatch(r"-\d+", given) for given in args)
        return super().parse_args(ctx, args)


pass_session = click.make_pass_decorator(Session, ensure=True)
