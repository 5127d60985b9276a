"""Values that travel between the layers, and the protocols that rooms fulfil.

Terms are plain and engine-free: an IRI, or a literal with datatype and
language. No blank nodes travel: they are skolemised on entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, runtime_checkable

from dtrack.terms import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dtrack.hearing import Listener, Told


class Iri(str):
    """An absolute IRI."""

    __slots__ = ()


class Literal(NamedTuple):
    """An RDF literal: lexical form, datatype IRI, lower-case language tag or ""."""

    lexical: str
    datatype: str = f"{XSD}string"
    language: str = ""


Term = Iri | Literal


def text_literal(lexical: str, language: str) -> Literal:
    """Language-tagged literal."""
    return Literal(lexical, f"{RDF}langString", language.lower())


Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Solutions of a SELECT query, in the engine's order; None = unbound."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        """Each row as a mapping of column to term."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def texts(self) -> Iterator[dict[str, str]]:
        """Each row as plain text: IRIs and lexical forms, "" for unbound."""
        for row in self.rows:
            yield dict(zip(self.columns, (plain(term) for term in row), strict=True))


def plain(term: Term | None) -> str:
    """IRI or lexical form; "" for unbound."""
    if term is None:
        return ""
    return term.lexical if isinstance(term, Literal) else str(term)


class ResultKind(StrEnum):
    """What a SPARQL query gives."""

    SOLUTIONS = "solutions"
    BOOLEAN = "boolean"
    GRAPH = "graph"


class Serialised(NamedTuple):
    """An answer in a media type, ready to send."""

    kind: ResultKind
    media_type: str
    body: bytes
    size: int
    """Rows or triples in it; 1 for a boolean."""


@dataclass(frozen=True, slots=True)
class Record:
    """One named graph as read from a file: canonical form is sorted N-Triples.

    ``place`` names the file for messages.
    """

    graph: str
    ntriples: bytes
    place: str

    @property
    def size(self) -> int:
        """Number of triples."""
        return self.ntriples.count(b"\n")


@dataclass(frozen=True, slots=True)
class Revision:
    """What to change: graph IRI → N-Triples of its new content, or None to withdraw it."""

    number: int
    changes: Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change somebody wants: graph IRI → canonical N-Triples, or None to withdraw it.

    ``source`` is the feed, file or desk that the graphs belong to, ``door`` the
    way the edit came (cli, update, graphs, proposal, import). ``expected`` maps
    a graph to the digest that it must have now; None = it must not exist.
    ``origins`` names, for graphs that another node or service told, the version
    there (an IRI) and its time (UTC text).
    """

    changes: Mapping[str, bytes | None]
    agent: str
    reason: str
    source: str
    door: str = "cli"
    expected: Mapping[str, str | None] = field(default_factory=dict)
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an edit has become.

    ``revision`` is None when nothing was different; ``changed`` are the graphs
    that now read otherwise.
    """

    revision: int | None
    changed: tuple[str, ...]
    report: Report | None
    milliseconds: Mapping[str, int] = field(default_factory=dict)
    """What each phase took: draft, gate, derive, seal, journal, switch."""


class Severity(StrEnum):
    """How grave a finding is: SHACL's three."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a validation report.

    ``messages`` maps a language tag to a sentence a curator can act on.
    """

    severity: Severity
    focus: str
    shape: str
    component: str
    path: str = ""
    value: str = ""
    messages: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    def message(self, language: str = "en") -> str:
        """Message in a language, else English, else any."""
        for tag in (language, "en", ""):
            if tag in self.messages:
                return self.messages[tag]
        return next(iter(self.messages.values()), "")


@dataclass(frozen=True, slots=True)
class Report:
    """A SHACL validation report; ``turtle`` is it as RDF.

    ``by_reference`` says which shapes the compiled engine left to pySHACL, and why.
    """

    findings: tuple[Finding, ...]
    focus_nodes: int
    shapes: int
    turtle: str = ""
    by_reference: tuple[str, ...] = ()

    @property
    def conforms(self) -> bool:
        """True when nothing is a violation (SHACL's own flag counts every result)."""
        return all(f.severity is not Severity.VIOLATION for f in self.findings)


class Evidence(NamedTuple):
    """Words that point at a target or theme: from ``start`` to ``end`` of a title or text."""

    words: str
    start: int
    end: int
    where: str = "text"


