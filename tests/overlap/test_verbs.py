"""What verbs say is read once, and again when it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dtrack.model import Record, Revision
from dtrack.overlap import OverlapIndex
from dtrack.resources import root_folder
from dtrack.stores.embedded import EmbeddedStore
from overlap.test_incremental import BASE, CODES, DT, B, decision, files, graph, triple

VERBS = f"{B}graph/verbs"
SAID = {
    "targets": ["1"], "themes": [], "actors": ["parties"], "verb": "requests",
    "kind": "operational", "deadline": "", "ended": False,
}  # fmt: skip


class Edited:
    """A store that is edited, the index that follows it, and what was asked of the verbs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.queries, self.asked = root_folder("queries"), 0
        self.store = EmbeddedStore.in_memory()
        held = {**BASE, **{f"{B}graph/{key}": decision(key, [SAID]) for key in ("x-1", "y-1")}}
        self.store.load(Record(name, content, name) for name, content in held.items())
        self.index = OverlapIndex.built(self.store, self.queries)
        serialise = EmbeddedStore.serialise

        def counting(store: EmbeddedStore, query: str, *rest: Any) -> Any:
            self.asked += "dt:verbForce" in query
            return serialise(store, query, *rest)

        monkeypatch.setattr(EmbeddedStore, "serialise", counting)

    def edit(self, name: str, content: bytes) -> None:
        before = self.store.graph(name)
        self.store.apply(Revision(1, {name: content}))
        self.index = self.index.updated(self.store, self.queries, {name: (before, content)})


def test_edits_of_decisions_read_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    edited = Edited(monkeypatch)
    for number, actor in enumerate(["secretariat", "others", "parties"]):
        edited.edit(f"{B}graph/x-1", decision("x-1", [{**SAID, "actors": [actor]}] * (number + 1)))

    assert edited.asked == 1


def test_a_verb_that_asks_otherwise_now_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = Edited(monkeypatch)
    edited.edit(f"{B}graph/x-1", decision("x-1", [{**SAID, "targets": ["2"]}]))
    weaker = graph([triple(f"{CODES}verb/requests", f"{DT}verbForce", f"{CODES}force/invitation")])
    edited.edit(VERBS, weaker)
    edited.edit(f"{B}graph/y-1", decision("y-1", [{**SAID, "targets": ["3"]}]))

    edited.index.save(tmp_path / "followed")
    OverlapIndex.built(edited.store, edited.queries).save(tmp_path / "anew")
    assert files(tmp_path / "followed") == files(tmp_path / "anew")
    forces = edited.index.columns.sets["verb"].values
    assert f"{CODES}force/invitation" in forces
    assert f"{CODES}force/request" not in forces
