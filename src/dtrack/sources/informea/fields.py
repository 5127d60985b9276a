"""Which fields each entity set has, by the specification of the feeds and by what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EntitySet:
    """An entity set: its fields by what they hold.

    ``kind`` stands in IRIs. Fields in ``personal`` are never read; a set that
    has such fields keeps none that it does not know.
    """

    name: str
    kind: str
    texts: tuple[str, ...] = ("title",)
    dates: tuple[str, ...] = ("updated",)
    page: str = "url"
    scalars: tuple[str, ...] = ("treaty",)
    lists: tuple[str, ...] = ()
    needed: tuple[str, ...] = ("treaty",)
    personal: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()
    """What a service is asked to send with a row, beside its texts."""

    @property
    def known(self) -> frozenset[str]:
        """Names of all fields that a rule is about."""
        return frozenset(
            (*self.texts, *self.dates, self.page, *self.scalars, *self.lists, "id", "files",
             "keywords", *self.personal)
        )  # fmt: skip


SETS: Final[Mapping[str, EntitySet]] = {
    entity_set.name: entity_set
    for entity_set in (
        EntitySet(
            "Decisions", "decision",
            texts=("title", "longTitle", "summary", "content"),
            dates=("published", "updated"),
            page="link",
            scalars=("type", "status", "number", "treaty", "treatyUUID", "meetingId",
                     "meetingTitle", "meetingUrl", "displayOrder", "iri", "legalForce"),
            expanded=("keywords", "files"),
            needed=("number", "treaty", "type", "status", "published"),
        ),
        EntitySet(
            "Meetings", "meeting",
            texts=("title", "description"),
            dates=("start", "end", "updated"),
            scalars=("treaty", "treatyUUID", "repetition", "kind", "type", "access", "status",
                     "imageUrl", "imageCopyright", "location", "city", "country", "latitude",
                     "longitude", "virtual", "iri", "session"),
        ),
        EntitySet(
            "CountryReports", "country-report",
            dates=("submission", "updated"),
            expanded=("files",),
            scalars=("treaty", "treatyUUID", "country"),
            needed=("treaty", "country"),
        ),
        EntitySet(
            "CountryProfiles", "country-profile",
            texts=(),
            dates=("entryIntoForce", "statusDate", "updated"),
            scalars=("treaty", "country", "entryIntoForceStatus", "status", "note"),
            needed=("treaty", "country"),
        ),
        EntitySet(
            "NationalPlans", "national-plan",
            dates=("submission", "updated"),
            expanded=("files",),
            scalars=("treaty", "treatyUUID", "country", "type"),
            needed=("treaty", "country", "type"),
        ),
        EntitySet(
            "Sites", "site",
            texts=("name",),
            scalars=("treaty", "treatyUUID", "country", "type", "latitude", "longitude"),
            needed=("treaty", "country"),
        ),
        EntitySet(
            "Contacts", "contact",
            texts=(),
            scalars=("country", "type", "institution", "department", "primary"),
            lists=("treaties",),
            expanded=("treaties",),
            needed=("country",),
            personal=("prefix", "firstName", "lastName", "position", "address", "email",
                      "phoneNumber", "phone", "fax"),
        ),
        EntitySet(
            "Documents", "document",
            texts=("title", "description"),
            dates=("published", "updated"),
            scalars=("treaty", "country", "displayOrder", "schemaVersion", "thumbnailUrl",
                     "iri"),
            lists=("treaties", "types", "identifiers", "tags", "references"),
            expanded=("keywords", "files"),
            needed=("published",),
            personal=("authors",),
        ),
        EntitySet(
            "Treaties", "treaty",
            texts=("title", "description"),
            scalars=("uuid", "iri", "treatyWebsiteURL", "titleEnglish", "officialNameEnglish",
                     "number", "type", "abbreviation", "adopted", "depositary", "entryIntoForce",
                     "identifier", "parent"),
            needed=(),
        ),
    )
}  # fmt: skip

RENAMED: Final[Mapping[str, str]] = {
    # The newer JSON of third parties.
    "_id": "id",
    "date": "published",
    "decision_number": "number",
    "decision_type": "type",
    "meeting_title": "meetingTitle",
    "text": "content",
    # Letter case and plural differ between services.
    "Id": "id",
    "fileName": "filename",
    "titles": "title",
    "descriptions": "description",
    "type_": "type",
}
"""Names that mean a field of the sets above."""

ENVELOPE: Final = frozenset({"__metadata", "protocolVersion", "_source", "_type", "_fetched_at"})
"""Fields about the message and not about the thing: not kept."""
