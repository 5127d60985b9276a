"""Two texts, or two versions of one, provision by provision."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dtrack.answer.views import Named
from dtrack.api.context import ServiceOf
from dtrack.web.asking import named, rows
from dtrack.web.filters import given
from dtrack.web.marking import Piece, changes, likeness, shared_words, telling_words
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.texts import words
from dtrack.wiring.serving import Service

router = APIRouter()

ROLES = ("verb", "actor", "target", "theme")
LEAST_ALIKE = 0.15
NEARLY_THE_SAME = 0.6
SAME_NUMBER = 0.5
"""What one number in two versions of a text adds to their likeness."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A provision of one side; ``values`` are IRIs by role."""

    iri: str
    number: str
    text: str
    values: dict[str, frozenset[str]]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """Two provisions that belong together, or one alone; ``values``: of both, of each alone."""

    first: Compared | None
    second: Compared | None
    pieces: tuple[list[Piece], list[Piece]]
    changed: bool
    values: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]]


@router.get("/compare")
def compare(request: Request, service: ServiceOf) -> HTMLResponse:
    """Two texts beside each other; a form where they are not named yet."""
    language = page_language(request)
    a, b = given(request, "a"), given(request, "b")
    steps = [Step(words()[language]["compare"], "/compare")]
    if not a or not b:
        return render(request, "compare.html", a=a or "", b=b or "", lines=None, steps=())
    first, second = (_text(service, text) for text in (a, b))
    lines = _lines(*(_provisions(service, iri, language) for iri in (first, second)))
    iris = {
        value
        for line in lines
        for found in line.values.values()
        for part in found
        for value in part
    }
    names = named(service, [first, second, *sorted(iris)], language)
    return render(
        request,
        "compare.html",
        steps=steps,
        a=a,
        b=b,
        lines=lines,
        first=names[first],
        second=names[second],
        names=names,
        roles=ROLES,
        both=sum(line.first is not None and line.second is not None for line in lines),
        sort=_sorted,
    )


def _sorted(values: frozenset[str], names: dict[str, Named]) -> list[Named]:
    return sorted((names[value] for value in values), key=lambda each: each.label.casefold())


def _text(service: Service, text: str) -> str:
    """IRI of a text by its IRI or symbol. Raises NotFoundError."""
    return text if "://" in text else service.answers.text(text)


def _provisions(service: Service, iri: str, language: str) -> list[Compared]:
    values: dict[str, dict[str, set[str]]] = {}
    for row in rows(service, "values_of_provisions", text=iri):
        values.setdefault(row["provision"], {}).setdefault(row["role"], set()).add(row["value"])
    found = []
    for row in rows(service, "provisions_to_compare", text=iri, lang=language):
        text = row["official"] or row["summary"]
        held = values.get(row["provision"], {})
        found.append(
            Compared(
                row["provision"],
                row["number"],
                text,
                {role: frozenset(held.get(role, ())) for role in ROLES},
                telling_words(text),
            )
        )
    return found


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    whole = len(first | second)
    return len(first & second) / whole if whole else 0.0


def _alike(first: Compared, second: Compared) -> float:
    """How much two provisions belong together, 0 to 1."""
    subject = [
        _share(first.values[role], second.values[role])
        for role in ROLES
        if first.values[role] or second.values[role]
    ]
    values = sum(subject) / len(subject) if subject else 0.0
    number = SAME_NUMBER if first.number == second.number else 0.0
    words_alike = _share(first.words, second.words)
    return min(1.0, 0.6 * words_alike + 0.4 * values + number * words_alike)


def _lines(first: Sequence[Compared], second: Sequence[Compared]) -> list[Line]:
    """Provisions of both sides, the most alike together, in the order of the first."""
    scored = sorted(
        (
            (-score, i, k)
            for i, one in enumerate(first)
            for k, other in enumerate(second)
            if (score := _alike(one, other)) >= LEAST_ALIKE
        ),
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, k in scored:
        if i not in partner and k not in taken:
            partner[i] = k
            taken.add(k)
    lines = [
        _line(one, second[partner[i]] if i in partner else None) for i, one in enumerate(first)
    ]
    return lines + [_line(None, other) for k, other in enumerate(second) if k not in taken]


def _line(first: Compared | None, second: Compared | None) -> Line:
    if first is None or second is None:
        one = first or second
        pieces = [Piece(one.text)] if one else []
        return Line(first, second, (pieces, pieces), False, {})
    close = likeness(first.text, second.text) >= NEARLY_THE_SAME
    mark = changes if close else shared_words
    values = {
        role: (
            first.values[role] & second.values[role],
            first.values[role] - second.values[role],
            second.values[role] - first.values[role],
        )
        for role in ROLES
    }
    return Line(first, second, mark(first.text, second.text), close, values)
