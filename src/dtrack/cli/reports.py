"""Validation reports and reasoning results as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.cli.context import counted
from dtrack.terms import compact

if TYPE_CHECKING:
    from dtrack.model import Report


def report_text(report: Report, language: str = "en", *, most: int = 200) -> str:
    """Report for people: each finding with place, thing, value and what to do.

    The gravest stand first; after ``most`` of them only their number is told.
    """
    lines = []
    for finding in report.findings[:most]:
        where = f"{finding.place}: " if finding.place else ""
        path = f" {compact(finding.path)}" if finding.path else ""
        value = f" = {finding.value}" if finding.value else ""
        lines.append(f"{finding.severity}: {where}{compact(finding.focus)}{path}{value}")
        lines.append(f"    {finding.message(language)}")
        lines.append(f"    rule {compact(finding.shape)}")
    if len(report.findings) > most:
        lines.append(f"… and {len(report.findings) - most} more (`dtrack validate --json`)")
    counts = {
        name: sum(finding.severity == name for finding in report.findings)
        for name in ("Violation", "Warning", "Info")
    }
    verdict = "Conforms" if report.conforms else "Does not conform"
    lines.append(
        f"{verdict}: {counted(counts['Violation'], 'violation')}, "
        f"{counted(counts['Warning'], 'warning')}, {counted(counts['Info'], 'info')}; "
        f"{counted(report.focus_nodes, 'thing')} against {counted(report.shapes, 'shape')}."
    )
    if report.by_reference:
        names = ", ".join(compact(name) for name in report.by_reference)
        lines.append(f"Checked by the reference engine: {names}.")
    return "\n".join(lines)
