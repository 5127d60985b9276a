"""The OpenAPI description is true: what it does not say does not happen (Schemathesis)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dtrack.settings import load_settings
from dtrack.web.app import create_app
from dtrack.wiring.serving import open_service

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory, small_home: Path):
    """Description of an application over a node of its own, whose queries end soon."""
    home = tmp_path_factory.mktemp("described") / "home"
    shutil.copytree(small_home, home)
    # The first check of data reads ontology and shapes, on a busy machine for long.
    flags = {"home": home, "query_seconds": 30, "query_workers": 1}
    node = open_service(load_settings(flags, {}, folder=home))
    try:
        yield schemathesis.openapi.from_asgi("/openapi.json", create_app(node))
    finally:
        node.close()


def test_nothing_happens_that_is_not_described(schema):
    operations = [result.ok() for result in schema.get_all_operations()]
    seen: dict[str, set[int]] = {}

    for operation in operations:
        _check(operation, seen.setdefault(operation.label, set()))

    assert len(operations) > 25
    assert {status for found in seen.values() for status in found} >= {200, 400, 404}


def _check(operation, statuses: set[int]) -> None:
    """Call an operation with what its description allows, and compare the answers with it."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def check(case) -> None:
        response = case.call()
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    check()
