"""Every rule passes what is right, refuses what is wrong, and is able to report at all."""

from __future__ import annotations

import pytest

from dtrack.validation.plan import plan
from dtrack.validation.reading import read_turtle
from validation.examples import (
    CASES,
    FILES,
    Example,
    examples,
    files_of_rules,
    name_of,
    reference_report,
    reported,
    rules_in,
    shapes_in,
)


def test_there_are_shapes_and_examples_to_look_at() -> None:
    assert len(FILES) >= 30
    assert len(files_of_rules()) >= 240
    assert len(examples()) >= 2 * len(files_of_rules())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_rule_has_an_example_that_passes_and_one_that_fails(file) -> None:
    missing = [
        f"{rule}/{kind}"
        for rule in sorted(rules_in(read_turtle(file)))
        for kind in ("pass.ttl", "fail.ttl")
        if not (CASES / rule / kind).is_file()
    ]

    assert missing == []


def test_every_folder_of_examples_is_of_a_rule() -> None:
    folders = {path.name for path in CASES.iterdir() if path.is_dir()}

    assert folders - set(files_of_rules()) == set()


@pytest.mark.parametrize("example", examples(), ids=name_of)
def test_rule_reports_what_fails_and_nothing_else(example: Example) -> None:
    report = reference_report(example)

    assert report.focus_nodes, "an example that no shape looks at shows nothing"
    assert (example.rule in reported(report)) is example.fails


def test_the_compiler_covers_every_rule() -> None:
    outside = {
        rule: dict(plan(shapes_in(file), {}).outside) for rule, file in files_of_rules().items()
    }

    assert {rule: why for rule, why in outside.items() if why} == {}
