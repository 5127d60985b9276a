"""The JSON-LD context is that of the ontology; compaction loses nothing."""

from __future__ import annotations

import json
import os

from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from dtrack.formats.context import API_TERMS, bundled_context, context_text
from dtrack.formats.jsonld import compacted
from dtrack.terms import DT, SKOS, XSD

CONTEXT = "https://example.org/context"


def test_context_is_made_from_the_ontology(root):
    folder = root / "ontology"
    if os.environ.get("DTRACK_ACCEPT"):
        (folder / "context.jsonld").write_text(context_text(folder), "utf-8")

    assert (folder / "context.jsonld").read_text("utf-8") == context_text(folder)


def test_every_term_of_ours_is_in_the_ontology(root):
    ontology = Graph().parse(root / "ontology" / "dtrack.ttl")
    known = {str(subject) for subject in ontology.subjects()}

    for name, definition in bundled_context().items():
        rules = definition if isinstance(definition, dict) else {"@id": definition}
        iri = rules.get("@id", rules.get("@reverse", ""))
        if isinstance(iri, str) and iri.startswith("dt:"):
            assert DT + iri[3:] in known, name
    assert API_TERMS.keys() <= bundled_context().keys()


values = st.one_of(
    st.builds(lambda n: {"@id": f"https://example.org/{n}"}, st.integers(0, 9)),
    st.builds(lambda v: {"@value": v}, st.text(max_size=5)),
    st.builds(
        lambda v, t: {"@value": v, "@language": t},
        st.text(max_size=5),
        st.sampled_from(["en", "zh"]),
    ),
    st.just({"@value": "2014-01-01", "@type": f"{XSD}date"}),
    st.just({"@value": "0.5", "@type": f"{XSD}decimal"}),
    st.just({"@value": "7", "@type": f"{XSD}integer"}),
)  # fmt: skip
properties = st.sampled_from(
    [f"{DT}{name}" for name in ("adopted", "cites", "summary", "symbol", "confidence", "note",
                                "sequence", "kind", "text", "of")]
    + [f"{SKOS}prefLabel", "http://purl.org/dc/terms/title", "https://example.org/p/q"]
)  # fmt: skip
nodes = st.lists(
    st.builds(
        lambda n, found: {"@id": f"https://example.org/{n}", **found},
        st.integers(0, 9),
        st.dictionaries(properties, st.lists(values, min_size=1, max_size=3), max_size=4),
    ),
    max_size=4,
)


@given(nodes)
def test_compaction_keeps_every_triple(expanded):
    short = json.loads(compacted(expanded, CONTEXT))
    short["@context"] = dict(bundled_context())

    before = Graph().parse(data=json.dumps(expanded), format="json-ld")
    after = Graph().parse(data=json.dumps(short), format="json-ld")
    assert isomorphic(before, after), (set(before) ^ set(after), short)
