"""What the page of a text that is corrected shows: provisions beside their lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.api.paging import rows_of
from dtrack.curate.texts.correcting import as_extracted
from dtrack.terms import BASE
from dtrack.web.asking import named
from dtrack.web.coded import codes_in
from dtrack.wiring.guiding import words_of_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.extraction.texts import Provision
    from dtrack.model import TagCandidate
    from dtrack.sources.documents.lines import Line
    from dtrack.web.coded import Codes
    from dtrack.wiring.guiding import ReadText, TextDesk
    from dtrack.wiring.serving import Service


@dataclass(frozen=True, slots=True)
class Shown:
    """A provision at its place with its lines, and the lines that stand before it."""

    place: str
    provision: Provision
    before: list[tuple[Line, bool]]
    lines: list[Line]
    suggestions: list[TagCandidate]
    inherited: list[str]


def page_of(
    service: Service,
    language: str,
    typed: Mapping[str, str],
    read: ReadText | None,
    desk: TextDesk | None,
) -> dict[str, object]:
    """Values of the template."""
    lexicon = words_of_texts()
    code = codes_in(service, language)
    listed = rows_of(service, "instruments", {"count": "1000"})
    things = named(service, [row["thing"] for row in listed], language)
    values: dict[str, object] = {
        "instruments": sorted(things.values(), key=lambda each: each.label.casefold()),
        "meetings": _meetings(service, lexicon.meetings, language),
        "read": read,
        "shown": [],
        "after": [],
        "values": {},
        "source": "",
    }
    if read is None or desk is None:
        return values
    shown, after = _beside(read, desk)
    adopting = {each.key: each.label for each in things.values()}
    return values | {
        "keys": {each.place: each.provision.key for each in shown},
        "adopting": adopting.get(read.text.instrument, read.text.instrument),
        "shown": shown,
        "after": after,
        "values": as_extracted(read.text) | dict(typed),
        "source": json.dumps(
            [[x.text, x.number, x.page, x.whole, x.style] for x in read.lines], ensure_ascii=False
        ),
        "verbs": _labels(code, "verb", (verb.key for verb in lexicon.verbs)),
        "actors": _labels(code, "actor", (actor.key for actor in lexicon.actors)),
        "relations": sorted({"cites", *(key for _, _, key in lexicon.relations)}),
        "tags": desk.tags(),
    }


def _meetings(service: Service, keys: Iterable[str], language: str) -> dict[str, str]:
    """Meetings by key, with their labels."""
    found = named(service, [f"{BASE}/id/meeting/{key}" for key in sorted(keys)], language)
    return {each.key: each.label for each in found.values()}


def _labels(code: Codes, scheme: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, code(scheme, key)) for key in sorted(set(keys))]


def _beside(read: ReadText, desk: TextDesk) -> tuple[list[Shown], list[tuple[Line, bool]]]:
    """Provisions with their lines, and the lines after the last one."""
    found: list[Shown] = []
    reached = 0
    filled = [line for line in read.lines if line.text.strip()]
    for index, (provision, suggestions) in enumerate(
        zip(read.text.provisions, desk.suggestions(read.text), strict=True)
    ):
        spot = provision.spot
        before = [line for line in filled if reached < line.number < spot.line]
        own = [line for line in filled if spot.line <= line.number <= spot.last_line]
        reached = max(reached, spot.last_line)
        inherited = [element.inherited_from for element in provision.elements]
        found.append(
            Shown(f"p{index}", provision, _marked(before, read), own, suggestions, inherited)
        )
    return found, _marked([line for line in filled if line.number > reached], read)


def _marked(lines: list[Line], read: ReadText) -> list[tuple[Line, bool]]:
    """Lines, and whether no rule understood them."""
    return [
        (line, any(" ".join(line.text.split()) in each for each in read.unclaimed))
        for line in lines
    ]
