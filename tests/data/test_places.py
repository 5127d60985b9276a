"""Cities of meetings and seats of bodies: in English and in Chinese, one for the other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, Namespace

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Node

DT = Namespace("https://w3id.org/dtrack/ontology#")
HOMES = [("meetings", "city", 370), ("instruments", "seat", 50)]


@pytest.fixture(scope="module")
def places(root: Path) -> list[tuple[Node, str, Literal]]:
    """Thing, property and value of each place that is recorded."""
    found: list[tuple[Node, str, Literal]] = []
    for folder, term, _ in HOMES:
        graph = Graph()
        for path in sorted((root / "data" / folder).glob("*.ttl")):
            graph.parse(path, format="turtle")
        for thing, value in graph.subject_objects(DT[term]):
            assert isinstance(value, Literal)
            found.append((thing, term, value))
    return found


@pytest.mark.parametrize(("term", "least"), [home[1:] for home in HOMES])
def test_each_place_is_told_in_both_languages(
    places: list[tuple[Node, str, Literal]], term: str, least: int
) -> None:
    told: dict[Node, list[str]] = defaultdict(list)
    for thing, own, value in places:
        if own == term:
            told[thing].append(str(value.language))

    assert len(told) >= least
    for thing, languages in told.items():
        assert sorted(languages) == ["en"] * (half := len(languages) // 2) + ["zh"] * half, thing
        assert half, thing


def test_a_place_has_one_chinese_name(places: list[tuple[Node, str, Literal]]) -> None:
    by_thing: dict[tuple[Node, str], dict[str | None, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for thing, term, value in places:
        by_thing[thing, term][value.language].append(str(value))
    named: dict[str, set[str]] = defaultdict(set)
    for told in by_thing.values():
        if len(told["en"]) == len(told["zh"]) == 1:
            named[told["en"][0]].add(told["zh"][0])

    assert len(named) > 100
    assert {city: names for city, names in named.items() if len(names) > 1} == {}
