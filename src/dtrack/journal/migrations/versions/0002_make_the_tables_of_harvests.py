"""Make the tables of harvests, and let changes name the version that they were harvested from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two columns to the changes, and two tables."""
    op.add_column(
        "changes",
        sa.Column(
            "origin",
            sa.Text(),
            comment="version at another node that it was harvested from",
        ),
    )
    op.add_column(
        "changes",
        sa.Column(
            "told",
            sa.String(length=27),
            comment="time of that version",
        ),
    )
    op.create_table(
        "harvests",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False, comment="JSON: what is wanted of it"),
        sa.Column("every", sa.Integer(), nullable=False, comment="seconds between two runs"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False, comment="who added it"),
        sa.Column("created", sa.String(length=27), nullable=False),
        sa.Column("position", sa.Text(), nullable=False, comment="JSON: how far it has been read"),
        sa.Column(
            "round", sa.Integer(), nullable=False, comment="which reading of everything this is"
        ),
        sa.Column(
            "settled",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="revision after which all was settled",
        ),
        sa.Column("started", sa.String(length=27), comment="of the run under way; NULL = none"),
        sa.Column("ended", sa.String(length=27), comment="of the last run; NULL = there was none"),
        sa.Column("due", sa.String(length=27), nullable=False, comment="time of the next run"),
        sa.Column(
            "failures",
            sa.Integer(),
            nullable=False,
            comment="runs that failed, one after the other",
        ),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="what the last run met with"),
        sa.Column(
            "remarks", sa.Text(), nullable=False, comment="JSON: what the reader noticed last"
        ),
        sa.CheckConstraint("state IN ('active', 'paused')", name=op.f("ck_harvests_state")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_harvests")),
        comment="What is harvested, how far, and how it went last.",
    )
    op.create_table(
        "offers",
        sa.Column("harvest", sa.String(length=64), nullable=False),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), comment="NULL = withdrawn"),
        sa.Column("member", sa.Text(), nullable=False, comment="version or address at the origin"),
        sa.Column("at", sa.String(length=27), nullable=False, comment="time that the origin tells"),
        sa.Column("round", sa.Integer(), nullable=False, comment="reading that saw it last"),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="why it does not stand here as it was told",
        ),
        sa.ForeignKeyConstraint(
            ["harvest"], ["harvests.name"], name=op.f("fk_offers_harvest_harvests")
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["contents.digest"], name=op.f("fk_offers_digest_contents")
        ),
        sa.PrimaryKeyConstraint("harvest", "graph", name=op.f("pk_offers")),
        comment="Each record as an origin tells it now, and what became of it here.",
    )
    op.create_index(op.f("ix_offers_harvest_standing"), "offers", ["harvest", "standing"])
