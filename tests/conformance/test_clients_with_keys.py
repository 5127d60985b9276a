"""Clients at a node with journal and gate: each queries and pages, and updates with a key alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
import warnings
from urllib.parse import quote

import pytest
from rdflib import DCTERMS, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from conftest import lacking
from desk import DECISION, DT, GRAPH
from dtrack.terms import BASE

PAGES = [
    f"SELECT ?s WHERE {{ ?s a <{DT}Target> ; <{DT}ofFramework> <{BASE}/id/framework/aichi> }} "
    f"ORDER BY ?s LIMIT 8 OFFSET {start}"
    for start in (0, 8, 16)
]
_SORTED = sorted(f"{BASE}/id/target/aichi-{n}" for n in range(1, 21))
TARGETS = [_SORTED[:8], _SORTED[8:16], _SORTED[16:]]


def title(language: str) -> str:
    return f'<{DECISION}> <{DCTERMS.title}> "Titel"@{language}'


def inserting(language: str) -> str:
    return f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {title(language)} }} }}"


def has(node, language: str) -> bool:
    query = quote(f"ASK {{ GRAPH <{GRAPH}> {{ {title(language)} }} }}")
    with urllib.request.urlopen(f"{node.url}/sparql?query={query}", timeout=60) as response:
        return bool(json.load(response)["boolean"])


def revision(node) -> int:
    with urllib.request.urlopen(f"{node.url}/version", timeout=60) as response:
        return int(json.load(response)["revision"])


def test_curl(node) -> None:
    program = shutil.which("curl")
    if program is None:
        lacking("curl")

    def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), "-sS", "--fail-with-body", "--max-time", "60", *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    pages = [
        curl(
            "--get", "--data-urlencode", f"query={page}", "-H", "Accept: text/csv",
            f"{node.url}/sparql",
        ).stdout.split()[1:]
        for page in PAGES
    ]  # fmt: skip
    update = ["--data-urlencode", f"update={inserting('de')}", f"{node.url}/update"]
    before = revision(node)
    without = curl(*update)
    wrong = curl("-H", f"Authorization: Bearer {node.other_key}", *update)
    absent = not has(node, "de")
    done = curl("-i", "-H", f"Authorization: Bearer {node.key}", *update)

    assert pages == TARGETS
    assert (json.loads(without.stdout)["status"], json.loads(wrong.stdout)["status"]) == (401, 403)
    assert absent
    assert done.returncode == 0, done.stdout
    assert f"dtrack-revision: {before + 1}" in done.stdout.lower()
    assert has(node, "de")
    emptied = curl(
        "--data-urlencode",
        f"update=DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s <{DCTERMS.title}> ?o }} }}",
        "-H", f"Authorization: Bearer {node.key}", f"{node.url}/update",
    )  # fmt: skip
    assert json.loads(emptied.stdout)["status"] == 422
    assert revision(node) == before + 1


def test_rdflib_sparql_store(node) -> None:
    reading = SPARQLStore(f"{node.url}/sparql")
    pages = [[str(row[0]) for row in reading.query(page)] for page in PAGES]
    addresses = (f"{node.url}/sparql", f"{node.url}/update")
    new = (URIRef(DECISION), DCTERMS.title, Literal("Titel", lang="fr"))

    def graph(key: str) -> Graph:
        headers = {"Authorization": f"Bearer {key}"}
        return Graph(SPARQLUpdateStore(*addresses, headers=headers), identifier=URIRef(GRAPH))

    with pytest.raises(Exception, match="403"):
        graph(node.other_key).add(new)
    absent = not has(node, "fr")
    changed = graph(node.key)
    changed.add(new)

    assert pages == TARGETS
    assert absent
    assert new in changed
    assert has(node, "fr")
    changed.remove(new)
    assert not has(node, "fr")


def test_sparqlwrapper(node) -> None:
    with warnings.catch_warnings():
        # The library's own use of what Python has deprecated.
        warnings.simplefilter("ignore")
        import SPARQLWrapper as wrapper  # noqa: N813 - a package named like its class

        client = wrapper.SPARQLWrapper(f"{node.url}/sparql", f"{node.url}/update")
        client.setTimeout(60)
        client.setReturnFormat(wrapper.JSON)
        pages = []
        for page in PAGES:
            client.setQuery(page)
            found = client.query().convert()["results"]["bindings"]
            pages.append([row["s"]["value"] for row in found])
        client.setMethod("POST")
        client.setQuery(inserting("it"))
        with pytest.raises(wrapper.SPARQLExceptions.Unauthorized):
            client.query()
        absent = not has(node, "it")
        client.addCustomHttpHeader("Authorization", f"Bearer {node.key}")
        client.query()

    assert pages == TARGETS
    assert absent
    assert has(node, "it")


def test_comunica(node, run_script) -> None:
    given = {"url": node.url, "key": node.key, "pages": PAGES, "update": inserting("es")}

    found = run_script("comunica.mjs", given)

    assert found["pages"] == TARGETS
    assert (found["refused"], found["updated"]) == (401, 204)
    assert has(node, "es")


def test_yasgui(node, run_script, chromium) -> None:
    given = {
        "url": node.url, "key": node.key, "pages": PAGES, "update": inserting("pt"),
        "browser": chromium,
    }  # fmt: skip

    found = run_script("yasgui.mjs", given)

    # The pages are what its result table shows.
    assert found["pages"] == TARGETS
    # Pages of other origins only read, even with a key.
    assert found["abroad"] == 0
    assert (found["refused"], found["updated"]) == (401, 204)
    assert has(node, "pt")
