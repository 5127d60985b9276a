"""A validation report as text for people, in English or Chinese, and as JSON."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

from dtrack.model import Severity
from dtrack.terms import BASE, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.model import Finding, Report

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "Violation": "must",
        "Warning": "should",
        "Info": "could",
        "summary": "{violations} violations, {warnings} warnings, {notes} notes "
        "in {nodes} focus nodes against {shapes} shapes.",
        "conforms": "Conforms: ",
        "refused": "Does not conform: ",
        "nothing": "No shape found anything to check: is this the data you meant?",
        "elsewhere": "(place unknown)",
        "reference": "Checked by the reference engine: ",
        "more": "… and {count} more.",
    },
    "zh": {
        "Violation": "必须",
        "Warning": "应当",
        "Info": "可以",
        "summary": "{violations} 项违规、{warnings} 项警告、{notes} 项提示"
        "（{nodes} 个焦点节点，{shapes} 个形状）。",
        "conforms": "符合要求：",
        "refused": "不符合要求：",
        "nothing": "没有形状找到可检查的内容：数据是否有误？",
        "elsewhere": "（位置不明）",
        "reference": "由参考引擎检查：",
        "more": "……另有 {count} 项。",
    },
}
LANGUAGES: Final = tuple(_WORDS)


def as_text(report: Report, language: str = "en", limit: int | None = None) -> str:
    """Findings by file, gravest first, with what to write; then one line of counts.

    ``limit`` is the number of findings shown; the counts are always of all.
    """
    words = _WORDS.get(language, _WORDS["en"])
    shown = report.findings[:limit]
    lines: list[str] = []
    for place, findings in groupby(sorted(shown, key=_by_place), key=lambda f: f.place):
        lines.append(place or words["elsewhere"])
        for finding in findings:
            lines += _lines(finding, language, words)
        lines.append("")
    if len(shown) < len(report.findings):
        lines.append(words["more"].format(count=len(report.findings) - len(shown)))
    lines += [words["reference"] + one for one in report.by_reference]
    lines.append(summary(report, language))
    return "\n".join(lines) + "\n"


def summary(report: Report, language: str = "en") -> str:
    """Counts of findings, and whether the data conform, in one line."""
    words = _WORDS.get(language, _WORDS["en"])
    if not report.focus_nodes:
        return words["nothing"]
    numbers = dict.fromkeys(Severity, 0)
    for finding in report.findings:
        numbers[finding.severity] += 1
    counts = words["summary"].format(
        violations=numbers[Severity.VIOLATION],
        warnings=numbers[Severity.WARNING],
        notes=numbers[Severity.INFO],
        nodes=report.focus_nodes,
        shapes=report.shapes,
    )
    return words["conforms" if report.conforms else "refused"] + counts


def as_json(report: Report) -> str:
    """Report as JSON, messages in all languages."""
    return json.dumps(
        {
            "conforms": report.conforms,
            "focus_nodes": report.focus_nodes,
            "shapes": report.shapes,
            "findings": [
                {
                    "severity": finding.severity.value,
                    "focus": finding.focus,
                    "path": finding.path,
                    "value": finding.value,
                    "messages": dict(finding.messages),
                    "shape": finding.shape,
                    "component": finding.component,
                    "place": finding.place,
                }
                for finding in report.findings
            ],
            "by_reference": list(report.by_reference),
        },
        ensure_ascii=False,
        indent=2,
    )


def _by_place(finding: Finding) -> tuple[bool, str]:
    return not finding.place, finding.place


def _lines(finding: Finding, language: str, words: Mapping[str, str]) -> list[str]:
    """Where, what is there, what to write, and by which shape."""
    where = " ".join(part for part in (_short(finding.focus), _short(finding.path)) if part)
    value = f" = {_short(finding.value)}" if finding.value else ""
    message = finding.message(language) or finding.component.rpartition("#")[2]
    return [
        f"  [{words[finding.severity.value]}] {where}{value}",
        f"      {message}",
        f"      {_short(finding.shape)}",
    ]


def _short(text: str) -> str:
    """IRI with a prefix, or without our base; other text as it is, at most a line of it."""
    line = text if len(text) <= 120 else f"{text[:117]}…"
    return compact(line).removeprefix(f"{BASE}/").replace("\n", " ")
