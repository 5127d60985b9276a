"""Memberships, mappings and wordings: from tables of others, and mappings back again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import DT, desk_settings, published, state_of
from dtrack.cli.main import run
from dtrack.curate.feeds import Import
from dtrack.errors import SyntaxProblem
from dtrack.sources.sssom_foreign import read_foreign
from dtrack.sources.tables import read_json_lines, read_table
from dtrack.stores.building import open_current
from dtrack.terms import BASE, SKOS
from dtrack.wiring.importing import Options, import_source
from dtrack.wiring.reading import dump_mappings

Bring = Callable[..., Import]
HEAD = """# mapping_set_id: https://m.example/set
# mapping_set_title: Made up
# license: https://creativecommons.org/licenses/by/4.0/
# curie_map:
#   t: https://w3id.org/dtrack/id/target/
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_label\tconfidence\n"
ROW = "t:aichi-11\tskos:closeMatch\tt:gbf-3\tsemapv:LexicalMatching\tsomebody\t0.80\n"


@pytest.fixture
def bring(bring_file: Bring) -> Bring:
    return partial(bring_file, source="made up")


def rules(found: Import) -> list[str]:
    return sorted(remark.rule for remark in found.harvest.remarks)


def text(home: Path, graph: str) -> str:
    return published(home, graph).decode()


MEMBERS = """treaty,country,signature,consent_to_be_bound,entry_into_force,consent_kind
cbd,China,1992-06-11,1993-01-05,1993-12-29,Ratification
CBD,Turkey,1992-06-11,,,
cbd,Senegal,,,,
cbd,Atlantis,,1993-01-05,1993-12-29,
no such,China,,1993-01-05,1993-12-29,
cbd,CHN,,1993-01-05,1993-12-29,
cbd,FIN,soon,1994-07-27,1994-10-25,
cbd,FRA,,1994-07-01,1994-01-01,married
"""


def test_memberships_say_who_is_bound_since_when(home: Path, bring: Bring) -> None:
    found = bring("memberships", "members.csv", MEMBERS)

    assert rules(found) == [
        "date", "duplicate-row", "force-before-consent", "no-party", "unknown-code",
        "unknown-party", "unknown-treaty",
    ]  # fmt: skip
    graph = text(home, f"{BASE}/graph/entry/made-up/memberships-cbd")
    china, turkey = (f"{BASE}/id/membership/cbd-{code}" for code in ("chn", "tur"))
    assert f'<{china}> <{DT}signed> "1992-06-11"' in graph
    assert f'<{china}> <{DT}entryIntoForce> "1993-12-29"' in graph
    assert f"<{china}> <{DT}consentKind> <{BASE}/codes/party-status/ratification>" in graph
    assert f"<{turkey}> <{DT}consentKind> <{BASE}/codes/party-status/signed_not_ratified>" in graph
    assert "cbd-sen" not in graph
    state = state_of(home)
    assert bring("memberships", "members.csv", MEMBERS).same == 2
    assert state_of(home) == state


def test_one_row_more_is_the_only_difference(home: Path, bring: Bring) -> None:
    lines = MEMBERS.split("\n")
    bring("memberships", "members.csv", "\n".join(lines[:2]))
    before = published(home, f"{BASE}/graph/entry/made-up/memberships-cbd").splitlines()

    bring("memberships", "members.csv", "\n".join([lines[0], lines[7], lines[1]]))

    after = published(home, f"{BASE}/graph/entry/made-up/memberships-cbd").splitlines()
    assert set(before) <= set(after)
    assert all(b"cbd-fin" in line for line in set(after) - set(before))


def test_mappings_of_anybody_become_a_set(home: Path, bring: Bring) -> None:
    found = bring("mappings", "m.sssom.tsv", HEAD + COLUMNS + ROW)

    assert rules(found) == []
    graph = text(home, f"{BASE}/graph/mapping-set/made-up")
    plain = f"<{BASE}/id/target/aichi-11> <{SKOS}closeMatch> <{BASE}/id/target/gbf-3> ."
    assert plain in graph
    assert f'<{DT}confidence> "0.8"^^' in graph
    assert bring("mappings", "m.sssom.tsv", HEAD + COLUMNS + ROW).changed == 0


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("unknown-predicate", ROW.replace("skos:closeMatch", "owl:sameAs")),
        ("unknown-justification", ROW.replace("LexicalMatching", "Guessing")),
        ("identifier", ROW.replace("t:gbf-3", "x:gbf-3")),
        ("unknown-target", ROW.replace("t:gbf-3", "t:no-such")),
        ("confidence", ROW.replace("0.80", "sure")),
        ("columns", ROW.replace("\n", "\tmore\tand more\n")),
    ],
)
def test_rows_with_faults_are_told_with_their_line(
    home: Path, bring: Bring, rule: str, row: str
) -> None:
    good = ROW.replace("aichi-11", "aichi-5")

    found = bring("mappings", "m.sssom.tsv", HEAD + COLUMNS + good + row)

    (remark,) = found.harvest.remarks
    assert (remark.rule, remark.place) == (rule, "m.sssom.tsv, line 8")


