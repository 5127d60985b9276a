"""Command ``tag``: targets and themes that records may be about, shown or proposed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.table import Table

from dtrack.cli.acting import agent_of
from dtrack.cli.context import Session, agent_option, command_options, pass_session
from dtrack.cli.proposals import draft_text
from dtrack.curate.candidates import Selection
from dtrack.curate.proposing import SOURCE, Proposing
from dtrack.curate.tagging import decide_held, tag_graphs
from dtrack.errors import InputError
from dtrack.extraction.tagging import LexicalTagger, bundled_themes
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DERIVED_GRAPH, HISTORY_GRAPHS
from dtrack.wiring.reading import graphs_in, open_answers
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from dtrack.answer.answers import Answers
    from dtrack.curate.tagging import Found
    from dtrack.curate.writing import Curator

_SHOWN = 200


@click.command()
@click.argument("names", nargs=-1, metavar="[GRAPH|SYMBOL…]")
@click.option("--source", help="All records that this source has brought.")
@click.option("--all", "everything", is_flag=True, help="All records.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.4,
    show_default=True,
    help="Leave out candidates below this confidence.",
)
@click.option("--propose", is_flag=True, help="Make a proposal of them, to be reviewed.")
@click.option("--accept", multiple=True, metavar="IRI", help="Propose to accept this tagging.")
@click.option("--refuse", multiple=True, metavar="IRI", help="Propose to refuse this tagging.")
@click.option("--accept-above", type=float, metavar="X", help="Accept those from confidence X on.")
@click.option("--refuse-below", type=float, metavar="X", help="Refuse those below confidence X.")
@agent_option
@command_options
@pass_session
def tag(
    session: Session,
    /,
    names: tuple[str, ...],
    source: str | None,
    everything: bool,
    min_confidence: float,
    propose: bool,
    **selected: object,
) -> None:
    r"""Find targets and themes that records may be about, by their words.

    Records are named by graph, by the IRI of a thing in them, or by symbol. What
    a thing is tagged with already, accepted or refused, is not found again.
    Nothing changes; with --propose the candidates become a proposal. To accept
    and refuse makes one too, of taggings that wait in the records already (an
    import brings them) and of new ones.

    \b
    dtrack tag XII/19 'Resolution 11.10'
    dtrack tag --source "COP 21" --min-confidence 0.6 --propose
    dtrack review 3 --accept-above 0.8 --refuse-below 0.3 --method lexical
    dtrack tag --source "COP 21" --accept-above 0.8 --refuse-below 0.2
    """
    if not (names or source or everything):
        raise click.UsageError("Name graphs or symbols, a --source, or --all.")
    selection = Selection(**selected)  # type: ignore[arg-type]
    tagger = LexicalTagger(bundled_themes(parse_turtle), min_confidence)
    with open_curator(session.settings, begun=True) as curator, session.progress() as progress:
        with open_answers(session.settings) as answers:
            wanted = _graphs(answers, curator, names, source, everything=everything)
            contents = {graph: answers.store.graph(graph) for graph in wanted}
        changed, found = tag_graphs(contents, tagger, min_confidence, curator.base, progress)
        title = f"{len(found)} candidates for tags in {len(changed)} records"
        if selection != Selection():
            held = contents | changed
            changed = (changed if propose else {}) | decide_held(held, selection)
            title = f"Taggings decided in {len(changed)} records"
        draft = None
        if propose or selection != Selection():
            if not changed:
                raise InputError("There is nothing to propose.", remedy="Lower --min-confidence.")
            desk = Proposing(curator, review_by_author=session.settings.review_by_author)
            agent = agent_of(session, curator.journal)
            draft = desk.propose(agent, title, changed, source=SOURCE)
    if session.json:
        number = draft.proposal.number if draft is not None else None
        session.give(
            {"records": len(contents), "proposal": number, "found": [asdict(f) for f in found]}
        )
        return
    _tell(session, found, len(contents))
    if draft is not None:
        session.say(draft_text(draft, session.settings.language))


def _graphs(
    answers: Answers,
    curator: Curator,
    names: tuple[str, ...],
    source: str | None,
    *,
    everything: bool,
) -> list[str]:
    """Graphs that are named. Raises NotFoundError, ParameterError."""
    known = set(answers.store.graphs())
    found: list[str] = []
    for name in names:
        if name in known:
            found.append(name)
            continue
        is_iri = name.startswith(("http://", "https://"))
        iri = name if is_iri else answers.names.resolve(name)[0].iri
        found += graphs_in(answers.store, iri)
    if source is not None:
        brought = curator.journal.brought(source)
        if not brought:
            raise InputError(
                f"Nothing has been imported from '{source}'.",
                remedy="`dtrack history` shows the names of sources.",
            )
        found += sorted(graph for graph in brought if graph in known)
    if everything:
        own = (DERIVED_GRAPH, HISTORY_GRAPHS)
        found += sorted(graph for graph in known if not graph.startswith(own))
    if not found:
        raise InputError(
            "No record says anything about that.", remedy="`dtrack resolve` shows what is known."
        )
    return list(dict.fromkeys(found))


def _tell(session: Session, found: list[Found], records: int) -> None:
    table = Table("thing", "tag", "confidence", "words")
    for one in found[:_SHOWN]:
        words = ", ".join(dict.fromkeys(one.words))
        table.add_row(one.thing.partition("/id/")[2], one.tag, f"{one.confidence:.2f}", words)
    if found:
        session.console.print(table)
    if len(found) > _SHOWN:
        session.say(f"… and {len(found) - _SHOWN} more (--json has all of them)")
    session.say(f"{len(found)} candidates in {records} records.")
