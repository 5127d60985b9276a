"""The story of a proposal: written, checked, reviewed by somebody else, published as one revision.

Every act is an event in the journal. Nothing of a proposal is in the store
before it is published, and publishing goes the way of every write.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dtrack.curate.acts import Agent, allow, contributors
from dtrack.curate.candidates import Candidate, Selection, decided, must_be_decided
from dtrack.curate.checking import check, refuse_written_by_dtrack
from dtrack.curate.noting import noted
from dtrack.curate.proposed import (
    Content,
    Draft,
    View,
    brought,
    check_named,
    conflict_error,
    iri_of,
    is_open,
    read_contents,
    said,
    title_of,
    view,
    worded,
)
from dtrack.errors import (
    ConflictError,
    InputError,
    NotConformingError,
    NotFoundError,
    RefusedError,
)
from dtrack.journal.proposals import Event, Proposal, Proposals, Step
from dtrack.model import Edit, Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.curate.merging import Choices, Conflict
    from dtrack.curate.writing import Curator
    from dtrack.model import Report, Writer

SOURCE = "curation"
"""Source that graphs first proposed here belong to, unless another is named."""


class Proposing:
    """Proposals of one home. ``writer`` is the way in, by default the curator itself."""

    def __init__(
        self, curator: Curator, writer: Writer | None = None, *, review_by_author: bool = False
    ) -> None:
        self.curator = curator
        self._writer = writer or curator
        self._review_by_author = review_by_author
        self.journal = curator.journal
        self.proposals = Proposals(curator.journal)

    @noted("propose")
    def propose(
        self,
        agent: Agent,
        title: str,
        graphs: Mapping[str, bytes | None],
        *,
        text: str = "",
        source: str = SOURCE,
    ) -> Draft:
        """A new draft of graphs as they are to be (None = withdrawn), and the gate's report.

        Raises RefusedError, InputError when nothing would change, NotFoundError
        for the withdrawal of what is not there.
        """
        allow("propose", agent)
        wanted = self._wanted(graphs)
        if not wanted:
            raise InputError(
                "The proposal would change nothing: all of it is published already.",
                remedy="Hand in graphs that differ from those in the store.",
            )
        report = check(self.curator, wanted)
        event = Event("propose", agent.name, worded(text))
        return Draft(self.proposals.create(title_of(title), source, event, wanted), report)

    @noted("edit")
    def edit(
        self,
        number: int,
        agent: Agent,
        graphs: Mapping[str, bytes | None],
        *,
        drop: tuple[str, ...] = (),
        title: str | None = None,
        text: str = "",
        version: int | None = None,
    ) -> Draft:
        """A draft with some graphs handed in again, added or dropped.

        They are written against what is published now, so this settles conflicts.
        """
        proposal = self._looked_at(number, version)
        allow("edit", agent, proposal)
        if not (graphs or drop or title):
            raise InputError("The edit changes nothing.", remedy="Hand in a graph, or comment.")
        wanted = self._wanted(graphs)
        kept = {item.graph for item in self.proposals.graphs(number)}
        for graph in drop:
            if graph not in kept:
                raise NotFoundError(f"Proposal {number} has no graph <{graph}>.")
        # What is handed in as it is published is no change any more.
        gone = sorted({*drop, *(kept & (set(graphs) - set(wanted)))})
        if not (kept - set(gone)) | set(wanted):
            raise InputError("Nothing would be left of the proposal.", remedy="Reject it instead.")
        named = "\n".join([*sorted(wanted), *(f"without {graph}" for graph in gone)])
        step = Step(
            [Event("edit", agent.name, worded(text) or named)],
            title=None if title is None else title_of(title),
            graphs=wanted,
            dropped=gone,
        )
        return self._checked(self.proposals.take(number, step, proposal.version))

    @noted("submit")
    def submit(self, number: int, agent: Agent, version: int | None = None) -> Draft:
        """Hand a draft to the reviewers. Raises NotConformingError with the report."""
        proposal = self._looked_at(number, version)
        act = allow("submit", agent, proposal)
        report = self._conforming(number, self._graphs(number))
        step = Step([Event("submit", agent.name)], state=act.after)
        return Draft(self.proposals.take(number, step, proposal.version), report)

    @noted("comment")
    def comment(self, number: int, agent: Agent, text: str, about: str | None = None) -> Proposal:
        """Add a comment, about an IRI where one is given."""
        allow("comment", agent, self.proposals.get(number))
        event = Event("comment", agent.name, said(text, "comment"), iri_of(about))
        return self.proposals.take(number, Step([event]))

    @noted("request-changes")
    def request_changes(
        self, number: int, agent: Agent, text: str, version: int | None = None
    ) -> Proposal:
        """Give a proposal back to its author, and say what to change."""
        return self._judge("request-changes", number, agent, said(text, "request"), version)

    @noted("reject")
    def reject(self, number: int, agent: Agent, text: str, version: int | None = None) -> Proposal:
        """End a proposal without publishing it, and say why."""
        return self._judge("reject", number, agent, said(text, "rejection"), version)

    @noted("approve")
    def approve(
        self, number: int, agent: Agent, text: str = "", version: int | None = None
    ) -> Proposal:
        """Approve what somebody else has written.

        Raises RefusedError for who contributed to it, InputError while mappings
        that only a machine has seen wait for a decision.
        """
        proposal = self._looked_at(number, version)
        allow("approve", agent, proposal)
        wrote = contributors(self.proposals.events(number))
        if agent.name in wrote and not self._review_by_author:
            raise RefusedError(
                f"{agent.name} has contributed to proposal {number}, and so cannot approve it.",
                remedy="Ask somebody else; DTRACK_REVIEW_BY_AUTHOR=yes is for who works alone.",
            )
        if waiting := must_be_decided(self.candidates(number)):
            raise InputError(
                f"{len(waiting)} mappings wait for a decision, such as <{waiting[0].iri}>.",
                remedy=f"Accept or refuse them: `dtrack review {number} --accept-above 0.8 …`.",
            )
        return self._judge("approve", number, agent, text, proposal.version)

    def _judge(
        self, act: str, number: int, agent: Agent, text: str, version: int | None
    ) -> Proposal:
        proposal = self._looked_at(number, version)
        after = allow(act, agent, proposal).after
        step = Step([Event(act, agent.name, worded(text))], state=after)
        return self.proposals.take(number, step, proposal.version)

    @noted("decide")
    def decide(
        self, number: int, agent: Agent, selection: Selection, version: int | None = None
    ) -> list[Candidate]:
        """Accept and refuse candidates; those that were decided on, as they are now.

        Raises NotFoundError for a named one that is none, NotConformingError
        when what was submitted would no longer conform.
        """
        proposal = self._looked_at(number, version)
        allow("decide", agent, proposal)
        contents = self.contents(number)
        found = brought(contents)
        check_named(number, selection, {candidate.iri for candidate in found})
        verdicts: dict[str, dict[str, bool]] = {}
        events: list[Event] = []
        for candidate in found:
            verdict = selection.verdict(candidate)
            if verdict is not None:
                verdicts.setdefault(candidate.graph, {})[candidate.iri] = verdict
                what = f"{candidate.method}, confidence {candidate.confidence:g}"
                act = "accept" if verdict else "refuse"
                events.append(Event(act, agent.name, what, candidate.iri))
        if not events:
            return []
        by_graph = {item.graph: item for item in contents}
        graphs: dict[str, bytes | None] = {
            graph: decided(by_graph[graph].ours or b"", chosen)
            for graph, chosen in verdicts.items()
        }
        if proposal.state == "submitted":
            self._conforming(number, {**self._graphs(number), **graphs})
        bases = {graph: by_graph[graph].proposed.base for graph in graphs}
        self.proposals.take(number, Step(events, graphs=graphs, bases=bases), proposal.version)
        return [
            replace(candidate, state="accepted" if verdict else "refused")
            for candidate in found
            if (verdict := verdicts.get(candidate.graph, {}).get(candidate.iri)) is not None
        ]

    @noted("rebase")
    def rebase(
        self,
        number: int,
        agent: Agent,
        choices: Choices | None = None,
        version: int | None = None,
    ) -> Draft:
        """Bring what others have published meanwhile into a proposal.

        ``choices`` says for conflicts by name, for graphs or for "*", all, whose triples
        stand where both changed the same. Raises ConflictError with the conflicts that
        nothing is chosen for, triple by triple.
        """
        proposal = self._looked_at(number, version)
        allow("rebase", agent, proposal)
        moved = [item for item in self.contents(number) if item.moved]
        if not moved:
            return self._checked(proposal)
        wanted = choices or {}
        graphs: dict[str, bytes | None] = {}
        settled: list[str] = []
        open_: list[Conflict] = []
        for item in moved:
            graph = item.graph
            merged = item.merge(wanted)
            graphs[graph] = merged.content
            open_ += [each for each in merged.conflicts if each.chosen(wanted) is None]
            chosen = Counter(filter(None, (each.chosen(wanted) for each in merged.conflicts)))
            settled += [f"{graph}: {side} in {n} conflicts" for side, n in sorted(chosen.items())]
        if open_:
            raise conflict_error(number, open_)
        step = Step(
            [Event("resolve" if settled else "rebase", agent.name, "\n".join(settled))],
            state="submitted" if proposal.state == "approved" else None,
            graphs=graphs,
            bases={item.graph: item.head for item in moved},
            rebased=True,
        )
        return self._checked(self.proposals.take(number, step, proposal.version))

    @noted("publish")
    def publish(self, number: int, agent: Agent, version: int | None = None) -> Receipt:
        """Make an approved proposal one revision.

        Raises ConflictError when others have changed its graphs meanwhile,
        NotConformingError with the report; then nothing is stored.
        """
        proposal = self._looked_at(number, version)
        act = allow("publish", agent, proposal)
        contents = self.contents(number)
        known = self._already_there(contents)
        receipt = known or self._write(proposal, agent, contents)
        revision = receipt.revision
        step = Step(
            [Event("publish", agent.name, f"revision {revision}")],
            state=act.after,
            revision=revision,
        )
        try:
            self.proposals.take(number, step, proposal.version)
        except ConflictError:
            if known:
                raise
            # What was just written is published, whatever was said to it meanwhile.
            if self.proposals.get(number).state != act.after:
                self.proposals.take(number, step)
        return receipt

    def _write(self, proposal: Proposal, agent: Agent, contents: list[Content]) -> Receipt:
        conflicts = [c for item in contents if item.moved for c in item.merge().conflicts]
        remedy = f"Bring that in: `dtrack rebase {proposal.number}`; then it is approved again."
        if any(item.moved for item in contents):
            raise ConflictError(
                "Others have changed what the proposal changes, since it was written.",
                remedy=remedy,
                difference="\n".join(map(str, conflicts)),
            )
        edit = Edit(
            {item.graph: item.ours for item in contents},
            agent=agent.name,
            reason=f"{proposal.title} (proposal {proposal.number})",
            source=proposal.source,
            door="proposal",
            expected={item.graph: item.proposed.base for item in contents},
        )
        try:
            return self._writer.write(edit)
        except ConflictError as error:
            raise ConflictError(error.message, remedy=remedy) from error

    def _already_there(self, contents: list[Content]) -> Receipt | None:
        """Receipt of a revision that says all the proposal does.

        A process killed between the revision and the note that it was made leaves
        an approved proposal whose graphs are published already.
        """
        if any(item.head != item.proposed.digest for item in contents):
            return None
        graphs = tuple(item.graph for item in contents)
        journal = self.journal
        last = max(journal.versions(graph)[-1].facts.number for graph in graphs)
        return Receipt(last, graphs, None)

    def view(self, number: int) -> View:
        """All there is to see of a proposal: what it changes, what stands against it, its story."""
        proposal = self.proposals.get(number)
        report = check(self.curator, self._graphs(number)) if is_open(proposal) else None
        return view(proposal, self.contents(number), self.proposals.events(number), report)

    def candidates(self, number: int) -> list[Candidate]:
        """Taggings and mappings that a proposal brings or changes."""
        self.proposals.get(number)
        return brought(self.contents(number))

    def contents(self, number: int) -> list[Content]:
        """The graphs of a proposal with all three versions of each."""
        return read_contents(self.journal, self.proposals.graphs(number))

    def _graphs(self, number: int) -> dict[str, bytes | None]:
        return {item.graph: item.ours for item in self.contents(number)}

    def _checked(self, proposal: Proposal) -> Draft:
        return Draft(proposal, check(self.curator, self._graphs(proposal.number)))

    def _conforming(self, number: int, graphs: Mapping[str, bytes | None]) -> Report:
        """Report on graphs that conform. Raises NotConformingError."""
        report = check(self.curator, graphs)
        if not report.conforms:
            raise NotConformingError(
                f"Proposal {number} does not conform to the shapes.",
                report,
                remedy="Mend what the report names, hand the graph in again, and submit.",
            )
        return report

    def _looked_at(self, number: int, version: int | None) -> Proposal:
        """A proposal as the caller knows it. Raises ConflictError."""
        proposal = self.proposals.get(number)
        if version is not None and version != proposal.version:
            raise ConflictError(
                f"Something happened to proposal {number} since you looked at it.",
                remedy=f"Look at it again: `dtrack proposal {number}`.",
            )
        return proposal

    def _wanted(self, graphs: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
        """Graphs as they are to be, those left out that are so already."""
        refuse_written_by_dtrack(graphs)
        for graph in graphs:
            iri_of(graph)
        heads = self.journal.heads(list(graphs))
        for graph, content in graphs.items():
            if not content and graph not in heads:
                raise NotFoundError(
                    f"There is no graph <{graph}> to withdraw.",
                    remedy="`dtrack query changes_since` lists the records with their graphs.",
                )
        held = dict(self.journal.contents([head.digest for head in heads.values()]))
        now = {graph: held[head.digest] for graph, head in heads.items()}
        return {g: c or None for g, c in graphs.items() if (c or None) != now.get(g)}
