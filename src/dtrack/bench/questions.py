"""The questions of the bench: in process, over HTTP, and as peers are asked them in SPARQL."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from dtrack.bench.corpora import CONVENTIONS
from dtrack.errors import ParameterError
from dtrack.overlap import Selection
from dtrack.resources import root_folder
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dtrack.answer.answers import Answers

NAMES: Final = (
    "matrix", "between", "at", "gaps", "nearest", "capacity_building", "facets", "search",
)  # fmt: skip
_THEME: Final = "capacity-building"
_PAGE: Final = 100
"""Provisions that the API gives at once of those that serve a target."""
_FRAMEWORKS: Final = ("aichi", "sdg")
_WORDS: Final = ("wetlands", "reefs", "permits", "training", "markets", "seeds", "fences", "ports")


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its values: how dtrack is asked, its address, and SPARQL for peers."""

    name: str
    ask: Callable[[Answers], object]
    path: str
    sparql: str


def questions(answers: Answers, count: int, seed: int) -> list[Question]:
    """So many of each kind, with values that differ, in an order that mixes kinds.

    Raises ParameterError where the corpus is too small to ask about.
    """
    if not len(answers.index):
        raise ParameterError(
            "A corpus of this size holds no directives: terms and codes fill it.",
            remedy="Use 100k, 1m, 10m or a number from 60000 on.",
        )
    dice = random.Random(seed)  # noqa: S311 - the same again is wanted
    provisions = _provisions(answers, count, dice)
    targets = _targets(answers, dice)
    held = {iri.rpartition("/")[2] for iri in answers.index.instruments}
    keys = [key for key in (f"bench{number}" for number in range(CONVENTIONS)) if key in held]
    found: list[Question] = []
    for turn in range(count):
        # Conventions differ in size; the largest two come first.
        a, b = keys[:2] if not turn else dice.sample(keys, 2)
        found += [
            _matrix(),
            _between(a, b),
            _at(targets[turn % len(targets)]),
            _gaps(_FRAMEWORKS[turn % len(_FRAMEWORKS)], answers),
            _nearest(provisions[turn % len(provisions)]),
            _capacity(answers),
            _words("facets", _WORDS[turn % len(_WORDS)]),
            _words("search", _WORDS[turn % len(_WORDS)]),
        ]
    dice.shuffle(found)
    return found


def asked_anew(answers: Answers) -> list[Question]:
    """What is asked right after an edit, when what was kept holds no more."""
    return [*(_gaps(name, answers) for name in _FRAMEWORKS), _capacity(answers), _matrix()]


def draft() -> bytes:
    """A made-up draft of twenty paragraphs, to be screened."""
    return (files(__package__) / "draft.txt").read_bytes()


def _provisions(answers: Answers, count: int, dice: random.Random) -> list[str]:
    index = answers.index
    rows = [dice.randrange(len(index)) for _ in range(count)]
    return [index.directive(row).provision for row in rows]


def _targets(answers: Answers, dice: random.Random) -> list[str]:
    rows = answers.store.select(
        f"SELECT DISTINCT ?t WHERE {{ ?p <{BASE}/ontology#addressesTarget> ?t }} ORDER BY ?t"
    ).texts()
    targets = [row["t"] for row in rows]
    dice.shuffle(targets)
    return targets


def _sparql(name: str, values: Mapping[str, str]) -> str:
    text = (root_folder("queries") / "bench" / f"{name}.rq").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"${key}", value)
    return text


def _matrix() -> Question:
    return Question(
        "matrix", lambda a: a.overlaps().matrix(Selection()), "/api/v1/overlaps",
        _sparql("matrix", {}),
    )  # fmt: skip


def _between(a: str, b: str) -> Question:
    first, second = f"{BASE}/id/instrument/{a}", f"{BASE}/id/instrument/{b}"
    return Question(
        "between",
        lambda answers: answers.overlaps().pairs(first, second, Selection()),
        f"/api/v1/overlaps/{a}/{b}",
        _sparql("between", {"a": f"<{first}>", "b": f"<{second}>"}),
    )


def _at(target: str) -> Question:
    return Question(
        "at",
        lambda answers: answers.overlaps().at_target(target, Selection(), limit=_PAGE),
        f"/api/v1/overlaps/at/target/{quote(target, safe='')}",
        _sparql("at", {"target": f"<{target}>"}),
    )


def _gaps(framework: str, answers: Answers) -> Question:
    iri = answers.key("framework", framework)
    return Question(
        "gaps",
        lambda answers: answers.overlaps().gaps(iri, Selection()),
        f"/api/v1/gaps/{framework}",
        _sparql("gaps", {"framework": f"<{iri}>"}),
    )


def _nearest(provision: str) -> Question:
    return Question(
        "nearest",
        lambda answers: answers.overlaps().nearest(provision, Selection()),
        f"/api/v1/overlaps/near/{provision.rpartition('/id/provision/')[2]}",
        _sparql("nearest", {"provision": f"<{provision}>"}),
    )


def _capacity(answers: Answers) -> Question:
    theme = answers.key("theme", _THEME)
    return Question(
        "capacity_building",
        lambda answers: answers.overlaps().matrix(Selection(theme=theme)),
        f"/api/v1/overlaps?theme={_THEME}",
        _sparql("capacity_building", {"theme": f"<{theme}>"}),
    )


def _words(name: str, word: str) -> Question:
    facets = name == "facets"
    return Question(
        name,
        lambda answers: answers.finding().search(word, facets=facets),
        f"/api/v1/search?q={word}" + ("&facets=true" if facets else ""),
        _sparql(name, {"word": f'"{word}"'}),
    )
