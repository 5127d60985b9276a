"""The journal: revisions, contents, proposals, keys and the audit log, in SQL."""
