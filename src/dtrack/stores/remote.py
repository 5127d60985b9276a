"""A store on any SPARQL 1.1 server: Oxigraph, Virtuoso, GraphDB, Stardog, Neptune, a cluster.

What queries read by default is the union of all graphs but those of history.
Servers differ in what their own default graph is, so the union is kept as a
graph of its own and named in each request - or, where the server's default
graph is a graph like any other, in that one. Which of both holds is seen from
whether a marker, which lies in a named graph, shows without naming it.

A revision is one request of several operations. Each can be repeated, so one
that was cut off is mended by sending it again; the marker goes last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as engine

from dtrack.errors import QueryError, StoreError, SyntaxProblem
from dtrack.model import Iri, Literal, Rows, Serialised, Term, no_progress
from dtrack.sparql import significant
from dtrack.stores import results
from dtrack.stores.changes import is_shown
from dtrack.stores.datasets import WHOLE, Dataset
from dtrack.stores.guard import check
from dtrack.stores.parsing import parse_turtle, sorted_lines
from dtrack.stores.results import NO_LIMITS, Limits
from dtrack.stores.skolem import GENID
from dtrack.stores.wire import Endpoint, Wire
from dtrack.terms import BASE, HISTORY_GRAPHS, XSD

if TYPE_CHECKING:
    from dtrack.model import Progress, Record, Revision

MARKER: Final = f"{BASE}/graph/marker"
"""Graph that says which revision the store holds."""
UNION: Final = f"{BASE}/graph/union"
"""Graph of the union, on servers whose default graph is made of all graphs."""
_SAYS: Final = f"{BASE}/ontology#appliedRevision"
_JOURNAL: Final = f"{BASE}/ontology#ofJournal"
_BATCH: Final = 1000
"""Most triples in one INSERT DATA: of more than 1400 Virtuoso's compiler makes too much."""
_READINGS: Final = 4
"""How often a graph is read that others write meanwhile."""
_VIRTUOSO_TRUTH: Final = "__ASK_RETVAL"
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True, slots=True)
class Applied:
    """The last revision that a remote store holds whole, and of which journal."""

    revision: int
    journal: str


