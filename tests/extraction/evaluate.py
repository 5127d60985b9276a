"""Figures of the extraction engine against the gold annotations.

    .venv/bin/python tests/extraction/evaluate.py [--split test] [--json]

Runs ``dtrack extract FILE --json`` once a file and prints precision, recall
and F1 by split and language. Errors are listed for the tuning split; for the
test split only with --show-test-errors, so that no rule is written to fit it.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extraction.gold_scores import ASPECTS, Score, best_text, score_text
from extraction.gold_texts import SPLITS, GoldText, gold_files, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GOALS = {"structure": 0.98, "citations": 0.97, "verbs": 0.95, "kind": 0.92, "addressees": 0.90}
SECONDS = 600

Groups = dict[tuple[str, str], Score]


def extract(path: Path) -> list[dict[str, Any]]:
    """The texts that the engine finds in a file. Raises RuntimeError when it fails."""
    command = [sys.executable, "-m", "dtrack", "extract", str(path), "--json"]
    run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    if run.returncode:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise RuntimeError(f"exit code {run.returncode}: {lines[-1]}")
    texts: list[dict[str, Any]] = json.loads(run.stdout)["texts"]
    return texts


def evaluate(
    texts: Sequence[GoldText],
    extractor: Callable[[Path], list[dict[str, Any]]],
    warn: Callable[[str, str], None],
) -> Groups:
    """Scores by split and group: "all", each language, "own" and "official" texts."""
    groups: Groups = {}
    extracted = _extracted(texts, extractor, warn)
    for gold in texts:
        if gold.path not in extracted:
            warn(gold.split, f"SKIPPED {gold.identifier}: {gold.path} is not there")
            continue
        text = best_text(gold, extracted[gold.path])
        if text is None:
            warn(gold.split, f"NOT FOUND {gold.identifier}: {gold.symbol} in {gold.path.name}")
        result = score_text(gold, text)
        for group in ("all", gold.language, "own" if gold.own else "official"):
            groups.setdefault((gold.split, group), Score()).merge(result)
    return groups


def _extracted(
    texts: Sequence[GoldText],
    extractor: Callable[[Path], list[dict[str, Any]]],
    warn: Callable[[str, str], None],
) -> dict[Path, list[dict[str, Any]]]:
    """What is in each file that is there; nothing where the engine failed."""
    splits = {gold.path: gold.split for gold in texts if gold.path.is_file()}

    def attempt(path: Path) -> list[dict[str, Any]]:
        try:
            return extractor(path)
        except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
            warn(splits[path], f"FAILED {path.name}: {error}")
            return []

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return dict(zip(splits, pool.map(attempt, splits), strict=True))


def table(groups: Groups) -> list[str]:
    """Lines of a table, one group after the other."""
    lines = []
    for (split, group), result in groups.items():
        lines.append(f"{split}, {group}: {result.texts} texts, {result.paragraphs} paragraphs")
        lines.append(f"  {'':12}{'precision':>10}{'recall':>8}{'F1':>8}{'items':>8}{'goal':>7}")
        for aspect in ASPECTS:
            count = result.counts[aspect]
            goal = f"{GOALS[aspect]:.2f}" if group == "all" and aspect in GOALS else ""
            figures = f"{_figure(count.precision):>10}{_figure(count.recall):>8}"
            items = count.right + count.missing
            lines.append(
                f"  {aspect:12}{figures}{_figure(count.f1):>8}{items:>8}{goal:>7}".rstrip()
            )
        lines.append("")
    return lines


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def errors(groups: Groups, split: str, group: str = "all") -> list[str]:
    """One line an error: text, paragraph, aspect, what is missing (-) and what is too much (+)."""
    result = groups.get((split, group))
    lines = []
    for slip in result.slips if result else ():
        signs = [*(f"-{each}" for each in slip.missing), *(f"+{each}" for each in slip.extra)]
        lines.append(f"{slip.text} {slip.paragraph} {slip.aspect}: {' '.join(signs)}")
    return lines


def as_json(groups: Groups) -> str:
    """The figures as one JSON object: split, group, aspect, figures."""
    figures: dict[str, Any] = {}
    for (split, group), result in groups.items():
        figures.setdefault(split, {})[group] = {
            "texts": result.texts,
            "paragraphs": result.paragraphs,
            **{
                aspect: {
                    "precision": count.precision,
                    "recall": count.recall,
                    "f1": count.f1,
                    "right": count.right,
                    "extra": count.extra,
                    "missing": count.missing,
                }
                for aspect, count in result.counts.items()
            },
        }
    return json.dumps(figures, indent=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, and which split is empty at present; 1 when nothing could be scored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=SPLITS, help="only this split")
    parser.add_argument("--only", default="*", help="only texts whose name fits this pattern")
    parser.add_argument("--json", action="store_true", help="figures as JSON, without errors")
    parser.add_argument("--no-errors", action="store_true", help="figures only")
    parser.add_argument(
        "--show-test-errors", action="store_true", help="list errors of the test split too"
    )
    asked = parser.parse_args(arguments)
    texts = [
        gold
        for gold in read_all()
        if asked.split in (None, gold.split) and fnmatch.fnmatch(gold.identifier, asked.only)
    ]
    quiet: list[str] = []
    groups = evaluate(
        texts,
        extract,
        lambda split, line: (
            quiet.append(line)
            if split == "test" and not asked.show_test_errors and not line.startswith("SKIPPED")
            else _write(sys.stderr, line)
        ),
    )
    if quiet:
        _write(sys.stderr, f"{len(quiet)} files or texts of the test split not read or not found")
    if asked.json:
        _write(sys.stdout, as_json(groups))
        return 0 if groups else 1
    for split in _empty_splits(asked.split):
        _write(sys.stdout, f"no {split} split now")
    _write(sys.stdout, "\n".join(table(groups)))
    if not asked.no_errors:
        for split in SPLITS if asked.show_test_errors else ("tuning",):
            for line in errors(groups, split):
                _write(sys.stdout, line)
    return 0 if groups else 1


def _empty_splits(asked: str | None) -> list[str]:
    """Splits that hold no text at present, of the one asked for or of all."""
    filled = {path.parent.name for path in gold_files()}
    return [split for split in ((asked,) if asked else SPLITS) if split not in filled]


def _write(stream: Any, text: str) -> None:
    stream.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
