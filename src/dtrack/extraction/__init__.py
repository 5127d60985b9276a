"""Texts of decisions to directives: structure, verbs, addressees, citations, deadlines."""
