"""Figures of the tagger against the curated taggings of the bundled corpus.

    .venv/bin/python tests/extraction/tagging/evaluate.py [--json]
    .venv/bin/python tests/extraction/tagging/evaluate.py --calibrate

Summaries in English and Chinese are tagged and compared with the themes and
targets that the corpus gives them. Records are divided into two halves by a
digest of their file name: ``reliability.tsv`` is counted on one (--calibrate
writes it anew), the figures are those of the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dtrack.extraction.codes import triples
from dtrack.extraction.tagging import bundled_themes, themes_in
from dtrack.extraction.targets import targets_in
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import CODES, DT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dtrack.extraction.tagging import ThemeLexicon

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "src/dtrack/extraction/tagging/reliability.tsv"
FOLDERS = ("decisions", "statements")
THEMES = f"{CODES}/theme/"
BANDS = (0.8, 0.6, 0.4, 0.2, 0.0)


@dataclass(frozen=True, slots=True)
class Summed:
    """A summary with the themes and targets of the thing that it sums up."""

    half: int
    language: str
    text: str
    themes: frozenset[str]
    targets: frozenset[str]


@dataclass(slots=True)
class Band:
    """Candidates of a span of confidence: all, right, and right up to a broader or narrower one."""

    all: int = 0
    right: int = 0
    near: int = 0


@dataclass(slots=True)
class Figures:
    """What one language gives; ``wanted`` counts the curated themes."""

    summaries: int = 0
    wanted: int = 0
    bands: dict[float, Band] = field(default_factory=lambda: {low: Band() for low in BANDS})


def half_of(path: Path) -> int:
    """0 for records that the table is counted on, 1 for those that test it."""
    name = path.relative_to(ROOT / "data").as_posix()
    return hashlib.sha256(name.encode()).digest()[-1] % 2


def summed_things(paths: Iterable[Path]) -> Iterator[Summed]:
    """Summaries of things with accepted taggings."""
    for path in paths:
        summaries: dict[str, list[tuple[str, str]]] = defaultdict(list)
        tags: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in triples(parse_turtle(path.read_bytes())):
            if predicate == f"{DT}summary":
                summaries[subject].append((value.language, value.lexical))
            elif predicate in (f"{DT}addressesTheme", f"{DT}addressesTarget"):
                tags[subject].add(str(value))
        for thing, found in sorted(tags.items()):
            themes = frozenset(t.removeprefix(THEMES) for t in found if t.startswith(THEMES))
            targets = frozenset(_target(t) for t in found if not t.startswith(THEMES))
            for language, text in sorted(summaries[thing]):
                yield Summed(half_of(path), language, text, themes, targets)


def _target(iri: str) -> str:
    name = iri.rsplit("/", 1)[-1]
    return f"sdg-{name}" if "/sdg/" in iri else name


def corpus() -> list[Summed]:
    """All summaries with themes of the bundled corpus."""
    paths = (path for folder in FOLDERS for path in sorted((ROOT / "data" / folder).rglob("*.ttl")))
    return list(summed_things(paths))


def counted(things: Iterable[Summed], lexicon: ThemeLexicon) -> list[str]:
    """Lines of ``reliability.tsv``."""
    seen: Counter[tuple[str, str, str, int]] = Counter()
    agreed: Counter[tuple[str, str, str, int]] = Counter()
    for thing in things:
        hits = lexicon.patterns(thing.language).hits(thing.text)
        labels = {(thing.language, h.label.theme, h.label.text, h.label.rank) for h in hits}
        seen.update(labels)
        agreed.update(label for label in labels if label[1] in thing.themes)
    rows = ("\t".join(map(str, (*label, seen[label], agreed[label]))) for label in sorted(seen))
    return ["language\ttheme\tlabel\trank\tseen\tagreed", *rows]


def figures(things: Iterable[Summed], lexicon: ThemeLexicon) -> dict[str, Figures]:
    """Figures by language."""
    result: dict[str, Figures] = defaultdict(Figures)
    for thing in things:
        one = result[thing.language]
        one.summaries += 1
        one.wanted += len(thing.themes)
        for candidate in themes_in(thing.text, thing.language, lexicon):
            band = one.bands[next(low for low in BANDS if candidate.confidence >= low)]
            band.all += 1
            band.right += candidate.tag in thing.themes
            band.near += _near(candidate.tag, thing.themes, lexicon)
    return dict(sorted(result.items()))


def _near(theme: str, wanted: frozenset[str], lexicon: ThemeLexicon) -> bool:
    lines = [set(_line(each, lexicon)) for each in wanted]
    return any(theme in line for line in lines) or bool(wanted & set(_line(theme, lexicon)))


def _line(theme: str, lexicon: ThemeLexicon) -> Iterator[str]:
    while theme:
        yield theme
        theme = lexicon.broader.get(theme, "")


def target_figures(things: Iterable[Summed]) -> tuple[int, int, int]:
    """Targets named in summaries, those of them curated, and all curated targets."""
    named = right = wanted = 0
    for thing in things:
        found = set(targets_in(thing.text))
        named += len(found)
        right += len(found & thing.targets)
        wanted += len(thing.targets)
    return named, right, wanted


def table(results: dict[str, Figures]) -> Iterator[str]:
    """Lines of a table: each band alone, then all from its confidence upwards."""
    for language, one in results.items():
        yield f"{language}: {one.summaries} summaries with {one.wanted} curated themes"
        yield f"  {'confidence':<11}{'candidates':>11}{'right':>7}{'branch':>8}   from here up:"
        all_, right = 0, 0
        for low, band in one.bands.items():
            all_, right = all_ + band.all, right + band.right
            alone = f"{_share(band.right, band.all):>7}{_share(band.near, band.all):>8}"
            up = f"precision {_share(right, all_)}, recall {_share(right, one.wanted)}"
            yield f"  {low:<4.1f} and up{band.all:>10}{alone}   {up}"
        yield ""


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, or write the table of reliability."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--calibrate", action="store_true", help="write reliability.tsv anew")
    asked = parser.parse_args(arguments)
    things = corpus()
    lexicon = bundled_themes(parse_turtle)
    if asked.calibrate:
        lines = counted((thing for thing in things if thing.half == 0), lexicon)
        TABLE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        sys.stdout.write(f"Wrote {len(lines) - 1} labels to {TABLE.relative_to(ROOT)}\n")
        return 0
    tested = [thing for thing in things if thing.half == 1]
    results = figures(tested, lexicon)
    named, right, wanted = target_figures(tested)
    if asked.json:
        sys.stdout.write(json.dumps(_as_json(results, (named, right, wanted)), indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(table(results)))
        sys.stdout.write(
            f"\ntargets: {named} named by number in summaries, {right} of them curated so; "
            f"{wanted} curated in all, most by judgement\n"
        )
    return 0 if results else 1


def _as_json(results: dict[str, Figures], targets: tuple[int, int, int]) -> dict[str, Any]:
    return {
        "themes": {
            language: {
                "summaries": one.summaries,
                "wanted": one.wanted,
                "bands": {
                    str(low): {"candidates": band.all, "right": band.right, "branch": band.near}
                    for low, band in one.bands.items()
                },
            }
            for language, one in results.items()
        },
        "targets": dict(zip(("named", "right", "wanted"), targets, strict=True)),
    }


if __name__ == "__main__":
    sys.exit(main())
