"""Who is a Party to what, since when: tables of memberships, one record an instrument."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import A
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.informea.checks import code_of
from dtrack.sources.ntriples import iri, literal
from dtrack.sources.tables import read_table
from dtrack.terms import DT, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin
    from dtrack.sources.tables import TableRow

VERSION: Final = "memberships reader 1"
COLUMNS: Final = {
    "treaty": ("instrument", "agreement", "convention"),
    "country": ("party", "state"),
    "signature": ("signed",),
    "consent_to_be_bound": ("consent", "consented", "ratification"),
    "entry_into_force": ("in_force", "entryintoforce"),
    "consent_kind": ("kind", "status"),
}
_DATES: Final = {
    "signature": "signed",
    "consent_to_be_bound": "consented",
    "entry_into_force": "entryIntoForce",
}
_NOT_BOUND: Final = frozenset({"signatory", "signed_not_ratified", "unknown"})


def harvest_memberships(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """Memberships of tables; a row without consent or entry into force makes nobody a Party."""
    story = _Story(held, origin)
    rows: dict[str, int] = {}
    for name, data in files:
        table = read_table(data, name, COLUMNS, ("treaty", "country"))
        rows[name] = len(table.rows)
        for column in table.unknown:
            story.tell(
                "unknown-column",
                name,
                column,
                f"No rule is about the column '{column}'; it is left out.",
                "",
            )
        for row in table.rows:
            story.row(row, name)
    return Harvest(story.graphs(), rows, tuple(story.remarks), story.matched, story.places)


class _Story:
    """Collects the memberships of each instrument."""

    def __init__(self, held: Held, origin: Origin) -> None:
        self._held = held
        self._origin = origin
        self._lines: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._unknown: Counter[tuple[str, str, str]] = Counter()
        self._files: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.places: dict[str, str] = {}
        self.matched = 0

    def row(self, row: TableRow, name: str) -> None:
        """Take a row, or say why not."""
        treaty, country = row["treaty"], row["country"]
        instrument = self._held.instrument(treaty) if treaty else None
        party = self._held.parties.get(country) or self._held.parties.get(country.casefold())
        if instrument is None or party is None:
            rule, what = ("unknown-party", country) if instrument else ("unknown-treaty", treaty)
            self._unknown[name, rule, what] += 1
            return
        where, about = f"{name}, line {row.line}", f"{treaty}, {country}"
        node = (
            f"{self._origin.base}/id/membership/{instrument.rsplit('/', 1)[-1]}-"
            f"{party.rsplit('/', 1)[-1]}"
        )
        if node in self._lines[instrument]:
            self.tell(
                "duplicate-row",
                where,
                about,
                "The membership stands before already; the first counts.",
                "Keep one of the rows.",
            )
            return
        dates = self._dates(row, where, about)
        kind = self._kind(row, dates, where, about)
        bound = dates.keys() & {"consented", "entryIntoForce"}
        if not bound and kind in {"", *_NOT_BOUND} and "signed" not in dates:
            self.tell(
                "no-party",
                where,
                about,
                "Neither consent nor entry into force is given: this is no membership.",
                "",
            )
            return
        self._files.setdefault(instrument, name)
        self.matched += 1
        self._lines[instrument][node] = list(self._membership(node, instrument, party, dates, kind))

    def _dates(self, row: TableRow, where: str, about: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for column, property_ in _DATES.items():
            text = row[column]
            if not text:
                continue
            try:
                found[property_] = date.fromisoformat(text[:10]).isoformat()
            except ValueError:
                self.tell(
                    "date",
                    where,
                    about,
                    f"'{column}' is '{text[:40]}', no date.",
                    "Write YYYY-MM-DD.",
                )
        if found.get("consented", "") > found.get("entryIntoForce", "9999"):
            self.tell(
                "force-before-consent",
                where,
                about,
                "It is in force before consent.",
                "Check both dates.",
            )
        return found

    def _kind(self, row: TableRow, dates: dict[str, str], where: str, about: str) -> str:
        """Notation of the kind of consent, "" where nothing tells."""
        said = row["consent_kind"].strip().lower()
        listed = self._held.codes["party-status"]
        if said and (found := next((n for n in listed if code_of(n) == code_of(said)), "")):
            return found
        if said:
            self.tell(
                "unknown-code",
                where,
                about,
                f"'{said[:40]}' is no kind of consent.",
                f"Use one of {', '.join(sorted(listed))}.",
            )
        return "signed_not_ratified" if set(dates) == {"signed"} else ""

    def _membership(
        self, node: str, instrument: str, party: str, dates: dict[str, str], kind: str
    ) -> Iterator[str]:
        about = iri(node)
        yield f"{about} {A} <{DT}Membership>"
        yield f"{about} <{DT}instrument> {iri(instrument)}"
        yield f"{about} <{DT}party> {iri(party)}"
        for property_, day in dates.items():
            yield f"{about} <{DT}{property_}> {literal(day, datatype=f'{XSD}date')}"
        if kind:
            yield f"{about} <{DT}consentKind> {iri(self._held.codes['party-status'][kind])}"

    def graphs(self) -> dict[str, tuple[str, ...]]:
        """A record for each instrument, of all its memberships."""
        for (name, rule, what), count in sorted(self._unknown.items()):
            kind = "Party" if rule == "unknown-party" else "instrument"
            self.tell(
                rule,
                f"{name}, {count} rows",
                what,
                f"'{what[:60]}' is no {kind} known here.",
                "Add it, or this name of it as a hidden label.",
            )
        found: dict[str, tuple[str, ...]] = {}
        for instrument, nodes in self._lines.items():
            if not nodes:
                continue
            key = instrument.rsplit("/", 1)[-1]
            graph = f"{self._origin.graphs}memberships-{key}"
            place = f"{self._files[instrument]}, {key}"
            head = self._origin.head(graph, tuple(nodes), place)
            lines = (line for node in nodes.values() for line in node)
            found[graph] = (*head, *lines)
            self.places[graph] = place
        return found

    def tell(self, rule: str, where: str, about: str, message: str, remedy: str) -> None:
        """Add a remark."""
        self.remarks.append(Remark(rule, where, about, message, remedy))
