"""Words fetched together from a server are those of the embedded store."""

from __future__ import annotations

import pytest

from dtrack.answer.lookup import labels, taggings, taggings_to, wordings
from dtrack.model import Record
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.remote import RemoteStore
from reference_words import PROVISIONS, TAGS, THINGS, made_up


@pytest.mark.parametrize("seed", range(3))
def test_a_server_gives_the_same_words(remote: RemoteStore, seed: int) -> None:
    record = Record("urn:graph", made_up(seed), "made up")
    pairs = [(provision, tag) for provision in PROVISIONS for tag in TAGS]
    with EmbeddedStore.in_memory() as store:
        store.load([record])
        remote.load([record])

        for tongue in ("en", "zh"):
            assert labels(remote, THINGS, tongue) == labels(store, THINGS, tongue)
            assert wordings(remote, PROVISIONS, tongue) == wordings(store, PROVISIONS, tongue)
        assert taggings(remote, PROVISIONS) == taggings(store, PROVISIONS)
        assert taggings_to(remote, pairs) == taggings_to(store, pairs)
