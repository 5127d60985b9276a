"""What the figures show: the data of each, what it says in words, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from dtrack.publish import figures
from dtrack.web.asking import catalogue, named, rows
from dtrack.web.filters import GROUP, chosen_filters, chosen_group, given
from dtrack.web.matrix import COUNTED, MEASURES
from dtrack.web.texts import wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi import Request

    from dtrack.wiring.serving import Service

MOST_TOLD = 3
MOST_BARS = 25


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: ``told`` says in words what it shows; ``draw`` gives its bytes by ending."""

    title: str
    told: str
    columns: Sequence[str]
    table: list[tuple[object, ...]]
    draw: Callable[[str], bytes]


def matrix(request: Request, service: Service, language: str) -> Drawing:
    """The overlap matrix."""
    own = wordings()[language]
    instruments, group = chosen_group(request)
    measure = given(request, "measure") or "mean"
    value = MEASURES.get(measure, MEASURES["mean"])
    selection = chosen_filters(request).selection(service, instruments, group)
    view = service.answers.overlaps(language).matrix(selection)
    names = {each.key: each.key.upper() for each in view.instruments}
    order = [names[each.key] for each in view.instruments]
    values: dict[tuple[str, str], float] = {}
    for cell in view.cells:
        if cell.pairs:
            for pair in ((cell.row, cell.column), (cell.column, cell.row)):
                values[names[pair[0]], names[pair[1]]] = value(cell)
    form = "{:.0f}" if measure in COUNTED else "{:.2f}"
    texts = {pair: form.format(found) for pair, found in values.items()}
    for item in view.coverage:
        key = names[item.instrument.key]
        texts[key, key] = f"({item.directives})"
    title = own.words[f"measure_{measure}"] if measure in MEASURES else own.words["matrix_title"]
    best = sorted((cell for cell in view.cells if cell.pairs), key=lambda cell: -value(cell))
    told = "; ".join(
        f"{names[c.row]} – {names[c.column]} {form.format(value(c))}" for c in best[:MOST_TOLD]
    )
    return Drawing(
        title,
        own.words["told_highest"].format(what=told) if told else own.words["matrix_empty"],
        ("row", "column", "pairs", *MEASURES),
        [(c.row, c.column, c.pairs, *(round(m(c), 6) for m in MEASURES.values()))
         for c in view.cells],
        lambda ending: figures.heat(order, order, values, ending, title=title, texts=texts),
    )  # fmt: skip


def gaps(request: Request, service: Service, language: str) -> Drawing:
    """Targets of a framework against conventions."""
    own = wordings()[language]
    instruments, group = chosen_group(request)
    filters = chosen_filters(request)
    framework = service.answers.key("framework", filters.framework or "aichi")
    selection = chosen_filters(request).selection(service, instruments, group or GROUP)
    view = service.answers.overlaps(language).gaps(framework, selection)
    targets = [
        shorten(f"{own.numbered(row.notation)} {row.target.label}", 48, placeholder=" …")
        for row in view.rows
    ]
    order = [each.key.upper() for each in view.instruments]
    values: dict[tuple[str, str], float] = {}
    texts: dict[tuple[str, str], str] = {}
    table: list[tuple[object, ...]] = []
    for target, row in zip(targets, view.rows, strict=True):
        served = {cell.instrument: cell for cell in row.served_by}
        for each in view.instruments:
            cell = served.get(each.key)
            direct, aligned = (cell.direct, cell.aligned) if cell else (0, 0)
            table.append(
                (row.target.iri, row.notation, row.target.label, each.key, direct, aligned)
            )
            if cell:
                values[target, each.key.upper()] = float(direct + aligned)
                texts[target, each.key.upper()] = f"{direct}" + (f"+{aligned}" if aligned else "")
    title = own.words["gaps_heading"].format(framework=view.framework.label)
    empty = ", ".join(target.label for target in view.empty) or own.words["no_empty_targets"]
    return Drawing(
        title,
        f"{own.words['empty_targets']}: {empty}",
        ("target", "notation", "label", "instrument", "direct", "aligned"),
        table,
        lambda ending: figures.heat(targets, order, values, ending, title=title, texts=texts),
    )


