"""Releases: the same bytes for the same data, checked, compared, served; and networks."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pyoxigraph as engine
import pytest
from pyarrow import parquet
from rdflib import DCAT, Graph, Literal

from dtrack.cli.main import run
from dtrack.errors import InputError
from dtrack.model import Edit, no_progress
from dtrack.settings import load_settings
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.wiring.releasing import make_release
from dtrack.wiring.serving import open_service
from dtrack.wiring.writing import open_curator
from publish_homes import EDITED, unaudited
from serving import TestClient

TURTLE = {"Accept": "text/turtle"}


@dataclass(frozen=True)
class Released:
    """Two releases in a folder: one of revision 3, one of revision 4 that names it."""

    home: Path
    folder: Path
    first: str
    second: str


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, told_home: Path) -> Released:
    folder = tmp_path_factory.mktemp("releases")
    shutil.copytree(told_home, folder / "home")
    settings = load_settings({"home": folder / "home"}, {})
    place = folder / "releases"
    first = make_release(settings, place, None, no_progress)
    with open_curator(settings) as curator:
        unaudited(curator)
        content = curator.journal.content(curator.journal.heads([EDITED])[EDITED].digest)
        new = content.replace(b"& seas", b"and seas")
        curator.write(Edit({EDITED: new}, "ben", "Again", "desk", "cli"))
    second = make_release(settings, place, place / first.version, no_progress)
    return Released(folder / "home", place, first.version, second.version)


def quads(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines()


def test_release_holds_the_same_in_every_format(released: Released) -> None:
    folder = released.folder / released.second
    lines = quads(folder / "data.nq.gz")
    found = {}
    for name, form in (
        ("nq", engine.RdfFormat.N_QUADS),
        ("trig", engine.RdfFormat.TRIG),
        ("jsonld", engine.RdfFormat.JSON_LD),
    ):
        data = gzip.decompress((folder / f"data.{name}.gz").read_bytes())
        found[name] = set(engine.parse(data, form))

    manifest = json.loads((folder / "manifest.json").read_text())
    assert len(lines) == manifest["triples"] > 1000
    assert found["nq"] == found["trig"] == found["jsonld"]
    assert len({quad.graph_name for quad in found["nq"]}) == manifest["graphs"]


def test_checksums_and_manifests_are_true(released: Released) -> None:
    folder = released.folder / released.second
    manifest = json.loads((folder / "manifest.json").read_text())
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())

    listed = {each["name"]: each for each in manifest["files"]}
    assert listed.keys() == sums.keys()
    assert {path.name for path in folder.iterdir()} == {
        *listed, "SHA256SUMS", "manifest.json", "manifest.ttl",
    }  # fmt: skip
    for name, each in listed.items():
        data = (folder / name).read_bytes()
        assert each["sha256"] == sums[name] == hashlib.sha256(data).hexdigest()
        assert each["size"] == len(data)
    described = Graph().parse(folder / "manifest.ttl", publicID="http://h/dump/x/manifest.ttl")
    assert len(set(described.objects(None, DCAT.downloadURL))) == len(listed)
    assert manifest["version"] == released.second
    assert manifest["previous"] == released.first


def test_difference_leads_from_one_release_to_the_next(released: Released) -> None:
    first, second = released.folder / released.first, released.folder / released.second
    added, removed = quads(second / "added.nq.gz"), quads(second / "removed.nq.gz")

    assert [b"and seas" in line for line in added] == [True]
    assert [b"& seas" in line for line in removed] == [True]
    before, after = set(quads(first / "data.nq.gz")), set(quads(second / "data.nq.gz"))
    assert (before - set(removed)) | set(added) == after


def test_same_data_gives_same_bytes(released: Released, tmp_path: Path) -> None:
    settings = load_settings({"home": released.home}, {})
    again = make_release(settings, tmp_path, released.folder / released.first, no_progress)

    for path in (released.folder / released.second).iterdir():
        assert (tmp_path / again.version / path.name).read_bytes() == path.read_bytes(), path.name
    kept = make_release(settings, tmp_path, None, no_progress)
    assert kept == again


def test_tables_are_the_answers_of_the_catalogue(released: Released) -> None:
    folder = released.folder / released.second
    for name in ("coverage", "instruments_overview"):
        rows = list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text("utf-8"))))
        table = parquet.read_table(folder / f"{name}.parquet")
        assert len(rows) == table.num_rows
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {path.stem for path in folder.glob("*.parquet")}
    assert names >= {"coverage", "instruments_overview"}
    overview = parquet.read_table(folder / "coverage.parquet")
    assert str(overview.schema.field("recorded").type) == "int64"
    assert overview.num_rows == 3


def test_a_wrong_previous_release_leaves_nothing(released: Released, tmp_path: Path) -> None:
    settings = load_settings({"home": released.home}, {})
    (tmp_path / "none").mkdir()

    with pytest.raises(InputError, match="no release"):
        make_release(settings, tmp_path / "out", tmp_path / "none", no_progress)
    assert not list(tmp_path.glob("out/*"))


def test_command(released: Released, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["release", str(tmp_path / "r"), "--home", str(released.home), "--json"]
    assert run([*arguments, "--previous", str(released.folder / released.first)]) == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["version"], told["added"], told["removed"]) == (released.second, 1, 1)
    assert run(["release", str(tmp_path / "x"), "--home", str(tmp_path / "nowhere")]) == 3


@pytest.fixture(scope="module")
def client(released: Released) -> Iterator[TestClient]:
    settings = load_settings({"home": released.home, "releases": released.folder}, {})
    node = open_service(settings)
    try:
        with TestClient(create_app(node)) as client:
            yield client
    finally:
        node.close()


def test_releases_are_served_in_parts_and_once(client: TestClient, released: Released) -> None:
    listed = client.get("/dump").json()["releases"]
    address = f"/{listed[0]['address']}data.nq.gz"
    data = (released.folder / released.second / "data.nq.gz").read_bytes()
    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=10-19"})
    again = client.get(address, headers={"If-None-Match": whole.headers["etag"]})

    assert [each["version"] for each in listed] == [released.second, released.first]
    assert whole.content == data
    assert whole.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in whole.headers
    assert part.status_code == 206
    assert part.content == data[10:20]
    assert client.get(address, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert again.status_code == 304
    manifest = client.get(f"/dump/{released.first}/").json()
    assert client.get("/dump/latest/").json()["version"] == released.second
    assert {each["name"] for each in manifest["files"]} >= {"data.nq.gz", "data.trig.gz"}
    for nothing in (
        "/dump/9-x/", "/dump/..%2f..%2fhome/", f"/dump/{released.first}/added.nq.gz",
        f"/dump/{released.first}/..%2f..%2fhome%2fjournal.sqlite", "/dump/latest/nothing",
    ):  # fmt: skip
        assert client.get(nothing).status_code == 404, nothing


def test_catalogue_names_the_files_of_the_latest_release(
    client: TestClient, released: Released
) -> None:
    graph = Graph().parse(data=client.get("/dataset", headers=TURTLE).text, format="turtle")
    files = {str(each) for each in graph.objects(None, DCAT.downloadURL)}

    assert f"{BASE}/dump/{released.second}/data.nq.gz" in files
    for address in sorted(files)[:3]:
        answer = client.get(address.removeprefix(BASE))
        size = next(o for s, o in graph.subject_objects(DCAT.byteSize) if str(s) == address)
        assert size == Literal(len(answer.content))
    assert "data.nq.gz" in client.get("/dataset", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("name", ["citations", "cooperation", "mappings"])
def test_networks_are_read_by_graph_tools(client: TestClient, name: str, tmp_path: Path) -> None:
    (tmp_path / "n.graphml").write_bytes(client.get(f"/networks/{name}.graphml").content)
    network = nx.read_graphml(tmp_path / "n.graphml")
    rows = list(csv.DictReader(io.StringIO(client.get(f"/networks/{name}.csv").text)))

    assert network.is_directed()
    assert network.number_of_edges() == len(rows)
    assert client.get("/networks/nothing.csv").status_code == 404
