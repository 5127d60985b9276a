"""Readers: bytes of some kind to records, each a whole named graph."""

from dtrack.sources.corpus import Corpus, read_file, read_folder
from dtrack.sources.parser import Parser
from dtrack.sources.sssom import read_mapping_set

__all__ = ["Corpus", "Parser", "read_file", "read_folder", "read_mapping_set"]
