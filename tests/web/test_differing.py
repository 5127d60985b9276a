"""What a proposal changes, in words of the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.terms import BASE
from dtrack.web.differing import Changed, readable
from dtrack.web.texts import wordings
from serving import SmallService, small_service

DECISION = f"{BASE}/id/decision/cbd-cop-12-19"
NEW = f"{BASE}/id/status/cbd-cop-12-19/legal-force-1"
DT = f"{BASE}/ontology#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TITLE = "http://purl.org/dc/terms/title"


@pytest.fixture(scope="module")
def service(root: Path) -> SmallService:
    return small_service(root)


def by_name(changed: Changed) -> dict[str, list[tuple[list[str], list[str]]]]:
    """What went and what came, by property."""
    found: dict[str, list[tuple[list[str], list[str]]]] = {}
    for change in changed.changes:
        pair = ([value.text for value in change.removed], [value.text for value in change.added])
        found.setdefault(change.property, []).append(pair)
    return found


def test_new_thing_says_what_it_is_and_its_codes_are_in_words(service):
    lines = [
        f"<{NEW}> <{TYPE}> <{DT}StatusAssertion> .",
        f"<{NEW}> <{DT}statusOf> <{DECISION}> .",
        f"<{NEW}> <{DT}statusValue> <{BASE}/codes/legal-force/retired> .",
        f'<{NEW}> <{DT}note> "One\\nline \\"more\\""@en .',
        f"<{NEW}> <https://example.org/p> <https://example.org/thing> .",
    ]
    (english,) = readable(service, lines, [], "en")
    (chinese,) = readable(service, lines, [], "zh")

    assert (english.became, english.kinds) == ("new", "status assertion")
    assert english.name == "cbd-cop-12-19/legal-force-1"
    assert (chinese.became, chinese.kinds) == ("new", "状态断言")
    assert by_name(english)["status value"] == [([], ["retired"])]
    assert by_name(english)["note"] == [([], ['One\nline "more"'])]
    assert by_name(english)["p"] == [([], ["https://example.org/thing"])]
    assert english.changes[0].property == "status of"
    assert english.changes[0].added[0].iri == DECISION
    assert english.changes[0].added[0].text == "Restoration"
    assert TYPE.rsplit("/", 1)[1] not in str(english) + str(chinese)


def test_value_that_is_replaced_stands_beside_the_new_one_of_its_language(service):
    removed = [f'<{DECISION}> <{TITLE}> "Restoration"@en .', f"<{DECISION}> <{TYPE}> <{DT}Text> ."]
    added = [f'<{DECISION}> <{TITLE}> "Better"@en .', f'<{DECISION}> <{TITLE}> "更好"@zh .']
    (changed,) = readable(service, added, removed, "en")

    assert changed.became == ""
    assert changed.name == "Better"
    assert by_name(changed) == {
        "title": [(["Restoration"], ["Better"]), ([], ["更好"])], "kind": [(["text"], [])],
    }  # fmt: skip


def test_thing_that_was_published_is_told_as_new_still(service):
    lines = [f"<{DECISION}> <{TYPE}> <{DT}Decision> ."]

    assert readable(service, lines, [], "en")[0].became == ""
    assert readable(service, lines, [], "en", published=True)[0].became == "new"
    assert readable(service, [], lines, "en")[0].became == "gone"


def test_text_comes_before_its_parts_and_those_by_their_numbers(service):
    parts = [f"{BASE}/id/provision/x/{number}" for number in (10, 9)]
    iris = [f"{BASE}/graph/decision/x", *parts, f"{BASE}/id/decision/x"]
    found = readable(service, [f'<{iri}> <{DT}number> "1" .' for iri in iris], [], "en")

    assert [one.iri for one in found] == [iris[3], iris[2], iris[1], iris[0]]


def test_place_in_a_record_is_told_apart_from_what_it_says(service):
    lines = [f'<{NEW}> <{DT}sortKey> "2" .', f'<{NEW}> <{DT}number> "1" .']
    (changed,) = readable(service, lines, [], "en")

    assert [change.property for change in changed.telling] == ["number"]
    assert [change.property for change in changed.keeping] == ["sort key"]


def test_terms_of_others_have_a_name_in_every_language():
    terms = [wording.terms for wording in wordings().values()]

    assert all(one.keys() == terms[0].keys() for one in terms)
    assert all(all(one.values()) for one in terms)


def test_new_provision_is_called_by_its_text_and_number(service):
    text, provision = f"{BASE}/id/decision/cbd-cop-12-77", f"{BASE}/id/provision/cbd-cop-12-77"
    element = f"{BASE}/id/element/cbd-cop-12-77/preamble-1/1"
    lines = [
        f'<{text}> <{DT}symbol> "XII/77" .',
        f'<{text}> <{DT}datePrecision> "meeting" .',
        f'<{provision}/preamble-1> <{DT}number> "preamble-1" .',
        f"<{provision}/preamble-1> <{DT}ofText> <{text}> .",
        f"<{element}> <{DT}elementOf> <{provision}/preamble-1> .",
        f"<{element}> <{DT}verb> <{BASE}/codes/verb/invites> .",
    ]
    english, chinese = (readable(service, lines, [], tag) for tag in ("en", "zh"))

    assert [each.name for each in english] == [
        "XII/77", "XII/77, preamble 1", "XII/77, preamble 1: invites",
    ]  # fmt: skip
    assert [each.name for each in chinese] == [
        "XII/77", "XII/77，序言第 1 段", "XII/77，序言第 1 段：邀请",
    ]  # fmt: skip
    assert by_name(chinese[1])["编号"] == [([], ["序言第 1 段"])]
    assert by_name(chinese[0])["日期精度"] == [([], ["以会议闭幕日代替"])]
    assert by_name(english[0])["date precision"] == [
        ([], ["the closing day of the meeting stands in"])
    ]
