"""Command ``extract``: what a decision or paper says, before anything is imported."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import click

from dtrack.cli.context import Session, command_options, pass_session
from dtrack.errors import InputError, Place
from dtrack.extraction.as_json import as_json
from dtrack.extraction.documents import read_document
from dtrack.extraction.outline import outline
from dtrack.extraction.papers import bundled_paper_words
from dtrack.sources.documents import read_file
from dtrack.stores.parsing import parse_turtle


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@command_options
@pass_session
def extract(session: Session, file: Path) -> None:
    """Show what a decision, a session's volume, or a paper says.

    FILE is text, Word (.docx), PDF or HTML. Printed are the decisions in it
    with their paragraphs, verbs, addressees, deadlines, citations and targets,
    whether the table of contents accounts for them, and each line that no rule
    understood. Options papers, consensus documents, statements and position
    papers are told by their head: printed are their options and actions, points
    and calls, measures, commitments, claims and figures. Nothing is imported.
    """
    started = time.monotonic()
    lines = read_file(file)
    with session.progress() as progress:
        extraction = read_document(lines, bundled_paper_words(parse_turtle), progress)
    if not extraction.texts:
        raise InputError(
            "This document holds no decision, resolution, options paper, consensus or statement.",
            remedy="A text begins with its symbol, such as 'Decision 15/4' or 'XII/19. Title'.",
            place=Place(file.name),
        )
    if session.json:
        session.give(as_json(extraction))
        return
    for line in outline(extraction):
        session.say(line)
    seconds = time.monotonic() - started
    session.say(f"{seconds:.1f} seconds, {megabytes()} MB of memory.")


def megabytes() -> int:
    """Most memory that this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)
