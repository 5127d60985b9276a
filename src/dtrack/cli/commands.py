"""All commands by name, each imported only when it is asked for.

Together they import every library there is, which takes longer than most answers.
"""

from __future__ import annotations

from importlib import import_module

import click


class Later(click.Command):
    """Stands for a command in lists: its name, where it is, and the first sentence of its help."""

    def __init__(self, name: str, place: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self._place = place

    def real(self) -> click.Command:
        """The command itself."""
        module, _, function = self._place.partition(".")
        found: click.Command = getattr(import_module(f"dtrack.cli.{module}"), function)
        _let_examples_stand(found)
        return found


def _let_examples_stand(command: click.Command) -> None:
    """Keep the lines of examples apart: click wants a backspace where docstrings say so."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in getattr(command, "commands", {}).values():
        _let_examples_stand(inner)


class Commands(click.Group):
    """Group that lists what stands for its commands, and runs these themselves."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name, command and what is left of the arguments. Raises UsageError."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.real() if isinstance(command, Later) else command, rest


COMMANDS = (
    Later(
        "init",
        "load.init",
        "Load the bundled corpus into the store, checked and with all that is derived.",
    ),
    Later("serve", "server.serve", "Serve pages, the API and a SPARQL endpoint until interrupted."),
    Later(
        "extract",
        "extraction.extract",
        "Show what a decision, a session's volume, or a paper says.",
    ),
    Later(
        "validate",
        "validation.validate",
        "Check records in PATHS against our shapes, or --data against --shapes.",
    ),
    Later("query", "questions.query", "Run a query of the catalogue; without NAME, list them all."),
    Later(
        "sparql", "questions.sparql", 'Answer the SPARQL query in FILE ("-" reads standard input).'
    ),
    Later(
        "resolve",
        "resolving.resolve",
        "Print the IRI that a SYMBOL names, in any spelling and language.",
    ),
    Later(
        "search",
        "searching.search",
        "Find texts, provisions, targets, themes … that hold all words of TEXT, best first.",
    ),
    Later(
        "overlap",
        "overlap.overlap",
        "Show where decisions of instruments A and B overlap, and why.",
    ),
    Later(
        "gaps",
        "overlap.gaps",
        "List targets of FRAMEWORK that instruments have no active operative provision for.",
    ),
    Later(
        "patterns",
        "patterns.patterns",
        "Show what provisions of many instruments have in common, or what hangs on a mapping.",
    ),
    Later(
        "screen",
        "screening.screen",
        "Show what each directive of DRAFT meets in what is recorded, with the evidence.",
    ),
    Later(
        "reason",
        "validation.reason",
        "Ask HermiT whether ontology and data are consistent, and what follows from them.",
    ),
    Later("import", "importing.import_", "Bring records of a source in, checked, as one revision."),
    Later("harvest", "harvesting.harvest", "Read from other nodes and services, again and again."),
    Later("dump", "load.dump", "Write the whole store, or some graphs, as RDF in a stable order."),
    Later(
        "release",
        "load.release",
        "Write a release of all records to a folder of its own below FOLDER.",
    ),
    Later(
        "propose",
        "curation.propose",
        "Propose graphs as they are to be; nothing changes before they are published.",
    ),
    Later("proposals", "curation.proposals", "List proposals, latest first."),
    Later(
        "proposal",
        "curation.proposal",
        "Show proposal NUMBER: what it changes, what the shapes say, and what happened to it.",
    ),
    Later(
        "submit",
        "curation.submit",
        "Hand proposal NUMBER to the reviewers; what does not conform is refused.",
    ),
    Later(
        "review",
        "curation.review",
        "Review proposal NUMBER: comment, accept or refuse its candidates, give a verdict.",
    ),
    Later("publish", "curation.publish", "Make the approved proposal NUMBER one revision."),
    Later(
        "rebase",
        "curation.rebase",
        "Bring what others have published meanwhile into proposal NUMBER.",
    ),
    Later(
        "template",
        "curation.template",
        "Write an empty spreadsheet for KIND, to fill in and hand to `dtrack propose`.",
    ),
    Later(
        "tag", "tagging.tag", "Find targets and themes that records may be about, by their words."
    ),
    Later(
        "history",
        "history.history",
        "List revisions, or show what made THING (an IRI or a symbol) what it is.",
    ),
    Later(
        "diff",
        "history.diff",
        "Show which triples came and left between two revisions, graph by graph.",
    ),
    Later(
        "revert",
        "history.revert",
        "Undo what REVISION did, by a new revision; the history keeps both.",
    ),
    Later(
        "withdraw",
        "history.withdraw",
        "Take graphs, or all of a source, out of publication; `dtrack revert` brings them back.",
    ),
    Later("key", "keys.key", "Make, list and revoke the keys that changes over HTTP need."),
    Later("audit", "keys.audit", "Show who did what, latest first, refused attempts included."),
    Later(
        "backup",
        "upkeep.backup",
        "Write the whole journal to FILE: every revision, proposal, key and audit line.",
    ),
    Later(
        "restore",
        "upkeep.restore",
        "Bring the journal back from the backup FILE, and build the store from it.",
    ),
    Later(
        "rebuild",
        "upkeep.rebuild",
        "Build the store again from the journal alone; the digest must be the same.",
    ),
    Later(
        "doctor",
        "upkeep.doctor",
        "Show what is set and from where, what is installed, and how journal and store are.",
    ),
    Later(
        "bench",
        "bench.bench",
        "Measure how fast dtrack answers, loads and commits, beside other engines.",
    ),
)
