"""What the store holds already, as imports look it up: texts, meetings, Parties, codes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dtrack.errors import NotFoundError
from dtrack.resources import root_folder
from dtrack.terms import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.finding import Names
    from dtrack.model import Store


@dataclass(frozen=True, slots=True)
class HeldText:
    """An adopted text that is described already; "" where something is not said."""

    iri: str
    graph: str
    instrument: str
    symbol: str
    type: str
    title: str
    adopted: str
    meeting: str


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting that is described already."""

    iri: str
    instruments: tuple[str, ...]
    session: str
    start: str
    end: str
    label: str


class Held:
    """Looks things up in one store, each list read once."""

    def __init__(self, names: Names, store: Store) -> None:
        self.names = names
        self.store = store
        self._instruments: dict[str, str | None] = {}

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """Rows of a query of ``queries/index``."""
        path = root_folder("queries") / "index" / f"{name}.rq"
        return self.store.select(path.read_text(encoding="utf-8")).texts()

    def instrument(self, key: str) -> str | None:
        """IRI of an instrument or forum by key or any of its names; None when there is none."""
        if key not in self._instruments:
            try:
                self._instruments[key] = self.names.key("instrument", key)
            except NotFoundError:
                self._instruments[key] = None
        return self._instruments[key]

    @cached_property
    def texts(self) -> dict[str, HeldText]:
        """Adopted texts by IRI."""
        return {
            row["text"]: HeldText(
                row["text"],
                row["graph"],
                row["instrument"],
                row["symbol"],
                row["type"].rsplit("/", 1)[-1],
                row["title"],
                row["adopted"],
                row["meeting"],
            )
            for row in self.rows("texts_held")
        }

    @cached_property
    def by_symbol(self) -> dict[tuple[str, str], list[HeldText]]:
        """Adopted texts by instrument and symbol as written."""
        found: dict[tuple[str, str], list[HeldText]] = defaultdict(list)
        for text in self.texts.values():
            found[text.instrument, text.symbol.lower()].append(text)
        return found

    @cached_property
    def meetings(self) -> dict[str, HeldMeeting]:
        """Meetings by IRI."""
        found: dict[str, HeldMeeting] = {}
        for row in self.rows("meetings_held"):
            known = found.get(row["meeting"])
            of = (*(known.instruments if known else ()), row["instrument"])
            found[row["meeting"]] = HeldMeeting(
                row["meeting"], of, row["session"], row["start"], row["end"], row["label"]
            )
        return found

    @cached_property
    def parties(self) -> dict[str, str]:
        """IRI of a Party by each of its codes (in capitals) and names (in lower case)."""
        found: dict[str, str] = {}
        for row in self.rows("parties_held"):
            found.setdefault(row["code"], row["party"])
            found.setdefault(row["name"].casefold(), row["party"])
        return found

    @cached_property
    def iso3(self) -> dict[str, str]:
        """Code of three letters by IRI of a Party."""
        return {r["party"]: r["code"] for r in self.rows("parties_held") if len(r["code"]) == 3}

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """IRI of a code by the name of its list and its notation."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.rows("codes_held"):
            if row["scheme"].startswith(f"{CODES}/"):
                found[row["scheme"].rsplit("/", 1)[-1]].setdefault(row["notation"], row["code"])
        return found

    @cached_property
    def words(self) -> Mapping[str, tuple[str, str, str]]:
        """Word, axis and value, as IRIs, by the notation of a published status that means one."""
        return {
            r["notation"]: (r["word"], r["axis"], r["value"]) for r in self.rows("status_words")
        }

    @cached_property
    def statuses(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Graph and value of the statuses that are held, by thing and axis."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for row in self.rows("statuses_held"):
            found[row["thing"], row["axis"]].append((row["graph"], row["value"]))
        return found

    @cached_property
    def items(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """Names in lower case and IRI of goals, targets and indicators, by key of framework."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for row in self.rows("items_held"):
            key = row["framework"].rsplit("/", 1)[-1]
            names = (row["notation"].casefold(), row["label"].casefold())
            found[key].append((names, row["item"]))
        return found

    @cached_property
    def item_graphs(self) -> dict[str, str]:
        """Graph that describes each goal, target and indicator."""
        return {row["item"]: row["graph"] for row in self.rows("items_held")}

    @cached_property
    def provisions(self) -> dict[tuple[str, str], tuple[str, str]]:
        """IRI and kind of a provision by its text and number."""
        rows = self.rows("provisions_held")
        return {(r["text"], r["number"]): (r["provision"], r["kind"]) for r in rows}

    @cached_property
    def _framework_days(self) -> dict[str, str]:
        rows = self.rows("framework_dates")
        return {row["framework"].rsplit("/", 1)[-1]: row["adopted"] for row in rows}

    def framework_day(self, identifier: str) -> str:
        """Day on which the framework of an identifier such as GBF-TARGET-03 was adopted."""
        return self._framework_days.get(identifier.lower().partition("-")[0], "")

    def term(self, identifier: str) -> str | None:
        """Item that an identifier such as GBF-TARGET-03 names; None for none."""
        framework, _, rest = identifier.lower().partition("-")
        kind, _, number = rest.partition("-")
        bare = number.lstrip("0")
        wanted = {f"{kind} {bare}", f"strategic {kind} {bare}"}
        found = self.items.get(framework, ())
        return next((iri for names, iri in found if wanted & set(names)), None)

    @cached_property
    def mappable(self) -> frozenset[str]:
        """IRIs that a mapping may name: frameworks, their items, themes."""
        frameworks = {row["framework"] for row in self.rows("items_held")}
        items = {iri for found in self.items.values() for _, iri in found}
        return frozenset(frameworks | items | set(self.theme_graphs))

    @cached_property
    def mapped(self) -> frozenset[tuple[str, str, str]]:
        """Subject, predicate and object of each mapping that is held."""
        rows = self.rows("mappings")
        return frozenset((row["subject"], row["predicate"], row["object"]) for row in rows)

    @cached_property
    def themes(self) -> dict[str, str]:
        """IRI of a theme of our own list by each of its names in lower case."""
        ours = f"{CODES}/theme/"
        rows = self.rows("theme_names")
        return {r["name"]: r["theme"] for r in rows if r["theme"].startswith(ours)}

    @cached_property
    def theme_graphs(self) -> dict[str, str]:
        """Graph that describes each theme, of our own list or of another."""
        return {row["theme"]: row["graph"] for row in self.rows("theme_names")}

    @cached_property
    def identifiers(self) -> dict[str, str]:
        """IRI of an instrument by each number that it has elsewhere."""
        return {row["identifier"]: row["instrument"] for row in self.rows("identifiers_held")}
