"""Feeds of change: Atom as feedparser reads it, the stream as RDF, and what costs nothing."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pyshacl
import pytest
from rdflib import RDF, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, XSD

from dtrack.api.routes import streams
from dtrack.journal import Journal, Wanted
from dtrack.model import Edit
from dtrack.terms import BASE
from publish_homes import EDITED, GONE, Told
from small_home import edit_of, fill, small_curator

TREE = Namespace("https://w3id.org/tree#")
LDES = Namespace("https://w3id.org/ldes#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
AT = "{http://purl.org/atompub/tombstones/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "http://testserver"


def feed(told: Told, address: str = "/feed.atom") -> feedparser.FeedParserDict:
    answer = told.client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    headers = {**answer.headers, "content-location": HOST + address}
    found = feedparser.parse(answer.content, response_headers=headers)
    assert not found.bozo, found.bozo_exception
    return found


def refused(told: Told, address: str) -> str:
    answer = told.client.get(address)
    assert answer.status_code == 400, address
    return str(answer.json()["detail"])


def test_feed_tells_changes_latest_first(told: Told) -> None:
    found = feed(told)

    first = found.entries[0]
    assert first.id == EDITED
    assert first.title == "XII/20: Marine <areas> & seas"
    assert first.author == "ben"
    assert first.summary == "Title \ufffd mended"
    assert first.link == f"{BASE}/id/decision/cbd-cop-12-20"
    assert [tag.term for tag in first.tags] == ["decision"]
    moments = [entry.updated for entry in found.entries]
    assert moments == sorted(moments, reverse=True)
    # One entry a change: the load, without what is a deleted entry, and the edit.
    assert len(found.entries) == told.node.current().journal.counted() - 1


def test_feed_tells_withdrawals_as_deleted_entries(told: Told) -> None:
    root = ET.fromstring(told.client.get("/feed.atom").content)

    (deleted,) = root.iter(f"{AT}deleted-entry")
    assert deleted.get("ref") == GONE
    assert deleted.findtext(f"{AT}comment") == "Filed twice"
    assert deleted.findtext(f"{AT}by/{ATOM}name") == "eva"
    assert deleted.get("when") == told.node.current().journal.facts(3).at


def test_feed_is_narrowed(told: Told) -> None:
    journal = told.node.current().journal
    kinds = {entry.tags[0].term for entry in feed(told, "/feed.atom?type=instrument").entries}
    of_cms = told.client.get("/feed.atom?instrument=cms&type=decision").text
    late = feed(told, f"/feed.atom?since={journal.facts(2).at}")
    early = feed(told, f"/feed.atom?until={journal.facts(1).at}")

    assert kinds == {"instrument"}
    # Both that it came and that it went; the store no longer knows of it.
    assert of_cms.count(GONE) >= 2
    assert EDITED not in of_cms
    assert [entry.id for entry in late.entries] == [EDITED]
    assert len(early.entries) == len(journal.changes(1))
    assert not feed(told, "/feed.atom?until=2001-01-01").entries
    assert feed(told, "/feed.atom?since=2001-01-01T00:00:00%2B08:00").entries


def test_feed_refuses_filters_it_does_not_know(told: Told) -> None:
    assert "'yesterday'" in refused(told, "/feed.atom?since=yesterday")
    assert "'decisoin'" in refused(told, "/feed.atom?type=decisoin")
    assert "'instruments'" in refused(told, "/feed.atom?instruments=cbd")
    assert "cursor" in refused(told, "/feed.atom?cursor=WyJ4Il0")
    assert told.client.get("/feed.atom?instrument=nothing").status_code == 404


def test_feed_pages_give_each_change_once(told: Told) -> None:
    address, seen, pages = "/feed.atom?limit=7", [], 0
    while address:
        root = ET.fromstring(told.client.get(address).content)
        seen += [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")]
        seen += [e.get("ref") for e in root.iter(f"{AT}deleted-entry")]
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links["self"] == address.removeprefix("/")
        address = f"/{links['next']}" if "next" in links else ""
        pages += 1

    assert pages > 2
    assert len(seen) == told.node.current().journal.counted()


def test_entries_link_to_the_rdf_of_the_change(told: Told) -> None:
    entry = feed(told).entries[0]
    links = {link.type: link.href for link in entry.links if link.rel == "related"}

    content = Graph().parse(data=told.client.get(links["text/turtle"]).text, format="turtle")
    thing = URIRef(f"{BASE}/id/decision/cbd-cop-12-20")
    assert Literal("Marine <areas> & seas", "en") in set(content.objects(thing, DCTERMS.title))
    quads = Dataset()
    quads.parse(data=told.client.get(links["application/n-quads"]).text, format="nquads")
    assert len(quads.graph(URIRef(EDITED))) == len(content)
    patch = told.client.get(links["application/rdf-patch"]).text.splitlines()
    assert [line[0] for line in patch if line[:2] in {"A ", "D "}] == ["D", "A"]
    assert patch[0] == f"H id <{BASE}/id/revision/2/decision/cbd-cop-12-20> ."
    assert patch[1] == f"H prev <{BASE}/id/revision/1/decision/cbd-cop-12-20> ."


def test_contents_of_the_past_stay_readable(told: Told) -> None:
    def ask(number: int, graph: str, **more: str) -> object:
        return told.client.get(
            f"/api/v1/revisions/{number}/content", params={"graph": graph, **more}
        )

    old = ask(1, EDITED, format="ntriples")
    assert '"Marine areas"@en' in old.text
    assert "immutable" in old.headers["cache-control"]
    # Revision 2 did nothing to it, so it was as revision 1 left it.
    assert ask(2, GONE).status_code == 200
    assert ask(3, GONE).status_code == 410
    assert ask(3, f"{BASE}/graph/nothing").status_code == 404
    assert ask(9, EDITED).status_code == 404
    assert ask(1, EDITED, format="word").status_code == 400
    assert told.client.get(
        "/api/v1/revisions/3/patch", params={"graph": EDITED}
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize("address", ["/feed.atom", "/ldes", "/ldes/page/1"])
def test_nothing_new_is_a_cheap_304(
    changing: Told, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = changing.client.get(address)
    tag = first.headers["etag"]
    with monkeypatch.context() as patched:
        # Whoever would read contents now, would fail.
        patched.delattr("dtrack.journal.journal.Journal.contents")
        again = changing.client.get(address, headers={"If-None-Match": tag})
    note = {f"{BASE}/graph/note/1": b"<urn:a> <urn:b> <urn:c> .\n"}
    changing.node.desk.write(Edit(note, "ana", "More", "desk"))
    later = changing.client.get(address, headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert not again.content
    assert later.status_code == 200
    assert later.headers["etag"] != tag


FORMS = {"application/trig": "trig", "text/turtle": "turtle", "application/ld+json": "json-ld"}


def node_of(told: Told, address: str, media: str = "application/trig") -> Dataset:
    answer = told.client.get(address, headers={"Accept": media})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(media)
    found = Dataset(default_union=False)
    found.parse(data=answer.content, format=FORMS[media], publicID=HOST + address)
    return found


def walk(told: Told, media: str = "application/trig") -> dict[str, Dataset]:
    """All nodes of the stream by address, found by following relations."""
    found: dict[str, Dataset] = {}
    todo = ["/ldes"]
    while todo:
        address = todo.pop(0)
        if address not in found:
            found[address] = node_of(told, address, media)
            nodes = found[address].default_graph.objects(None, TREE.node)
            todo += sorted({urlsplit(str(each)).path for each in nodes})
    return found


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PAGE", 7)
    monkeypatch.setattr(streams, "FAN", 3)


@pytest.fixture(scope="module")
def walked(told: Told) -> dict[str, dict[str, Dataset]]:
    """All nodes of the stream with small pages, by media type and address."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(streams, "PAGE", 7)
        patched.setattr(streams, "FAN", 3)
        return {media: walk(told, media) for media in FORMS}


