"""A store for tests that takes any Turtle, also what dtrack's own stores refuse."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as engine

from dtrack.model import Iri, Literal, Rows, Term

BASE = "https://w3id.org/dtrack/"


class PlainStore:
    """The part of dtrack.model.Store that validation asks for."""

    def __init__(self) -> None:
        self._store = engine.Store()
        self.asked: list[str] = []

    def add(self, turtle: bytes, base: str = BASE, graph: str = "") -> None:
        name = engine.NamedNode(graph) if graph else engine.DefaultGraph()
        self._store.load(turtle, format=engine.RdfFormat.TURTLE, base_iri=base, to_graph=name)

    def add_files(self, files: list[Path]) -> None:
        for file in files:
            self.add(file.read_bytes(), graph=f"urn:file:{file.as_posix().replace(' ', '')}")

    def __len__(self) -> int:
        return len(self._store)

    def select(self, query: str) -> Rows:
        self.asked.append(query)
        found = self._store.query(query, use_default_graph_as_union=True)
        columns = tuple(variable.value for variable in found.variables)
        return Rows(columns, tuple(tuple(_term(value) for value in row) for row in found))

    def construct(self, query: str) -> bytes:
        triples = self._store.query(query, use_default_graph_as_union=True)
        return engine.serialize(triples, format=engine.RdfFormat.N_TRIPLES) or b""


def _term(value: object) -> Term | None:
    if value is None:
        return None
    if isinstance(value, engine.Literal):
        return Literal(value.value, value.datatype.value, value.language or "")
    return Iri(value.value if isinstance(value, engine.NamedNode) else "_:")
