"""Alembic's steps from one form of the journal to the next."""
