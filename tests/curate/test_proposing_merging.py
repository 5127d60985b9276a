"""Three versions of a graph: what merges, what conflicts, who wins."""

from __future__ import annotations

import pytest

from dtrack.curate.merging import difference, merge


def graph(*lines: str) -> bytes:
    return "".join(sorted(f"{line} .\n" for line in lines)).encode()


BASE = graph("<a> <p> <x>", "<a> <q> <y>", '<a> <l> "one"@en', "<b> <p> <x>")


def test_changes_of_different_statements_merge() -> None:
    ours = graph("<a> <p> <X>", "<a> <q> <y>", '<a> <l> "one"@en', "<b> <p> <x>")
    theirs = graph("<a> <p> <x>", "<a> <q> <Y>", '<a> <l> "one"@en', "<b> <p> <x>", "<c> <p> <x>")

    merged = merge("g", BASE, ours, theirs)

    assert merged.conflicts == ()
    assert merged.content == graph(
        "<a> <p> <X>", "<a> <q> <Y>", '<a> <l> "one"@en', "<b> <p> <x>", "<c> <p> <x>"
    )


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    both = graph("<a> <p> <X>", "<a> <q> <y>")

    assert merge("g", BASE, both, both).conflicts == ()
    assert merge("g", BASE, both, both).content == both


def test_texts_in_two_languages_are_two_statements() -> None:
    ours = BASE + b'<a> <l> "un"@fr .\n'
    theirs = BASE + b'<a> <l> "uno"@es .\n'

    merged = merge("g", BASE, ours, theirs)

    assert not merged.conflicts
    assert b"@fr" in (merged.content or b"")
    assert b"@es" in (merged.content or b"")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("<a> <p> <X>", "<a> <p> <Z>"),
        ("<a> <p> <X>", "<a> <r> <same>"),
        ("<a> <p> <x2>", None),
    ],
    ids=["changed twice", "removed there, changed here", "withdrawn there"],
)
def test_a_statement_changed_on_both_sides_is_a_conflict(ours: str, theirs: str | None) -> None:
    base = graph("<a> <p> <x>", "<a> <q> <y>")
    here = graph(ours, "<a> <q> <y>")
    there = None if theirs is None else graph(theirs, "<a> <q> <y>")

    told = merge("g", base, here, there)
    assert len(told.conflicts) == 1
    assert "proposed + <a> <p> <" in str(told.conflicts[0])

    assert merge("g", base, here, there, {"*": "theirs"}).content == there
    kept = merge("g", base, here, there, {"*": "ours"}).content or b""
    assert ours.encode() in kept


@pytest.mark.parametrize("removed_here", [True, False])
def test_a_subject_removed_here_and_described_further_there_is_a_conflict(
    removed_here: bool,
) -> None:
    without = graph("<a> <p> <x>", "<a> <q> <y>", '<a> <l> "one"@en')
    more = BASE + b"<b> <q> <new> .\n"
    ours, theirs = (without, more) if removed_here else (more, without)

    merged = merge("g", BASE, ours, theirs)

    (conflict,) = merged.conflicts
    assert (conflict.subject, conflict.predicate) == ("<b>", "")
    assert merge("g", BASE, ours, theirs, {"*": "ours"}).content == b"".join(
        sorted(ours.splitlines(keepends=True))
    )


def test_a_graph_made_on_both_sides_conflicts_where_it_differs() -> None:
    merged = merge(
        "g", None, graph("<a> <p> <x>", "<a> <q> <y>"), graph("<a> <p> <z>"), {"g": "ours"}
    )

    assert [conflict.predicate for conflict in merged.conflicts] == ["<p>"]
    assert merged.content == graph("<a> <p> <x>", "<a> <q> <y>")


def test_a_withdrawal_goes_through_where_nobody_else_changed_the_graph() -> None:
    assert merge("g", BASE, None, BASE).content is None
    assert merge("g", BASE, BASE, None).content is None
    assert merge("g", BASE, None, None).conflicts == ()
    (conflict,) = merge("g", BASE, None, graph("<a> <p> <x>")).conflicts
    assert conflict.subject == ""


def test_a_difference_tells_a_withdrawal_from_an_edit() -> None:
    assert difference("g", BASE, None).withdrawn
    edited = difference("g", graph("<a> <p> <x>"), graph("<a> <p> <y>"))
    assert (edited.added, edited.removed) == (("<a> <p> <y> .",), ("<a> <p> <x> .",))
    assert not edited.withdrawn


def test_each_conflict_is_chosen_by_its_name_before_its_graph_and_all() -> None:
    ours = graph("<a> <p> <X>", "<a> <q> <Y>", '<a> <l> "ours"@en', '<a> <l> "x"@fr', "<b> <p> <x>")
    theirs = graph("<a> <p> <z>", "<a> <q> <Z>", '<a> <l> "theirs"@en', "<b> <p> <x>")

    told = merge("g", BASE, ours, theirs).conflicts
    by = {(each.predicate, each.language): each.name for each in told}
    assert set(by) == {("<l>", "en"), ("<p>", ""), ("<q>", "")}
    assert len(set(by.values())) == 3
    assert f"<l> @en [{by['<l>', 'en']}]" in str(told[0])

    chosen = merge("g", BASE, ours, theirs, {by["<l>", "en"]: "ours", "g": "theirs", "*": "ours"})
    assert chosen.content == graph(
        '<a> <l> "ours"@en', '<a> <l> "x"@fr', "<a> <p> <z>", "<a> <q> <Z>", "<b> <p> <x>"
    )
    assert merge("h", BASE, ours, theirs, {"g": "theirs", "*": "ours"}).content == ours


def test_a_conflict_has_another_name_where_a_side_says_something_else() -> None:
    ours = graph("<a> <p> <X>")
    (one,), (two,) = (
        merge("g", graph("<a> <p> <x>"), ours, graph(f"<a> <p> <{end}>")).conflicts for end in "yz"
    )

    assert one.name != two.name
    assert one.chosen({two.name: "ours"}) is None


MODIFIED = "<g> <http://purl.org/dc/terms/modified>"
MATCH = "<http://www.w3.org/2004/02/skos/core#relatedMatch>"


@pytest.mark.parametrize(
    ("here", "there"), [("2026-11-02", "2026-11-03"), ("2026-11-03", "2026-11-02")]
)
@pytest.mark.parametrize("base", [None, BASE])
def test_later_day_of_change_stands(here: str, there: str, base: bytes | None) -> None:
    ours, theirs = (graph(f'{MODIFIED} "{day}"', "<a> <p> <x>") for day in (here, there))

    merged = merge("g", base, ours, theirs)

    assert merged.conflicts == ()
    assert merged.content == graph(f'{MODIFIED} "2026-11-03"', "<a> <p> <x>")


def test_what_has_many_values_gains_those_of_both_sides() -> None:
    start = graph(f"<a> {MATCH} <x>")
    ours, theirs = (graph(f"<a> {MATCH} <x>", f"<a> {MATCH} <{end}>") for end in "yz")

    merged = merge("g", start, ours, theirs)

    assert merged.conflicts == ()
    assert merged.content == graph(*(f"<a> {MATCH} <{end}>" for end in "xyz"))
    gone = merge("g", start, graph(f"<a> {MATCH} <y>"), theirs)
    assert [conflict.predicate for conflict in gone.conflicts] == [MATCH]
