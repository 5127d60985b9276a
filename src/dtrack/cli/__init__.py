"""The command line: one module per family of commands, one place for errors."""

from dtrack.cli.main import main

__all__ = ["main"]