@pytest.mark.parametrize("media", FORMS)
def test_stream_leads_to_every_change_once(
    told: Told, walked: dict[str, dict[str, Dataset]], media: str
) -> None:
    nodes = walked[media]

    members = [m for each in nodes.values() for m in each.default_graph.objects(None, TREE.member)]
    assert len([address for address in nodes if "index" in address]) > 1
    assert len(members) == len(set(members)) == told.node.current().journal.counted()
    stream = URIRef(f"{BASE}/ldes#stream")
    for address, each in nodes.items():
        graph = each.default_graph
        assert (stream, RDF.type, LDES.EventStream) in graph
        assert (URIRef(HOST + address), RDF.type, TREE.Node) in graph
        assert (stream, TREE.view, URIRef(f"{HOST}/ldes")) in graph
    root = nodes["/ldes"].default_graph
    assert root.value(stream, LDES.timestampPath) == DCTERMS.created
    assert root.value(stream, LDES.versionOfPath) == DCTERMS.isVersionOf
    assert list(root.objects(None, LDES.retentionPolicy))


def test_members_hold_the_content_of_each_version(
    told: Told, walked: dict[str, dict[str, Dataset]]
) -> None:
    whole: dict[str, bytes] = {}
    kinds: dict[str, URIRef] = {}
    journal = told.node.current().journal
    for page in walked["application/trig"].values():
        for member in page.default_graph.objects(None, TREE.member):
            record = str(page.default_graph.value(member, DCTERMS.isVersionOf))
            kinds[record] = next(
                t for t in page.default_graph.objects(member, RDF.type) if t in AS
            )  # fmt: skip
            graph = page.graph(member)
            whole[record] = graph.serialize(format="nt", encoding="utf-8")

    assert kinds[EDITED] == AS.Update
    assert kinds[GONE] == AS.Delete
    assert sorted(kinds.values()).count(AS.Create) == len(kinds) - 2
    assert not whole.pop(GONE).strip()
    state = journal.state(journal.last())
    assert whole.keys() == state.keys()
    for record, digest in state.items():
        assert len(whole[record].split(b"\n")) >= journal.content(digest).count(b"\n")
    title = Graph().parse(data=whole[EDITED], format="nt")
    assert Literal("Marine <areas> & seas", "en") in set(title.objects(None, DCTERMS.title))


