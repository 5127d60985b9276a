"""Sentences of harvests and proposals in the language of a page: all that may be told."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.validation.shapes import bundled_shapes
from dtrack.web import sayings
from dtrack.web.sayings import said_in
from dtrack.web.texts import words

TOLD_BY = (
    "curate/harvests/atom", "curate/harvests/endpoint", "curate/harvests/offering",
    "curate/harvests/running", "curate/harvests/service", "curate/harvests/settling",
    "curate/harvests/showing", "curate/harvests/stream", "curate/feeds/decisions",
    "curate/feeds/informea", "curate/feeds/others", "journal/harvests", "sources/fetching",
    "sources/informea/checks", "sources/informea/items", "sources/informea/service",
    "wiring/harvesting", "api/security", "curate/acts", "curate/handing_in", "curate/proposed",
    "curate/proposing", "journal/proposals", "web/sessions",
    # Where the store does not answer, or a question cannot be asked.
    "answer/answers", "api/asking", "stores/readers", "stores/turns", "stores/wire",
    "stores/workers",
)  # fmt: skip
"""Modules whose sentences stand on pages."""
WANTED = "curate/harvests/setting_up"
"""So does what this says of a form; its other sentences are help of a command."""
OTHERS = [language for language in words() if language != "en"]


def text_of(node: ast.AST) -> str:
    """A text in the code, with something in the place of each expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "X7" for part in node.values)
    return ""


def sentences(module: Path) -> Iterator[str]:
    """Sentences of a module, but for those about it."""
    tree = ast.parse(module.read_text("utf-8"))
    about = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in joined for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        text = text_of(node)
        if id(node) not in about | inner and re.search(r"\w \w.*[.…!]$|^\w+ \w+[.…!]$", text):
            yield text


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("module", [*TOLD_BY, WANTED])
def test_each_sentence_that_may_be_told_is_known_in_each_language(root, module, language):
    found = list(sentences(root / "src/dtrack" / f"{module}.py"))
    if module == WANTED:
        found = [text for text in found if ": " not in text and not text.startswith("A SPARQL")]

    assert found or module == "curate/harvests/service"
    unknown = [text for text in found if said_in(language, text).language == "en"]
    assert unknown == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_varies_is_taken_over_and_nothing_else_is_named(language):
    table = tomllib.loads((sayings.FOLDER / f"{language}.toml").read_text("utf-8"))

    for english, instead in table.items():
        names = re.findall(r"\{(\w+)\}", english)
        assert set(re.findall(r"\{(\w+)\}", instead)) == set(names), english
        values = {name: f"<{name} & 1.2 {{x}}>" for name in names}
        told = said_in(language, english.format(**values))
        assert told.language == language
        assert all(value in told.text for value in values.values()), told


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It was withdrawn here.", "此处已撤回。"),
        (
            "It is curated here (source 'my own. Really') with other content.",
            "此处已有整理（来源“my own. Really”），内容不同。",
        ),
        (
            "http://a.example/x answers 404. Open it in a browser; the service may have moved.",
            "http://a.example/x 应答 404。请用浏览器打开；该服务可能已迁址。",
        ),
        (
            "http://a.example/feed is no XML: not well-formed. At all: line 1. Check the address.",
            "http://a.example/feed 不是 XML：not well-formed. At all: line 1。请检查地址。",
        ),
        (
            (
                "3 of 4 rows have 'updated' as 'published': edits do not show in it. "
                "What is new is told by content here. Set 'updated' at each change."
            ),
            (
                "4 行中有 3 行的“updated”与“published”相同：看不出有无编辑。"
                "此处按内容判断新旧。每次改动请更新“updated”。"
            ),
        ),
        (
            "http://a.example/odata, row 3: It is empty.",
            "http://a.example/odata, row 3: 内容为空。",
        ),
    ],
)
def test_texts_are_told_sentence_by_sentence(english, chinese):
    assert said_in("zh", english) == sayings.Saying(chinese, "zh")
    assert said_in("en", english) == sayings.Saying(english, "en")


def test_what_shapes_say_is_told_in_their_own_words():
    messages = next(
        m for m in bundled_shapes().messages.values() if "zh" in m and "{" not in m["en"]
    )

    told = said_in("zh", f"{messages['en']} (<urn:it>)")

    assert told == sayings.Saying(f"{messages['zh']} (<urn:it>)", "zh")


@pytest.mark.parametrize(
    "text", ["", "Nobody has said this.", "It is empty. Nobody has said this.", "line 3: oops"]
)
def test_what_nobody_has_put_into_a_language_stays_as_it_is(text):
    assert said_in("zh", text) == sayings.Saying(text, "en")


@pytest.mark.parametrize(
    "path", ["/nothing", "/doc/decision/none", "/compare?a=XII/19&b=nothing", "/gaps/none",
             "/figures/none.svg", "/near/none", "/overlaps?since=abc", "/overlaps/cbd/none"],
)  # fmt: skip
def test_pages_say_in_their_language_that_there_is_nothing(client, path):
    joint = "&" if "?" in path else "?"
    page = client.get(f"{path}{joint}lang=zh", headers={"Accept": "text/html"})
    said = page.text.partition("<h1>")[2].partition("</main>")[0]

    assert page.status_code in {400, 404}
    assert 'lang="en"' not in said, said
