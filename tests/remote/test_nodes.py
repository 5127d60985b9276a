"""Two nodes over one PostgreSQL journal and one remote store: each sees what the other writes."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

import postgres as pg
from conftest import lacking
from desk import DECISION, GRAPH, decision, desk_settings, make_home
from dtrack.curate.loading import load
from dtrack.errors import StoreError
from dtrack.model import Edit, Record
from dtrack.settings import Settings, load_settings
from dtrack.stores.building import open_current
from dtrack.stores.remote import RemoteStore
from dtrack.terms import DERIVED_GRAPH
from dtrack.wiring.writing import open_curator
from processes import served, wait_until
from triple_stores import TripleStore


@dataclass(frozen=True)
class Nodes:
    """Two nodes, a key that may publish, and what they share."""

    urls: tuple[str, str]
    homes: tuple[Path, Path]
    key: str
    oxigraph: TripleStore
    remote: RemoteStore


@pytest.fixture(scope="module")
def nodes(
    tmp_path_factory: pytest.TempPathFactory, root: Path, oxigraph: TripleStore
) -> Iterator[Nodes]:
    found = pg.programs()
    if found is None:
        lacking("PostgreSQL (`initdb`, `postgres`, `pg_ctl`)")
        return
    RemoteStore(oxigraph.endpoint).clear()
    seed = make_home(tmp_path_factory, tmp_path_factory.mktemp("seed"), root)
    folder = tmp_path_factory.mktemp("nodes")
    homes = folder / "one", folder / "two"
    with pg.running(found) as server, contextlib.ExitStack() as stack:
        environment = {
            "DTRACK_JOURNAL_URL": server.new_database(),
            "DTRACK_STORE_URL": oxigraph.endpoint.query,
            "DTRACK_STORE_UPDATE_URL": oxigraph.endpoint.update,
            "DTRACK_FOLLOW_SECONDS": "0.3",
            "DTRACK_CLIENT_BUDGET": "1000",
        }
        key = _begin(load_settings({"home": homes[0]}, environment, folder=folder), seed)
        urls = []
        for home in homes:
            # The second node starts with an empty folder: the journal is enough.
            node = stack.enter_context(
                served(environment={**environment, "DTRACK_HOME": str(home)})
            )
            urls.append(node.url)
        yield Nodes((urls[0], urls[1]), homes, key, oxigraph, RemoteStore(oxigraph.endpoint))


def _begin(settings: Settings, seed: Path) -> str:
    """Load the small corpus into a home and the shared journal; a key that may publish."""
    with open_current(seed) as store:
        records = [
            Record(graph, store.graph(graph), graph)
            for graph in store.graphs()
            if graph != DERIVED_GRAPH and "/history/" not in graph
        ]
    edit = Edit({}, "tester", "Load the small corpus", "tests", "import")
    with open_curator(settings) as curator:
        load(curator, records, edit, complete=True)
        return curator.journal.create_key("publish", ["publish"], None, "tests", "cli")[1]


def put(url: str, content: bytes, key: str) -> int:
    request = urllib.request.Request(
        f"{url}/graphs?graph={quote(GRAPH, safe='')}",
        content,
        {"Authorization": f"Bearer {key}", "Content-Type": "application/n-triples"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return int(response.status)


def titles(url: str) -> list[str]:
    query = quote(
        f'SELECT ?t {{ <{DECISION}> <http://purl.org/dc/terms/title> ?t FILTER(LANG(?t)="en") }}'
    )
    request = urllib.request.Request(
        f"{url}/sparql?query={query}", headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        rows = json.load(response)["results"]["bindings"]
    return [row["t"]["value"] for row in rows]


def ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=30) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def same(nodes: Nodes) -> bool:
    """Whether the remote store holds exactly what the working copies do."""
    try:
        dumps = [nodes.remote.dump()]
    except StoreError:
        # It is being filled: what is read is not yet what was counted.
        return False
    for home in nodes.homes:
        with open_current(home) as store:
            dumps.append(store.dump())
    return dumps[0] == dumps[1] == dumps[2]


def test_each_node_reads_what_the_other_wrote(nodes: Nodes) -> None:
    one, two = nodes.urls

    put(one, decision(title="Said by one"), nodes.key)
    assert titles(one) == ["Said by one"]
    assert wait_until(lambda: titles(two) == ["Said by one"], 20)

    put(two, decision(title="Said by two"), nodes.key)
    assert wait_until(lambda: titles(one) == ["Said by two"], 20)
    assert wait_until(lambda: same(nodes), 20)


def test_catalogue_and_overlap_answer_from_the_remote_store(nodes: Nodes) -> None:
    for url in nodes.urls:
        with urllib.request.urlopen(f"{url}/api/v1/queries/frameworks_overview", timeout=60) as got:
            assert b"aichi" in got.read()
        with urllib.request.urlopen(f"{url}/api/v1/overlaps", timeout=60) as got:
            assert json.load(got)["instruments"]


def test_a_store_that_is_down_loses_nothing_and_is_mended(nodes: Nodes) -> None:
    one, two = nodes.urls
    nodes.oxigraph.stop(kill=True)
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            titles(one)
        told = json.load(refused.value)
        assert refused.value.code == 503
        assert "does not answer" in told["detail"]
        assert "127.0.0.1" not in json.dumps(told).replace(one, "")
        with pytest.raises(urllib.error.HTTPError) as page:
            urllib.request.urlopen(urllib.request.Request(one, headers={"Accept": "text/html"}))
        assert page.value.code == 503
        assert b"The remote store does not answer." in page.value.read()
        assert put(two, decision(title="Said in the dark"), nodes.key) == 204
        assert not ready(two)
    finally:
        nodes.oxigraph.start()

    assert wait_until(lambda: ready(one) and ready(two), 30)
    assert titles(one) == titles(two) == ["Said in the dark"]
    assert wait_until(lambda: same(nodes), 20)


def test_a_store_that_is_lost_is_filled_again(nodes: Nodes) -> None:
    put(nodes.urls[0], decision(title="Said before the loss"), nodes.key)
    assert wait_until(lambda: same(nodes), 20)
    nodes.remote.clear()
    RemoteStore(nodes.oxigraph.endpoint).clear()

    assert wait_until(lambda: bool(nodes.remote.graphs()) and same(nodes), 60)
    assert titles(nodes.urls[1]) == ["Said before the loss"]


def test_settings_show_the_address_without_its_password() -> None:
    from dtrack.settings import SETTINGS

    (setting,) = (each for each in SETTINGS if each.name == "store_url")

    assert "secret" not in setting.shown("https://me:secret@store.example/query")
    assert desk_settings(Path("x")).store_url == ""
