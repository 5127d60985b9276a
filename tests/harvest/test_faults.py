"""One entry that cannot be used: told, left aside, asked for again; the rest comes in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from dtrack.curate.harvests import Run, read_endpoint, read_feed, read_stream, run, wanted
from dtrack.curate.harvests.showing import HarvestReport, compare_offer, report_harvest
from dtrack.curate.writing import Curator
from dtrack.digests import graph_digest
from dtrack.errors import FetchError, RefusedError
from dtrack.journal.harvests import Harvests
from dtrack.sources.fetching import Fetched, Fetcher
from dtrack.stores.building import open_current
from small_home import fill, note, note_graph, small_curator

NODE = "https://o.example"
BROKEN = b"<urn:a> <urn:b> "
READERS = {"atom": read_feed, "sparql": read_endpoint, "ldes": read_stream}


class Node(Fetcher):
    """Gives what a test says by address, whatever is asked of it; raises what is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.close()
        self.answers: dict[str, bytes | BaseException] = {}
        self.asked: list[str] = []
        self.conditions: list[bool] = []

    def answer(self, url: str) -> bytes | BaseException | None:
        return self.answers.get(url, self.answers.get(url.split("?", 1)[0]))

    def ask(
        self, url: str, accept: str = "", conditions: Mapping[str, str] | None = None
    ) -> Fetched:
        self.asked.append(url)
        self.conditions.append(bool(conditions))
        answer = self.answer(url)
        if isinstance(answer, BaseException):
            raise answer
        if answer is None:
            raise FetchError(f"{url} answers 404.", code=404)
        tag = {"If-None-Match": str(hash(answer))}
        if conditions == tag:
            return Fetched(url, b"", is_new=False, conditions=tag)
        return Fetched(url, answer, is_new=True, conditions=tag)


@pytest.fixture
def curator(tmp_path: Path) -> Iterator[Curator]:
    """Home with notes 0 to 29, curated here."""
    with small_curator(tmp_path) as made:
        fill(made)
        yield made


@pytest.fixture
def node() -> Node:
    return Node()


def harvest(curator: Curator, node: Node, kind: str, *, again: bool = False) -> Run:
    harvests = Harvests(curator.journal)
    if not harvests.listed():
        harvests.add(wanted("one", f"{NODE}/{kind}", "tests", kind=kind))
    return run(curator, "one", lambda _: READERS[kind], node, again=again)


def shown(curator: Curator, number: int) -> bytes:
    with open_current(curator.home) as store:
        return store.graph(note_graph(number))


def report(curator: Curator) -> HarvestReport:
    return report_harvest(curator.journal, "one")


def at(second: int) -> str:
    return f"2026-11-29T00:00:{second:02}.000000Z"


# --- Atom


def entry(number: int, second: int, **more: str) -> str:
    """An entry of a feed; ``id``, ``updated`` and ``href`` may be others than they should be."""
    href = more.get("href", f"{NODE}/content?note={number}&at={second}")
    link = f"<link rel='related' type='text/turtle' href={quoteattr(href)}/>" if href else ""
    return (
        f"<entry><id>{more.get('id', note_graph(number))}</id>"
        f"<updated>{more.get('updated', at(second))}</updated>{link}</entry>"
    )


def feed(node: Node, *entries: str) -> None:
    """Publish entries, latest first, as feeds do."""
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(reversed(entries))}</feed>"
    node.answers[f"{NODE}/atom"] = text.encode()