def timeline(request: Request, service: Service, language: str) -> Drawing:
    """Texts by year of adoption: read to directives, and recorded only."""
    own = wordings()[language]
    key = given(request, "instrument")
    values = {"instrument": service.answers.key("instrument", key)} if key else {}
    found = rows(service, "texts_by_year", **values)
    texts: dict[int, int] = {}
    read: dict[int, int] = {}
    for row in found:
        year = int(row["year"])
        texts[year] = texts.get(year, 0) + int(row["texts"])
        read[year] = read.get(year, 0) + int(row["read"])
    years = list(range(min(texts), max(texts) + 1)) if texts else []
    title = own.words["figure_timeline"]
    names = named(service, [row["under"] for row in found], language)
    told = own.words["told_timeline"].format(
        texts=own.number(sum(texts.values())), read=own.number(sum(read.values())),
        first=min(texts, default=0), last=max(texts, default=0),
    )  # fmt: skip
    return Drawing(
        title,
        told,
        ("instrument", "label", "year", "texts", "read_to_directives"),
        [(row["under"], names[row["under"]].label, row["year"], row["texts"], row["read"])
         for row in found],
        lambda ending: figures.stacked(
            [str(year) for year in years],
            [read.get(year, 0) for year in years],
            [texts.get(year, 0) - read.get(year, 0) for year in years],
            (own.words["with_directives"], own.words["title_only"]),
            ending,
            title=title,
        ),
    )  # fmt: skip


def verbs(request: Request, service: Service, language: str) -> Drawing:
    """Which verbs texts use, and how often."""
    own = wordings()[language]
    key = given(request, "instrument")
    values = {"instrument": key} if key else {}
    found = catalogue(service, "verb_profile", lang=language, **values)
    summed: dict[tuple[str, bool], int] = {}
    for row in found:
        place = row["label"], row["kind"] == "informational"
        summed[place] = summed.get(place, 0) + int(row["directives"])
    most = sorted(summed.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_BARS]
    title = own.words["figure_verbs"] + (f"{own.words['colon']}{key.upper()}" if key else "")
    told = "; ".join(f"{label} {number}" for (label, _), number in most[:MOST_TOLD])
    return Drawing(
        title,
        own.words["told_highest"].format(what=told),
        ("instrument", "verb", "label", "kind", "force", "directives"),
        [(row["under"], row["verb"], row["label"], row["kind"], row["force"], row["directives"])
         for row in found],
        lambda ending: figures.bars(
            [label for (label, _), _ in most],
            [number for _, number in most],
            [notes for (_, notes), _ in most],
            (own.words["asks"], own.words["notes"]),
            ending,
            title=title,
        ),
    )  # fmt: skip


def network(_request: Request, service: Service, language: str) -> Drawing:
    """Who cites whom, and who has an arrangement with whom."""
    own = wordings()[language]
    found = catalogue(service, "cross_convention_citations")
    arrangements = catalogue(service, "cooperation_arrangements", lang=language)
    arrows = {
        (_short(row["citing_instrument"], row["citing_name"]),
         _short(row["cited_instrument"], row["cited_name"])): float(row["citations"])
        for row in found
    }  # fmt: skip
    lines: list[tuple[str, str]] = []
    for row in arrangements:
        members = [name for name in row["instruments"].split("; ") if name]
        lines += [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]]
    lines = sorted(set(lines))
    nodes = sorted({node for pair in (*arrows, *lines) for node in pair}, key=str.casefold)
    title = own.words["network_title"]
    best = sorted(arrows.items(), key=lambda pair: (-pair[1], pair[0]))
    told = "; ".join(f"{a} → {b} {weight:.0f}" for (a, b), weight in best[:MOST_TOLD])
    return Drawing(
        title,
        own.words["told_highest"].format(what=told),
        ("relation", "from", "to", "number"),
        [*(("cites", a, b, int(weight)) for (a, b), weight in best),
         *(("cooperates", a, b, 1) for a, b in lines)],
        lambda ending: figures.circle(nodes, arrows, lines, ending, title=title),
    )  # fmt: skip


def _short(iri: str, name: str) -> str:
    return name or iri.rsplit("/", 1)[-1].upper()


HEIGHTS: Final = {"matrix": 480, "gaps": 1020, "timeline": 310, "verbs": 950, "network": 720}
"""Height that a page keeps for each figure at a width of 900, lest it moves when that comes."""

DRAWINGS: dict[str, Callable[[Request, Service, str], Drawing]] = {
    "matrix": matrix,
    "gaps": gaps,
    "timeline": timeline,
    "verbs": verbs,
    "network": network,
}
"""Figures by name."""
