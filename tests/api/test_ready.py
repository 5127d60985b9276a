"""A server makes ready beside the first requests what each process makes once."""

from __future__ import annotations

import time
from dataclasses import replace
from unittest import mock

import pytest

from dtrack.overlap import Selection
from dtrack.settings import load_settings
from dtrack.wiring.serving import open_service


@pytest.mark.parametrize("changes", [True, False])
def test_indexes_and_shapes_are_ready_before_anybody_asks(small_home, changes):
    settings = load_settings({"home": small_home}, {}, folder=small_home)
    node = open_service(settings)
    try:
        curator = node.desk.curator
        gate = mock.Mock(wraps=curator.rules.gate)
        curator.rules = replace(curator.rules, gate=gate)
        index = node.current().answers.index

        node.warm(changes=changes)

        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if index.has("facets", Selection()) and gate.called == changes:
                break
            time.sleep(0.05)
        assert index.has("facets", Selection())
        assert gate.called == changes
    finally:
        node.close()