def content(node: Node, number: int, second: int, said: bytes | BaseException) -> None:
    node.answers[f"{NODE}/content?note={number}&at={second}"] = said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (BROKEN, "content"),
        (b"", "empty"),
        (FetchError("It answers 404.", code=404), "404"),
        (FetchError("It is a web page.", code=200), "web page"),
        (RefusedError("The source sends elsewhere."), "elsewhere"),
    ],
)
def test_content_that_cannot_be_used_is_left_aside_and_asked_for_again(
    curator: Curator, node: Node, said: bytes | Exception, told: str
) -> None:
    feed(node, entry(100, 1), entry(101, 2), entry(102, 3))
    for number in (100, 101, 102):
        content(node, number, number - 99, note(number, "one"))
    harvest(curator, node, "atom")
    more = [entry(100, 4), entry(101, 5), entry(102, 6)]
    feed(node, entry(100, 1), entry(101, 2), entry(102, 3), *more)
    content(node, 100, 4, note(100, "two"))
    content(node, 101, 5, said)
    content(node, 102, 6, note(102, "two"))

    done = harvest(curator, node, "atom")

    assert (done.outcome, done.faults) == ("done with faults", 1)
    assert done.counts == {"taken": 2, "unusable": 1}
    assert shown(curator, 100) == note(100, "two")
    assert shown(curator, 101) == note(101, "one")
    assert shown(curator, 102) == note(102, "two")
    found = report(curator)
    assert (found.harvest.outcome, found.harvest.failures) == ("done with faults", 0)
    assert "1 entry" in found.harvest.message
    (aside,) = found.aside
    assert (aside.graph, aside.standing) == (note_graph(101), "unusable")
    assert told in aside.reason
    assert aside.there.version == f"{NODE}/content?note=101&at=5"
    # What it was told before is what it is compared with.
    assert aside.there.digest == graph_digest(note(101, "one"))
    assert compare_offer(curator.journal, "one", note_graph(101)).added == ()

    node.asked.clear()
    assert harvest(curator, node, "atom").faults == 1
    assert [url for url in node.asked if "content" in url] == [aside.there.version]

    # Mended where it is: the feed tells nothing new.
    content(node, 101, 5, note(101, "two"))
    done = harvest(curator, node, "atom")
    assert (done.outcome, done.counts) == ("done", {"taken": 3})
    assert shown(curator, 101) == note(101, "two")
    assert report(curator).harvest.message == ""
    for _ in range(2):
        harvest(curator, node, "atom")
    assert node.conditions[-1]


def test_a_mended_entry_may_say_what_it_said_before(curator: Curator, node: Node) -> None:
    feed(node, entry(100, 1))
    content(node, 100, 1, note(100, "one"))
    harvest(curator, node, "atom")
    feed(node, entry(100, 1), entry(100, 2))
    content(node, 100, 2, BROKEN)
    assert harvest(curator, node, "atom").counts == {"unusable": 1}

    content(node, 100, 2, note(100, "one"))
    assert harvest(curator, node, "atom").counts == {"taken": 1}


def test_a_broken_version_that_is_withdrawn_goes(curator: Curator, node: Node) -> None:
    feed(node, entry(100, 1))
    content(node, 100, 1, BROKEN)
    assert harvest(curator, node, "atom").counts == {"unusable": 1}

    gone = (
        "<deleted-entry xmlns='http://purl.org/atompub/tombstones/1.0' "
        f"ref='{note_graph(100)}' when='{at(2)}'/>"
    )
    feed(node, entry(100, 1), gone)
    assert harvest(curator, node, "atom").counts == {"gone": 1}


