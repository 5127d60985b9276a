"""Names of meetings in Chinese: one each, with the number of the session in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Node

DT = Namespace("https://w3id.org/dtrack/ontology#")
DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
NUMBER = re.compile("第([一二三四五六七八九十]+)(?:届|次)")
# Letters before the number of a session that is not ordinary.
SPECIAL = re.compile("(EXT?|SS)?([0-9]+)")


def value(numeral: str) -> int:
    """What a Chinese numeral below one hundred stands for."""
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS[tens] if tens else 1) * 10 * bool(ten) + DIGITS.get(ones, 0)


@pytest.fixture(scope="module")
def graph(root: Path) -> Graph:
    graph = Graph()
    for path in sorted((root / "data" / "meetings").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def meetings(graph: Graph) -> list[Node]:
    return sorted(graph.subjects(RDF.type, DT.Meeting), key=str)


def name(graph: Graph, meeting: Node, language: str) -> str:
    labels = [o for o in graph.objects(meeting, SKOS.prefLabel) if isinstance(o, Literal)]
    (found,) = (label for label in labels if label.language == language)
    return str(found)


@pytest.mark.parametrize(
    ("numeral", "number"), [("一", 1), ("十", 10), ("十九", 19), ("二十", 20), ("六十四", 64)]
)
def test_numerals_are_read(numeral: str, number: int) -> None:
    assert value(numeral) == number


def test_meetings_have_one_name_of_their_own_in_chinese(graph: Graph, meetings: list[Node]) -> None:
    names = [name(graph, meeting, "zh") for meeting in meetings]

    assert len(names) >= 380
    assert len(set(names)) == len(names)
    assert all(re.search("[\u4e00-\u9fff]", said) for said in names)


def test_chinese_name_has_the_number_of_the_session(graph: Graph, meetings: list[Node]) -> None:
    numbered = 0
    for meeting in meetings:
        said = NUMBER.search(name(graph, meeting, "zh"))
        if said is None:
            continue
        found = SPECIAL.match(str(graph.value(meeting, DT.session)))
        assert found is not None, meeting
        assert value(said[1]) == int(found[2]), meeting
        assert bool(found[1]) == ("特别会议" in name(graph, meeting, "zh")), meeting
        numbered += 1

    assert numbered == len(meetings) - 2  # a summit and a symposium, held once


def test_meetings_of_experts_say_about_what(graph: Graph, meetings: list[Node]) -> None:
    about = [meeting for meeting in meetings if "on synergies" in name(graph, meeting, "en")]

    assert len(about) == 2
    assert [m for m in about if "协同增效" not in name(graph, m, "zh")] == []


def test_what_is_resumed_in_english_is_resumed_in_chinese(
    graph: Graph, meetings: list[Node]
) -> None:
    resumed = [m for m in meetings if "resumed" in name(graph, m, "en")]

    assert resumed
    assert [m for m in resumed if "续会" not in name(graph, m, "zh")] == []
