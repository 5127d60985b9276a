"""Validation of graphs against SHACL shapes: two engines, one report.

``reference`` is pySHACL. ``compiled`` asks a store the shapes as SPARQL, all
focus nodes at once; what its compiler does not cover it leaves to the reference,
and says so. ``gate`` asks a store that way what one change may have made wrong.
"""
