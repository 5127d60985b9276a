"""What is kept of what goes into a store, for who makes indexes of it and need not ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from dtrack.model import Progress


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
    """Hears what goes into a store, and makes an index of it beside all else that is done."""

    def hear(self, ntriples: bytes) -> None:
        """Take in a graph, or a part of one, as canonical N-Triples sorted by their bytes."""
        ...

    def write(self, folder: Path, progress: Progress, derived: Callable[[], None]) -> bool:
        """Write the index into a folder once all is ``derived``; whether it could be done.

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
