"""Mappings from files: SSSOM of anybody and of our own, and pairs read off public pages."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from dtrack.curate.feeds.mappings import UNSPECIFIED, Correspondence, Described, set_lines
from dtrack.curate.feeds.origin import plain_slug
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.ntriples import is_iri
from dtrack.sources.sssom import read_mapping_set
from dtrack.sources.sssom_foreign import metadata, read_foreign
from dtrack.sources.tables import read_json_lines
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import SEMAPV, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin

VERSION: Final = "mappings reader 1"
_PAGE_CONFIDENCE: Final = "0.7"
"""Of a pair that a public page shows without saying what kind of relation it means."""
_INFERRED_CONFIDENCE: Final = "0.4"


def harvest_mappings(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """Mapping sets of SSSOM files; one that says which graph it is becomes that graph."""
    records: dict[str, bytes] = {}
    rows: dict[str, int] = {}
    remarks: list[Remark] = []
    found: list[Correspondence] = []
    about = Described(origin.name)
    names: list[str] = []
    for name, data in files:
        if b"ext_record_graph" in data.split(b"\n\n", 1)[0][:20_000] and _is_own(data, name):
            record = read_mapping_set(data, name, parse_turtle)
            records[record.graph] = record.ntriples
            rows[name] = record.ntriples.count(b"#mappingSubject> ")
            continue
        foreign = read_foreign(data, name)
        rows[name] = foreign.count
        names.append(name)
        remarks += foreign.remarks
        title = foreign.said("mapping_set_title") or foreign.said("mapping_set_id")
        license_ = foreign.said("license")
        about = Described(
            title or origin.name,
            foreign.said("mapping_set_description"),
            license_ if is_iri(license_) else UNSPECIFIED,
        )
        for row in foreign.rows:
            where = f"{name}, line {row.line}"
            if all(_is_known(iri, held, where, remarks) for iri in (row.subject, row.object)):
                found.append(
                    Correspondence(
                        row.subject,
                        row.predicate,
                        row.object,
                        row.justification,
                        row.author,
                        row.confidence,
                        row.pages,
                        row.note,
                        row.strength,
                        row.day,
                    )
                )
    graphs = dict([set_lines(origin, about, found, ", ".join(names))]) if found else {}
    return Harvest(graphs, rows, tuple(remarks), records=records)


def _is_own(data: bytes, name: str) -> bool:
    about, _ = metadata(data.decode("utf-8", "replace"), name)
    return bool(about.get("ext_record_graph"))


def _is_known(iri: str, held: Held, where: str, remarks: list[Remark]) -> bool:
    """Whether a mapping may name a thing: a target, a framework or a theme that is described."""
    if iri in held.mappable:
        return True
    remarks.append(
        Remark(
            "unknown-target",
            where,
            iri,
            "Nothing describes it; the row is left out.",
            "Import its framework or scheme first.",
        )
    )
    return False


def harvest_pairs(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """Pairs of targets with the page that shows each: related, for pages say no more."""
    rows: dict[str, int] = {}
    remarks: list[Remark] = []
    found: dict[tuple[str, str, str], Correspondence] = {}
    names: list[str] = []
    for name, data in files:
        names.append(name)
        rows[name] = 0
        for line, row in read_json_lines(data, name):
            rows[name] += 1
            one = _pair(row, held, f"{name}, line {line}", remarks)
            if one is None:
                continue
            former = found.get(one.triple)
            pages = tuple(sorted({*(former.pages if former else ()), *one.pages}))
            best = max(filter(None, (former, one)), key=lambda o: float(o.confidence))
            found[one.triple] = Correspondence(
                *one.triple, one.justification, best.author, best.confidence, pages, best.note
            )
    matched = sum(triple in held.mapped for triple in found)
    title = Described(f"Target pairs on public pages ({origin.name})")
    graphs = dict([set_lines(origin, title, found.values(), ", ".join(names))]) if found else {}
    return Harvest(graphs, rows, tuple(remarks), matched)


def _pair(
    row: dict[str, object], held: Held, where: str, remarks: list[Remark]
) -> Correspondence | None:
    """Mapping of a line; None, and a remark, where a target or its page is not known."""
    page = str(row.get("source_url") or "")
    ends: list[str] = []
    inferred = False
    for side in ("subject", "object"):
        text = str(row.get(side) or "")
        inferred |= "=>" in text
        item = _item(str(row.get(f"{side}_scheme") or ""), text, held)
        if item is None:
            remarks.append(
                Remark(
                    "unknown-target",
                    where,
                    text[:80],
                    f"{row.get(f'{side}_scheme')} has no such item here; the line is left out.",
                    "Add the item to its framework.",
                )
            )
            return None
        ends.append(item)
    if not is_iri(page):
        remarks.append(Remark("link", where, page[:60], "The line names no page.", "Give one."))
        return None
    note = "The page does not say what kind of relation it means."
    if inferred:
        note += " The subject was inferred by whoever read it."
    return Correspondence(
        ends[0], f"{SKOS}relatedMatch", ends[1], f"{SEMAPV}UnspecifiedMatching",
        urlsplit(page).hostname or page, _INFERRED_CONFIDENCE if inferred else _PAGE_CONFIDENCE,
        (page,), note,
    )  # fmt: skip


def _item(scheme: str, text: str, held: Held) -> str | None:
    """Item of a framework by what a page calls it."""
    framework = _framework(plain_slug(scheme), held)
    wanted = re.sub(r"\[.*?\]|\(.*?=>\s*|\)\s*$", "", text).strip().casefold()
    best: dict[int, str] = defaultdict(str)
    for names, iri in held.items.get(framework, ()):
        for name in names:
            if wanted == name or wanted.endswith(f" {name}") or wanted.split(". ", 1)[-1] == name:
                best[len(name)] = iri
            elif name.endswith(f" {wanted.split('.', 1)[0]}") and wanted[:1].isdigit():
                best[0] = iri
    return best[max(best)] if best else None


def _framework(slug: str, held: Held) -> str:
    """Key of the framework that a scheme means."""
    if slug in held.items:
        return slug
    parts = slug.split("-")
    return next((key for key in held.items if key in parts or slug.startswith(f"{key}-")), "")
