"""Quad stores: the embedded one on disk or in memory, how it is built, and who reads it.

The only package that knows the embedded engine, pyoxigraph.
"""
