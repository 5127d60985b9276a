"""Shared reporting modules: which reports each serves, and which Parties would write it once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from dtrack.answer.lookup import last_part
from dtrack.answer.views import Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.answer.answers import Answers

_MODULES = "reporting_obligations_shared"
_PARTIES = "reporting_modules_by_party"
_MEMBERSHIPS = """PREFIX dt: <https://w3id.org/dtrack/ontology#>
SELECT (COUNT(?membership) AS ?memberships) WHERE { ?membership a dt:Membership }"""


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report to an instrument; how often it is due, and when next, where that is known."""

    report: Named
    instrument: Named
    frequency: str
    next_due: str


@dataclass(frozen=True, slots=True)
class ModuleView:
    """A module with the reports that use it, to how many instruments."""

    module: Named
    instruments: int
    reports: list[ReportView]


@dataclass(frozen=True, slots=True)
class PartyModulesView:
    """A Party with the modules that serve two or more of its own reports."""

    party: Named
    code: str
    modules: list[ModuleView]


@dataclass(frozen=True, slots=True)
class ModulesView:
    """Modules of several instruments, and a page of the Parties that they serve.

    ``memberships`` says how many are held: with none of them no Party is known
    to be bound by anything, and ``parties`` is empty for that reason.
    """

    modules: list[ModuleView]
    parties: list[PartyModulesView]
    total: int
    offset: int
    memberships: int


def reporting_modules(
    answers: Answers,
    *,
    party: str | None = None,
    module: str | None = None,
    language: str | None = None,
    limit: int,
    offset: int,
) -> ModulesView:
    """Modules and Parties, of one module or Party where it is named, by key, code or name.

    Parties come by code. Raises NotFoundError for a key that nothing has.
    """
    said = {"lang": language or answers.language}
    chosen = str(answers.key("reporting-module", module)) if module else ""
    shared = answers.query(_MODULES, said).rows.texts()
    asked = (
        said | ({"of_party": party} if party else {}) | ({"of_module": chosen} if chosen else {})
    )
    by_party = [
        PartyModulesView(
            party=_named(rows[0], "party", "name"), code=rows[0]["code"], modules=_modules(rows)
        )
        for _, rows in _grouped(answers.query(_PARTIES, asked).rows.texts(), "party")
    ]
    counted = next(iter(answers.store.select(_MEMBERSHIPS).texts()))
    return ModulesView(
        modules=[each for each in _modules(shared) if chosen in {"", each.module.iri}],
        parties=by_party[offset : offset + limit],
        total=len(by_party),
        offset=offset,
        memberships=int(counted["memberships"]),
    )


def _modules(rows: Iterable[Mapping[str, str]]) -> list[ModuleView]:
    return [
        ModuleView(
            module=_named(held[0], "module", "module_label"),
            instruments=int(held[0]["instruments"]),
            reports=[
                ReportView(
                    report=_named(row, "obligation", "obligation_label"),
                    instrument=_named(row, "under", "under_name"),
                    frequency=row["frequency"],
                    next_due=row["next_due"],
                )
                for row in held
            ],
        )
        for _, held in _grouped(rows, "module")
    ]


def _grouped(
    rows: Iterable[Mapping[str, str]], column: str
) -> Iterable[tuple[str, list[Mapping[str, str]]]]:
    """Rows by what stands in a column, in the order of the query."""
    for key, group in groupby(rows, key=lambda row: row[column]):
        yield key, list(group)


def _named(row: Mapping[str, str], iri: str, label: str) -> Named:
    return Named(row[iri], last_part(row[iri]), row[label] or last_part(row[iri]))
