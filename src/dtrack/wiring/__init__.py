"""The one place that says which: which store, which engine, which folders."""

from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.wiring.checking import reason_over, validate_foreign, validate_ours
from dtrack.wiring.corpus import BUNDLED, bundled_corpus, read_catalogue
from dtrack.wiring.drawing import draw_matrix
from dtrack.wiring.importing import KINDS, Kind, Options, import_sheets, import_source
from dtrack.wiring.judges import Judgement, Part, Question
from dtrack.wiring.reading import (
    dump_graphs,
    dump_mappings,
    graphs_about,
    graphs_in,
    mapping_sets,
    open_answers,
    store_marker,
)
from dtrack.wiring.releasing import make_release
from dtrack.wiring.serving import Node, Service, Source, open_service, settle
from dtrack.wiring.texts import texts_beside
from dtrack.wiring.writing import (
    journal_url,
    load_corpus,
    open_curator,
    open_journal,
    past_settings,
    read_records,
)

__all__ = [
    "BUNDLED",
    "KINDS",
    "RDF_FORMATS",
    "Judgement",
    "Kind",
    "Node",
    "Options",
    "Part",
    "Question",
    "Service",
    "Source",
    "bundled_corpus",
    "draw_matrix",
    "dump_graphs",
    "dump_mappings",
    "graphs_about",
    "graphs_in",
    "import_sheets",
    "import_source",
    "journal_url",
    "load_corpus",
    "make_release",
    "mapping_sets",
    "open_answers",
    "open_curator",
    "open_journal",
    "open_service",
    "past_settings",
    "read_catalogue",
    "read_records",
    "reason_over",
    "settle",
    "store_marker",
    "texts_beside",
    "validate_foreign",
    "validate_ours",
]
