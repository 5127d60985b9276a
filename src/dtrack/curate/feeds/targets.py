"""Official wordings of goals and targets, attached to the items that are held.

They belong to their publishers, so the corpus has none: whoever runs a node
imports them from the files of the CBD and of the United Nations.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dtrack.curate.feeds.origin import A
from dtrack.errors import Place, SyntaxProblem
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.informea.values import clean
from dtrack.sources.ntriples import iri, literal
from dtrack.stores.plain_triples import read_things
from dtrack.terms import BASE, DCTERMS, DT, RDF, SDG, SDG_FRAMEWORK, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin
    from dtrack.stores.plain_triples import Things

VERSION: Final = "targets reader 1"
_SDGO: Final = f"{SDG}ontology#"
_SDG_CLASSES: Final = {"Goal": "Goal", "Target": "Target", "Indicator": "Indicator"}
_SDG_CODE: Final = re.compile(r"C(\d\d)(\w\w)(\d\d)")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a file says of an item: texts and titles by language, its class and the one above."""

    identifier: str
    item: str | None
    framework: str
    texts: Mapping[str, str]
    titles: Mapping[str, str]
    kind: str = ""
    above: str = ""


def harvest_targets(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """Wordings of the items of each framework, a record each."""
    found: dict[str, list[Wording]] = defaultdict(list)
    rows: dict[str, int] = {}
    remarks: list[Remark] = []
    names: dict[str, set[str]] = defaultdict(set)
    matched = 0
    for name, data in files:
        read = list(_read(name, data, held, remarks))
        rows[name] = len(read)
        for wording in read:
            matched += wording.item is not None
            if wording.item is None and not wording.kind:
                remarks.append(
                    Remark(
                        "unknown-target",
                        name,
                        wording.identifier,
                        "No framework here has such an item.",
                        "Add it there.",
                    )
                )
                continue
            found[wording.framework].append(wording)
            names[wording.framework].add(name)
    graphs = dict(
        _record(key, wordings, ", ".join(sorted(names[key])), held, origin)
        for key, wordings in found.items()
    )
    return Harvest(graphs, rows, tuple(remarks), matched)


def _read(name: str, data: bytes, held: Held, remarks: list[Remark]) -> Iterator[Wording]:
    if name.lower().endswith(".json"):
        yield from _cbd(name, data, held)
    else:
        yield from _sdg(name, read_things(data, name), held, remarks)


def _cbd(name: str, data: bytes, held: Held) -> Iterator[Wording]:
    """Items of the files of the CBD: Aichi and Kunming-Montreal goals and targets."""
    try:
        body = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SyntaxProblem("The file is no JSON.", remedy="Give it as published.",
                            place=Place(name)) from error  # fmt: skip
    listed = body.get("goals") if isinstance(body, dict) else body
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise SyntaxProblem(
            "The file holds no list of goals or targets.",
            remedy="Give it as published by the CBD.",
            place=Place(name),
        )
    for item in listed:
        identifier = _identifier(item)
        texts = _texts(item, "longDescription", "action", "text", "description")
        titles = _texts(item, "title", "shortTitle")
        framework = identifier.split("-", 1)[0].lower()
        yield Wording(identifier, held.term(identifier), framework, texts, titles)


def _identifier(item: Mapping[str, Any]) -> str:
    """Identifier of an item; those of the older files are told from what they hold."""
    if isinstance(item.get("identifier"), str):
        return str(item["identifier"])
    if "action" in item:
        return f"AICHI-TARGET-{item.get('id')}"
    return f"AICHI-GOAL-{item.get('goal')}"


def _texts(item: Mapping[str, Any], *fields: str) -> dict[str, str]:
    """Texts by language of the first of some fields that has any."""
    for name in fields:
        value = item.get(name)
        told = value if isinstance(value, dict) else {"en": value}
        found = {
            str(language).lower(): clean(text)[0]
            for language, text in told.items()
            if isinstance(text, str)
            and clean(text)[0]
            and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", str(language))
        }
        if found:
            return found
    return {}


def _sdg(name: str, things: Things, held: Held, remarks: list[Remark]) -> Iterator[Wording]:
    """Goals, targets and indicators of the SDG vocabularies of the United Nations."""
    passed: Counter[str] = Counter()
    for subject, said in sorted(things.items()):
        kinds = {v.removeprefix(_SDGO) for v, _ in said[f"{RDF}type"] if v.startswith(_SDGO)}
        kind = next((k for k in _SDG_CLASSES if k in kinds), "")
        if not kind or not subject.startswith(SDG):
            passed.update(k for k in kinds if k not in _SDG_CLASSES)
            continue
        texts = {language: text for text, language in said[f"{SKOS}prefLabel"] if language}
        titles = {language: text for text, language in said[f"{SKOS}altLabel"] if language}
        above = next(
            (
                v
                for p in (f"{SKOS}broader", f"{_SDGO}isTargetOf", f"{_SDGO}isIndicatorOf")
                for v, _ in said[p]
                if v.startswith(SDG)
            ),
            "",
        )
        held_here = subject if subject in held.item_graphs else None
        yield Wording(subject.removeprefix(SDG), held_here, "sdg", texts, titles, kind, above)
    if not any(subject.startswith(SDG) for subject in things):
        raise SyntaxProblem(
            "The file holds no item of the SDG vocabulary.",
            remedy="Other vocabularies are read by `dtrack import skos`.",
            place=Place(name),
        )
    for kind, count in sorted(passed.items()):
        remarks.append(
            Remark(
                "passed-over",
                f"{name}, {count} things",
                kind,
                f"Things of the class {kind} are not held here.",
                "",
            )
        )


def _record(
    key: str, wordings: list[Wording], place: str, held: Held, origin: Origin
) -> tuple[str, tuple[str, ...]]:
    """Graph of the wordings of a framework."""
    graph, entry = origin.entry("framework", key)
    framework = SDG_FRAMEWORK if key == "sdg" else f"{BASE}/id/framework/{key}"
    lines = [*origin.head(graph, (entry,), place)]
    lines.append(f"{iri(entry)} {A} <{DT}Entry>")
    lines.append(f"{iri(entry)} <{DCTERMS}identifier> {literal(key)}")
    lines.append(f"{iri(entry)} <{DCTERMS}type> {literal('wordings')}")
    lines.append(f"{iri(entry)} <{DT}entryOf> {iri(framework)}")
    known: set[str] = {w.item for w in wordings if w.item}
    mine = {SDG + w.identifier for w in wordings if w.kind}
    labelled: set[tuple[str, str]] = set()
    for wording in wordings:
        item = wording.item or SDG + wording.identifier
        is_own = held.item_graphs.get(item, graph) == graph
        for language, text in wording.texts.items():
            lines.append(f"{iri(item)} <{DT}text> {literal(text, language=language)}")
            if is_own and (item, language) not in labelled:
                labelled.add((item, language))
                lines.append(f"{iri(item)} <{SKOS}prefLabel> {literal(text, language=language)}")
        for language, text in wording.titles.items():
            lines.append(f"{iri(item)} <{SKOS}altLabel> {literal(text, language=language)}")
        if is_own:
            lines += _described(item, wording, known | mine)
    return graph, tuple(lines)


def _described(item: str, wording: Wording, described: set[str]) -> Iterator[str]:
    """Lines about an item that nothing else describes."""
    yield f"{iri(item)} {A} <{DT}{_SDG_CLASSES[wording.kind]}>"
    yield f"{iri(item)} <{DT}ofFramework> {iri(SDG_FRAMEWORK)}"
    yield f"{iri(item)} <{SKOS}notation> {literal(_notation(wording))}"
    if wording.above in described:
        yield f"{iri(item)} <{SKOS}broader> {iri(wording.above)}"
    else:
        yield f"{iri(item)} <{SKOS}topConceptOf> {iri(SDG_FRAMEWORK)}"


def _notation(wording: Wording) -> str:
    """Number as people write it: Goal 14, 14.2, 14.2.1 (of C140201)."""
    if wording.kind == "Goal":
        return f"Goal {wording.identifier}"
    match = _SDG_CODE.fullmatch(wording.identifier)
    return ".".join(p.lstrip("0") or "0" for p in match.groups()) if match else wording.identifier