def test_relations_bound_the_times_of_what_they_lead_to(
    walked: dict[str, dict[str, Dataset]],
) -> None:
    nodes = walked["text/turtle"]
    checked = 0
    for address, each in nodes.items():
        graph = each.default_graph
        for relation in graph.objects(URIRef(HOST + address), TREE.relation):
            target = nodes[urlsplit(str(graph.value(relation, TREE.node))).path].default_graph
            bound = graph.value(relation, TREE.value)
            assert graph.value(relation, TREE.path) == DCTERMS.created
            kind = graph.value(relation, RDF.type)
            for time_of in target.objects(None, DCTERMS.created):
                checked += 1
                if kind == TREE.GreaterThanOrEqualToRelation:
                    assert time_of >= bound
                else:
                    assert kind == TREE.LessThanOrEqualToRelation
                    assert time_of <= bound

    assert checked > 50


@pytest.mark.usefixtures("small_pages")
def test_full_pages_never_change_and_the_last_one_does(changing: Told) -> None:
    client = changing.client
    last = -(-changing.node.current().journal.counted() // 7)
    full, open_page = client.get("/ldes/page/1"), client.get(f"/ldes/page/{last}")
    note = {f"{BASE}/graph/note/1": b"<urn:a> <urn:b> <urn:c> .\n"}
    changing.node.desk.write(Edit(note, "ana", "More", "desk"))

    assert "immutable" in full.headers["cache-control"]
    assert client.get("/ldes/page/1").content == full.content
    assert "immutable" not in open_page.headers["cache-control"]
    assert client.get(f"/ldes/page/{last}").content != open_page.content
    for number in (0, -1, last + 2, 10**15):
        assert client.get(f"/ldes/page/{number}").status_code == 404
    assert client.get("/ldes/index/1000").status_code == 404
    assert client.get("/ldes", headers={"Accept": "text/csv"}).status_code == 406


def test_every_member_conforms_to_the_shape_of_the_stream(
    told: Told, walked: dict[str, dict[str, Dataset]]
) -> None:
    root = walked["text/turtle"]["/ldes"].default_graph
    address = urlsplit(str(next(root.objects(None, TREE.shape)))).path
    shapes = Graph().parse(data=told.client.get(address).text, format="turtle")
    graph = Graph()
    for page in walked["text/turtle"].values():
        for triple in page.default_graph:
            graph.add(triple)

    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, text
    member = next(graph.subjects(DCTERMS.isVersionOf, None))
    graph.remove((member, DCTERMS.created, None))
    graph.add((member, DCTERMS.created, Literal("today", datatype=XSD.string)))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


def test_an_empty_journal_is_an_empty_stream(tmp_path: Path) -> None:
    with Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}") as journal:
        assert journal.counted() == 0
        assert journal.bounds(0, 7, 3) == []
        assert journal.latest(Wanted()) == []
        assert journal.sequence(0, 10) == []


def test_long_journals_are_told_without_being_read(tmp_path: Path) -> None:
    """A page of the feed and of the stream costs the same at a thousand changes as at ten."""
    home = tmp_path / "home"
    home.mkdir()
    with small_curator(home) as curator:
        fill(curator, 1000)
        curator.write(edit_of(3, text="second"))
        begun = time.monotonic()
        (newest,) = curator.journal.latest(Wanted(), None, 1)
        page = curator.journal.sequence(990, 100)
        bounds = curator.journal.bounds(0, 100, 20)
        took = time.monotonic() - begun

    assert newest.facts.number == 2
    assert [each.facts.number for each in page] == [1] * 10 + [2]
    assert len(bounds) == 11
    assert bounds[-1][0] == newest.facts.at
    assert took < 5
