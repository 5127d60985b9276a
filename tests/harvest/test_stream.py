"""Trees of a stream: walked in the order of time, nothing passed over, nothing asked in vain."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dtrack.curate.harvests import Batch, Reading, read_stream, wanted
from dtrack.curate.harvests.offering import Offered
from dtrack.errors import SyntaxProblem
from dtrack.model import no_progress
from dtrack.sources.fetching import Fetched, Fetcher

ROOT = "https://o.example/ldes"
HEAD = """@prefix tree: <https://w3id.org/tree#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> .
"""


def at(second: int) -> str:
    return f"2026-11-29T00:00:{second:02}.120000Z"


def written(second: int) -> str:
    """The same time, as storage or another program may write it; these do not sort as text."""
    return (
        at(second).replace("0000Z", "Z"),
        at(second).replace("0000Z", "000Z"),
        f"2026-11-29T02:00:{second:02}.12+02:00",
    )[second % 3]


def node(url: str, ways: Sequence[tuple[str, int, int | None]] = (), members: str = "") -> str:
    text = HEAD + members
    for target, first, last in ways:
        for kind, second in (("GreaterThanOrEqualTo", first), ("LessThanOrEqualTo", last)):
            if second is not None:
                text += (
                    f"<{url}> tree:relation [ a tree:{kind}Relation ; tree:node <{target}> ; "
                    f'tree:path dcterms:created ; tree:value "{written(second)}" ] .\n'
                )
    return text


def member(revision: int, name: str, second: int, content: str | None = '"ok"') -> str:
    iri = f"{ROOT}/revision/{revision}/{name}"
    kind = "as:Delete" if content is None else "as:Create"
    text = (
        f"<{ROOT}#stream> tree:member <{iri}> . <{iri}> a {kind} ; "
        f'dcterms:isVersionOf <urn:graph:{name}> ; dcterms:created "{written(second)}" .\n'
    )
    return text if content is None else f"{text}<{iri}> {{ <urn:s> <urn:p> {content} }}\n"


class Fake(Fetcher):
    """Gives nodes by address; what has the tag that it had before is not new."""

    def __init__(self, nodes: Mapping[str, str]) -> None:
        super().__init__()
        self.close()
        self.nodes = dict(nodes)
        self.asked: list[str] = []
        self.immutable: set[str] = set()

    def ask(
        self, url: str, accept: str = "", conditions: Mapping[str, str] | None = None
    ) -> Fetched:
        self.asked.append(url.removeprefix(ROOT))
        tag = {"If-None-Match": str(hash(self.nodes[url]))}
        if conditions == tag:
            return Fetched(url, b"", is_new=False, conditions=tag)
        never_changes = url in self.immutable
        return Fetched(url, self.nodes[url].encode(), True, tag, is_immutable=never_changes)


def read(fake: Fake, position: Mapping[str, Any], until: int = 99) -> list[Batch]:
    subscription = replace(wanted("o", ROOT, "tests"), position=position)
    found = []
    for batch in read_stream(Reading(subscription, fake, no_progress, at(59))):
        found.append(batch)
        if len(found) == until:
            break
    return found


def told(batches: Sequence[Batch]) -> list[str]:
    return [f"{t.graph[-1]}{t.member.split('/')[-2]}" for b in batches for t in b.told]


TREE = {
    ROOT: node(ROOT, [(f"{ROOT}/index/1", 1, 9), (f"{ROOT}/index/2", 9, None)]),
    f"{ROOT}/index/1": node(f"{ROOT}/index/1", [(f"{ROOT}/2", 5, 9), (f"{ROOT}/1", 1, 5)]),
    f"{ROOT}/index/2": node(f"{ROOT}/index/2", [(f"{ROOT}/3", 9, None)]),
    f"{ROOT}/1": node(f"{ROOT}/1", (), member(1, "a", 1) + member(2, "b", 5)),
    # Members of one time in several pages, and revisions that do not sort as text.
    f"{ROOT}/2": node(f"{ROOT}/2", (), member(2, "c", 5) + member(10, "a", 9) + member(9, "a", 9)),
    f"{ROOT}/3": node(f"{ROOT}/3", (), member(11, "d", 9) + member(12, "b", 12, None)),
}


def test_members_come_in_the_order_of_time() -> None:
    batches = read(Fake(TREE), {})

    assert told(batches) == ["a1", "b2", "c2", "a9", "a10", "d11", "b12"]
    assert [batch.is_last for batch in batches] == [False, False, True]
    assert batches[-1].position["time"] == at(12)


def test_who_is_cut_off_anywhere_reads_on_without_passing_anything_over() -> None:
    whole = set(told(read(Fake(TREE), {})))
    for until in (1, 2, 3):
        first = read(Fake(TREE), {}, until)
        rest = read(Fake(TREE), first[-1].position)
        assert set(told(first)) | set(told(rest)) == whole
        assert rest[-1].is_last is (until < 3)


def test_only_what_may_be_new_is_asked_for() -> None:
    fake = Fake(TREE)
    position = read(fake, {})[-1].position
    fake.asked.clear()

    assert told(read(fake, position)) == []
    assert sorted(fake.asked) == ["", "/3", "/index/2"]

    fake.asked.clear()
    fake.nodes[f"{ROOT}/3"] += member(13, "e", 12) + member(14, "f", 13)
    batches = read(fake, position)
    assert told(batches) == ["e13", "f14"]
    assert not batches[-1].is_last
    assert "/1" not in fake.asked


def test_a_revision_of_many_pages_is_read_on_page_by_page() -> None:
    # As after a bulk load: all members have one time.
    pages = [f"{ROOT}/page/{number}" for number in range(1, 6)]
    ways = [(url, 7, 7) for url in pages[:-1]] + [(pages[-1], 7, None)]
    nodes = {ROOT: node(ROOT, ways)}
    nodes |= {
        url: node(url, (), member(1, name, 7)) for url, name in zip(pages, "abcde", strict=True)
    }
    fake = Fake(nodes)
    fake.immutable = set(pages[:-1])

    position: Mapping[str, Any] = {}
    seen: list[str] = []
    for _ in pages:
        batches = read(fake, position, 1)
        seen += told(batches)
        position = json.loads(json.dumps(batches[-1].position))
    assert sorted(seen) == ["a1", "b1", "c1", "d1", "e1"]
    assert sorted(fake.asked) == sorted([*[""] * 5, *(f"/page/{n}" for n in range(1, 6))])
    assert position["seen"] == [f"{ROOT}/revision/1/e"]

    fake.asked.clear()
    fake.nodes[ROOT] += "\n"
    fake.nodes[pages[-1]] += member(2, "a", 8)
    assert told(read(fake, position)) == ["a2"]
    assert fake.asked == ["", "/page/5"]


def test_a_time_that_is_none_is_told() -> None:
    fake = Fake({ROOT: node(ROOT, [(f"{ROOT}/1", 1, 9)]).replace(written(1), "yesterday")})

    with pytest.raises(SyntaxProblem, match="a time that is none: 'yesterday'"):
        read(fake, {})


def test_one_member_that_cannot_be_stored_is_left_aside_alone() -> None:
    bad = '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'
    fake = Fake({ROOT: node(ROOT, (), member(1, "a", 1) + member(2, "b", 2, bad))})
    fake.nodes[ROOT] += member(3, "c", 3).split("<" + ROOT + "/revision/3/c> {")[0]
    offered = Offered()
    for batch in read(fake, {}):
        for each in batch.told:
            offered.add(each)

    found = {o.graph[-1]: (o.standing, o.reason) for o in offered.offers.values()}
    assert found["a"] == ("new", "")
    assert found["b"][0] == found["c"][0] == "unusable"
    assert "would be stored as" in found["b"][1]
    assert "not in the page" in found["c"][1]
