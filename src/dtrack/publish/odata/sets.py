"""The entity sets: each is a query file and a line here."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - kept for the table
from dataclasses import dataclass, field
from typing import Final

STRING: Final = "Edm.String"
TIME: Final = "Edm.DateTime"
NUMBER: Final = "Edm.Int32"
REAL: Final = "Edm.Double"


@dataclass(frozen=True, slots=True)
class Part:
    """What a collection of an entity holds: its type and properties."""

    type: str
    properties: Mapping[str, str]


TEXT: Final = Part("LocalizableString", {"id": STRING, "language": STRING, "value": STRING})
KEYWORD: Final = Part("Keyword", {"id": STRING, "term": STRING, "namespace": STRING})
FILE: Final = Part(
    "File",
    {
        "id": STRING,
        "url": STRING,
        "mimeType": STRING,
        "language": STRING,
        "filename": STRING,
    },
)
PARAGRAPH: Final = Part(
    "Paragraph",
    {
        "id": STRING,
        "number": STRING,
        "sortKey": STRING,
        "kind": STRING,
        "verbs": STRING,
        "addressees": STRING,
        "deadline": STRING,
        "language": STRING,
        "summary": STRING,
    },
)
TAGGING: Final = Part(
    "Tagging",
    {
        "id": STRING,
        "paragraph": STRING,
        "number": STRING,
        "target": STRING,
        "term": STRING,
        "method": STRING,
        "confidence": REAL,
        "author": STRING,
        "reviewState": STRING,
    },
)
PARTS: Final = (TEXT, KEYWORD, FILE, PARAGRAPH, TAGGING)


@dataclass(frozen=True, slots=True)
class EntitySet:
    """A set: ``simple`` properties with their types, ``many`` with what each holds.

    ``later`` are collections that are only read for the entities that are
    shown; ``page`` is the property for the address of the thing's own page.
    ``fixed`` are values that all have.
    """

    name: str
    entity: str
    query: str
    simple: Mapping[str, str]
    many: Mapping[str, Part] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    page: str = "url"
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of all properties."""
        return [*self.simple, *self.many]


def _simple(**more: str) -> dict[str, str]:
    return {"id": STRING, "protocolVersion": NUMBER, **more, "updated": TIME}


SETS: Final[Mapping[str, EntitySet]] = {
    each.name: each
    for each in (
        EntitySet(
            "Decisions", "Decision", "decisions",
            _simple(link=STRING, type=STRING, status=STRING, number=STRING, treaty=STRING,
                    published=TIME, meetingId=STRING, meetingTitle=STRING, meetingUrl=STRING,
                    legalForce=STRING, iri=STRING),
            {"title": TEXT, "longTitle": TEXT, "summary": TEXT, "content": TEXT,
             "keywords": KEYWORD, "files": FILE, "paragraphs": PARAGRAPH, "taggings": TAGGING},
            later=frozenset({"content", "paragraphs", "taggings"}), page="link",
            # An adopted text; what became of it is another axis.
            fixed={"status": "adopted"},
        ),
        EntitySet(
            "Meetings", "Meeting", "meetings",
            _simple(treaty=STRING, url=STRING, start=TIME, end=TIME, repetition=STRING,
                    kind=STRING, type=STRING, access=STRING, status=STRING, location=STRING,
                    city=STRING, country=STRING, latitude=REAL, longitude=REAL, session=STRING,
                    iri=STRING),
            {"title": TEXT, "description": TEXT},
            fixed={"kind": "official"},
        ),
        EntitySet(
            "CountryReports", "CountryReport", "country_reports",
            _simple(treaty=STRING, country=STRING, submission=TIME, url=STRING, iri=STRING),
            {"title": TEXT, "files": FILE},
        ),
        EntitySet(
            "NationalPlans", "NationalPlan", "national_plans",
            _simple(treaty=STRING, country=STRING, type=STRING, submission=TIME, url=STRING,
                    iri=STRING),
            {"title": TEXT, "files": FILE},
        ),
        EntitySet(
            "Treaties", "Treaty", "treaties",
            _simple(treatyWebsiteURL=STRING, titleEnglish=STRING, abbreviation=STRING,
                    identifier=STRING, parent=STRING, adopted=TIME, entryIntoForce=TIME,
                    depositary=STRING, iri=STRING),
            {"title": TEXT, "description": TEXT}, page="treatyWebsiteURL",
        ),
        EntitySet(
            "Documents", "Document", "documents",
            _simple(treaty=STRING, type=STRING, number=STRING, url=STRING, published=TIME,
                    iri=STRING),
            {"title": TEXT, "description": TEXT, "files": FILE},
        ),
    )
}  # fmt: skip
