"""What a change of graphs means for the index: which texts to read again, and what else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from dtrack.model import at_once
from dtrack.overlap.columns import Columns, columns_of, spliced
from dtrack.overlap.corpus import Tables, read_tables
from dtrack.overlap.reading import read_directives, read_verbs
from dtrack.terms import DT, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from dtrack.model import Store
    from dtrack.overlap.reading import Verbs

DIRECTIVES: Final = "directives"
"""Name by which a listener has made columns and tables."""
_UP: Final = frozenset(f"<{DT}{name}>".encode() for name in ("ofText", "elementOf", "statusOf"))
_OF_TEXT: Final = f"<{DT}ofText>".encode()
_OF_DIRECTIVES: Final = frozenset(
    f"<{DT}{name}>".encode()
    for name in (
        *("ofText", "sortKey", "addressesTarget", "addressesTheme", "instrument", "adopted"),
        *("elementOf", "addressee", "verb", "kind", "deadline"),
        *("statusOf", "statusAxis", "statusValue", "from", "until"),
    )
) | {f"<{RDF}type>".encode()}
_OF_TABLES: Final = frozenset(
    [f"<{SKOS}{name}>".encode() for name in ("broader", "narrower", "broaderTransitive")]
    + [f"<{DT}{name}>".encode() for name in ("mappingSubject", "mappingObject", "ofFramework")]
)
_OF_VERBS: Final = frozenset(f"<{DT}{n}>".encode() for n in ("verbForce", "verbModality"))


@dataclass(frozen=True, slots=True)
class Read:
    """Columns and tables after a change, and the texts whose directives were read again.

    ``texts`` is None when all were. ``verbs`` are those after the change, where they
    were read.
    """

    columns: Columns
    tables: Tables
    texts: frozenset[str] | None
    verbs: Verbs | None = None


def read_whole(store: Store, queries: Path, derived: Callable[[], None] = at_once) -> Read:
    """Columns and tables of a store. ``queries`` is the folder ``queries/index``.

    ``derived`` returns once the store holds what follows by rules, such as the
    hierarchies of the tables; of directives nothing does. Who listened while the store
    was loaded has made both already.
    """
    if listener := store.listener():
        derived()
        if made := listener.made(DIRECTIVES, derived):
            known, tables = cast("tuple[Columns, Tables]", made)
            return Read(known, tables, None)
    if not store.told():
        derived()
    columns = columns_of(read_directives(store, queries))
    derived()
    return Read(columns, read_tables(store, queries), None)


def read_again(
    columns: Columns,
    tables: Tables,
    store: Store,
    queries: Path,
    changes: Mapping[str, tuple[bytes, bytes]],
    verbs: Verbs | None = None,
) -> Read:
    """Columns and tables of a store in which some graphs have changed.

    ``changes`` maps a graph to its N-Triples before and after; ``verbs`` are those
    before, where they are known.
    """
    lines = [_triple(line) for pair in changes.values() for line in _differing(*pair)]
    if any(predicate in _OF_VERBS for _, predicate, _ in lines):
        return read_whole(store, queries)
    if _concerns_tables(lines, tables):
        tables = read_tables(store, queries)
    texts = frozenset(_texts(lines, changes, columns, store, queries))
    if not texts:
        return Read(columns, tables, texts, verbs)
    # No edit of a decision changes them, and to ask takes 5 ms.
    verbs = verbs or read_verbs(store, queries)
    directives = read_directives(store, queries, sorted(texts), verbs)
    return Read(spliced(columns, texts, directives), tables, texts, verbs)


def _differing(before: bytes, after: bytes) -> set[bytes]:
    return set(before.splitlines()) ^ set(after.splitlines())


def _triple(line: bytes) -> tuple[bytes, bytes, bytes]:
    subject, predicate, rest = line.split(b" ", 2)
    return subject, predicate, rest.removesuffix(b" .")


def _concerns_tables(lines: Iterable[tuple[bytes, bytes, bytes]], tables: Tables) -> bool:
    known = {f"<{iri}>".encode() for iri in tables.items}
    known |= {f"<{mapping.iri}>".encode() for mapping in tables.mappings}
    return any(predicate in _OF_TABLES or subject in known for subject, predicate, _ in lines)


def _above(changes: Mapping[str, tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Triples of changed graphs that say what an element, provision or status belongs to."""
    for before, after in changes.values():
        for line in {*before.splitlines(), *after.splitlines()}:
            triple = _triple(line)
            if triple[1] in _UP:
                yield triple


def _texts(
    lines: Iterable[tuple[bytes, bytes, bytes]],
    changes: Mapping[str, tuple[bytes, bytes]],
    columns: Columns,
    store: Store,
    queries: Path,
) -> Iterator[str]:
    """Texts that something changed in: their directives, what these say, or their status."""
    above: dict[bytes, set[bytes]] = {}
    texts = {block[2] for block in columns.blocks}
    told: set[bytes] = set()
    for subject, predicate, parent in _above(changes):
        above.setdefault(subject, set()).add(parent)
        if predicate == _OF_TEXT:
            told.add(parent)
    found: set[bytes] = set()
    unknown: set[bytes] = set()
    for thing in {subject for subject, predicate, _ in lines if predicate in _OF_DIRECTIVES}:
        # There are thousands of texts, so what is reached is made like them.
        reached = {at for at in _reached(thing, above) if at in told or at[1:-1].decode() in texts}
        found |= reached
        if not reached:
            unknown.add(thing)
    # Statuses are in graphs of their own now and then, and so may taggings be.
    for thing in unknown:
        for parent in _reached(thing, above):
            if (row := columns.row(parent[1:-1].decode())) is not None:
                found.add(f"<{columns.block(row)[2]}>".encode())
    unknown |= {parent for thing in unknown for parent in _reached(thing, above)}
    yield from {text[1:-1].decode() for text in found} | _asked(unknown, store, queries)


def _reached(thing: bytes, above: Mapping[bytes, set[bytes]]) -> set[bytes]:
    """A thing and all that it belongs to."""
    found, front = {thing}, {thing}
    while front:
        front = {parent for child in front for parent in above.get(child, ())} - found
        found |= front
    return found


def _asked(things: set[bytes], store: Store, queries: Path) -> set[str]:
    """Texts that things belong to by what the store says, or that they are themselves."""
    if not things:
        return set()
    query = (queries / "texts_of.rq").read_text(encoding="utf-8")
    rows = store.select(query.replace("$things", b" ".join(sorted(things)).decode()))
    return {row["text"] for row in rows.texts()}
