"""What the rules give that indexes wait for, of the few facts that these rules read.

Rules look up single things. Right after a large load each look-up has to go through
many files, which are put together only while the indexes are begun. So these rules are
run on an excerpt of what was noted while the store was loaded (decision 47).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from dtrack.model import Record, at_once
from dtrack.overlap.rules import read_rules
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import DERIVED_GRAPH, DT, RDF, SKOS
from dtrack.wiring.apart import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from dtrack.hearing import Told
    from dtrack.model import Store
    from dtrack.overlap.rules import Rule

_TYPE: Final = f"{RDF}type"
READ: Final[Mapping[str, frozenset[str]]] = {
    "broader_closure": frozenset({f"{SKOS}broader"}),
    "current_status": frozenset({_TYPE})
    | {f"{DT}{name}" for name in ("statusOf", "statusAxis", "statusValue", "from", "until")},
}
"""Rules of which indexes read what they give, and the properties that they read."""
NOTING: Final = frozenset().union(*READ.values())
"""Properties that have to be noted."""


def first_given(
    store: Store, queries: Path, look: Callable[[], None] = at_once
) -> dict[str, set[bytes]]:
    """What the rules of READ give, by their names; nothing where their facts were not noted.

    ``queries`` is the root folder of queries; ``look`` is called now and then where somebody
    else is to tell.
    """
    if listener := store.listener():
        return cast("dict[str, set[bytes]] | None", listener.made(RULES, look)) or {}
    told = store.told()
    if told is None or not told.knows(NOTING):
        return {}
    return {rule.name: _given(rule, told) for rule in read_rules(queries) if rule.name in READ}


def _given(rule: Rule, told: Told) -> set[bytes]:
    """What a rule gives of what it reads."""
    with EmbeddedStore.in_memory() as excerpt:
        # Under the name of any graph; rules read the union.
        excerpt.load([Record(DERIVED_GRAPH, b"".join(_lines(rule, told)), rule.name)])
        return rule.everything(excerpt)


def _lines(rule: Rule, told: Told) -> Iterator[bytes]:
    """Facts that a rule reads, as lines of N-Triples."""
    named = {f"<{iri}>".encode() for iri in rule.predicates}
    for name in READ[rule.name]:
        for thing, value in zip(*told.facts(name), strict=True):
            # Nearly all things have a class; a rule names the few that it asks for.
            if name != _TYPE or value in named:
                yield b"%b <%b> %b .\n" % (thing, name.encode(), value)
