"""Things are the same whether a store is asked for them or noted them while it was loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dtrack.hearing import Hearing
from dtrack.model import Record, no_progress
from dtrack.searching.things import Thing, read_all
from dtrack.searching.told import FACTS, NOTING, UNFOUND
from dtrack.stores.building import open_current
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import DCTERMS, DT, HISTORY_GRAPHS, SKOS
from searched import record, records

_PREFIXES = {"dt": DT, "skos": SKOS, "dcterms": DCTERMS}


def things(graphs: list[Record], root: Path) -> tuple[list[Thing], list[Thing]]:
    """Things as a store is asked for them, and as another one noted them."""
    asked, noting = EmbeddedStore.in_memory(), EmbeddedStore.in_memory()
    asked.load(graphs)
    noting.load(graphs, hearing=Hearing(NOTING))
    assert asked.told() is None
    assert noting.told() is not None
    # Who asks it now is told of nothing.
    noting.raw.clear()
    return (
        list(read_all(asked, root / "queries", no_progress)),
        list(read_all(noting, root / "queries", no_progress)),
    )


def test_things_of_the_corpus_are_the_same(corpus_home, root):
    with open_current(corpus_home) as store:
        graphs = [
            Record(name, store.graph(name), name)
            for name in store.graphs()
            if not name.startswith(HISTORY_GRAPHS)
        ]
    asked, noted = things(graphs, root)
    assert len(asked) > 4000
    assert noted == asked


@pytest.mark.parametrize(
    "body",
    [
        r"""<id/target/t-7> a dt:Target ; skos:prefLabel "a \"b\" \\ c\n\td\r\u0001é"@en,
            "Ü \U0001F33F"@de-CH, ""@fr, " "@es ; skos:notation "Target \\u0041" .""",
        """<id/target/a> a dt:Target ; skos:prefLabel "A" .
           <id/target/a/1> a dt:Target ; skos:prefLabel "A/1" .
           <id/target/a-1> a dt:Target ; skos:prefLabel "A-1" .
           <id/target/é> a dt:Target ; skos:prefLabel "É" .""",
        """<id/element/1> dt:elementOf <id/provision/x-1/1> ; dt:sequence 2 ;
            dt:verb <codes/verb/urges>, <codes/verb/invites> ;
            dt:addressee <codes/actor/parties>, <codes/actor/gef> .
           <id/element/2> dt:elementOf <id/provision/x-1/1> ; dt:sequence 10 ;
            dt:verb <codes/verb/requests> .
           <id/element/3> dt:elementOf <id/provision/x-1/1> ; dt:sequence 1 .""",
        """<id/tagging/1> a dt:Tagging ; dt:tagged <id/provision/x-1/1>, <id/provision/x-2/1> ;
            dt:tag <id/target/t-1> ; dt:taggingState <codes/tagging-state/accepted> ;
            dt:confidence 0.5 ; dt:author <id/agent/a>, <id/agent/b> .
           <id/tagging/2> a dt:Tagging ; dt:tagged <id/provision/x-1/1> ; dt:tag <id/target/t-2> ;
            dt:taggingState <codes/tagging-state/accepted> .
           <id/tagging/3> a dt:Tagging ; dt:tagged <id/provision/x-1/1> ; dt:tag <id/target/t-3> ;
            dt:taggingState <codes/tagging-state/rejected> .""",
        """<id/provision/x-1/1> a dt:OperativeProvision ; dt:number "1", "1 bis" ;
            dt:ofText <id/decision/x-2>, <id/decision/x-1> ; dt:addressesTheme <codes/theme/a> .
           <id/decision/x-1> dt:adopted "2013-01-01"^^xsd:date ; dt:symbol "X/0" .""",
        """<id/mapping/1> a dt:Mapping ; dt:summary "Not found itself."@en .
           <id/paragraph/1> a dt:Paragraph ; dt:summary "Not found either."@en .""",
    ],
)
def test_whatever_is_said_things_are_the_same(body, root):
    asked, noted = things([*records(), record("more", body)], root)
    assert noted == asked
    assert asked != things(records(), root)[0] or "not found" in body.lower()


def test_noted_is_what_the_queries_ask_for(root):
    def names(text: str) -> list[str]:
        found = re.findall(r"\b(dt|skos|dcterms):(\w+)", text)
        return [_PREFIXES[prefix] + name for prefix, name in found]

    folder = root / "queries" / "search"
    facts, classes, elements, taggings = (
        (folder / f"{name}.rq").read_text(encoding="utf-8").partition("WHERE")[2]
        for name in ("facts", "classes", "elements", "taggings")
    )
    assert tuple(names(facts)) == FACTS
    assert {f"<{name}>".encode() for name in names(classes)} == UNFOUND
    assert set(names(elements) + names(taggings)) <= NOTING
