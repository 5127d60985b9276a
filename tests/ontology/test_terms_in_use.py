"""Every term of the namespace that a file uses is declared in the ontology."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import RDF, Graph

DT = "https://w3id.org/dtrack/ontology#"
NAME = re.compile(r"(?<![\w:/#-])dt:([A-Za-z]\w*)|" + re.escape(DT) + r"([A-Za-z]\w*)")
LITERAL_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?:^|(?<=\s))#(?!\+).*$', re.MULTILINE)
PLACES = {
    "ontology": ("*.ttl", 200),
    "data": ("*.ttl", 100),
    "shapes": ("*.ttl", 1),
    "queries": ("*.rq", 20),
}


def names_in(text: str) -> set[str]:
    """Local names of our terms in Turtle or SPARQL, outside literals and comments."""
    kept = LITERAL_OR_COMMENT.sub(" ", text)
    return {prefixed or full for prefixed, full in NAME.findall(kept)}


@pytest.fixture(scope="module")
def declared(ontology: Graph) -> set[str]:
    return {str(s).removeprefix(DT) for s in ontology.subjects(RDF.type) if s.startswith(DT)}


def test_names_are_found_and_strings_are_not() -> None:
    text = f'?x dt:cites <{DT}Text> ; dt:note "dt:nonsense" . # dt:comment\n#+ by: dt:verb'

    assert names_in(text) == {"cites", "Text", "note", "verb"}


@pytest.mark.parametrize("folder", PLACES)
def test_every_term_in_use_is_declared(folder: str, root: Path, declared: set[str]) -> None:
    pattern, at_least = PLACES[folder]
    used = {
        name: file.relative_to(root).as_posix()
        for file in sorted((root / folder).rglob(pattern))
        for name in names_in(file.read_text(encoding="utf-8"))
    }

    assert len(used) >= at_least
    assert {name: used[name] for name in set(used) - declared} == {}


IN_PYTHON = (
    re.compile(r"\{DT\}([A-Za-z]\w*)"),
    re.compile(r"\bDT \+ \"([A-Za-z]\w*)\""),
    re.compile(r"(?<![\w:/#-])dt:([A-Za-z]\w*)"),
    re.compile(r"\bdt\.([A-Za-z]\w*)"),
)


TABLE = re.compile(r"for name, \w+ in \((.*?)\):\s+graph\.add\(\(\w+, dt\[name\]", re.DOTALL)


def names_in_code(text: str) -> set[str]:
    """Names in f-strings, sums, SPARQL text, namespace attributes, and tables for ``dt[name]``."""
    names = {name for pattern in IN_PYTHON for name in pattern.findall(text)}
    for table in TABLE.findall(text):
        names |= set(re.findall(r"\(\"(\w+)\",", table))
    return names


def test_names_in_code_are_found() -> None:
    text = """
        f"<{DT}cites>" ; DT + "verb" ; "SELECT ?x { ?x dt:tag ?y }" ; dt.partOf
        for suffix, x in (("forward", 1), ("backward", 2)):
            pass
        for name, number in (
            ("topScore", 1),
            ("jaccard", 2),
        ):
            graph.add((node, dt[name], number))
    """

    assert names_in_code(text) == {"cites", "verb", "tag", "partOf", "topScore", "jaccard"}


def test_every_term_in_the_code_is_declared(root: Path, declared: set[str]) -> None:
    used = {
        name: file.relative_to(root).as_posix()
        for file in sorted((root / "src").rglob("*.py"))
        for name in names_in_code(file.read_text(encoding="utf-8"))
    }

    assert len(used) >= 30
    assert {name: used[name] for name in set(used) - declared} == {}
