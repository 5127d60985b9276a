"""SPARQL text falls into the tokens that its grammar names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtrack.sparql import Kind, place, significant, tokens

PIECES = [
    "?a",
    "$b",
    "ex:c",
    "<http://x/#y>",
    '"a\\"b"',
    "'''x'y'''",
    "# z\n",
    "@en",
    "1.5e3",
    "_:q",
]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in significant(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<?b", [("variable", "?a"), ("mark", "<"), ("variable", "?b")]),
        ("?a<?b&&?c>?d", [("variable", "?a"), ("iri", "<?b&&?c>"), ("variable", "?d")]),
        ('"$x" $x', [("string", '"$x"'), ("variable", "$x")]),
        ('"""a"b""$x""" .', [("string", '"""a"b""$x"""'), ("mark", ".")]),
        ("'''a\n$x''\\''''", [("string", "'''a\n$x''\\''''")]),
        ('""', [("string", '""')]),
        ('"a\\\\" $x', [("string", '"a\\\\"'), ("variable", "$x")]),
        ("ex:a\\'b 'c'", [("name", "ex:a\\'b"), ("string", "'c'")]),
        ("ex:a.b.", [("name", "ex:a.b"), ("mark", ".")]),
        ("ex:a#b", [("name", "ex:a")]),
        ("<http://x#$y> # $z", [("iri", "<http://x#$y>")]),
        ('"a"@en-GB^', [("string", '"a"'), ("language", "@en-GB"), ("mark", "^")]),
        (
            "SELECT(1.5E-3)",
            [("word", "SELECT"), ("mark", "("), ("number", "1.5E-3"), ("mark", ")")],
        ),
        ("_:b.1.", [("blank", "_:b.1"), ("mark", ".")]),
        ("?été·1", [("variable", "?été·1")]),
        (":主题/a", [("name", ":主题"), ("mark", "/"), ("word", "a")]),
        ('"open', [("mark", '"'), ("word", "open")]),
    ],
)
def test_text_falls_into_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=12).map("".join))
def test_tokens_join_to_the_text(text: str) -> None:
    found = list(tokens(text))

    assert "".join(token.text for token in found) == text
    assert all(text.startswith(token.text, token.start) for token in found)


def test_place_counts_from_one() -> None:
    assert str(place("q", "a\nbc", 3)) == "q:2:2"
    assert str(place("q", "a", 0)) == "q:1:1"


def test_words_are_keywords_in_any_case() -> None:
    token = significant("Select")[0]

    assert token.kind is Kind.WORD
    assert token.is_word("SELECT")
    assert not token.is_word("ASK")
