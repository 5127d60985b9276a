"""Validation of graphs against SHACL shapes: two engines, one report.

:func:`validate_graph` is the reference, pySHACL. :func:`validate_store` asks a
store the shapes as SPARQL, all focus nodes at once; what its compiler does not
cover it leaves to the reference, and says so. :func:`gate` asks a store that
way what one change may have made wrong.
"""

from __future__ import annotations

from dtrack.validation.compiled import validate_store
from dtrack.validation.gate import gate
from dtrack.validation.page import as_html
from dtrack.validation.reading import graph_of, read_turtle
from dtrack.validation.reference import validate_graph
from dtrack.validation.report import LANGUAGES, as_json, as_text, summary
from dtrack.validation.shapes import (
    Shapes,
    bundled_shapes,
    parse_shapes,
    read_shapes,
    shapes_of,
    shapes_version,
)

__all__ = [
    "LANGUAGES",
    "Shapes",
    "as_html",
    "as_json",
    "as_text",
    "bundled_shapes",
    "gate",
    "graph_of",
    "parse_shapes",
    "read_shapes",
    "read_turtle",
    "shapes_of",
    "shapes_version",
    "summary",
    "validate_graph",
    "validate_store",
]
