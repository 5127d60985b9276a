"""Hypothesis strategies that tests share: text that tries to break out, IRIs, literals, triples."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from dtrack.model import Iri, Literal, Term, text_literal
from dtrack.terms import XSD

HOSTILE_PIECES = (
    '"', "'", '"""', "'''", "\\", "\\\\", '\\"', "\\u0022", "\\U00000022", "\\n", "\n", "\r",
    "\r\n", "\t", "{", "}", "} } #", "<", ">", "<x>", "$x", "?x", "#", "^^", "@en", ".", ";",
    "SERVICE", "DROP ALL", "\u202e", "\u2066", "\u2028", "\u0085", "\u00a0", "\ufeff", "\x01",
    "\x7f", "%00", "e\u0301", "第", "\U0001f40b", "UNION { ?s ?p ?o }", "--", "/*",
)  # fmt: skip
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
hostile = st.lists(
    st.one_of(st.sampled_from(HOSTILE_PIECES), st.text(characters, max_size=4)), max_size=6
).map("".join)
"""Strings made to break out of a quoted string: quotes, escapes, line ends, bidi marks …"""

_IN_IRI = st.one_of(
    st.characters(categories=["L", "Nd"], max_codepoint=0xFFFF),
    st.sampled_from("-._~:/?@!$&'()*+,;="),
)
iris = st.builds(
    "{}{}".format,
    st.sampled_from(["https://example.org/", "urn:x:", "http://x/#", "http://x/?q='$x&"]),
    st.text(_IN_IRI, max_size=8),
).map(Iri)
tags = st.sampled_from(["en", "zh", "zh-hans", "fr", "es-419", "x-a"])


def _decimal(number: Decimal) -> str:
    """Decimal as storage keeps it: without zeros at its end."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _typed(texts: st.SearchStrategy[str], name: str) -> st.SearchStrategy[Literal]:
    return texts.map(lambda text: Literal(text, f"{XSD}{name}"))


_numbers = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)
_days = st.dates(dt.date(1, 1, 1))
_times = st.datetimes().map(lambda time: time.replace(microsecond=0).isoformat())
literals = st.one_of(
    hostile.map(Literal),
    st.builds(text_literal, hostile, tags),
    _typed(st.integers(-(2**70), 2**70).map(str), "integer"),
    _typed(_numbers.map(_decimal), "decimal"),
    _typed(st.sampled_from(["true", "false"]), "boolean"),
    _typed(_days.map(dt.date.isoformat), "date"),
    _typed(_times.map(lambda text: f"{text}Z"), "dateTime"),
    _typed(st.integers(1, 9999).map("{:04}".format), "gYear"),
    _typed(iris.map(str), "anyURI"),
    _typed(st.sampled_from(["1", "0.5", "-2", "1500", "NaN", "INF", "-INF"]), "double"),
)
"""Literals that storage keeps as they are."""
terms: st.SearchStrategy[Term] = st.one_of(iris, literals)


def ntriples_term(term: Term) -> str:
    """Term in N-Triples, written independently of the code under test."""
    if isinstance(term, Iri):
        return f"<{term}>"
    escaped = "".join(
        character if 0x20 <= ord(character) < 0x7F and character not in '"\\'
        else f"\\U{ord(character):08X}"
        for character in term.lexical
    )  # fmt: skip
    if term.language:
        return f'"{escaped}"@{term.language}'
    return f'"{escaped}"^^<{term.datatype}>'


ntriples = st.lists(
    st.builds(lambda s, p, o: f"<{s}> <{p}> {ntriples_term(o)} .\n", iris, iris, terms), max_size=8
).map(lambda lines: "".join(lines).encode())
"""N-Triples texts, neither sorted nor without doubles."""
