"""What is made before anybody asks for it: when a process starts, and after each edit.

First what most answers need; then, one by one, answers that take long to reckon and that
were asked for before, so that whoever asks them again finds them there.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dtrack.errors import NotFoundError
from dtrack.overlap import Selection, count, items_of, nearest

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from dtrack.answer.answers import Answers
    from dtrack.overlap import OverlapIndex

CAPACITY: Final = "capacity-building"
"""Theme of action 5.2 (c) of the options paper, whose matrix is asked for at all times."""
_KINDS: Final = ("gaps view", "matrix view", "matrix forms")
"""What is asked again, as it is kept."""
_MOST: Final = 8
"""Answers of one kind that are asked again: those that were made last."""


class Asked(NamedTuple):
    """An answer, by its kind and key in what a snapshot keeps."""

    kind: str
    key: Any


def make_ready(answers: Answers) -> None:
    """Make what most answers need: indexes, measures, names, symbols, coverage.

    Raises StoreError.
    """
    for _ in pieces(answers):
        pass


def pieces(answers: Answers) -> Iterator[None]:
    """The same piece by piece, of some hundredths of a second each; after any it may be left."""
    index, texts = answers.index, answers.texts
    yield
    _ = index.measures
    for framework in sorted({item.framework for item in index.tables.items.values()}):
        with suppress(NotFoundError):
            items_of(index, framework)
    yield
    texts.warm(answers.language)
    texts.labels(_named(index), answers.language)
    yield
    answers.overlaps().coverage(count(index, Selection()))
    yield
    _ = answers.names.symbols
    yield
    if len(index):
        nearest(index, index.directive(0).provision, Selection(), limit=1)


def _named(index: OverlapIndex) -> list[str]:
    """All that cells and dimensions name."""
    values = [value for sets in index.columns.sets.values() for value in sets.values]
    return [*index.instruments, *values, *index.tables.items]


def always_asked(answers: Answers) -> list[Asked]:
    """What is there for whoever asks first: the matrix, and that of one theme."""
    selections = [Selection()]
    with suppress(NotFoundError):
        selections.append(Selection(theme=answers.key("theme", CAPACITY)))
    return [Asked("matrix view", answers.overlaps().key_of(s)) for s in selections]


def asked_before(answers: Answers) -> list[Asked]:
    """What others asked of the answers of a snapshot, of each kind the last ones."""
    return [Asked(kind, key) for kind in _KINDS for key in answers.keep.asked(kind)[-_MOST:]]


def ask_again(answers: Answers, asked: list[Asked]) -> Iterator[Asked]:
    """Ask, one by one, what is not there yet; after each it may be left.

    Gives each before it is asked. What is about a thing that is there no more is passed over.
    """
    for one in asked:
        if not answers.keep.holds(one.kind, one.key):
            yield one
            with suppress(NotFoundError), answers.keep.ahead():
                _ask(answers, one.kind, one.key)


def _ask(answers: Answers, kind: str, key: Hashable) -> None:
    of: Any = key
    if kind == "gaps view":
        language, framework, selection = of
        answers.overlaps(language).gaps(framework, selection)
        return
    form, of = (of[0], of[1:]) if kind == "matrix forms" else (None, of)
    language, selection, weights, values = of
    overlaps = answers.overlaps(language)
    if form is None:
        overlaps.matrix(selection, dict(weights) or None, values=values)
    else:
        overlaps.matrix_as(form, selection, dict(weights) or None, values=values)
