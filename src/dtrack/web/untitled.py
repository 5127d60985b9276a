"""What things without a label are called: by text and number, by both ends, by what they say."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from dtrack.answer.lookup import labels, last_part, values_block
from dtrack.terms import BASE, DT, PREFIXES
from dtrack.web.aims import aims_in
from dtrack.web.texts import wordings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.web.texts import Wording
    from dtrack.wiring.serving import Service

Facts = Mapping[str, Mapping[str, str]]

_ARROW: Final = " → "
_PAIRS: Final = (
    ("citing", "cited", _ARROW),
    ("mappingSubject", "mappingObject", _ARROW),
    ("alignedFrom", "alignedTo", _ARROW),
    ("rowInstrument", "columnInstrument", " – "),
    ("tagged", "tag", ""),
    ("elementOf", "verb", ""),
)
"""What goes from one thing to another, and the sign between them; "" for a colon."""

_ENDS: Final = ("ofText", "recordOf", *(end for pair in _PAIRS for end in pair[:2]))
_TEXTS: Final = ("symbol", "number", "summary")
_LONGEST: Final = 80
_NOTHING: Final[Facts] = {}


def call(
    names: Mapping[str, str], service: Service, language: str, said: Facts = _NOTHING
) -> dict[str, str]:
    """Names of things by IRI, those that are but the end of an IRI put into words.

    ``said`` is what is said of things that the store does not hold, or not yet: values by thing
    and name of a property of ours.
    """
    bare = [iri for iri, name in names.items() if name == last_part(iri)]
    own = [iri for iri in bare if iri.startswith((f"{BASE}/id/", f"{BASE}/graph/"))]
    pages = {iri: iri.partition("://")[2] for iri in bare if _is_page(iri)}
    return {**names, **pages, **_called(service, dict.fromkeys(own, ""), language, said)}


def _is_page(iri: str) -> bool:
    """Whether an IRI is the address of somebody's page rather than a term or a thing of ours."""
    known = (BASE, *PREFIXES.values())
    return iri.startswith(("http://", "https://")) and not iri.startswith(known)


def _called(
    service: Service, known: Mapping[str, str], language: str, said_here: Facts, deepest: int = 3
) -> dict[str, str]:
    """Names of things by IRI, with their labels where they have any, else ""."""
    if not known or not deepest:
        return {}
    facts = {**_facts(service, known, language)}
    for iri in known.keys() & said_here.keys():
        facts[iri] = {**facts.get(iri, {}), **said_here[iri]}
    ends = sorted({said[end] for said in facts.values() for end in _ENDS if end in said})
    aim = aims_in(service, language)
    names = {iri: aim(iri, name) for iri, name in labels(service.store, ends, language).items()}
    labelled = {iri: "" if name == last_part(iri) else name for iri, name in names.items()}
    names |= _called(service, labelled, language, said_here, deepest - 1)
    own = wordings()[language]
    found = {iri: known[iri] or _name(said, names, own) for iri, said in facts.items()}
    # Texts are told shorter by their symbols, which provisions of them go with.
    found |= {iri: said["symbol"] for iri, said in facts.items() if "symbol" in said}
    return {iri: name for iri, name in found.items() if name}


def _name(said: Mapping[str, str], names: Mapping[str, str], own: Wording) -> str:
    """What a thing is called by what is said of it; "" where that tells nothing."""
    if "number" in said and "ofText" in said:
        number = own.numbered(said["number"])
        return f"{names[said['ofText']]}{own.words['at_number']}{number}"
    for first, second, sign in _PAIRS:
        if first in said and second in said:
            return f"{names[said[first]]}{sign or own.words['colon']}{names[said[second]]}"
    if "recordOf" in said:
        return names[said["recordOf"]]
    return shorten(said.get("summary", ""), _LONGEST, placeholder=" …")


def _facts(service: Service, iris: Iterable[str], language: str) -> Facts:
    """What names can be made of, by thing and name of property; texts in the language first."""
    properties = " ".join(f"<{DT}{name}>" for name in (*_ENDS, *_TEXTS))
    found = service.store.select(
        f"""SELECT ?thing ?property ?value (LANG(?value) AS ?tag) WHERE {{
          {values_block("thing", iris)} VALUES ?property {{ {properties} }}
          ?thing ?property ?value
        }} ORDER BY ?thing ?property ?tag ?value"""
    )
    facts: dict[str, dict[str, str]] = {}
    for row in found.texts():
        said = facts.setdefault(row["thing"], {})
        name = row["property"].removeprefix(DT)
        if name not in said or (name == "summary" and row["tag"] == language):
            said[name] = row["value"]
    return facts
