"""What reasoning gives: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from dtrack.terms import compact

if TYPE_CHECKING:
    from collections.abc import Mapping


class ClashKind(StrEnum):
    """Ways in which data contradicts the ontology, as far as we can name them."""

    DISJOINT = "disjoint"
    UNSATISFIABLE = "unsatisfiable"
    FUNCTIONAL = "functional"
    ASYMMETRIC = "asymmetric"
    IRREFLEXIVE = "irreflexive"
    VALUE = "value"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Clash:
    """One contradiction: the thing, what contradicts what, and the records that say so.

    ``terms`` are the classes or the property in question; ``reasons`` says for
    each class how the thing came by it, or gives the values that exclude each
    other. For ClashKind.UNEXPLAINED there is no thing: HermiT finds ``records``
    inconsistent together, and none of our own rules says why.
    """

    kind: ClashKind
    thing: str
    terms: tuple[str, ...]
    reasons: tuple[str, ...]
    records: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line for a person."""
        thing, terms = compact(self.thing), [compact(term) for term in self.terms]
        reasons = "; ".join(self.reasons)
        match self.kind:
            case ClashKind.DISJOINT:
                text = f"{thing} cannot be both {terms[0]} and {terms[1]} ({reasons})"
            case ClashKind.UNSATISFIABLE:
                text = f"{thing} is {terms[0]}, which can have no members ({reasons})"
            case ClashKind.FUNCTIONAL:
                text = f"{thing} has more than one {terms[0]} ({reasons})"
            case ClashKind.ASYMMETRIC:
                text = f"{thing} is {terms[0]} of something, and that of it ({reasons})"
            case ClashKind.IRREFLEXIVE:
                text = f"{thing} is {terms[0]} of itself"
            case ClashKind.VALUE:
                text = f"{thing} has a {terms[0]} that cannot be ({reasons})"
            case ClashKind.UNEXPLAINED:
                text = "These records contradict each other or the ontology"
        where = ", ".join(self.records)
        return f"{text} in {where}" if where else text


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What HermiT found over the ontology and all the data.

    ``subclasses`` are entailed pairs (narrower, broader) that the asserted
    hierarchy does not hold even transitively; ``subclass_axioms`` counts all
    entailed pairs that are not stated themselves. ``types`` are entailed
    (thing, class) pairs not stated. ``merged`` are pairs of things that a
    functional property takes to be one (no fault in OWL, mostly one in data).
    ``undeclared`` counts the statements with a property or class that no graph
    declares: OWL does not see them. ``seconds`` says what each step took.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()
    subclasses: tuple[tuple[str, str], ...] = ()
    subclass_axioms: int = 0
    types: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    undeclared: Mapping[str, int] = field(default_factory=dict)
    classes: int = 0
    individuals: int = 0
    statements: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def coherent(self) -> bool:
        """True when every class can have members."""
        return not self.unsatisfiable

    @property
    def inferred_facts(self) -> int:
        """Class assertions and subclass axioms that follow without being stated."""
        return len(self.types) + self.subclass_axioms

    def members(self, iri: str) -> tuple[str, ...]:
        """Things inferred to belong to a class, without those stated to."""
        return tuple(thing for thing, broader in self.types if broader == iri)