@dataclass(frozen=True, slots=True)
class TagCandidate:
    """A target or theme that something may be about; ``tag`` is its key, as ``aichi-11``."""

    tag: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


Changed = Mapping[str, tuple[bytes, bytes]]
"""Graph IRI → its N-Triples before and after a change; empty where there was or is none."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


def no_progress(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def at_once() -> None:
    """Wait for nothing."""


@runtime_checkable
class Store(Protocol):
    """A quad store. The default graph of queries is the union of all graphs."""

    def select(self, query: str) -> Rows:
        """Solutions. Raises QueryError with line and column, StoreError."""
        ...

    def ask(self, query: str) -> bool:
        """Answer of an ASK query."""
        ...

    def construct(self, query: str) -> bytes:
        """N-Triples of a CONSTRUCT or DESCRIBE query, sorted, without doubles."""
        ...

    def serialise(self, query: str, accept: str) -> Serialised:
        """Any query's answer in the media type ``accept`` (or the kind's default)."""
        ...

    def apply(self, revision: Revision) -> None:
        """Replace whole graphs in one transaction; applying twice changes nothing."""
        ...

    def patch(self, graph: str, removed: Iterable[bytes], added: Iterable[bytes]) -> None:
        """Take lines of N-Triples out of one graph and put others in."""
        ...

    def load(self, records: Iterable[Record], progress: Progress = no_progress) -> int:
        """Bulk-load records into an empty store; number of triples loaded."""
        ...

    def put_together(self, progress: Progress = no_progress) -> None:
        """Put together what a large load has left apart: what is read then repays it."""
        ...

    def told(self) -> Told | None:
        """What it was told while it was loaded, where that is still all that it holds."""
        ...

    def foretell(self, added: Iterable[bytes]) -> None:
        """Let lines of N-Triples be heard already that are to be put in by patch()."""
        ...

    def listener(self) -> Listener | None:
        """Who listened while it was loaded, where that is still all that it holds."""
        ...

    def graphs(self) -> tuple[str, ...]:
        """IRIs of all named graphs, sorted."""
        ...

    def graph(self, iri: str) -> bytes:
        """Canonical N-Triples of one graph; empty when there is none."""
        ...

    def dump(self) -> bytes:
        """All quads as sorted N-Quads."""
        ...

    def close(self) -> None:
        """Let go of files and locks."""
        ...


class Writer(Protocol):
    """The one way into the store: gate, journal, store, derived data, in this order."""

    def write(self, edit: Edit) -> Receipt:
        """Make an edit a revision, whole or not at all.

        Raises NotConformingError with the report, ConflictError, StoreLockedError,
        JournalError, StoreError.
        """
        ...


Kept = TypeVar("Kept", covariant=True)


class Projection(Protocol[Kept]):
    """What is computed from a store and lies beside it: an index.

    Each store has its own, in a folder in its folder, so that both become current
    in one step and go together. ``build`` and ``update`` write into a folder that
    exists and is empty, and give the same.
    """

    @property
    def name(self) -> str:
        """Name of its folder."""
        ...

    def build(
        self,
        store: Store,
        folder: Path,
        progress: Progress = no_progress,
        derived: Callable[[], None] = at_once,
    ) -> None:
        """Compute it from what a store holds.

        ``derived`` returns as soon as the store holds what follows by rules too, and
        raises when it never will; so much may be done before.
        """
        ...

    def update(self, store: Store, changed: Changed, former: Path, folder: Path) -> None:
        """Compute it after a change of the store from what it was before, in ``former``."""
        ...

    def open(self, folder: Path) -> Kept:
        """It, ready to be asked. Raises StoreError where it is missing, damaged or outdated."""
        ...

    def check(self, store: Store, folder: Path) -> list[str]:
        """What is wrong with it, in sentences; empty when it is what the store says."""
        ...


class Source(Protocol):
    """A reader: bytes of some kind to records."""

    def read(self, progress: Progress = no_progress) -> Iterable[Record]:
        """Records, each a whole named graph. Raises SyntaxProblem with place and remedy."""
        ...


class Tagger(Protocol):
    """Something that says what a text may be about.

    The built-in one reads words; one with a model can stand in its place.
    """

    @property
    def method(self) -> str:
        """Key of its method among the tagging methods."""
        ...

    @property
    def author(self) -> str:
        """Its name and version, written beside each candidate."""
        ...

    def tags(self, text: str, language: str, title: str = "") -> list[TagCandidate]:
        """Candidates, surest first."""
        ...
