"""Decision trees of the CBD decision-tracking tool (JSON): nodes with what is said of each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import Place, SyntaxProblem
from dtrack.sources.harvest import Remark
from dtrack.sources.informea.values import clean, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION: Final = "cbd-tree reader 1"
_CODE: Final = re.compile(r"([A-Z]+)/([A-Z]+)/(\d{1,3})/(\d{1,3})(?:[./]([A-Za-z0-9./]+))?")
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "statuses": ("status",),
    "actors": (),
    "subjects": (),
    "aichiTargets": (),
    "gbfGoals": ("GBFGoals",),
    "gbfTargets": ("GBFTargets",),
    "decisions": ("relatedDecisions",),
    "documents": (),
    "meetings": (),
    "notifications": (),
    "outcomes": (),
    "notes": ("note",),
}
"""Lists of a node, with other names that they go by."""
_PLAIN: Final = (
    "statusInfo", "statusesInfo", "elementStatusDetails", "actorInfo", "actorsInfo", "otherActors",
)  # fmt: skip
_PLACES: Final = ("annex", "section", "paragraph", "item", "subitem")
_KNOWN: Final = frozenset(
    (*_LISTS, *(a for names in _LISTS.values() for a in names), *_PLAIN, *_PLACES, "_id", "id",
     "code", "type", "nodes", "html", "title", "treaty", "body", "session", "decision", "meeting",
     "parentId", "decisionId", "name", "symbol", "files", "meta", "position")
)  # fmt: skip
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A decision or a part of one; ``number`` is as in our IRIs (``a.4.c``)."""

    code: str
    number: str
    place: str
    parent: str
    type: str
    lists: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str]
    texts: Mapping[str, str]
    titles: Mapping[str, str]
    is_leaf: bool = True


def read_trees(data: bytes, place: str) -> tuple[list[Node], list[Remark]]:
    """Nodes of one decision or of a list of them, parents first. Raises SyntaxProblem."""
    try:
        body = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _problem("The file is no JSON.", place) from error
    trees = body if isinstance(body, list) else [body]
    reading = _Reading(place)
    for number, tree in enumerate(trees, 1):
        if not isinstance(tree, dict) or not (tree.get("code") or tree.get("nodes")):
            raise _problem("It holds no decision with a code and nodes.", place)
        reading.tree(tree, f"{place}, decision {number}")
    return reading.nodes, reading.remarks


class _Reading:
    def __init__(self, place: str) -> None:
        self._place = place
        self._seen: dict[str, str] = {}
        self.nodes: list[Node] = []
        self.remarks: list[Remark] = []

    def tree(self, tree: Mapping[str, Any], where: str) -> None:
        """Take a decision and all below it."""
        code = self._own_code(tree)
        if not code:
            self._tell(
                "code",
                where,
                scalar(tree.get("code") or ""),
                "The decision has no code such as CBD/COP/12/19; it is left out.",
                "Give one.",
            )
            return
        self._node(tree, code, "", where, 0)

    @staticmethod
    def _own_code(tree: Mapping[str, Any]) -> str:
        given = scalar(tree.get("code") or "").strip().upper()
        if _CODE.fullmatch(given):
            return given
        parts = [scalar(tree.get(name) or "") for name in ("body", "session", "decision")]
        made = "/".join(["CBD", *(p.upper() for p in parts)])
        return made if _CODE.fullmatch(made) else ""

    def _node(self, raw: Mapping[str, Any], code: str, parent: str, where: str, depth: int) -> None:
        if code in self._seen:
            self._tell(
                "duplicate-id",
                where,
                code,
                f"The code stands before: {self._seen[code]}. The first counts.",
                "Give each node a code of its own.",
            )
            return
        self._seen[code] = where
        for name in sorted(set(raw) - _KNOWN):
            self._tell("unknown-field", where, name, "No rule is about the field.", "")
        below = raw.get("nodes")
        children = [n for n in below if isinstance(n, dict)] if isinstance(below, list) else []
        self.nodes.append(Node(
            code, _number(raw, code), where, parent, clean(scalar(raw.get("type") or ""))[0],
            dict(_lists(raw)), dict(_fields(raw)), _languages(raw.get("html"), _plain),
            _languages(raw.get("title"), lambda text: clean(text)[0]), not children,
        ))  # fmt: skip
        if depth >= _DEEPEST:
            self._tell("too-deep", where, code, "What lies deeper is not read.", "")
            return
        for number, child in enumerate(children, 1):
            self._child(child, code, f"{where}.{number}", depth + 1)

    def _child(self, raw: Mapping[str, Any], parent: str, where: str, depth: int) -> None:
        given = scalar(raw.get("code") or "").strip()
        code = given.upper() if _CODE.fullmatch(given.upper()) else f"{parent}#{where[-12:]}"
        root = "/".join(parent.split("#")[0].split(".")[0].split("/")[:4])
        if given and not code.startswith(root):
            self._tell(
                "parent-chain",
                where,
                given,
                f"The code is not below {root}.",
                "Correct the code, or move the node.",
            )
        self._node(raw, code, parent, where, depth)

    def _tell(self, rule: str, where: str, about: str, message: str, remedy: str) -> None:
        self.remarks.append(Remark(rule, where, about, message, remedy))


def _number(raw: Mapping[str, Any], code: str) -> str:
    """Number of a node as in our IRIs, by its own fields, else by its code."""
    parts = [clean(scalar(raw.get(name) or ""))[0].lower().strip("().") for name in _PLACES]
    parts[0] = f"annex-{parts[0]}" if parts[0] and not parts[0].startswith("annex") else parts[0]
    if any(parts):
        return ".".join(p.lstrip("0") or p for p in parts if p)
    match = _CODE.fullmatch(code)
    if match is None or not match[5]:
        return ""
    section, rest = re.fullmatch(r"([A-Z]?)(.*)", match[5].upper()).groups()  # type: ignore[union-attr]
    numbers = [p.lstrip("0") for p in re.split(r"[./]", rest)]
    letters = [chr(96 + int(n)) if n.isdigit() and 0 < int(n) < 27 else n for n in numbers[1:2]]
    return ".".join(filter(None, (section.lower(), *numbers[:1], *letters, *numbers[2:])))


def _lists(raw: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, aliases in _LISTS.items():
        for alias in (name, *aliases):
            value = raw.get(alias)
            if value in (None, "", []):
                continue
            found = value if isinstance(value, list) else [value]
            texts = (clean(_said(v))[0] for v in found if v is not None)
            yield name, tuple(t for t in texts if t)
            break


def _said(value: object) -> str:
    """Code of an object of a list, else all of it."""
    if isinstance(value, dict):
        for name in ("code", "identifier", "symbol", "url"):
            if isinstance(value.get(name), str):
                return str(value[name])
    return scalar(value)


def _fields(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _PLAIN:
        if raw.get(name):
            yield name, clean(scalar(raw[name]))[0]


def _languages(value: object, told: Any) -> dict[str, str]:
    texts = value if isinstance(value, dict) else {"en": value} if isinstance(value, str) else {}
    return {
        str(language).lower(): told(text)
        for language, text in texts.items()
        if isinstance(text, str)
        and told(text)
        and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(language))
    }


class _Words(HTMLParser):
    """Text of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._skipped += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in {"script", "style"} and self._skipped > 0

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return " ".join(clean("".join(words.parts))[0].split())


def _problem(message: str, place: str) -> SyntaxProblem:
    return SyntaxProblem(
        message, remedy="Give a decision tree of the tracking tool as JSON.", place=Place(place)
    )
