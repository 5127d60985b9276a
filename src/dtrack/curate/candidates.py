"""Taggings and mappings that a proposal brings, to be accepted or refused one by one or in bulk.

An accepted tagging yields the plain triple (dt:addressesTarget, dt:addressesTheme);
a refused one stays, without it, so that nobody proposes it again unawares. A
mapping has no state of its own: accepted it is reviewed, refused it leaves, and
the plain triple with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.terms import CODES, DT, RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_TYPE: Final = f"{RDF}type"
_TAGGING: Final = f"{DT}Tagging"
_MAPPING: Final = f"{DT}Mapping"
_STATE: Final = f"{DT}taggingState"
_REVIEW: Final = f"{DT}reviewState"
_STATES: Final = f"{CODES}/tagging-state/"
_REVIEWED: Final = f"{CODES}/review-state/reviewed"
_UNREVIEWED: Final = f"{CODES}/review-state/unreviewed"
_THEMES: Final = f"{CODES}/theme/"
_BY_HAND: Final = frozenset({"manual", "ManualMappingCuration"})

_Node = dict[str, list[str]]
"""Values by property: IRIs and lexical forms."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tagging or mapping that a proposal brings or changes.

    ``state`` is proposed, accepted or refused; ``predicate`` "" for a tagging.
    """

    iri: str
    kind: str
    graph: str
    subject: str
    predicate: str
    target: str
    method: str
    confidence: float
    author: str
    state: str

    @property
    def must_be_decided(self) -> bool:
        """Whether it would count, once published, though only a machine has seen it."""
        return self.kind == "mapping" and self.state == "proposed" and self.method not in _BY_HAND


@dataclass(frozen=True, slots=True)
class Selection:
    """Which candidates are accepted and refused.

    Named ones whatever their state; those above and below a confidence only
    while they are proposed, of a method, and for a target where these are given.
    """

    accept: Collection[str] = ()
    refuse: Collection[str] = ()
    accept_above: float | None = None
    refuse_below: float | None = None
    method: str | None = None
    target: str | None = None

    def verdict(self, candidate: Candidate) -> bool | None:
        """Accepted (True), refused (False), or left as it is."""
        if candidate.iri in self.accept or candidate.iri in self.refuse:
            return candidate.iri in self.accept
        if candidate.state != "proposed" or not self._covers(candidate):
            return None
        if self.accept_above is not None and candidate.confidence >= self.accept_above:
            return True
        if self.refuse_below is not None and candidate.confidence < self.refuse_below:
            return False
        return None

    def _covers(self, candidate: Candidate) -> bool:
        target = self.target
        return (self.method is None or candidate.method == self.method) and (
            target is None or candidate.target == target or candidate.target.endswith(f"/{target}")
        )


def candidates(graph: str, base: bytes | None, content: bytes | None) -> list[Candidate]:
    """Taggings and mappings of a graph that are not in its base as they are here."""
    former, now = _nodes(base), _nodes(content)
    found = (
        _candidate(graph, iri, node) for iri, node in sorted(now.items()) if node != former.get(iri)
    )
    return [candidate for candidate in found if candidate is not None]


def decided(content: bytes, verdicts: Mapping[str, bool]) -> bytes:
    """Graph with candidates accepted (True) or refused, plain triples included."""
    nodes = _nodes(content)
    lines = set(content.decode().splitlines())
    # Refusals first: a triple that an accepted one stands for has to stay.
    for iri in sorted(verdicts, key=verdicts.__getitem__):
        if _MAPPING in nodes[iri].get(_TYPE, ()):
            _decide_mapping(lines, nodes, iri, verdicts)
        else:
            _decide_tagging(lines, nodes, iri, verdicts)
    return "".join(f"{line}\n" for line in sorted(lines, key=str.encode)).encode()


def _decide_tagging(
    lines: set[str], nodes: Mapping[str, _Node], iri: str, verdicts: Mapping[str, bool]
) -> None:
    node = nodes[iri]
    subject, target = _one(node, f"{DT}tagged"), _one(node, f"{DT}tag")
    plain = f"{DT}addressesTheme" if target.startswith(_THEMES) else f"{DT}addressesTarget"
    accepted = verdicts[iri]
    _set(lines, node, iri, _STATE, f"{_STATES}{'accepted' if accepted else 'refused'}")
    _set(lines, node, iri, _REVIEW, _REVIEWED)
    if accepted:
        lines.add(f"<{subject}> <{plain}> <{target}> .")
    elif not any(
        _one(other, f"{DT}tagged") == subject
        and _one(other, f"{DT}tag") == target
        and verdicts.get(name, _one(other, _STATE) == f"{_STATES}accepted")
        for name, other in nodes.items()
        if name != iri
    ):
        lines.discard(f"<{subject}> <{plain}> <{target}> .")


def _decide_mapping(
    lines: set[str], nodes: Mapping[str, _Node], iri: str, verdicts: Mapping[str, bool]
) -> None:
    triple = _mapped(nodes[iri])
    if verdicts[iri]:
        _set(lines, nodes[iri], iri, _REVIEW, _REVIEWED)
        lines.add(triple)
        return
    lines -= {line for line in lines if line.startswith(f"<{iri}> ")}
    others = (name for name, node in nodes.items() if name != iri and _mapped(node) == triple)
    if all(verdicts.get(name) is False for name in others):
        lines.discard(triple)


def _mapped(node: _Node) -> str:
    """Plain triple of a mapping."""
    names = ("mappingSubject", "mappingPredicate", "mappingObject")
    return " ".join(f"<{_one(node, f'{DT}{name}')}>" for name in names) + " ."


def _set(lines: set[str], node: _Node, iri: str, property_: str, value: str) -> None:
    lines -= {f"<{iri}> <{property_}> <{old}> ." for old in node.get(property_, ())}
    lines.add(f"<{iri}> <{property_}> <{value}> .")


def _nodes(content: bytes | None) -> dict[str, _Node]:
    """Taggings and mappings of N-Triples, by IRI."""
    nodes: dict[str, _Node] = defaultdict(lambda: defaultdict(list))
    wanted: set[str] = set()
    for line in (content or b"").decode().splitlines():
        subject, property_, value = line.removesuffix(" .").split(" ", 2)
        text = value[1:].split('"', 1)[0] if value.startswith('"') else value[1:-1]
        nodes[subject[1:-1]][property_[1:-1]].append(text)
        if property_[1:-1] == _TYPE and text in (_TAGGING, _MAPPING):
            wanted.add(subject[1:-1])
    return {iri: {name: sorted(nodes[iri][name]) for name in nodes[iri]} for iri in wanted}


def _one(node: _Node, property_: str) -> str:
    return next(iter(node.get(property_, ())), "")


def _candidate(graph: str, iri: str, node: _Node) -> Candidate | None:
    is_mapping = _MAPPING in node[_TYPE]
    names = ("mappingSubject", "mappingObject", "justification") if is_mapping else (
        "tagged", "tag", "taggingMethod",
    )  # fmt: skip
    subject, target, method = (_one(node, f"{DT}{name}") for name in names)
    review = _one(node, _REVIEW)
    state = "proposed" if review in ("", _UNREVIEWED) else "accepted"
    try:
        confidence = float(_one(node, f"{DT}confidence"))
    except ValueError:
        # The shapes say so; here it is only below every threshold.
        confidence = 0.0
    return Candidate(
        iri=iri,
        kind="mapping" if is_mapping else "tagging",
        graph=graph,
        subject=subject,
        predicate=_one(node, f"{DT}mappingPredicate"),
        target=target,
        method=method.rsplit("/", 1)[-1],
        confidence=confidence,
        author=_one(node, f"{DT}author"),
        state=state if is_mapping else _one(node, _STATE).removeprefix(_STATES),
    )


def must_be_decided(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates that nobody has decided on, and that would count once published."""
    return [candidate for candidate in found if candidate.must_be_decided]
