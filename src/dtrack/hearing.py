"""What is kept of what goes into a store, for who makes indexes of it and need not ask again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from dtrack.model import Progress

_IRI: Final = ord("<")

_ESCAPE: Final = re.compile(rb'\\(?:([tbnrf"\'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_SHORT: Final = {
    b"t": b"\t", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"f": b"\f",
    b'"': b'"', b"'": b"'", b"\\": b"\\",
}  # fmt: skip


class Told(Protocol):
    """Facts of some properties that went into a store: they need not be asked for."""

    def facts(self, name: str) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Subjects and values of a property, as terms of N-Triples in step, each fact once.

        Literals are as storage gives them. Raises KeyError for a property not asked for.
        """
        ...

    def knows(self, names: Collection[str]) -> bool:
        """Whether facts of all these properties were asked for."""
        ...

    def rows(
        self, needed: Sequence[str], others: Sequence[str] = ()
    ) -> Iterator[tuple[bytes, ...]]:
        """Each subject that has all the ``needed`` properties, with each choice of its values.

        A row holds the subject, a value of each property needed, and one of each of the
        ``others``, empty where there is none.
        """
        ...


class Listener(Protocol):
    """Hears what goes into a store, and makes of it what indexes need, beside all else."""

    def hear(self, ntriples: bytes) -> None:
        """Take in a graph, or a part of one, as canonical N-Triples sorted by their bytes."""
        ...

    def made(self, what: str, look: Callable[[], None]) -> object | None:
        """What is made of all that was loaded, by its name; None where it could not be made.

        It is given once. ``look`` is called now and then meanwhile, and may end the waiting.
        """
        ...

    def write(self, folder: Path, progress: Progress, derived: Callable[[], None]) -> bool:
        """Write the index of texts into a folder once all is ``derived``; whether it could be done.

        Where it could not, the folder is as it was.
        """
        ...

    def close(self) -> None:
        """Forget all that was heard."""
        ...


class Hearing(NamedTuple):
    """What is to be kept of what goes into a store.

    Facts of the properties in ``noting`` can be had of Store.told() afterwards, and what
    ``listening`` gives is Store.listener().
    """

    noting: Collection[str] = ()
    listening: Callable[[], Listener] | None = None


def said(term: bytes) -> tuple[str, str]:
    """Value and language of a term, as a table of results has them."""
    if term[0] == _IRI:
        return term[1:-1].decode(), ""
    end = term.rindex(b'"')
    lexical, tag = term[1:end], term[end + 1 :]
    if b"\\" in lexical:
        lexical = _ESCAPE.sub(_unescaped, lexical)
    # As storage has them, languages are in lower case.
    return lexical.decode(), tag[1:].decode().lower() if tag[:1] == b"@" else ""


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """UTF-8 of the character that an escape stands for."""
    short, four, eight = escape.groups()
    return _SHORT[short] if short else chr(int(four or eight, 16)).encode()
