"""Releases: the whole data as files that anybody can mirror and check."""
