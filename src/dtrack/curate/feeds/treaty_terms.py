"""Terms that a portal gives to treaties, each treaty by its ECOLEX number."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import A
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.ntriples import iri, literal
from dtrack.sources.tables import read_bare_table
from dtrack.terms import DCTERMS, DT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin

VERSION: Final = "treaty-terms reader 1"
_TREATY: Final = re.compile(r"TRE-\d{4,7}")


def harvest_terms(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """One record of all treaties of a source, an entry each, with its terms.

    A term that is the name of a theme points at it; an instrument is found where
    it has the identifier ``ECOLEX TRE-…``.
    """
    terms: dict[str, dict[str, None]] = defaultdict(dict)
    rows: dict[str, int] = {}
    remarks: list[Remark] = []
    unknown: Counter[str] = Counter()
    for name, data in files:
        table = read_bare_table(data, name, ("treaty", "term"))
        rows[name] = len(table.rows)
        for row in table.rows:
            where = f"{name}, line {row.line}"
            if not _TREATY.fullmatch(row["treaty"]) or not row["term"]:
                remarks.append(
                    Remark(
                        "row",
                        where,
                        row["treaty"][:40],
                        "The row is no number of a treaty with a term; it is left out.",
                        "Write TRE-000118.",
                    )
                )
            elif row["term"] in terms[row["treaty"]]:
                remarks.append(
                    Remark(
                        "duplicate-row",
                        where,
                        row["treaty"],
                        f"'{row['term']}' stands before already.",
                        "Keep one of the rows.",
                    )
                )
            else:
                terms[row["treaty"]][row["term"]] = None
                unknown[row["term"]] += row["term"].lower() not in held.themes
    graph = f"{origin.graphs}treaty-terms"
    entries = {number: f"{origin.base}/id/entry/{origin.slug}/{number.lower()}" for number in terms}
    lines = [*origin.head(graph, tuple(entries.values()), ", ".join(rows))]
    matched = 0
    for number, found in terms.items():
        about, instrument = iri(entries[number]), held.identifiers.get(f"ECOLEX {number}")
        lines.append(f"{about} {A} <{DT}Entry>")
        lines.append(f"{about} <{DCTERMS}identifier> {literal(number)}")
        lines.append(f"{about} <{DCTERMS}type> {literal('treaty')}")
        if instrument:
            matched += 1
            lines.append(f"{about} <{DT}entryOf> {iri(instrument)}")
        for term in found:
            lines.append(f"{about} <{DT}publishedField> {literal(f'keyword={term}')}")
            if theme := held.themes.get(term.lower()):
                lines.append(f"{about} <{DCTERMS}subject> {iri(theme)}")
    for term, count in sorted((+unknown).items()):
        remarks.append(
            Remark(
                "unknown-term",
                f"{count} treaties",
                term,
                "No theme goes by this name.",
                "Add it to one as a hidden label.",
            )
        )
    return Harvest({graph: tuple(lines)} if terms else {}, rows, tuple(remarks), matched)
