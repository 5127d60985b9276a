"""Numbers of provisions and targets in words of the language, where data has keys for them."""

from __future__ import annotations

import tomllib

import pytest

from dtrack.web import texts
from dtrack.web.texts import wordings


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        ("preamble-3", "preamble 3", "序言第 3 段"),
        ("n-1", "unnumbered 1", "未编号第 1 段"),
        ("V.n-2", "V, unnumbered 2", "V，未编号第 2 段"),
        ("annex-7.2", "annex 7.2", "附件 7.2"),
        ("Target 11", "Target 11", "具体目标 11"),
        ("Target 6.3", "Target 6.3", "具体目标 6.3"),
        ("Strategic Goal A", "Strategic Goal A", "战略目标 A"),
        ("Article 2.1(a)", "Article 2.1(a)", "第 2.1(a) 条"),
    ],
)
def test_numbers_are_told_in_words(number, english, chinese):
    assert wordings()["en"].numbered(number) == english
    assert wordings()["zh"].numbered(number) == chinese


@pytest.mark.parametrize(
    "number", ["", "4", "4.c", "b.iii", "14.2", "SO 2-2", "Red List Index", "record 242701", "n-x"]
)
def test_what_is_no_key_stays_as_it_is(number):
    assert {each.numbered(number) for each in wordings().values()} == {number}


def test_languages_have_the_same_forms():
    tables = [tomllib.loads(p.read_text("utf-8"))["forms"] for p in texts.FOLDER.glob("*.toml")]

    assert all(table.keys() == tables[0].keys() for table in tables)
    assert all("{n}" in form for table in tables for form in table.values())
