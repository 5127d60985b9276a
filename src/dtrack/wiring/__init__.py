"""The one place that says which: which store, which engine, which folders."""

from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.wiring.checking import reason_over, validate_foreign, validate_ours
from dtrack.wiring.corpus import BUNDLED, bundled_corpus, read_catalogue
from dtrack.wiring.drawing import draw_matrix
from dtrack.wiring.reading import dump_graphs, open_answers, store_marker
from dtrack.wiring.serving import Node, Service, Source, open_service
from dtrack.wiring.writing import load_corpus, open_curator, open_journal

__all__ = [
    "BUNDLED",
    "RDF_FORMATS",
    "Node",
    "Service",
    "Source",
    "bundled_corpus",
    "draw_matrix",
    "dump_graphs",
    "load_corpus",
    "open_answers",
    "open_curator",
    "open_journal",
    "open_service",
    "read_catalogue",
    "reason_over",
    "store_marker",
    "validate_foreign",
    "validate_ours",
]