class RemoteStore:
    """A quad store behind SPARQL endpoints; fulfils dtrack.model.Store. Safe in threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._wire = Wire(endpoint)
        self._union: str | None = None

    def select(self, query: str) -> Rows:
        """Solutions. Raises QueryError, StoreError; the server's own words are in the log."""
        answer = self._json(query)
        if "results" not in answer:
            raise _other_form("SELECT")
        columns = tuple(answer["head"].get("vars", ()))
        bindings = answer["results"]["bindings"]
        return Rows(
            columns,
            tuple(
                tuple(_term(row[name]) if name in row else None for name in columns)
                for row in bindings
            ),
        )

    def ask(self, query: str) -> bool:
        """Answer of an ASK query."""
        answer = self._json(query)
        return _truth(answer)

    def construct(self, query: str) -> bytes:
        """Canonical N-Triples of a CONSTRUCT or DESCRIBE query."""
        return parse_turtle(self._turtle(query), place="remote store")

    def serialise(
        self,
        query: str,
        accept: str,
        limits: Limits = NO_LIMITS,
        dataset: Dataset = WHOLE,
    ) -> Serialised:
        """Any query's answer in the format that an Accept header asks for.

        Raises ResultTooLargeError past the limits, and NotAcceptableError.
        """
        check(query)
        form = form_of(query)
        is_graph = form in {"CONSTRUCT", "DESCRIBE"}
        results.negotiate(accept, results.GRAPH_FORMATS if is_graph else results.SOLUTION_FORMATS)
        body = self._wire.ask(
            query,
            is_graph=is_graph,
            default=dataset.default if dataset.is_named else self._default_graphs(),
            named=dataset.named,
            most_bytes=limits.megabytes << 20,
        )
        if is_graph:
            quads = engine.parse(body, engine.RdfFormat.TURTLE)
            return results.graph((quad.triple for quad in quads), accept, limits)
        if form == "ASK":
            body = json.dumps({"head": {}, "boolean": _truth(json.loads(body))}).encode()
        answer = engine.parse_query_results(body, format=engine.QueryResultsFormat.JSON)
        if isinstance(answer, engine.QueryBoolean):
            return results.boolean(answer, accept)
        return results.solutions(answer, accept, limits)

    def apply(self, revision: Revision) -> None:
        """Replace whole graphs; applying twice changes nothing. Not the marker: see mark()."""
        contents = {
            # Parsed again: nothing but triples may get into the text of an update.
            graph: parse_turtle(content or b"", place=graph).splitlines(keepends=True)
            for graph, content in revision.changes.items()
        }
        operations = [*self._leaving(list(contents)), *self._coming(contents)]
        if operations:
            self._wire.update(" ;\n".join(operations))

    def patch(self, graph: str, removed: Iterable[bytes], added: Iterable[bytes]) -> None:
        """Take lines of canonical N-Triples out of a graph, and put others in.

        The lines must be this graph's alone; what is derived is.
        """
        operations = []
        for verb, lines in (("DELETE DATA", removed), ("INSERT DATA", added)):
            for batch in _batches(list(lines)):
                operations += [
                    f"{verb} {{ {_block(_iri(graph), batch)} }}",
                    f"{verb} {{ {_block(self._union_name(), batch)} }}",
                ]
        if operations:
            self._wire.update(" ;\n".join(operations))

    def load(self, records: Iterable[Record], progress: Progress = no_progress) -> int:
        """Load records into an empty store; number of triples in them."""
        if self.graphs():
            raise StoreError(
                "The remote store is not empty.",
                remedy="Give dtrack a repository of its own, or clear this one.",
            )
        total = len(records) if isinstance(records, Sized) else 0
        triples = done = 0
        sending = _Sending(self._wire)
        for done, record in enumerate(records, 1):
            lines = sorted_lines(record.ntriples).splitlines(keepends=True)
            triples += len(lines)
            for batch in _batches(lines):
                sending.add(_iri(record.graph), batch)
                if is_shown(record.graph):
                    sending.add(self._union_name(), batch)
            progress("loading", done, max(total, done))
        sending.send()
        return triples

    def put_together(self, progress: Progress = no_progress) -> None:
        """Do nothing: the server minds its files."""

    def told(self) -> None:
        """Nothing: what is to be known has to be asked for."""

    def foretell(self, added: Iterable[bytes]) -> None:
        """Do nothing: nobody listens."""

    def listener(self) -> None:
        """Nobody: there is nothing to be heard."""

    def graphs(self) -> tuple[str, ...]:
        """IRIs of all graphs of records, history and what is derived, sorted."""
        rows = self._plain("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        found = {row["g"]["value"] for row in rows}
        return tuple(sorted(g for g in found - {MARKER, UNION} if g.startswith(f"{BASE}/")))

    def graph(self, iri: str) -> bytes:
        """Canonical N-Triples of one graph; empty when there is none.

        Raises StoreError where the server cuts long answers, and where others write the
        graph each time it is read.
        """
        name = _iri(iri)
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}"
        seen: list[tuple[int, int]] = []
        for _ in range(_READINGS):
            size = self._size(name)
            lines = parse_turtle(self._wire.ask(query, is_graph=True), place=iri)
            if (got := lines.count(b"\n")) == size:
                return lines
            seen.append((size, got))
        # Counting and reading are two requests, and somebody may write between them. An
        # answer is cut where it is short of the same count each time.
        size, got = seen[0]
        if got < size and len(set(seen)) == 1:
            raise StoreError(
                "The remote store cuts long answers.",
                remedy="Raise its limit on rows (Virtuoso: ResultSetMaxRows).",
            )
        raise StoreError(
            f"Graph {iri} of the remote store changes while it is read.",
            remedy="Read again when whoever fills the store is done.",
        )

    def _size(self, name: str) -> int:
        (row,) = self._plain(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
        return int(row["n"]["value"])

    def dump(self) -> bytes:
        """All quads as sorted N-Quads."""
        return b"".join(
            sorted(
                line.removesuffix(b".\n") + f"<{name}> .\n".encode()
                for name in self.graphs()
                for line in self.graph(name).splitlines(keepends=True)
            )
        )

    def applied(self) -> Applied | None:
        """What the marker says; None for a store that holds nothing of ours."""
        rows = self._plain(
            f"SELECT ?n ?j WHERE {{ GRAPH <{MARKER}> "
            f"{{ <{MARKER}> <{_SAYS}> ?n ; <{_JOURNAL}> ?j }} }}"
        )
        found = sorted((int(row["n"]["value"]), row["j"]["value"]) for row in rows)
        # Two markers: a server that is not atomic was cut off between both operations.
        return Applied(*found[0]) if found else None

    def mark(self, applied: Applied) -> None:
        """Say which revision the store holds, once it does."""
        self._wire.update(
            f"DROP SILENT GRAPH <{MARKER}> ;\n"
            f'INSERT DATA {{ GRAPH <{MARKER}> {{ <{MARKER}> <{_SAYS}> "{applied.revision}"'
            f"^^<{XSD}integer> ; <{_JOURNAL}> {engine.Literal(applied.journal)} }} }}"
        )
        self._union = None

    def clear(self) -> None:
        """Take out all that is ours, the marker first."""
        for graph in (MARKER, *self.graphs(), UNION):
            self._wire.update(f"DROP SILENT GRAPH {_iri(graph)}")
        self._union = None
        if not self._default():
            self._wire.update("DROP SILENT DEFAULT")

    def close(self) -> None:
        """Nothing is held open."""

    def _leaving(self, graphs: list[str]) -> Iterator[str]:
        """Operations that take graphs out, and out of the union what no other holds."""
        names = " ".join(_iri(graph) for graph in graphs if is_shown(graph))
        union = self._union_name()
        if names:
            others = ", ".join([*names.split(), f"<{UNION}>", f"<{MARKER}>"])
            yield (
                f"DELETE {{ {_block(union, ['?s ?p ?o .'])} }} "
                f"WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} "
                f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} "
                f"FILTER(?other NOT IN ({others}) "
                f'&& !STRSTARTS(STR(?other), "{HISTORY_GRAPHS}")) }} }}'
            )
        for graph in graphs:
            yield f"DROP SILENT GRAPH {_iri(graph)}"

    def _coming(self, contents: dict[str, list[bytes]]) -> Iterator[str]:
        for graph, lines in contents.items():
            for batch in _batches(lines):
                yield f"INSERT DATA {{ {_block(_iri(graph), batch)} }}"
                if is_shown(graph):
                    yield f"INSERT DATA {{ {_block(self._union_name(), batch)} }}"

    def _union_name(self) -> str:
        """Name of the graph that the union is kept in; "" for the server's default graph."""
        return f"<{UNION}>" if self._default() else ""

    def _default(self) -> str:
        """IRI that requests name as their default graph; "" where none is needed."""
        if self._union is None:
            if self.applied() is None:
                # Without it, nothing tells how the server makes its default graph.
                self.mark(Applied(0, ""))
            seen = _truth(json.loads(self._wire.ask(f"ASK {{ <{MARKER}> <{_SAYS}> ?n }}")))
            self._union = UNION if seen else ""
        return self._union

    def _default_graphs(self) -> tuple[str, ...]:
        """Graphs that a request names to read the union."""
        union = self._default()
        return (union,) if union else ()

    def _plain(self, query: str) -> list[dict[str, Any]]:
        """Bindings of a query about named graphs."""
        bindings: list[dict[str, Any]] = json.loads(self._wire.ask(query))["results"]["bindings"]
        return bindings

    def _json(self, query: str) -> Any:
        answer = self._wire.ask(query, default=self._default_graphs())
        try:
            return json.loads(answer)
        except ValueError as error:
            raise _other_form("SELECT or ASK") from error

    def _turtle(self, query: str) -> bytes:
        if form_of(query) not in {"CONSTRUCT", "DESCRIBE"}:
            raise _other_form("CONSTRUCT or DESCRIBE")
        return self._wire.ask(query, is_graph=True, default=self._default_graphs())


