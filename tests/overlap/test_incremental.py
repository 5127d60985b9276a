"""The index after an edit is, byte for byte, the index built anew; on disk it is the same."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtrack.errors import StoreError
from dtrack.hearing import Hearing
from dtrack.model import Record, Revision
from dtrack.overlap import OverlapIndex, Selection, between, gaps, matrix
from dtrack.overlap.gaps import SERVED, served
from dtrack.overlap.leaders import leaders
from dtrack.overlap.profiles import totals
from dtrack.overlap.publishing import published
from dtrack.overlap.selection import DEFAULT
from dtrack.overlap.told import NOTING
from dtrack.resources import root_folder
from dtrack.stores.embedded import EmbeddedStore
from reference_overlap import gap_cells

if TYPE_CHECKING:
    from pathlib import Path

DT = "https://w3id.org/dtrack/ontology#"
B = "https://w3id.org/dtrack/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
CODES = f"{B}codes/"


def triple(subject: str, predicate: str, value: str) -> str:
    term = value if value.startswith('"') else f"<{value}>"
    return f"<{subject}> <{predicate}> {term} ."


def graph(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(set(lines))).encode()


def decision(key: str, provisions: list[dict[str, object]]) -> bytes:
    """A decision of an instrument ``key`` says before its dash; see provisions() for the rest."""
    text = f"{B}id/decision/{key}"
    lines = [
        triple(text, f"{DT}instrument", f"{B}id/instrument/{key.split('-')[0]}"),
        triple(text, f"{DT}adopted", f'"201{len(key) % 10}-05-01"^^<{XSD}date>'),
    ]
    for number, said in enumerate(provisions, 1):
        node, element = f"{B}id/provision/{key}/{number}", f"{B}id/element/{key}/{number}/1"
        lines += [
            triple(node, RDF_TYPE, f"{DT}OperativeProvision"),
            triple(node, f"{DT}ofText", text),
            triple(node, f"{DT}sortKey", f'"{number:04}"'),
            triple(element, f"{DT}elementOf", node),
            triple(element, f"{DT}kind", f"{CODES}kind/{said['kind']}"),
            triple(element, f"{DT}verb", f"{CODES}verb/{said['verb']}"),
            *(triple(node, f"{DT}addressesTarget", f"{B}t/{v}") for v in said["targets"]),
            *(triple(node, f"{DT}addressesTheme", f"{B}h/{v}") for v in said["themes"]),
            *(triple(element, f"{DT}addressee", f"{B}a/{v}") for v in said["actors"]),
        ]
        if said["deadline"]:
            lines.append(triple(element, f"{DT}deadline", f'"{said["deadline"]}"^^<{XSD}date>'))
        if said["ended"]:
            lines += status(f"{key}/{number}", node)
    return graph(lines)


def status(key: str, thing: str) -> list[str]:
    node = f"{B}id/status/{key}/1"
    return [
        triple(node, RDF_TYPE, f"{DT}PublishedStatus"),
        triple(node, f"{DT}statusOf", thing),
        triple(node, f"{DT}statusAxis", f"{CODES}status-axis/legal-force"),
        triple(node, f"{DT}statusValue", f"{CODES}legal-force/elapsed"),
    ]


def mappings(pairs: list[tuple[str, str]]) -> bytes:
    lines = []
    for subject, object_ in pairs:
        node = f"{B}id/mapping/{subject}-{object_}"
        lines += [
            triple(node, RDF_TYPE, f"{DT}Mapping"),
            triple(node, f"{DT}mappingSubject", f"{B}t/{subject}"),
            triple(node, f"{DT}mappingPredicate", f"{SKOS}closeMatch"),
            triple(node, f"{DT}mappingObject", f"{B}t/{object_}"),
            triple(node, f"{DT}author", '"A mapper"'),
            triple(node, f"{DT}confidence", f'"0.8"^^<{XSD}decimal>'),
            triple(node, f"{DT}justification", '"manual"'),
        ]
    return graph(lines)


FRAMEWORK = f"{B}id/framework/f"
BASE = {
    f"{B}graph/items": graph(
        [
            line
            for key in ("1", "2", "3", "goal")
            for line in (
                triple(f"{B}t/{key}", RDF_TYPE, f"{DT}{'Goal' if key == 'goal' else 'Target'}"),
                triple(f"{B}t/{key}", f"{DT}ofFramework", FRAMEWORK),
                triple(f"{B}t/{key}", f"{SKOS}notation", f'"{key}"'),
                triple(f"{B}t/{key}", f"{SKOS}prefLabel", f'"Item {key}"@en'),
            )
        ]
    ),
    f"{B}graph/derived": graph(
        [
            triple(f"{B}h/low", f"{SKOS}broaderTransitive", f"{B}h/high"),
            triple(f"{B}t/1", f"{SKOS}broaderTransitive", f"{B}t/goal"),
        ]
    ),
    f"{B}graph/verbs": graph(
        [
            triple(f"{CODES}verb/requests", f"{DT}verbForce", f"{CODES}force/request"),
            triple(f"{CODES}verb/invites", f"{DT}verbForce", f"{CODES}force/invitation"),
        ]
    ),
}


def provisions() -> st.SearchStrategy[list[dict[str, object]]]:
    def some(*values: str) -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from(values), max_size=2, unique=True)

    return st.lists(
        st.fixed_dictionaries(
            {
                "targets": some("1", "2", "3", "goal"),
                "themes": some("low", "high", "other"),
                "actors": some("parties", "secretariat"),
                "verb": st.sampled_from(["requests", "invites"]),
                "kind": st.sampled_from(["operational", "operational", "informational"]),
                "deadline": st.sampled_from(["", "", "2020-12-31"]),
                "ended": st.sampled_from([False, False, True]),
            }
        ),
        max_size=3,
    )


def states() -> st.SearchStrategy[dict[str, bytes | None]]:
    texts = st.dictionaries(
        st.sampled_from(["x-1", "x-20", "y-1", "y-22", "z-1"]), provisions() | st.none(), max_size=4
    ).map(
        lambda found: {
            f"{B}graph/decision/{key}": None if said is None else decision(key, said)
            for key, said in found.items()
        }
    )
    links = st.none() | st.lists(
        st.sampled_from([("1", "2"), ("2", "3"), ("1", "goal")]), unique=True
    )
    apart = st.none() | st.booleans()

    def whole(
        found: dict[str, bytes | None], pairs: list[tuple[str, str]] | None, ended: bool | None
    ) -> dict[str, bytes | None]:
        if pairs is not None:
            found = {**found, f"{B}graph/mappings": mappings(pairs)}
        if ended is not None:
            lines = status("apart", f"{B}id/decision/x-1") if ended else []
            found = {**found, f"{B}graph/status": graph(lines) if lines else None}
        return found

    return st.builds(whole, texts, links, apart)


def assert_gaps(index: OverlapIndex) -> None:
    """Gaps from what is kept are those that counting one by one gives, with mappings and without.

    So they are of instruments asked for by name, and of another selection.
    """
    assert index.has(SERVED, ())
    names = (*index.instruments[::-1][:2], "nobody")
    without = index.withdrawing(frozenset(mapping.iri for mapping in index.tables.mappings))
    for of in (index, without):
        for kind in ("Target", "Goal"):
            whole = gap_cells(of, FRAMEWORK, kind)
            assert gaps(of, FRAMEWORK, Selection(), kind=kind).cells == whole
            assert gaps(of, FRAMEWORK, Selection(instruments=names), kind=kind).cells == {
                key: cell for key, cell in whole.items() if key[1] in names
            }
            ended = gap_cells(of, FRAMEWORK, kind, ended=True)
            assert gaps(of, FRAMEWORK, Selection(ended=True), kind=kind).cells == ended
    assert not without.has(SERVED, ())


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@given(st.lists(states(), min_size=2, max_size=4))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_index_after_edits_equals_one_built_anew(
    tmp_path: Path, edits: list[dict[str, bytes | None]]
) -> None:
    queries = root_folder("queries")
    store = EmbeddedStore.in_memory()
    store.load(Record(name, content, name) for name, content in BASE.items())
    index = OverlapIndex.built(store, queries)
    place = tmp_path / "first"
    index.save(place)

    for number, edit in enumerate(edits):
        held = files(place)
        known = place, index
        before = {name: store.graph(name) for name in edit}
        store.apply(Revision(1, edit))
        index = index.updated(
            store, queries, {name: (before[name], store.graph(name)) for name in edit}
        )
        place = tmp_path / f"updated-{number}"
        index.save(place, known)

        anew = OverlapIndex.built(store, queries)
        anew.save(tmp_path / "anew")

        assert files(place) == files(tmp_path / "anew")
        assert files(known[0]) == held
        assert_gaps(index)
        shown = [
            [(c.row, c.column, c.counts, c.pairs, c.mean, c.top) for c in answer.cells]
            for answer in (matrix(index, Selection()), matrix(anew, Selection()))
        ]
        assert shown[0] == shown[1]

    # Nor does it matter whether the store is asked, or noted while it was loaded what counts.
    noting = EmbeddedStore.in_memory()
    noting.load(
        (Record(name, store.graph(name), name) for name in store.graphs()), hearing=Hearing(NOTING)
    )
    assert noting.told() is not None
    OverlapIndex.built(noting, queries).save(tmp_path / "noted")
    assert files(tmp_path / "noted") == files(tmp_path / "anew")


def said_by(dice: random.Random) -> dict[str, object]:
    return {
        "targets": dice.sample("123", dice.randrange(3)),
        "themes": dice.sample(["low", "high"], dice.randrange(3)),
        "actors": dice.sample(["parties", "secretariat", "others"], dice.randrange(3)),
        "verb": dice.choice(["requests", "notes"]),
        "kind": dice.choice(["operational", "operational", "informational"]),
        "deadline": dice.choice(["", "", "2020-12-31"]),
        "ended": dice.random() < 0.1,
    }


@given(st.integers(0, 1_000_000))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_small_edits_one_after_the_other_give_what_is_built_anew(tmp_path: Path, seed: int) -> None:
    dice, queries = random.Random(seed), root_folder("queries")
    texts = {f"{i}-{n}": [said_by(dice) for _ in range(4)] for i in "xyz" for n in range(3)}
    store = EmbeddedStore.in_memory()
    held = {**BASE, **{f"{B}graph/{key}": decision(key, said) for key, said in texts.items()}}
    store.load(Record(name, content, name) for name, content in held.items())
    index = OverlapIndex.built(store, queries)
    published(index)
    known = tmp_path / f"{seed}-first"
    index.save(known)

    for number in range(5):
        key = dice.choice([*texts, "w-new"])
        said = list(texts.get(key, []))
        place = dice.randrange(len(said) + 1)
        new = said_by(dice)
        if place < len(said) and dice.random() < 0.7:
            # One thing about one directive.
            name = dice.choice(list(new))
            new = {**said[place], name: new[name]}
        said[place : place + dice.choice([0, 1, 1, 1])] = [new][: dice.choice([0, 1, 1, 1])]
        texts[key] = said
        graph, content = f"{B}graph/{key}", decision(key, said)
        before = store.graph(graph)
        store.apply(Revision(number, {graph: content}))
        former, index = index, index.updated(store, queries, {graph: (before, content)})
        place_now = tmp_path / f"{seed}-{number}"
        index.save(place_now, (known, former))
        known = place_now

        anew = OverlapIndex.built(store, queries)
        anew.save(tmp_path / "anew")
        assert files(known) == files(tmp_path / "anew")
        assert np.array_equal(leaders(index).tops(), leaders(anew).tops())
        finished = (DEFAULT, index.weights.dimensions)
        assert totals(index, *finished).same(totals(anew, *finished))
        assert index.has(SERVED, ())
        assert np.array_equal(served(index), served(anew))
        assert_gaps(index)
        came, left = (
            one.beside(other)
            for one, other in (
                (published(index), published(former)),
                (published(former), published(index)),
            )
        )
        assert (published(former).lines() - left) | came == published(anew).lines()


def test_files_that_stay_the_same_are_shared(tmp_path: Path) -> None:
    said = {
        "targets": ["1"], "themes": ["low"], "actors": ["parties"], "verb": "requests",
        "kind": "operational", "deadline": "2020-12-31", "ended": False,
    }  # fmt: skip
    graph = f"{B}graph/x"
    store = EmbeddedStore.in_memory()
    store.load(
        Record(name, content, name)
        for name, content in {**BASE, graph: decision("x-1", [said, said])}.items()
    )
    index = OverlapIndex.built(store, root_folder("queries"))
    index.save(tmp_path / "first")
    before = store.graph(graph)
    store.apply(Revision(1, {graph: decision("x-1", [said, {**said, "targets": ["2"]}])}))
    changed = {graph: (before, store.graph(graph))}
    index.updated(store, root_folder("queries"), changed).save(
        tmp_path / "next", (tmp_path / "first", index)
    )

    def shared(name: str) -> bool:
        return (tmp_path / "first" / name).samefile(tmp_path / "next" / name)

    assert shared("provisions.npy")
    assert shared("tables.json")
    assert not shared("target-numbers.npy")
    assert not shared("names.json")


def test_saved_index_answers_like_the_one_that_was_saved(tmp_path: Path) -> None:
    said = {
        "targets": ["1"], "themes": ["low"], "actors": ["parties"], "verb": "requests",
        "kind": "operational", "deadline": "2020-12-31", "ended": False,
    }  # fmt: skip
    other = {**said, "targets": ["2"], "themes": ["other"]}
    store = EmbeddedStore.in_memory()
    store.load(
        Record(name, content, name)
        for name, content in {
            **BASE,
            f"{B}graph/x": decision("x-1", [said, other]),
            f"{B}graph/y": decision("y-1", [said]),
            f"{B}graph/m": mappings([("1", "2")]),
        }.items()
    )
    index = OverlapIndex.built(store, root_folder("queries"))
    digest = index.save(tmp_path)

    loaded = OverlapIndex.load(tmp_path)

    names = (f"{B}id/instrument/x", f"{B}id/instrument/y")
    assert between(loaded, *names, Selection()) == between(index, *names, Selection())
    assert between(loaded, *names, Selection())[0] == 2
    assert loaded.save(tmp_path / "again") == digest
    with pytest.raises(StoreError, match="rebuild"):
        OverlapIndex.load(tmp_path / "nowhere")
    store.apply(Revision(2, {f"{B}graph/derived": None}))
    with pytest.raises(StoreError, match="derived graph"):
        OverlapIndex.built(store, root_folder("queries"))
