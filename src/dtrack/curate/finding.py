"""What people write in a cell or on a command line, as IRIs; and which record a thing is in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from dtrack.errors import NotFoundError
from dtrack.sources.ntriples import is_iri
from dtrack.terms import BASE, DERIVED_GRAPH, DT, HISTORY_GRAPHS, RDF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.model import Store
    from dtrack.symbols import Symbols


class Resolved(Protocol):
    """What a symbol names."""

    @property
    def iri(self) -> str:
        """IRI of the text, target or provision."""
        ...


class Names(Protocol):
    """Lookup of keys and symbols; dtrack.answer has it."""

    @property
    def symbols(self) -> Symbols:
        """Forms of symbols."""
        ...

    def key(self, of: str, text: str) -> str:
        """IRI of a thing of a kind. Raises NotFoundError with the nearest keys."""
        ...

    def resolve(self, text: str) -> Sequence[Resolved]:
        """What a symbol names. Raises NotFoundError."""
        ...


class Finder:
    """Looks things up in one store, each once."""

    def __init__(self, names: Names, store: Store) -> None:
        self._names = names
        self._store = store
        self._found: dict[tuple[str, str], str] = {}

    def key(self, of: str, text: str) -> str:
        """IRI of a thing of a kind by key, name or IRI. Raises NotFoundError."""
        known = self._found.get((of, text))
        if known is None:
            known = self._found[of, text] = self._names.key(of, text)
        return known

    def item(self, text: str) -> str:
        """IRI of a target, goal or theme. Raises NotFoundError."""
        if text.startswith(("theme:", "theme-")):
            return self.key("theme", text[len("theme:") :])
        try:
            return self.key("target", text)
        except NotFoundError as error:
            try:
                return self.key("theme", text)
            except NotFoundError:
                raise error from None

    def thing(self, text: str) -> str:
        """IRI of a text or provision by key (``cbd-cop-12-19/4.c``), symbol or IRI.

        Raises NotFoundError.
        """
        known = self._found.get(("thing", text))
        if known is None:
            known = self._found["thing", text] = self._thing(text.strip())
        return known

    def _thing(self, text: str) -> str:
        ids = f"{BASE}/id/"
        kinds = ("provision",) if "/" in text else ("decision", "resolution", "recommendation")
        for wanted in [text, *(f"{ids}{kind}/{text}" for kind in kinds)]:
            if self.graph_of(wanted):
                return wanted
        return self._names.resolve(text)[0].iri

    def graph_of(self, iri: str) -> str | None:
        """Graph of the record that describes a thing; None when none does."""
        if iri not in self._graphs:
            self._graphs[iri] = self._graph_of(iri) if is_iri(iri) else None
        return self._graphs[iri]

    @cached_property
    def _graphs(self) -> dict[str, str | None]:
        return {}

    def _graph_of(self, iri: str) -> str | None:
        rows = self._store.select(
            f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ <{iri}> a ?class . "
            f"?graph <{RDF}type> <{DT}Record> }} }} ORDER BY ?graph"
        )
        found = (row["graph"] for row in rows.texts())
        return next((g for g in found if g != DERIVED_GRAPH and not g.startswith(HISTORY_GRAPHS)),
                    None)  # fmt: skip