def test_a_later_version_makes_good(curator: Curator, node: Node) -> None:
    feed(node, entry(100, 1))
    content(node, 100, 1, BROKEN)
    harvest(curator, node, "atom")

    feed(node, entry(100, 1), entry(100, 2))
    content(node, 100, 2, note(100, "two"))
    node.asked.clear()
    assert harvest(curator, node, "atom").outcome == "done"
    assert not any("at=1" in url for url in node.asked)
    assert Harvests(curator.journal).get("one").position["time"] == at(2)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"id": ""}, "no IRI for an id"),
        ({"id": "my note"}, "no IRI for an id"),
        ({"updated": "yesterday"}, "a time that is none: 'yesterday'"),
        ({"updated": ""}, "a time that is none"),
        ({"updated": "0001-01-01T00:00:00+14:00"}, "a time that is none"),
        ({"href": "http://[half/a/bracket"}, "no link to Turtle"),
        ({"href": ""}, "no link to Turtle"),
    ],
)
def test_an_entry_that_tells_no_record_is_left_aside(
    curator: Curator, node: Node, odd: dict[str, str], told: str
) -> None:
    for number, second in ((100, 1), (101, 2), (102, 3), (103, 4)):
        content(node, number, second, note(number, "one"))
    feed(node, entry(100, 1), entry(101, 2, **odd), entry(102, 3))

    done = harvest(curator, node, "atom")

    assert done.counts == {"taken": 2}
    assert (done.outcome, done.faults) == ("done with faults", 1)
    (remark,) = report(curator).remarks
    assert remark["rule"] == "unusable"
    assert told in remark["message"]
    assert remark["place"].startswith(NODE)

    # As long as it stands there it is told, and nothing else is asked for twice.
    feed(node, entry(100, 1), entry(101, 2, **odd), entry(102, 3), entry(103, 4))
    node.asked.clear()
    assert harvest(curator, node, "atom").faults == 1
    assert [url.split("note=")[1] for url in node.asked if "note=" in url] == ["103&at=4"]

    feed(node, entry(100, 1), entry(101, 2), entry(102, 3), entry(103, 4))
    done = harvest(curator, node, "atom")
    assert (done.outcome, done.counts) == ("done", {"taken": 4})
    assert report(curator).remarks == []


