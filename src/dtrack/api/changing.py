"""Changes that come as SPARQL updates and as graphs: to edits, and to the one way in.

What an update removes and adds is computed before anything is stored; then it
passes gate and journal like any edit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from dtrack.digests import graph_digest
from dtrack.errors import ConflictError, NotFoundError, ParameterError, RefusedError
from dtrack.model import Edit, Receipt
from dtrack.stores.plain import Change
from dtrack.stores.readers import Upload
from dtrack.stores.turns import Caller
from dtrack.stores.updating import UpdateText, refuse_protected
from dtrack.wiring.serving import Service

T = TypeVar("T")

_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change has become.

    ``existed`` says whether the graph was there before, ``digest`` is its new one
    (None = it is gone).
    """

    revision: int | None
    existed: bool = True
    digest: str | None = None


Condition = Callable[[str | None], object]
"""Called with the digest of a graph (None = there is none); raises ConflictError."""


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What is to become of a graph, None being the default one.

    ``uploads`` are read against ``base``; ``condition`` is what must hold of the
    graph before.
    """

    graph: str | None
    change: Change
    uploads: Sequence[Upload]
    base: str
    condition: Condition | None = None


class Changes(Protocol):
    """The ways to change a dataset over SPARQL's protocols."""

    def update(self, update: UpdateText, author: Author, caller: Caller) -> Changed:
        """Run an update, whole or not at all."""
        ...

    def change_graph(self, wanted: GraphChange, author: Author, caller: Caller) -> Changed:
        """Replace, add to or remove a graph."""
        ...


class GatedChanges:
    """Changes of the records, by revisions. Fulfils Changes."""

    def __init__(self, current: Callable[[], Service]) -> None:
        self._current = current

    def update(self, update: UpdateText, author: Author, caller: Caller) -> Changed:
        """Run an update on what is there now; again when others write meanwhile."""

        def attempt() -> Changed:
            service = self._current()
            found = service.readers.effects(update, caller)
            if not found.changes:
                return Changed(None)
            receipt = _write(service, found.changes, found.before, author, "update")
            return Changed(receipt.revision)

        return _insisting(attempt)

    def change_graph(self, wanted: GraphChange, author: Author, caller: Caller) -> Changed:
        """Replace, add to or withdraw the graph of a record."""
        graph, change, condition = wanted.graph, wanted.change, wanted.condition
        if graph is None:
            raise RefusedError(
                "The default graph is the union of all records, and is not written to.",
                remedy="Name the graph of a record: ?graph=…",
            )
        refuse_protected(graph)
        uploaded = b""
        if change is not Change.REMOVE:
            uploaded = self._current().readers.read(wanted.uploads, wanted.base, caller)
        if change is not Change.REMOVE and not uploaded:
            raise ParameterError(
                "There are no triples, and an empty graph is none.",
                remedy="DELETE withdraws a graph.",
            )

        def attempt() -> Changed:
            service = self._current()
            content, digest = service.readers.content(graph, caller)
            if condition:
                condition(digest)
            after = _after(graph, change, content, digest, uploaded)
            depends = condition is not None or change is Change.ADD
            expected = {graph: digest} if depends else {}
            receipt = _write(service, {graph: after}, expected, author, "graphs")
            new = None if after is None else graph_digest(after)
            return Changed(receipt.revision, digest is not None, new)

        return _insisting(attempt)


def _after(
    graph: str, change: Change, content: bytes, digest: str | None, uploaded: bytes
) -> bytes | None:
    """New content of a graph. Raises NotFoundError when there is none to withdraw."""
    if change is Change.REMOVE:
        if digest is None:
            raise NotFoundError(f"There is no graph <{graph}>.", remedy="Check its IRI.")
        return None
    if change is Change.REPLACE:
        return uploaded
    lines = {*content.splitlines(keepends=True), *uploaded.splitlines(keepends=True)}
    return b"".join(sorted(lines))


def _write(
    service: Service,
    changes: Mapping[str, bytes | None],
    expected: Mapping[str, str | None],
    author: Author,
    door: str,
) -> Receipt:
    return service.writer.write(
        Edit(changes, author.name, author.reason, f"desk/{author.name}", door, expected)
    )


def _insisting(attempt: Callable[[], T]) -> T:
    """What an attempt gives, made again on newer data when others have written meanwhile."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return attempt()
        except ConflictError:
            continue
    return attempt()
