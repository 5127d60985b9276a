"""What a remote store is told when the working copy moves on meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.curate import mirroring
from dtrack.curate.mirroring import mirror
from dtrack.stores.building import LeasedStore, open_current
from dtrack.stores.remote import RemoteStore
from dtrack.terms import BASE
from small_home import edit_of, fill, note, note_graph, small_curator
from triple_stores import TripleStore


def test_writer_who_commits_after_the_copy_was_opened_is_mirrored_next(
    tmp_path: Path, oxigraph: TripleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = RemoteStore(oxigraph.endpoint)
    remote.clear()
    with small_curator(tmp_path) as curator:
        fill(curator)
        mirror(tmp_path, curator.journal, remote)
        opened = curator.write(edit_of(1, text="in what is opened")).revision
        assert opened is not None

        def open_and_be_overtaken(home: Path) -> LeasedStore:
            store = open_current(home)
            curator.write(edit_of(2, text="written meanwhile"))
            return store

        with monkeypatch.context() as patched:
            patched.setattr(mirroring, "open_current", open_and_be_overtaken)
            assert mirror(tmp_path, curator.journal, remote) == opened
        applied = remote.applied()
        assert applied is not None
        assert applied.revision == opened
        assert remote.graph(note_graph(1)) == note(1, "in what is opened")
        assert remote.graph(note_graph(2)) == note(2, "first")
        assert f"{BASE}/graph/history/{opened + 1}" not in remote.graphs()

        assert mirror(tmp_path, curator.journal, remote) == opened + 1
        with open_current(tmp_path) as local:
            assert remote.dump() == local.dump()
