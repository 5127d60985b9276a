"""Checks of what strangers send, in processes that can be ended."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.errors import QueryTimeoutError
from dtrack.stores.readers import ReaderPool

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.settings import Settings
    from dtrack.stores.turns import Caller

MODULE: Final = "dtrack.wiring.judging"
_MOST_PROCESSES: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A document to check (``data``), or one to check by (``shapes``)."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be checked, and what the report is to be.

    ``graph`` is the one of data that do not say whose they are; ``media_type``
    is one of ``wiring.REPORT_FORMATS``, ``language`` one of its languages.
    """

    parts: tuple[Part, ...]
    media_type: str
    language: str
    graph: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A report as it was asked for."""

    conforms: bool
    media_type: str
    body: bytes


class Judges:
    """Processes that check, started when the first is asked for; safe in threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._pool: ReaderPool | None = None

    def judge(self, folder: Path, question: Question, caller: Caller | None = None) -> Judgement:
        """What our rules say of data beside a store folder, or shapes that came with them.

        Nothing is stored. Raises SyntaxProblem and InputError for what cannot
        be read or run, RefusedError, ResultTooLargeError, QueryTimeoutError.
        """
        pool = self._pool_on(folder)
        head: dict[str, object] = {
            "pieces": [(part.name, part.media_type, len(part.content)) for part in question.parts],
            "media_type": question.media_type,
            "language": question.language,
            "graph": question.graph,
            "base": self._settings.base_iri,
        }
        body = b"".join(part.content for part in question.parts)
        try:
            with pool.trial() as target:
                given, report = pool.ask("judge", {**head, "target": str(target)}, body, caller)
        except QueryTimeoutError:
            raise QueryTimeoutError(
                f"The check was ended after {self._settings.query_seconds:g} seconds.",
                remedy="Check less at a time, with simpler shapes, or `dtrack validate` at home.",
            ) from None
        return Judgement(given["conforms"], question.media_type, report)

    def _pool_on(self, folder: Path) -> ReaderPool:
        """Processes that have the store of a folder."""
        with self._lock:
            if self._pool is None:
                settings = self._settings
                self._pool = ReaderPool(
                    folder,
                    min(_MOST_PROCESSES, settings.query_workers),
                    settings.query_seconds,
                    settings.query_rows,
                    settings.query_memory_mb,
                    answer_megabytes=settings.query_answer_mb,
                    queue_length=settings.query_queue,
                    module=MODULE,
                )
            else:
                self._pool.follow(folder)
            return self._pool

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