def test_an_entry_is_not_asked_for_for_ever(
    curator: Curator, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dtrack.curate.harvests.atom._MOST_SEEN", 2)
    odd = entry(100, 1, updated="yesterday")
    good = [entry(number, number - 99) for number in (101, 102, 103)]
    feed(node, good[0], odd, *good[1:])
    for number in (101, 102, 103):
        content(node, number, number - 99, note(number, "one"))

    done = harvest(curator, node, "atom")

    assert [remark.rule for remark in done.remarks] == ["given-up"]
    assert Harvests(curator.journal).get("one").position["time"] == at(4)

    # It is still not here, so each run says so, also where the feed stands still or goes on.
    feed(node, good[0], odd, *good[1:], entry(104, 5))
    content(node, 104, 5, note(104, "one"))
    for _ in range(3):
        done = harvest(curator, node, "atom")
        assert (done.outcome, done.faults, done.given_up) == ("done with faults", 1, 1)
        (remark,) = report(curator).remarks
        assert (remark["rule"], remark["about"]) == ("given-up", note_graph(100))
        assert remark["place"].startswith(NODE)
        assert "not asked for any more" in remark["remedy"]
        assert Harvests(curator.journal).get("one").message == (
            "1 entry of the origin cannot be used; the rest came in. 1 is not asked for any more."
        )

    # Published anew it comes, and nothing is left to say.
    feed(node, *good, entry(104, 5), entry(100, 6))
    content(node, 100, 6, note(100, "one"))
    done = harvest(curator, node, "atom")
    assert (done.outcome, done.counts) == ("done", {"taken": 5})
    assert report(curator).remarks == []


def test_reading_again_asks_for_what_was_given_up(
    curator: Curator, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dtrack.curate.harvests.atom._MOST_SEEN", 2)
    good = [entry(number, number - 99) for number in (101, 102, 103)]
    for number in (100, 101, 102, 103):
        content(node, number, number - 99, note(number, "one"))
    feed(node, entry(100, 1, updated="yesterday"), *good)
    assert harvest(curator, node, "atom").given_up == 1

    # Mended where it stands.
    feed(node, entry(100, 1), *good)
    assert harvest(curator, node, "atom").given_up == 1
    done = harvest(curator, node, "atom", again=True)
    assert (done.outcome, done.counts) == ("done", {"taken": 4})


def test_content_is_asked_for_again_where_the_feed_stands_still(
    curator: Curator, node: Node
) -> None:
    numbers = range(100, 220)
    feed(node, *(entry(number, 1) for number in numbers))
    for number in numbers:
        content(node, number, 1, note(number, "one"))
    content(node, 100, 1, BROKEN)
    content(node, 110, 1, BROKEN)
    assert harvest(curator, node, "atom").counts == {"taken": 118, "unusable": 2}
    harvest(curator, node, "atom")

    # Broken off after the first portion: what it has asked for again is not lost.
    feed(node, *(entry(number, 1) for number in numbers), *(entry(n, 2) for n in numbers[50:]))
    for number in numbers[50:]:
        content(node, number, 2, note(number, "two"))
    content(node, 150, 2, BROKEN)
    content(node, 219, 2, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        harvest(curator, node, "atom")
    content(node, 219, 2, note(219, "two"))
    assert harvest(curator, node, "atom").counts == {"taken": 117, "unusable": 3}

    harvest(curator, node, "atom")
    node.asked.clear()
    assert harvest(curator, node, "atom").faults == 3
    # The feed is as it was, so it is asked on condition; three contents are asked for.
    assert node.conditions[-4:] == [True, False, False, False]
    assert len(node.asked) == 4
    for number, second in ((100, 1), (110, 1), (150, 2)):
        content(node, number, second, note(number, "mended"))
    assert harvest(curator, node, "atom").counts == {"taken": 120}
    assert shown(curator, 150) == note(150, "mended")
    assert Harvests(curator.journal).get("one").position["again"] == []


def test_an_origin_that_is_not_well_still_ends_the_run(curator: Curator, node: Node) -> None:
    feed(node, entry(100, 1))
    content(node, 100, 1, FetchError("It does not answer after 4 attempts.", code=0))

    with pytest.raises(FetchError):
        harvest(curator, node, "atom")

    assert report(curator).harvest.outcome == "failed"


# --- SPARQL


def endpoint(node: Node, rows: list[object], graphs: dict[int, bytes]) -> None:
    """Let an endpoint list rows, and hold graphs."""
    body = {"head": {"vars": ["graph"]}, "results": {"bindings": rows}}

    def answer(url: str) -> bytes:
        if "SELECT" in url:
            return json.dumps(body).encode()
        (number,) = (n for n in graphs if f"note%2F{n}%3E" in url)
        return graphs[number]

    node.answer = answer  # type: ignore[method-assign]


def row(number: int) -> object:
    return {"graph": {"type": "uri", "value": note_graph(number)}}


def test_a_graph_of_an_endpoint_that_cannot_be_read_stays_as_it_was(
    curator: Curator, node: Node
) -> None:
    rows = [row(100), row(101), row(102)]
    good = {n: note(n, "one") for n in (100, 101, 102)}
    endpoint(node, rows, good)
    harvest(curator, node, "sparql")

    endpoint(node, rows, {**good, 100: note(100, "two"), 101: BROKEN})
    done = harvest(curator, node, "sparql")

    assert (done.outcome, done.counts) == ("done with faults", {"taken": 2, "unusable": 1})
    assert shown(curator, 101) == note(101, "one")
    assert shown(curator, 100) == note(100, "two")

    endpoint(node, rows, good)
    assert harvest(curator, node, "sparql").outcome == "done"

    # One that is no more there is gone, though it was unusable last.
    endpoint(node, rows, {**good, 101: BROKEN})
    harvest(curator, node, "sparql")
    endpoint(node, [row(100), row(102)], good)
    assert harvest(curator, node, "sparql").counts == {"taken": 2, "gone": 1}
    assert shown(curator, 101) == b""


@pytest.mark.parametrize("odd", [None, {"graph": {"type": "uri", "value": "no iri"}}, {"graph": 7}])
def test_a_row_that_names_no_graph_withdraws_nothing(
    curator: Curator, node: Node, odd: object
) -> None:
    good = {n: note(n, "one") for n in (100, 101, 102)}
    endpoint(node, [row(100), row(101)], good)
    harvest(curator, node, "sparql")

    endpoint(node, [row(100), odd, row(102)], good)
    done = harvest(curator, node, "sparql")

    assert (done.outcome, done.counts) == ("done with faults", {"taken": 3})
    assert [(r.rule, r.about) for r in done.remarks] == [
        ("unusable", "row 2"),
        ("may-be-gone", "one"),
    ]
    assert shown(curator, 101) == note(101, "one")
    assert harvest(curator, node, "sparql", again=True).counts == {"taken": 2, "gone": 1}


def test_what_may_be_a_secret_is_not_told_with_what_came(curator: Curator, node: Node) -> None:
    Harvests(curator.journal).add(wanted("one", f"{NODE}/sparql?token=secret", "tests"))
    endpoint(node, [row(100), row(101), 7], {100: note(100, "one"), 101: BROKEN})
    harvest(curator, node, "sparql")
    gone = "<deleted-entry xmlns='http://purl.org/atompub/tombstones/1.0' ref='urn:g' when='{}'/>"
    feed(node, entry(102, 1, href=""), gone.format(at(1)), gone.format("soon"))
    atom = Node()
    atom.answers = node.answers
    Harvests(curator.journal).add(wanted("two", f"{NODE}/atom?token=secret", "tests", kind="atom"))
    run(curator, "two", lambda _: read_feed, atom)

    assert "token=secret" in atom.asked[0]
    for name in ("one", "two"):
        told = report_harvest(curator.journal, name)
        assert told.remarks
        assert "secret" not in repr(told)
        assert not any("secret" in o.member for o in Harvests(curator.journal).offers(name))
    (version,) = curator.journal.versions(note_graph(100))
    assert version.change.origin == f"{NODE}/sparql"


def test_blank_graphs_of_an_endpoint_are_no_faults(curator: Curator, node: Node) -> None:
    endpoint(
        node, [row(100), {"graph": {"type": "bnode", "value": "b0"}}, {}], {100: note(100, "one")}
    )

    assert harvest(curator, node, "sparql").outcome == "done"


# --- LDES

HEAD = """@prefix tree: <https://w3id.org/tree#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""


def member(revision: int, number: int, said: bytes, **more: str) -> str:
    """A member of a stream; ``of`` and ``created`` may be others than they should be."""
    iri = f"{NODE}/revision/{revision}"
    of = more.get("of", f"dcterms:isVersionOf <{note_graph(number)}> ;")
    created = more.get("created", f'dcterms:created "{at(revision)}" ;')
    graph = f"<{iri}> {{ {said.decode()} }}\n"
    return f"<{NODE}/ldes> tree:member <{iri}> . <{iri}> {of} {created} a <urn:x> .\n{graph}"


def tree(node: Node, *pages: str) -> None:
    """A stream of pages, of which the last is open."""
    text = HEAD
    for number, page in enumerate(pages, 1):
        url = f"{NODE}/page/{number}"
        node.answers[url] = (HEAD + page).encode()
        # Each page has members of ten seconds.
        bounds = {"GreaterThanOrEqualTo": at(number * 10 - 10)}
        if number < len(pages):
            bounds["LessThanOrEqualTo"] = at(number * 10 - 1)
        for kind, value in bounds.items():
            text += (
                f"<{NODE}/ldes> tree:relation [ a tree:{kind}Relation ; tree:node <{url}> ; "
                f'tree:value "{value}" ] .\n'
            )
    node.answers[f"{NODE}/ldes"] = text.encode()


BAD = b'<urn:s> <urn:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
ODD = [({"of": ""}, "not of what"), ({"created": ""}, "not when"),
       ({"created": 'dcterms:created "soon" ;'}, "a time that is none"),
       ({"of": 'dcterms:isVersionOf "it" ;'}, "not of what")]  # fmt: skip


def test_a_member_that_cannot_be_stored_is_taken_when_it_is_mended_in_place(
    curator: Curator, node: Node
) -> None:
    first = member(1, 100, note(100, "one")) + member(2, 101, note(101, "one"))
    tree(node, first)
    harvest(curator, node, "ldes")
    second = first + member(3, 100, BAD) + member(4, 101, note(101, "two"))
    tree(node, second, member(11, 102, note(102, "one")))

    done = harvest(curator, node, "ldes")

    assert (done.outcome, done.counts) == ("done with faults", {"taken": 2, "unusable": 1})
    assert shown(curator, 100) == note(100, "one")
    assert shown(curator, 101) == note(101, "two")
    node.asked.clear()
    assert harvest(curator, node, "ldes").faults == 1
    # The page is closed and its time is past; it is asked for all the same.
    assert sorted(url.removeprefix(NODE) for url in node.asked) == ["/ldes", "/page/1", "/page/2"]

    mended = second.replace(BAD.decode(), note(100, "two").decode())
    tree(node, mended, member(11, 102, note(102, "one")))
    done = harvest(curator, node, "ldes")
    assert (done.outcome, done.counts) == ("done", {"taken": 3})
    assert shown(curator, 100) == note(100, "two")

    node.asked.clear()
    harvest(curator, node, "ldes")
    assert f"{NODE}/page/1" not in node.asked


def test_a_member_that_comes_anew_makes_good(curator: Curator, node: Node) -> None:
    tree(node, member(1, 100, BAD), member(11, 101, note(101, "one")))
    assert harvest(curator, node, "ldes").counts == {"unusable": 1, "taken": 1}

    anew = member(11, 101, note(101, "one")) + member(12, 100, note(100, "two"))
    tree(node, member(1, 100, BAD), anew)
    done = harvest(curator, node, "ldes")

    assert (done.outcome, done.counts) == ("done", {"taken": 2})
    assert "faulty" not in Harvests(curator.journal).get("one").position


@pytest.mark.parametrize(("odd", "told"), ODD)
def test_a_member_that_tells_no_record_is_left_aside(
    curator: Curator, node: Node, odd: dict[str, str], told: str
) -> None:
    rest = member(2, 101, note(101, "one"))
    later = member(11, 102, note(102, "one"))
    tree(node, member(1, 100, note(100, "one"), **odd) + rest, later)

    done = harvest(curator, node, "ldes")

    assert (done.outcome, done.counts) == ("done with faults", {"taken": 2})
    (remark,) = report(curator).remarks
    assert told in remark["message"]
    assert (remark["place"], remark["about"]) == (f"{NODE}/page/1", f"{NODE}/revision/1")
    assert harvest(curator, node, "ldes").faults == 1

    tree(node, member(1, 100, note(100, "one")) + rest, later)
    done = harvest(curator, node, "ldes")
    assert (done.outcome, done.counts) == ("done", {"taken": 3})


def test_a_page_with_faults_that_is_no_more_is_let_go(curator: Curator, node: Node) -> None:
    tree(node, member(1, 100, BAD), member(11, 101, note(101, "one")))
    harvest(curator, node, "ldes")

    del node.answers[f"{NODE}/page/1"]
    done = harvest(curator, node, "ldes")

    assert (done.outcome, done.counts) == ("done with faults", {"unusable": 1, "taken": 1})
    assert "faulty" not in Harvests(curator.journal).get("one").position


def test_reading_again_withdraws_nothing_for_a_member_without_a_name(
    curator: Curator, node: Node
) -> None:
    rest = member(2, 101, note(101, "one"))
    tree(node, member(1, 100, note(100, "one")) + rest)
    harvest(curator, node, "ldes")
    Harvests(curator.journal).begin("one", at(0), again=True)

    tree(node, member(1, 100, note(100, "one"), of="") + rest)
    done = harvest(curator, node, "ldes")

    assert done.counts == {"taken": 2}
    assert [remark.rule for remark in done.remarks] == ["unusable", "may-be-gone"]
    assert shown(curator, 100) == note(100, "one")
