"""The tables of the journal.

Times are UTC, ISO 8601 with microseconds and ``Z``, so that they sort as text
and read the same on every database. Alembic migrations bring a database to
this form; a test compares the two.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: Final = MetaData(naming_convention=NAMES)

_DIGEST: Final = 64
_SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")

ABOUT: Final = Table(
    "about",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
    comment="One row a fact about the journal itself: its identity.",
)

CONTENTS: Final = Table(
    "contents",
    METADATA,
    Column("digest", String(_DIGEST), primary_key=True),
    Column("triples", Integer, nullable=False),
    Column("size", Integer, nullable=False, comment="bytes before compression"),
    Column("body", LargeBinary, nullable=False, comment="canonical N-Triples, zlib"),
)

REVISIONS: Final = Table(
    "revisions",
    METADATA,
    Column("number", _SERIAL, primary_key=True, autoincrement=False),
    Column("token", String(32), nullable=False, unique=True, comment="names the attempt"),
    Column("at", String(27), nullable=False),
    Column("agent", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("door", String(16), nullable=False),
    Column(
        "shapes", String(_DIGEST), nullable=False, comment="version of the shapes that passed it"
    ),
    Column("software", String(32), nullable=False),
    Column("digest", String(_DIGEST), nullable=False, comment="of the state after it"),
    Column("triples", BigInteger, nullable=False, comment="of the state after it"),
    Column("graphs", Integer, nullable=False, comment="of the state after it"),
    Index(None, "at"),
)

CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("revision", _SERIAL, ForeignKey("revisions.number"), primary_key=True),
    Column("graph", Text, primary_key=True),
    Column("digest", String(_DIGEST), ForeignKey("contents.digest"), comment="NULL = withdrawn"),
    Column("before", String(_DIGEST), comment="NULL = was not there"),
    Column("source", Text, nullable=False),
    Column("origin", Text, comment="version at another node that it was harvested from"),
    Column("told", String(27), comment="time of that version"),
    Index(None, "graph", "revision"),
)

HEADS: Final = Table(
    "heads",
    METADATA,
    Column("graph", Text, primary_key=True),
    Column("digest", String(_DIGEST), ForeignKey("contents.digest"), nullable=False),
    Column("revision", _SERIAL, ForeignKey("revisions.number"), nullable=False),
    Column("source", Text, nullable=False),
    Index(None, "source"),
    comment="The state after the last revision; follows from changes.",
)

GONE: Final = Table(
    "gone",
    METADATA,
    Column("iri", Text, primary_key=True),
    Column("revision", _SERIAL, ForeignKey("revisions.number"), nullable=False),
    comment="Things that a revision took away last, for their tombstones.",
)

KEYS: Final = Table(
    "keys",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", String(_DIGEST), nullable=False, comment="SHA-256 of the secret"),
    Column("scopes", Text, nullable=False, comment="separated by spaces"),
    Column("created", String(27), nullable=False),
    Column("expires", String(27)),
    Column("revoked", String(27)),
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("at", String(27), nullable=False),
    Column("agent", Text, nullable=False),
    Column("door", String(16), nullable=False),
    Column("action", String(32), nullable=False),
    Column("object", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    CheckConstraint("outcome IN ('done', 'refused', 'failed')", name="outcome"),
    Index(None, "at"),
    comment="Who did what; rows are only ever added.",
)

PROPOSALS: Final = Table(
    "proposals",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("base", _SERIAL, nullable=False, comment="last revision when it was made or rebased"),
    Column("created", String(27), nullable=False),
    Column("updated", String(27), nullable=False),
    Column("revision", _SERIAL, ForeignKey("revisions.number"), comment="what it has become"),
    CheckConstraint(
        "state IN ('draft', 'submitted', 'changes-requested', 'approved', 'published', 'rejected')",
        name="state",
    ),
    Index(None, "state"),
)

PROPOSED: Final = Table(
    "proposed",
    METADATA,
    Column("proposal", _SERIAL, ForeignKey("proposals.id"), primary_key=True),
    Column("graph", Text, primary_key=True),
    Column("base", String(_DIGEST), comment="digest that it was written against; NULL = none"),
    Column("digest", String(_DIGEST), ForeignKey("contents.digest"), comment="NULL = withdraw"),
    comment="The graphs of a proposal as it wants them.",
)

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("proposal", _SERIAL, ForeignKey("proposals.id"), nullable=False),
    Column("at", String(27), nullable=False),
    Column("agent", Text, nullable=False),
    Column("act", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("about", Text, comment="IRI that a comment is about"),
    Index(None, "proposal", "id"),
    comment="What happened to a proposal: acts and comments, only ever added.",
)

HARVESTS: Final = Table(
    "harvests",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("options", Text, nullable=False, comment="JSON: what is wanted of it"),
    Column("every", Integer, nullable=False, comment="seconds between two runs"),
    Column("state", String(16), nullable=False),
    Column("agent", Text, nullable=False, comment="who added it"),
    Column("created", String(27), nullable=False),
    Column("position", Text, nullable=False, comment="JSON: how far it has been read"),
    Column("round", Integer, nullable=False, comment="which reading of everything this is"),
    Column("settled", _SERIAL, nullable=False, comment="revision after which all was settled"),
    Column("started", String(27), comment="of the run under way; NULL = none"),
    Column("ended", String(27), comment="of the last run; NULL = there was none"),
    Column("due", String(27), nullable=False, comment="time of the next run"),
    Column("failures", Integer, nullable=False, comment="runs that failed, one after the other"),
    Column("outcome", String(16), nullable=False),
    Column("message", Text, nullable=False, comment="what the last run met with"),
    Column("remarks", Text, nullable=False, comment="JSON: what the reader noticed last"),
    CheckConstraint("state IN ('active', 'paused')", name="state"),
    comment="What is harvested, how far, and how it went last.",
)

OFFERS: Final = Table(
    "offers",
    METADATA,
    Column("harvest", String(64), ForeignKey("harvests.name"), primary_key=True),
    Column("graph", Text, primary_key=True),
    Column("digest", String(_DIGEST), ForeignKey("contents.digest"), comment="NULL = withdrawn"),
    Column("member", Text, nullable=False, comment="version or address at the origin"),
    Column("at", String(27), nullable=False, comment="time that the origin tells"),
    Column("round", Integer, nullable=False, comment="reading that saw it last"),
    Column("standing", String(16), nullable=False),
    Column("reason", Text, nullable=False, comment="why it does not stand here as it was told"),
    Index(None, "harvest", "standing"),
    comment="Each record as an origin tells it now, and what became of it here.",
)

APPEND_ONLY: Final = ("audit", "events", "revisions", "changes")
"""Tables whose rows are never changed or removed; triggers see to it."""
