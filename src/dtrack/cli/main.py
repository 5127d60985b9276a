"""The program, and what becomes of an error: one line and an exit code."""

from __future__ import annotations

import os
import sys

import click

from dtrack import __version__
from dtrack.cli.commands import COMMANDS, Commands
from dtrack.cli.context import Session
from dtrack.cli.logs import log_of_a_command
from dtrack.errors import DtrackError


@click.group(
    cls=Commands,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="dtrack")
@click.option("-v", "--verbose", count=True, help="Say more: -v what is done, -vv SPARQL too.")
@click.pass_context
def cli(context: click.Context, verbose: int) -> None:
    """Track what environmental conventions decide, and where their decisions overlap.

    Start with `dtrack init`, which loads the bundled data into ./var, then
    ask: `dtrack overlap cbd ramsar`, `dtrack gaps aichi`, `dtrack query`.

    Exit codes: 0 fine; 1 does not conform, differs, or not found; 2 usage or
    bad input; 3 store or server trouble.
    """
    log_of_a_command(verbose)
    context.obj = Session()


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit with its code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Exit code of one run; errors are told on standard error, in one line each."""
    try:
        result = cli.main(args=arguments, prog_name="dtrack", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except DtrackError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0
