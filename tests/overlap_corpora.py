"""Small corpora for the tests of overlap: made by hand, and random."""

from __future__ import annotations

from hypothesis import strategies as st

from dtrack.overlap import Corpus, Directive, FrameworkItem, MappingRecord

SKOS = "http://www.w3.org/2004/02/skos/core#"


def directive(name: str, instrument: str, start: int = 2014, **values: str) -> Directive:
    return Directive(
        provision=name,
        text=f"text-{name}",
        instrument=instrument,
        start=start,
        end=None,
        operational=True,
        active=True,
        values={dimension: tuple(text.split()) for dimension, text in values.items()},
    )


def mapping(subject: str, relation: str, object_: str, confidence: float = 1.0) -> MappingRecord:
    return MappingRecord(
        iri=f"m-{subject}-{relation}-{object_}",
        subject=subject,
        predicate=SKOS + relation,
        object=object_,
        author="A mapper",
        confidence=confidence,
        justification="semapv:ManualMappingCuration",
        state="unreviewed",
    )


def corpus(
    *directives: Directive,
    mappings: tuple[MappingRecord, ...] = (),
    ancestors: dict[str, frozenset[str]] | None = None,
    items: dict[str, FrameworkItem] | None = None,
) -> Corpus:
    return Corpus(directives, mappings, ancestors or {}, items or {})


VALUES = {
    "target": ["t1", "t2", "t3", "goal"],
    "theme": ["top", "mid", "low", "other"],
    "actor": ["parties", "secretariat"],
    "verb": ["request", "invitation"],
}
HIERARCHY = {
    "low": frozenset({"mid", "top"}),
    "mid": frozenset({"top"}),
    "t1": frozenset({"goal"}),
}


@st.composite
def corpora(draw: st.DrawFn, most: int = 9) -> Corpus:
    directives = []
    for i in range(draw(st.integers(2, most))):
        values = {}
        for dimension, known in VALUES.items():
            chosen = tuple(sorted(draw(st.sets(st.sampled_from(known), max_size=3))))
            if chosen:
                values[dimension] = chosen
        start = draw(st.integers(2000, 2010))
        directives.append(
            Directive(
                provision=f"p{i}",
                text=f"t{i}",
                instrument=draw(st.sampled_from(["a", "b", "c"])),
                start=start,
                end=draw(st.none() | st.integers(1999, 2020)),
                operational=True,
                active=True,
                values=values,
            )
        )
    links = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["t1", "t2", "t3"]),
                st.sampled_from(["exactMatch", "closeMatch", "relatedMatch", "broadMatch"]),
                st.sampled_from(["t1", "t2", "t3"]),
                st.sampled_from([0.3, 0.7, 1.0]),
            ),
            max_size=3,
        )
    )
    mappings = {m.iri: m for m in (mapping(*link) for link in links) if m.subject != m.object}
    return corpus(*directives, mappings=tuple(mappings.values()), ancestors=HIERARCHY)
