"""A context that is our own is put in; nothing else is touched."""

from __future__ import annotations

import json
import time

import pytest

from dtrack.formats.bundled import ADDRESS, MOST, with_bundled_context
from dtrack.formats.context import bundled_context

OWN = "http://localhost:8000/context.jsonld"
CONTEXT = dict(bundled_context())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"@context": ADDRESS, "@id": "urn:s"}, {"@context": CONTEXT, "@id": "urn:s"}),
        ({"@context": OWN}, {"@context": CONTEXT}),
        (
            {"@context": [ADDRESS, {"p": "urn:p"}, OWN]},
            {"@context": [CONTEXT, {"p": "urn:p"}, CONTEXT]},
        ),
        (
            [{"@graph": [{"@context": ADDRESS, "x": ["@context", ADDRESS]}]}],
            [{"@graph": [{"@context": CONTEXT, "x": ["@context", ADDRESS]}]}],
        ),
        (
            {"@context": {"p": {"@id": "urn:p", "@context": ADDRESS}}, "page": ADDRESS},
            {"@context": {"p": {"@id": "urn:p", "@context": CONTEXT}}, "page": ADDRESS},
        ),
    ],
    ids=["alone", "own", "list", "deep", "scoped"],
)
def test_address_of_the_bundled_context_stands_for_it(before, after) -> None:
    sent = json.dumps(before, indent=2).encode()

    made = with_bundled_context(sent, [OWN])

    assert json.loads(made) == after
    assert made.count(b"\n") == sent.count(b"\n")


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "http://evil.example/context.jsonld"},
        {"@context": f"{ADDRESS}?x"},
        {"@context": f"{ADDRESS}/../x"},
        {"@context": {"@import": ADDRESS}},
        {"@id": ADDRESS, "@context": [[ADDRESS]]},
        {"note": f'"@context": "{ADDRESS}"'},
        {"context": ADDRESS},
    ],
)
def test_other_contexts_stay_as_they_are(document) -> None:
    sent = json.dumps(document).encode()

    assert with_bundled_context(sent, [OWN]) == sent


@pytest.mark.parametrize("rest", ["", "]", "}}}]", '"', '{"@context":', '"\\'])
def test_what_is_no_json_is_left_to_the_parser(rest: str) -> None:
    sent = f'{rest}"{ADDRESS}"{rest}'.encode()

    made = with_bundled_context(sent)

    assert len(made) <= len(sent) + 2 * len(json.dumps(CONTEXT))


def test_small_body_does_not_become_a_large_one() -> None:
    sent = json.dumps([{"@context": ADDRESS}] * 10_000).encode()

    made = with_bundled_context(sent)

    assert len(made) < len(sent) + MOST * len(json.dumps(CONTEXT))
    assert made.count(ADDRESS.encode()) == 10_000 - MOST


@pytest.mark.parametrize("part", ['\\"', "[", "{}", '"', '"@context"'])
def test_time_is_that_of_the_length(part: str) -> None:
    sent = f'{{"@context": "{ADDRESS}", "x": "{part * 500_000}'.encode()

    started = time.monotonic()
    with_bundled_context(sent)

    assert time.monotonic() - started < 3
