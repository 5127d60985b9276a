"""Proposals on a terminal: lists, what they change, their story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dtrack.cli.reports import report_text
from dtrack.terms import compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.curate.candidates import Candidate
    from dtrack.curate.merging import Difference
    from dtrack.curate.proposed import Draft, View
    from dtrack.journal.proposals import Event, Proposal

MOST_LINES = 400
"""Changed triples of a graph that are printed."""

_NEXT = {
    "draft": "`dtrack submit {n}` hands it to the reviewers.",
    "submitted": "`dtrack review {n}` is for somebody who did not write it.",
    "changes-requested": "`dtrack propose FILE --into {n}`, then `dtrack submit {n}`.",
    "approved": "`dtrack publish {n}` makes it a revision.",
}


def shown(text: str) -> str:
    """Text of strangers without what could steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def draft_text(draft: Draft, language: str) -> str:
    """Proposal after an act, with what the shapes say and what comes next."""
    proposal = draft.proposal
    lines = [f"Proposal {proposal.number} is {proposal.state}: {proposal.title}"]
    lines.append(report_text(draft.report, language, most=20))
    if not draft.report.conforms:
        lines.append(f"Mend that, and hand it in again: `dtrack propose FILE --into "
                     f"{proposal.number}`.")  # fmt: skip
    elif proposal.state in _NEXT:
        lines.append(_NEXT[proposal.state].format(n=proposal.number))
    return shown("\n".join(lines))


def proposals_table(proposals: Sequence[Proposal]) -> Table:
    """List of proposals."""
    table = Table(show_edge=False, pad_edge=False)
    for column in ("number", "state", "author", "updated", "revision", "title"):
        table.add_column(column, overflow="fold")
    for item in proposals:
        revision = "" if item.revision is None else str(item.revision)
        cells = (str(item.number), item.state, item.author, item.updated[:16], revision, item.title)
        table.add_row(*(Text(shown(cell)) for cell in cells))
    return table


def candidates_table(candidates: Sequence[Candidate]) -> Table:
    """Taggings and mappings that wait for, or have had, a decision."""
    table = Table(show_edge=False, pad_edge=False, title="Candidates", title_justify="left")
    for column in ("state", "confidence", "method", "subject", "target", "IRI"):
        table.add_column(column, overflow="fold")
    for item in candidates:
        cells = (item.state, f"{item.confidence:g}", item.method, compact(item.subject),
                 compact(item.target), item.iri)  # fmt: skip
        table.add_row(*(Text(shown(cell)) for cell in cells))
    return table


def view_text(view: View, language: str) -> str:
    """All there is to see of a proposal but its candidates."""
    return shown("\n".join(_lines(view, language)))


def _lines(view: View, language: str) -> Iterator[str]:
    proposal = view.proposal
    yield f"Proposal {proposal.number}: {proposal.title}"
    became = "" if proposal.revision is None else f", now revision {proposal.revision}"
    yield f"{proposal.state}{became}; by {proposal.author}, on revision {proposal.base}"
    for difference in view.differences:
        yield from _difference_lines(difference)
    if view.moved:
        yield f"\nOthers have changed since: {', '.join(view.moved)}"
        yield f"`dtrack rebase {proposal.number}` brings that in."
    for conflict in view.conflicts:
        yield f"\nConflict in {conflict}"
    if view.report is not None:
        yield f"\n{report_text(view.report, language, most=20)}"
    yield ""
    yield from map(_event_line, view.events)


def _difference_lines(difference: Difference) -> Iterator[str]:
    what = " is withdrawn" if difference.withdrawn else ""
    yield f"\n{difference.graph}{what}"
    changed = [f"  - {line}" for line in difference.removed]
    changed += [f"  + {line}" for line in difference.added]
    yield from changed[:MOST_LINES]
    if len(changed) > MOST_LINES:
        yield f"  … and {len(changed) - MOST_LINES} more (--json)"


def _event_line(event: Event) -> str:
    about = f" <{event.about}>" if event.about else ""
    text = f": {event.text}" if event.text else ""
    return f"{event.at[:16]} {event.agent} {event.act}{about}{text}"