def form_of(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE: what a query is. Raises QueryError."""
    for token in significant(query):
        for form in _FORMS:
            if token.is_word(form):
                return form
    raise QueryError("This is no query.", remedy="Write SELECT, ASK, CONSTRUCT or DESCRIBE.")


def _truth(answer: dict[str, Any]) -> bool:
    """Truth of an ASK query's answer. Raises QueryError for another query's."""
    if "boolean" in answer:
        return bool(answer["boolean"])
    # Virtuoso 7.2 answers with a row for yes, and without one for no.
    if answer["head"].get("vars") == [_VIRTUOSO_TRUTH]:
        return bool(answer["results"]["bindings"])
    raise _other_form("ASK")


class _Sending:
    """Triples on their way into graphs, as many in a request as every server takes."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._waiting: list[str] = []
        self._size = 0

    def add(self, graph: str, lines: list[bytes]) -> None:
        """Have a batch sent with others, or before it what would be too much with it."""
        if self._size + len(lines) > _BATCH:
            self.send()
        self._waiting.append(_block(graph, lines))
        self._size += len(lines)

    def send(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._wire.update(f"INSERT DATA {{ {' '.join(self._waiting)} }}")
        self._waiting, self._size = [], 0


def _term(value: dict[str, str]) -> Term:
    """Term of a binding in SPARQL JSON results."""
    if value["type"] == "uri":
        return Iri(value["value"])
    if value["type"] == "bnode":
        return Iri(f"{BASE}{GENID}{re.sub('[^A-Za-z0-9]', '', value['value'])}")
    language = value.get("xml:lang", "").lower()
    if language:
        return Literal(
            value["value"], "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", language
        )
    return Literal(value["value"], value.get("datatype", f"{XSD}string"))


def _block(graph: str, lines: Iterable[bytes | str]) -> str:
    """Triples as they stand inside an update; ``graph`` is a name as SPARQL writes it, or ""."""
    text = " ".join(line.decode().strip() if isinstance(line, bytes) else line for line in lines)
    return f"GRAPH {graph} {{ {text} }}" if graph else text


def _batches(lines: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(lines), _BATCH):
        yield lines[start : start + _BATCH]


def _iri(text: str) -> str:
    """IRI as SPARQL writes it. Raises SyntaxProblem."""
    try:
        return str(engine.NamedNode(text))
    except ValueError as error:
        raise SyntaxProblem(
            f"'{text}' is no IRI, so it cannot name a graph.", remedy="Give an absolute IRI."
        ) from error


def _other_form(wanted: str) -> QueryError:
    return QueryError(f"This is no {wanted} query.", remedy=f"Hand in a {wanted} query here.")
