"""Contradictions we can name ourselves: HermiT says that there is one, not which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, XSD, Literal, URIRef

from dtrack.reasoning.results import Clash, ClashKind
from dtrack.terms import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.reasoning.facts import Facts
    from dtrack.reasoning.schema import Schema

    Hierarchy = Mapping[URIRef, frozenset[URIRef]]

_NARROWER_NUMBERS = {
    XSD.integer: {XSD[n] for n in ("int", "long", "short", "byte", "nonNegativeInteger")}
    | {XSD[n] for n in ("positiveInteger", "negativeInteger", "nonPositiveInteger")},
}
_NARROWER = {
    **_NARROWER_NUMBERS,
    XSD.decimal: {XSD.integer, *_NARROWER_NUMBERS[XSD.integer]},
    XSD.string: {XSD[n] for n in ("normalizedString", "token", "language")},
    XSD.dateTime: {XSD.dateTimeStamp},
}


def types_of_things(schema: Schema, facts: Facts) -> dict[URIRef, set[URIRef]]:
    """Classes that a thing is stated to be in, or is in by the domain or range of a property."""
    types: dict[URIRef, set[URIRef]] = defaultdict(set)
    for thing, classes in facts.types.items():
        types[thing] |= classes
    for subject, name, value in facts.links:
        of_subject, of_object = schema.typing[name]
        types[subject] |= of_subject
        types[value] |= of_object
    for subject, name, _ in facts.values:
        types[subject] |= schema.typing[name][0]
    return types


def one_and_the_same(schema: Schema, facts: Facts) -> list[tuple[URIRef, URIRef, URIRef, URIRef]]:
    """Pairs of things that a functional property makes one, with the thing and property."""
    pairs = []
    for characteristic, turned in (
        (OWL.FunctionalProperty, False),
        (OWL.InverseFunctionalProperty, True),
    ):
        seen: dict[tuple[URIRef, URIRef], URIRef] = {}
        names = schema.having(characteristic) & schema.object_properties
        for subject, name, value in sorted(link for link in facts.links if link[1] in names):
            thing, end = (value, subject) if turned else (subject, value)
            other = seen.setdefault((thing, name), end)
            if other != end:
                pairs.append((other, end, thing, name))
    return pairs


def find_clashes(
    schema: Schema, facts: Facts, hierarchy: Hierarchy, unsatisfiable: Iterable[URIRef]
) -> list[Clash]:
    """All contradictions of the named kinds, sorted by thing; records are not filled in."""
    found = [
        *_type_clashes(schema, facts, hierarchy, frozenset(unsatisfiable)),
        *_value_clashes(schema, facts),
        *_functional_clashes(schema, facts),
        *_link_clashes(schema, facts),
    ]
    return sorted(found, key=lambda clash: (clash.thing, clash.kind, clash.terms))


def _type_clashes(
    schema: Schema, facts: Facts, hierarchy: Hierarchy, unsatisfiable: frozenset[URIRef]
) -> Iterator[Clash]:
    types = types_of_things(schema, facts)
    aliases = _aliases(schema, facts)
    members: dict[URIRef, set[URIRef]] = defaultdict(set)
    for thing, classes in types.items():
        members[aliases.get(thing, thing)] |= classes
    verdicts: dict[frozenset[URIRef], list[tuple[URIRef, ...]]] = {}
    for thing, classes in members.items():
        key = frozenset(classes)
        if key not in verdicts:
            verdicts[key] = _exclusions(schema, hierarchy, unsatisfiable, key)
        for terms in verdicts[key]:
            kind = ClashKind.DISJOINT if len(terms) == 2 else ClashKind.UNSATISFIABLE
            names = {thing} | {other for other, chief in aliases.items() if chief == thing}
            reasons = tuple(_reason(schema, facts, hierarchy, names, term) for term in terms)
            yield Clash(kind, thing, terms, reasons)


def _exclusions(
    schema: Schema,
    hierarchy: Hierarchy,
    unsatisfiable: frozenset[URIRef],
    classes: frozenset[URIRef],
) -> list[tuple[URIRef, ...]]:
    """Empty classes among these, and pairs among them and their parents that exclude each other."""
    everything = classes.union(*(hierarchy.get(name, frozenset()) for name in classes))
    pairs = [tuple(sorted(pair)) for pair in schema.disjoint if pair <= everything]
    return sorted([*pairs, *((name,) for name in classes & unsatisfiable)])


def _aliases(schema: Schema, facts: Facts) -> dict[URIRef, URIRef]:
    """For each thing that is the same as another, the one that stands for both."""
    chief: dict[URIRef, URIRef] = {}

    def top(thing: URIRef) -> URIRef:
        while thing in chief:
            thing = chief[thing]
        return thing

    same = [(a, b) for a, b, _, _ in one_and_the_same(schema, facts)]
    same += [(s, o) for s, p, o in facts.equalities if p == OWL.sameAs]
    for left, right in sorted(same):
        first, second = sorted((top(left), top(right)))
        if first != second:
            chief[second] = first
    return {thing: top(thing) for thing in chief}


def _reason(
    schema: Schema, facts: Facts, hierarchy: Hierarchy, names: set[URIRef], term: URIRef
) -> str:
    """How a thing, under any of its names, came by a class."""

    def fits(classes: Iterable[URIRef]) -> list[URIRef]:
        return sorted(c for c in classes if c == term or term in hierarchy.get(c, ()))

    for thing in sorted(names):
        if stated := fits(facts.types.get(thing, ())):
            return f"stated to be {compact(stated[0])}" + _also(thing, names)
    for subject, name, value in sorted(facts.links):
        of_subject, of_object = schema.typing[name]
        if subject in names and fits(of_subject):
            return f"{compact(term)} since it has {compact(name)}" + _also(subject, names)
        if value in names and fits(of_object):
            return f"{compact(term)} since it is {compact(name)} of <{subject}>" + _also(
                value, names
            )
    carriers = {name for subject, name, _ in facts.values if subject in names}
    bearing = sorted(name for name in carriers if fits(schema.typing[name][0]))
    return f"{compact(term)} since it has {compact(bearing[0])}" if bearing else compact(term)


def _also(thing: URIRef, names: set[URIRef]) -> str:
    return f" under the name <{thing}>" if len(names) > 1 else ""


def _value_clashes(schema: Schema, facts: Facts) -> Iterator[Clash]:
    for thing, name, node in facts.misfits:
        what = "a literal, not a thing" if isinstance(node, Literal) else "a thing, not a literal"
        yield Clash(ClashKind.VALUE, thing, (name,), (f"{node.n3()} is {what}",))
    for thing, name, value in facts.values:
        if value.ill_typed:
            yield Clash(ClashKind.VALUE, thing, (name,), (f"{value.n3()} is ill-typed",))
            continue
        wanted = schema.datatype(name)
        given = value.datatype or (RDF.langString if value.language else XSD.string)
        if wanted not in {None, RDFS.Literal, given} and given not in _NARROWER.get(wanted, ()):
            reason = f"{value.n3()} is no {compact(str(wanted))}"
            yield Clash(ClashKind.VALUE, thing, (name,), (reason,))


def _functional_clashes(schema: Schema, facts: Facts) -> Iterator[Clash]:
    names = schema.having(OWL.FunctionalProperty) & schema.data_properties
    values: dict[tuple[URIRef, URIRef], dict[object, Literal]] = defaultdict(dict)
    for thing, name, value in facts.values:
        if name in names:
            key = value.toPython(), value.language
            values[thing, name].setdefault(key, value)
    for (thing, name), different in values.items():
        if len(different) > 1:
            reasons = tuple(sorted(value.n3() for value in different.values()))
            yield Clash(ClashKind.FUNCTIONAL, thing, (name,), reasons)


def _link_clashes(schema: Schema, facts: Facts) -> Iterator[Clash]:
    asymmetric = schema.having(OWL.AsymmetricProperty)
    irreflexive = schema.having(OWL.IrreflexiveProperty) | asymmetric
    for subject, name, value in facts.links:
        if subject == value:
            if name in irreflexive:
                yield Clash(ClashKind.IRREFLEXIVE, subject, (name,), ())
        elif name in asymmetric and subject < value and (value, name, subject) in facts.links:
            yield Clash(ClashKind.ASYMMETRIC, subject, (name,), (f"<{value}>",))
