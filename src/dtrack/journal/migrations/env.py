"""Where Alembic finds the connection: it is handed in by ``database.upgrade``."""

from __future__ import annotations

from alembic import context

from dtrack.journal.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
