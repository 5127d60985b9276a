"""Make the tables of the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = ("audit", "events", "revisions", "changes")
"""As at this step; later ones may add theirs."""


def upgrade() -> None:
    """Make all tables; those that tell history can only grow."""
    op.create_table(
        "about",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_about")),
        comment="One row a fact about the journal itself: its identity.",
    )
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('done', 'refused', 'failed')", name=op.f("ck_audit_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        comment="Who did what; rows are only ever added.",
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "contents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("triples", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes before compression"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="canonical N-Triples, zlib"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_contents")),
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the secret"),
        sa.Column("scopes", sa.Text(), nullable=False, comment="separated by spaces"),
        sa.Column("created", sa.String(length=27), nullable=False),
        sa.Column("expires", sa.String(length=27), nullable=True),
        sa.Column("revoked", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
    )
    op.create_table(
        "revisions",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("token", sa.String(length=32), nullable=False, comment="names the attempt"),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column(
            "shapes",
            sa.String(length=64),
            nullable=False,
            comment="version of the shapes that passed it",
        ),
        sa.Column("software", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the state after it"),
        sa.Column("triples", sa.BigInteger(), nullable=False, comment="of the state after it"),
        sa.Column("graphs", sa.Integer(), nullable=False, comment="of the state after it"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revisions")),
        sa.UniqueConstraint("token", name=op.f("uq_revisions_token")),
    )
    op.create_index(op.f("ix_revisions_at"), "revisions", ["at"], unique=False)
    op.create_table(
        "changes",
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True, comment="NULL = withdrawn"),
        sa.Column("before", sa.String(length=64), nullable=True, comment="NULL = was not there"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["contents.digest"], name=op.f("fk_changes_digest_contents")
        ),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.number"], name=op.f("fk_changes_revision_revisions")
        ),
        sa.PrimaryKeyConstraint("revision", "graph", name=op.f("pk_changes")),
    )
    op.create_index(
        op.f("ix_changes_graph_revision"), "changes", ["graph", "revision"], unique=False
    )
    op.create_table(
        "heads",
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["contents.digest"], name=op.f("fk_heads_digest_contents")
        ),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.number"], name=op.f("fk_heads_revision_revisions")
        ),
        sa.PrimaryKeyConstraint("graph", name=op.f("pk_heads")),
        comment="The state after the last revision; follows from changes.",
    )
    op.create_index(op.f("ix_heads_source"), "heads", ["source"], unique=False)
    op.create_table(
        "proposals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "base",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="last revision when it was made or rebased",
        ),
        sa.Column("created", sa.String(length=27), nullable=False),
        sa.Column("updated", sa.String(length=27), nullable=False),
        sa.Column(
            "revision",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="what it has become",
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'changes-requested', 'approved', "
            "'published', 'rejected')",
            name=op.f("ck_proposals_state"),
        ),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.number"], name=op.f("fk_proposals_revision_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_state"), "proposals", ["state"], unique=False)
    op.create_table(
        "events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("proposal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True, comment="IRI that a comment is about"),
        sa.ForeignKeyConstraint(
            ["proposal"], ["proposals.id"], name=op.f("fk_events_proposal_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        comment="What happened to a proposal: acts and comments, only ever added.",
    )
    op.create_index(op.f("ix_events_proposal_id"), "events", ["proposal", "id"], unique=False)
    op.create_table(
        "proposed",
        sa.Column("proposal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column(
            "base",
            sa.String(length=64),
            nullable=True,
            comment="digest that it was written against; NULL = none",
        ),
        sa.Column("digest", sa.String(length=64), nullable=True, comment="NULL = withdraw"),
        sa.ForeignKeyConstraint(
            ["digest"], ["contents.digest"], name=op.f("fk_proposed_digest_contents")
        ),
        sa.ForeignKeyConstraint(
            ["proposal"], ["proposals.id"], name=op.f("fk_proposed_proposal_proposals")
        ),
        sa.PrimaryKeyConstraint("proposal", "graph", name=op.f("pk_proposed")),
        comment="The graphs of a proposal as it wants them.",
    )
    op.create_table(
        "gone",
        sa.Column("iri", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["revisions.number"], name=op.f("fk_gone_revision_revisions")
        ),
        sa.PrimaryKeyConstraint("iri", name=op.f("pk_gone")),
        comment="Things that a revision took away last, for their tombstones.",
    )
    for table in APPEND_ONLY:
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    """Let a table only grow."""
    refusal = f"rows of {table} are never changed"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_grows()"
    )
