"""What the keys of each of the API's views mean, where they mean something of their own.

A view is a class of answers; ``ontology/context.jsonld`` says what its other
keys mean, and a key that neither knows says nothing in RDF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dtrack.terms import CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

Terms = dict[str, Any]

_INCLUDED: Final = "@included"
_CLASHES: Final = {"theme": ("secretariat",), "actor": ("secretariats", "cites")}
"""Keys of codes that are terms of the context as well."""


def _coded(term: str, scheme: str) -> Terms:
    """Term whose values are keys of a code scheme."""
    space = f"{CODES}/{scheme}/"
    meant = {key: space + key for key in _CLASHES.get(scheme, ())}
    return {"@id": term, "@type": "@vocab", "@context": {"@vocab": space, **meant}}


_OUTLINE: Final[Terms] = {
    "kind": _coded("dt:kind", "kind"),
    "themes": _coded("dt:addressesTheme", "theme"),
    "targets": None,
    "cites": None,
    "deadline": None,
}
_PROVISION: Final[Terms] = {
    # The symbol, the title and the instrument are those of the text.
    "text": {"@id": "dt:ofText", "@type": "@id"},
    "symbol": None,
    "instrument": None,
    "cites": None,
}
_TARGET: Final[Terms] = {"kind": "@type", "notation": "skos:notation"}
_PAIRS: Final[Terms] = {**_PROVISION, "pairs": _INCLUDED, "first": _INCLUDED, "second": _INCLUDED}
_SERVING: Final[Terms] = {**_PROVISION, "provision": _INCLUDED, "provisions": _INCLUDED}
_COUNTED: Final[Terms] = dict.fromkeys(
    ("instruments", "targets", "themes", "actors", "forces", "value", "dimension", "instrument")
)

_SCREENING: Final[Terms] = {
    # A draft is nobody's record: only the things that it meets are said to be anything.
    **_PROVISION,
    **dict.fromkeys(
        ("title", "language", "work", "cited", "verbs", "addressees", "deadlines", "targets")
    ),
    **dict.fromkeys(("themes", "number", "new", "statuses", "score", "acts")),
    "instrument": _INCLUDED,
    "conventions": _INCLUDED,
    "directives": _INCLUDED,
    "matches": _INCLUDED,
    "close": _INCLUDED,
    "provision": _INCLUDED,
}

VIEW_TERMS: Final[Mapping[str, Terms]] = {
    "InstrumentItem": {"kind": "@type"},
    "InstrumentDetail": {"kind": "@type"},
    "MeetingItem": {"instruments": {"@id": "dt:instrument", "@type": "@id"}},
    "DecisionItem": {"kind": _coded("dt:documentType", "document-type")},
    "DecisionDetail": {
        "kind": _coded("dt:documentType", "document-type"),
        "provisions": {"@reverse": "dt:ofText", "@context": _OUTLINE},
    },
    "ProvisionItem": {**_PROVISION, "kind": _coded("dt:kind", "kind")},
    "ProvisionDetail": {**_PROVISION, "kind": _coded("dt:kind", "kind")},
    # A framework counts its items, so that the key cannot stand for the list as well.
    "FrameworkItem": {
        "items": {"@id": "rdfs:member", "@type": "@id", "@context": {"items": None}},
        "start": {"@id": "dt:from", "@type": "xsd:date"},
        "end": {"@id": "dt:until", "@type": "xsd:date"},
    },
    "FrameworkDetail": {
        "start": {"@id": "dt:from", "@type": "xsd:date"},
        "end": {"@id": "dt:until", "@type": "xsd:date"},
        "items": None,
        "targets": {"@reverse": "dt:ofFramework", "@context": _TARGET},
    },
    "TargetItem": _TARGET,
    "TargetDetail": {**_SERVING, **_TARGET, "target": _INCLUDED, "served_by": _INCLUDED},
    "ThemeItem": {"broader": _coded("skos:broader", "theme")},
    "ActorItem": {"broader": _coded("skos:broader", "actor")},
    "ConceptDetail": {"names": {"@id": "rdfs:label", "@container": "@language"}},
    "DeadlineItem": {
        **_PROVISION,
        "due_text": "dt:deadlineText",
        "meeting": {"@id": "dt:deadlineMeeting", "@type": "@id"},
        "provision": {"@id": "dt:elementOf", "@type": "@id"},
        "addressees": {"@id": "dt:addressee", "@type": "@id"},
    },
    "FoundItem": {
        "kind": "@type",
        **dict.fromkeys(("instrument", "snippet", "marks", "symbol", "number")),
    },
    "ResolutionView": {"note": None, "others": None},
    "MatrixView": {"instruments": _INCLUDED},
    "PairsView": _PAIRS,
    "NearestView": {**_PAIRS, "provision": _INCLUDED},
    "AtView": {**_SERVING, "subject": _INCLUDED},
    "ScreeningView": _SCREENING,
    "FacetsView": {**_COUNTED, "value": _INCLUDED},
    "CommonsView": {**_COUNTED, "value": _INCLUDED},
    "GroupsView": {**_COUNTED, **_SERVING, "groups": _INCLUDED},
    "ConflictsView": {
        **_COUNTED,
        **_PROVISION,
        "conflicts": _INCLUDED,
        "permitting": _INCLUDED,
        "restricting": _INCLUDED,
    },
    "EffectView": _COUNTED,
    "LeadsView": {**_COUNTED, "framework": _INCLUDED, "notation": None},
    "ModulesView": {
        **dict.fromkeys(("instruments", "frequency", "next_due", "code", "memberships")),
        **dict.fromkeys(
            ("modules", "module", "reports", "report", "instrument", "parties", "party"), _INCLUDED
        ),
    },
    "GapsView": {
        "framework": _INCLUDED,
        "instruments": _INCLUDED,
        "rows": _INCLUDED,
        "target": _INCLUDED,
        "notation": None,
    },
}
"""Terms by the name of a view; a list has those of its items."""