def test_what_goes_out_comes_in_again_without_loss(
    home: Path, bring: Bring, capfd: pytest.CaptureFixture[str]
) -> None:
    row = ROW.replace("0.80", "0.6\thttps://a.example/|https://b.example/\tA remark\thigh")
    columns = COLUMNS.replace("\n", "\tsee_also\tcomment\text_strength\n")
    bring("mappings", "m.sssom.tsv", HEAD + columns + row + row.replace("aichi-11", "aichi-5"))
    graph = f"{BASE}/graph/mapping-set/made-up"
    state = state_of(home)

    file = home.parent / "out.sssom.tsv"
    words = ["dump", "--format", "sssom", "--home", str(home)]
    assert run([*words, "--graph", graph, "-o", str(file)]) == 0
    assert run(words) == 2
    assert graph in capfd.readouterr().err

    again = bring("mappings", "out.sssom.tsv", file.read_text("utf-8"))
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert state_of(home) == state
    edited = file.read_text("utf-8").replace("A remark", "Another")
    assert bring("mappings", "out.sssom.tsv", edited, overwrite=True).changed == 1


def test_every_bundled_mapping_set_survives_the_way_out_and_in(corpus_home: Path) -> None:
    with open_current(corpus_home) as store:
        sets = [graph for graph in store.graphs() if "/graph/mapping-set/" in graph]

    for graph in sets:
        # It raises where a triple would be lost.
        assert dump_mappings(desk_settings(corpus_home), graph)
    assert len(sets) >= 6


def test_pairs_of_pages_are_related_and_name_the_page(home: Path, bring: Bring) -> None:
    rows = [
        {"subject_scheme": "GBF", "subject": "Target 3", "object_scheme": "AICHI",
         "object": "Aichi Target 11", "source_url": "https://p.example/1"},
        {"subject_scheme": "GBF", "subject": "Target 3", "object_scheme": "AICHI",
         "object": "Aichi Target 11", "source_url": "https://p.example/2"},
        {"subject_scheme": "GBF", "subject": "Target 99", "object_scheme": "AICHI",
         "object": "Aichi Target 1", "source_url": "https://p.example/1"},
        {"subject_scheme": "GBF", "subject": "Target 2", "object_scheme": "AICHI",
         "object": "Aichi Target 1"},
    ]  # fmt: skip

    found = bring("target-pairs", "pairs.jsonl", "\n".join(map(json.dumps, rows)))

    assert rules(found) == ["link", "unknown-target"]
    graph = text(home, f"{BASE}/graph/mapping-set/made-up")
    assert graph.count(f"<{DT}Mapping> .") == 1
    assert graph.count("<https://p.example/") == 2
    assert f"<{BASE}/id/target/gbf-3> <{SKOS}relatedMatch> <{BASE}/id/target/aichi-11>" in graph


WORDS = json.dumps([
    {"identifier": "GBF-TARGET-03", "title": {"en": "Made up", "fr": "Inventé"},
     "longDescription": {"en": "Words of our own.", "FR": "Mots à nous."}},
    {"identifier": "GBF-GOAL-A", "title": {"en": "Made up too"}},
    {"id": 11, "title": {"en": "Made up"}, "action": {"en": "By some year.\x00"}},
    {"identifier": "GBF-TARGET-77", "title": {"en": "None"}},
])  # fmt: skip


def test_wordings_join_the_items_that_are_held(home: Path, bring: Bring) -> None:
    found = bring("targets", "cbd.json", WORDS)

    assert rules(found) == ["unknown-target"]
    gbf = text(home, f"{BASE}/graph/entry/made-up/framework-gbf")
    aichi = text(home, f"{BASE}/graph/entry/made-up/framework-aichi")
    assert f'<{BASE}/id/target/gbf-3> <{DT}text> "Mots à nous."@fr' in gbf
    assert f'<{BASE}/id/goal/gbf-a> <{SKOS}altLabel> "Made up too"@en' in gbf
    assert f'<{BASE}/id/target/aichi-11> <{DT}text> "By some year."@en' in aichi
    assert bring("targets", "cbd.json", WORDS).changed == 0


def test_real_tables_are_read_whole(shared: Path, corpus_home: Path, tmp_path: Path) -> None:
    """What the files hold, without writing it: the figures are those of the files."""
    data = shared / "data"
    expected = {
        ("memberships", "parties/membership.csv"): (3378, {"no-party": 426}),
        ("target-pairs", "mappings/published_target_pairs.jsonl"): (143, {}),
        ("targets", "targets/cbd_gbf_targets.json"): (23, {}),
        ("targets", "targets/sdg-kos-goals-targets-indicators.ttl"): (418, {}),
        ("targets", "targets/sdg-codelist-six-languages.ttl"): (448, {"passed-over": 2}),
    }
    for (kind, name), (rows, remarks) in expected.items():
        found = import_source(
            desk_settings(corpus_home), kind, [str(data / name)],
            Options("tester", source="real", dry_run=True),
        )  # fmt: skip
        told: dict[str, int] = {}
        for remark in found.harvest.remarks:
            told[remark.rule] = told.get(remark.rule, 0) + 1
        assert (sum(found.harvest.rows.values()), told) == (rows, remarks)


BUSY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@BUSY
@given(st.binary(max_size=80), st.text(max_size=80))
def test_mangled_tables_give_one_clear_error_at_most(noise: bytes, words: str) -> None:
    readers: list[Callable[[bytes], object]] = [
        lambda data: read_table(data, "x.csv", {"treaty": (), "country": ()}, ("treaty",)),
        lambda data: list(read_json_lines(data, "x.jsonl")),
        lambda data: read_foreign(data, "x.tsv"),
    ]
    said, table = (text.encode("utf-8", "ignore") for text in (words, HEAD + COLUMNS + words))
    bodies = (noise, said, table, b"treaty,country\n" + noise)
    for read in readers:
        for body in bodies:
            told = None
            try:
                read(body)
            except SyntaxProblem as error:
                told = error
            assert told is None or told.remedy
