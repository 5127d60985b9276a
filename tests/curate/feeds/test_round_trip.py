"""Our own OData, read back: every row finds its record, and says nothing else of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

from desk import desk_settings
from dtrack.curate.feeds import Held, Origin, harvest_informea
from dtrack.sources.informea import SETS, Page, read_page
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.wiring.serving import open_service
from serving import TestClient


def test_what_we_publish_is_what_we_hold(corpus_home: Path) -> None:
    node = open_service(desk_settings(corpus_home))
    try:
        with TestClient(create_app(node)) as client:
            pages = [page for name in ("Decisions", "Meetings") for page in fetched(client, name)]
        answers = node.current().answers
        held = Held(answers.names, answers.store)
        found = harvest_informea(pages, held, Origin("ourselves", BASE, "test"))
    finally:
        node.close()

    assert found.rows["Decisions"] == len(held.texts)
    assert found.rows["Meetings"] >= 300
    assert found.matched == sum(found.rows.values())
    rules = Counter(remark.rule for remark in found.remarks)
    # A feed that says of all its decisions that they were adopted is told so, ours too.
    assert set(rules) <= {"status-constant"}


def fetched(client: TestClient, name: str) -> list[tuple[Page, str]]:
    """All pages of a set, asked for as the reader asks a service."""
    fields = ",".join((*SETS[name].texts, *SETS[name].expanded))
    address, pages = f"/odata/{name}?$format=json&$expand={fields}", []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = read_page(answer.content, name)
        pages.append((page, name))
        address = urljoin(address, page.next) if page.next else ""
    return pages
