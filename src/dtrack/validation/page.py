"""A validation report as one HTML page that needs nothing else: no scripts, no other files."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from dtrack.terms import compact
from dtrack.validation.report import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.model import Finding, Report

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Validation report",
        "Violation": "Violation",
        "Warning": "Warning",
        "Info": "Note",
        "severity": "Severity",
        "thing": "Thing",
        "value": "Value",
        "message": "What to do",
        "rule": "Rule",
        "elsewhere": "Place unknown",
        "reference": "Checked by the reference engine",
        "none": "Nothing was found.",
    },
    "zh": {
        "title": "校验报告",
        "Violation": "违规",
        "Warning": "警告",
        "Info": "提示",
        "severity": "级别",
        "thing": "对象",
        "value": "值",
        "message": "处理办法",
        "rule": "规则",
        "elsewhere": "位置不明",
        "reference": "由参考引擎检查",
        "none": "未发现问题。",
    },
}
# Each colour has a contrast of at least 7 to 1 against white.
_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 75rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; overflow-wrap: anywhere; }
th, td { border: 1px solid #595959; padding: .4rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
thead th { background: #f2f2f2; }
.Violation { color: #8b0000; font-weight: 600; }
.Warning { color: #5c4400; font-weight: 600; }
.Info { color: #1f3a7a; font-weight: 600; }
"""


def as_html(report: Report, language: str = "en") -> str:
    """Report as a page: findings by place, gravest first; everything foreign is escaped."""
    tag = language if language in _WORDS else "en"
    words = _WORDS[tag]
    lines = [
        f'<!doctype html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{words['title']}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{words['title']}</h1>\n<p>{escape(summary(report, tag))}</p>",
    ]
    ordered = sorted(report.findings, key=lambda finding: (not finding.place, finding.place))
    for place, findings in groupby(ordered, key=lambda finding: finding.place):
        lines += _table(place or words["elsewhere"], list(findings), tag, words)
    if not report.findings:
        lines.append(f"<p>{words['none']}</p>")
    if report.by_reference:
        lines.append(f"<h2>{words['reference']}</h2>\n<ul>")
        lines += [f"<li>{escape(one)}</li>" for one in report.by_reference]
        lines.append("</ul>")
    lines.append("</main>\n</body>\n</html>\n")
    return "\n".join(lines)


def _table(
    place: str, findings: list[Finding], language: str, words: Mapping[str, str]
) -> Iterator[str]:
    """Findings of one place."""
    yield f"<table>\n<caption>{escape(place)}</caption>\n<thead>\n<tr>"
    for name in ("severity", "thing", "value", "message", "rule"):
        yield f'<th scope="col">{words[name]}</th>'
    yield "</tr>\n</thead>\n<tbody>"
    for finding in findings:
        severity = finding.severity.value
        message = finding.message(language) or finding.component.rpartition("#")[2]
        thing = f"{compact(finding.focus)} {compact(finding.path)}".strip()
        yield f'<tr>\n<th scope="row" class="{severity}">{words[severity]}</th>'
        yield f"<td>{escape(thing)}</td>\n<td>{escape(compact(finding.value))}</td>"
        yield f"<td>{escape(message)}</td>\n<td>{escape(compact(finding.shape))}</td>\n</tr>"
    yield "</tbody>\n</table>"
