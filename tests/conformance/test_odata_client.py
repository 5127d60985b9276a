"""A client that others wrote reads the OData service of a running node."""

from __future__ import annotations

import json
import urllib.request
from datetime import datetime
from typing import Any

import pyodata
import pyodata.v2.model
import requests


def test_pyodata_reads_metadata_and_entities(node: Any) -> None:
    session = requests.Session()
    session.trust_env = False
    config = pyodata.v2.model.Config()
    client = pyodata.Client(f"{node.url}/odata", session, config=config)
    decisions = client.entity_sets.Decisions

    found = (
        decisions.get_entities()
        .filter("treaty eq 'cbd' and published gt datetime'2014-01-01T00:00:00'")
        .expand("title,paragraphs,taggings")
        .order_by("number desc")
        .execute()
    )
    assert [each.number for each in found] == ["XII/99", "XII/98"]
    assert {text.language for text in found[0].title} == {"en", "zh"}
    assert isinstance(found[0].published, datetime)
    assert [each.verbs for each in found[0].paragraphs] == ["invites"]
    (tagging,) = found[0].taggings
    assert tagging.target.endswith("/codes/theme/wetlands")
    assert float(tagging.confidence) == 0.6
    assert decisions.get_entities().count().execute() == 2
    one = client.entity_sets.Meetings.get_entity("cbd-cop-12").execute()
    assert one.city == "Pyeongchang"
    described = {each.name for each in client.schema.entity_sets}
    assert described >= {"Decisions", "Meetings", "Treaties", "Documents"}


def test_a_harvester_gets_every_meeting_once(node: Any) -> None:
    address, seen = f"{node.url}/odata/Meetings?$expand=title&$format=json", []
    while address:
        with urllib.request.urlopen(address.replace(" ", "%20"), timeout=60) as response:
            page = json.load(response)["d"]
        seen += [each["id"] for each in page["results"]]
        following = page.get("__next")
        address = f"{node.url}/odata/{following}" if following else ""

    assert len(seen) == len(set(seen)) > 300
