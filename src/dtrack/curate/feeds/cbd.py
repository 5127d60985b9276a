"""Decision trees of the CBD beside the decisions and provisions that are held.

A tree names no verbs and has no summaries, so provisions that are not held yet
are kept as entries with their words; `dtrack extract` makes provisions.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import UNREVIEWED, A, slug_of
from dtrack.curate.feeds.statuses import contradict, status_lines
from dtrack.sources.cbd_tree import Node, read_trees
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.informea.checks import code_of
from dtrack.sources.ntriples import iri, literal
from dtrack.terms import BASE, CODES, DCTERMS, DT, FOAF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin

_CONFIDENCE: Final = "0.8"
_TARGETS: Final = ("aichiTargets", "gbfGoals", "gbfTargets")
_TYPES: Final = frozenset({"operational", "informational"})


def harvest_trees(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """Graphs of the decisions of tree files, one a decision."""
    story = _Story(held, origin)
    rows: dict[str, int] = {}
    for name, data in files:
        nodes, remarks = read_trees(data, name)
        rows[name] = len(nodes)
        story.remarks += remarks
        story.take(nodes, name)
    return Harvest(story.graphs, rows, tuple(story.remarks), story.matched, story.places)


class _Story:
    def __init__(self, held: Held, origin: Origin) -> None:
        self._held = held
        self._origin = origin
        self._text: str | None = None
        self._adopted = ""
        self._subjects: Counter[str] = Counter()
        self.graphs: dict[str, tuple[str, ...]] = {}
        self.places: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.matched = 0

    def take(self, nodes: list[Node], name: str) -> None:
        """Make a graph of each decision among nodes, which come parents first."""
        graph, lines = "", [""]
        for node in nodes:
            if not node.parent:
                graph, entry = self._origin.entry("decision", node.code)
                self._text = self._decision(node)
                lines = [*self._origin.head(graph, (entry,), f"{name}, {node.code}", _page(node))]
                self.places[graph] = node.place
            lines += self._node(node)
            self.graphs[graph] = tuple(lines)

    def _decision(self, node: Node) -> str | None:
        """Decision that is held under a code."""
        readings = self._held.names.symbols.read(node.code.replace("/0", "/"))
        found = [t for r in readings if (t := self._held.texts.get(f"{BASE}/id/{r.path}"))]
        self._adopted = found[0].adopted if found else ""
        if not found:
            self._tell(
                node,
                "unknown-decision",
                "No such decision is held; it is kept as an entry.",
                "Curate it, or import its text.",
            )
        return found[0].iri if found else None

    def _node(self, node: Node) -> Iterator[str]:
        _, entry = self._origin.entry("node" if node.parent else "decision", node.code)
        thing = self._thing(node)
        about = iri(entry)
        yield f"{about} {A} <{DT}Entry>"
        yield f"{about} <{DCTERMS}identifier> {literal(node.code)}"
        yield f"{about} <{DCTERMS}type> {literal('decision tree')}"
        if thing:
            self.matched += 1
            yield f"{about} <{DT}entryOf> {iri(thing)}"
        if node.parent:
            above = self._origin.entry(
                "node" if "." in node.parent or "#" in node.parent else "decision", node.parent
            )[1]
            yield f"{about} <{DCTERMS}isPartOf> {iri(above)}"
        else:
            yield f"{about} <{FOAF}page> {iri(_page(node))}"
        yield from self._said(node, about)
        yield from self._actors(node, about)
        yield from self._related(node, about)
        if thing:
            yield from self._statuses(node, entry, thing)
            yield from self._tags(node, thing)
        self._check(node, thing)

    def _thing(self, node: Node) -> str | None:
        """Decision or provision that is held."""
        if self._text is None or not node.parent:
            return self._text
        return self._held.provisions.get((self._text, node.number), ("", ""))[0] or None

    def _said(self, node: Node, about: str) -> Iterator[str]:
        """What a node says, as published."""
        pairs = [("type", node.type), ("number", node.number), *node.fields.items()]
        pairs += [(name, value) for name, values in node.lists.items() for value in values]
        pairs += [(f"html@{language}", text) for language, text in node.texts.items()]
        for name, value in pairs:
            if value:
                yield f"{about} <{DT}publishedField> {literal(f'{name}={value}')}"
        for language, title in node.titles.items():
            yield f"{about} <{DCTERMS}title> {literal(title, language=language)}"

    def _actors(self, node: Node, about: str) -> Iterator[str]:
        listed = self._held.codes["actor"]
        for code in node.lists.get("actors", ()):
            found = listed.get(code) or listed.get(code.lower()) or listed.get(code.upper())
            if found is None:
                self._tell(
                    node,
                    "unknown-code",
                    f"'{code}' is no actor of the list.",
                    "Use a notation of codes/actor.",
                )
                continue
            if code not in listed:
                self._tell(node, "letter-case", f"The actor is '{code}'.", "Write it as listed.")
            yield f"{about} <{DT}addressee> {iri(found)}"

    def _related(self, node: Node, about: str) -> Iterator[str]:
        """Decisions that are related, in whichever direction: the tool does not say."""
        for code in node.lists.get("decisions", ()):
            bare = "/".join(code.replace(".", "/").split("/")[:4])
            readings = self._held.names.symbols.read(bare.replace("/0", "/"))
            found = next(
                (
                    f"{BASE}/id/{r.path}"
                    for r in readings
                    if f"{BASE}/id/{r.path}" in self._held.texts
                ),
                "",
            )
            if found:
                yield f"{about} <{DCTERMS}relation> {iri(found)}"
            else:
                self._tell(
                    node, "unknown-decision", f"The related decision '{code}' is not held.", ""
                )

    def _statuses(self, node: Node, entry: str, thing: str) -> Iterator[str]:
        """Statuses without date, as published; where they contradict, none is asserted."""
        meanings = []
        for word in node.lists.get("statuses", ()):
            meaning = self._held.words.get(code_of(word))
            if meaning is not None:
                meanings.append(meaning)
        against = {
            value
            for (_, axis, value), (_, other_axis, other) in combinations(meanings, 2)
            if axis == other_axis and contradict(value, other)
            for value in (value, other)
        }
        if against:
            names = ", ".join(sorted(value.rsplit("/", 1)[-1] for value in against))
            self._tell(
                node,
                "contradictory-statuses",
                f"It is at once: {names}.",
                "Find out which holds, and assert it with evidence.",
            )
        for meaning in meanings:
            _, axis, value = meaning
            others = [
                other
                for graph, other in self._held.statuses.get((thing, axis), ())
                if not graph.startswith(self._origin.graphs) and contradict(value, other)
            ]
            if others:
                self._tell(
                    node,
                    "differs-status",
                    f"It is '{value.rsplit('/', 1)[-1]}'; held is "
                    f"'{others[0].rsplit('/', 1)[-1]}', which stays.",
                    "Compare the two.",
                )
            elif value not in against:
                name = entry.replace("/id/entry/", "/id/status/entry/", 1)
                yield from status_lines(
                    f"{name}/{value.rsplit('/', 1)[-1]}",
                    thing,
                    meaning,
                    self._origin.name,
                    _page(node),
                )

    def _tags(self, node: Node, thing: str) -> Iterator[str]:
        """Targets and subjects, as taggings to review."""
        for name in _TARGETS:
            for identifier in node.lists.get(name, ()):
                item = self._held.term(identifier)
                if item is None:
                    self._tell(
                        node,
                        "unknown-target",
                        f"'{identifier}' names no target.",
                        "Write it as AICHI-TARGET-11 or GBF-TARGET-03.",
                    )
                elif self._held.framework_day(identifier) > (self._adopted or "9999"):
                    self._tell(
                        node,
                        "target-younger",
                        f"'{identifier}' is of a framework that was adopted after the decision.",
                        "Leave it to a curator's mapping.",
                    )
                else:
                    yield from self._tagging(thing, item, identifier)
        for subject in node.lists.get("subjects", ()):
            theme = self._held.themes.get(
                subject.lower().removeprefix("cbd-subject-").replace("-", " ")
            ) or self._held.themes.get(subject.lower())
            if theme is None:
                self._tell(
                    node,
                    "unknown-subject",
                    f"'{subject}' is the name of no theme.",
                    "Add it to the theme as a hidden label.",
                )
            else:
                yield from self._tagging(thing, theme, subject)

    def _tagging(self, thing: str, tag: str, said: str) -> Iterator[str]:
        home = thing.split("/id/", 1)[-1].split("/", 1)[-1]
        about = iri(f"{self._origin.base}/id/tagging/{self._origin.slug}/{home}/{slug_of(said)}")
        yield f"{about} {A} <{DT}Tagging>"
        yield f"{about} <{DT}tagged> {iri(thing)}"
        yield f"{about} <{DT}tag> {iri(tag)}"
        yield f"{about} <{DT}taggingMethod> <{CODES}/tagging-method/imported>"
        yield f"{about} <{DT}taggingState> <{CODES}/tagging-state/proposed>"
        yield f"{about} <{DT}confidence> {literal(_CONFIDENCE, datatype=f'{XSD}decimal')}"
        yield f"{about} <{DT}author> {literal(self._origin.name)}"
        yield f"{about} <{DT}reviewState> {UNREVIEWED}"

    def _check(self, node: Node, thing: str | None) -> None:
        """Defects of a node (domain rule 7), and where it says otherwise than what is held."""
        kind = node.type.lower()
        for word in node.lists.get("statuses", ()):
            if code_of(word) not in self._held.codes["published-status"]:
                self._tell(node, "unknown-code", f"'{word}' is no status of the list.", "")
            elif word != word.lower():
                self._tell(
                    node, "letter-case", f"The status is '{word}'.", "Write it in lower case."
                )
        if kind == "operational" and node.is_leaf and not node.lists.get("actors"):
            self._tell(
                node,
                "actor-missing",
                "It is operational, and nobody is to act.",
                "Name the actors.",
            )
        if "implemented" in node.lists.get("statuses", ()) and not node.lists.get("outcomes"):
            self._tell(
                node,
                "evidence-missing",
                "It is implemented, and no outcome shows it.",
                "Name the document, notification or outcome.",
            )
        if node.parent and self._text and thing is None and node.number:
            self._tell(
                node,
                "unknown-provision",
                f"Paragraph {node.number} is not held.",
                "Curate it, or import the text.",
            )
        held = self._held.provisions.get((self._text or "", node.number), ("", ""))[1]
        if kind in _TYPES and held and held.rsplit("/", 1)[-1] != kind:
            self._tell(
                node,
                "differs-type",
                f"It is '{kind}'; held is '{held.rsplit('/', 1)[-1]}', which stays.",
                "Compare the two.",
            )

    def _tell(self, node: Node, rule: str, message: str, remedy: str) -> None:
        self.remarks.append(Remark(rule, node.place, node.code, message, remedy))


def _page(node: Node) -> str:
    """Page of the tool about a decision."""
    parts = node.code.split("#")[0].split(".")[0].split("/")
    return f"https://www.cbd.int/decisions/{parts[1].lower()}/{int(parts[2])}/{int(parts[3])}"
