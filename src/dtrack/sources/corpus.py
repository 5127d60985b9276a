"""The bundled corpus and ontology: one file, one named graph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dtrack.errors import Place, StoreError, SyntaxProblem
from dtrack.model import Record, no_progress
from dtrack.sources.sssom import read_mapping_set
from dtrack.terms import BASE, DT, OWL, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dtrack.model import Progress
    from dtrack.sources.parser import Parser

MAPPING_SET_SUFFIX: Final = ".sssom.tsv"
_RECORD: Final = f"{DT}Record"
_SCHEME: Final = f"{SKOS}ConceptScheme"
_ONTOLOGY: Final = f"{OWL}Ontology"


class Corpus:
    """Records of the ``ontology`` and ``data`` folders. Fulfils dtrack.model.Source."""

    def __init__(self, ontology: Path, data: Path, parse: Parser) -> None:
        self._ontology = ontology
        self._data = data
        self._parse = parse

    def read(self, progress: Progress = no_progress) -> list[Record]:
        """All records, in the order of their files.

        Raises SyntaxProblem with file, line and remedy; also for a graph that
        two files claim.
        """
        return _read((*ontology_files(self._ontology), *data_files(self._data)),
                     self._parse, progress)  # fmt: skip


def read_folder(folder: Path, parse: Parser, progress: Progress = no_progress) -> list[Record]:
    """Records of the files in a folder or of one file, each read by what it is."""
    files = data_files(folder) if folder.is_dir() else [(folder, folder.name)]
    return _read(files, parse, progress)


def read_file(path: Path, place: str, parse: Parser) -> Record:
    """Record of one file: a mapping set, or Turtle that says what graph it is."""
    data = path.read_bytes()
    if path.name.endswith(MAPPING_SET_SUFFIX):
        return read_mapping_set(data, place, parse)
    ntriples = parse(data, f"{BASE}/", place)
    return Record(_graph(ntriples, place), ntriples, place)


def ontology_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files of the ontology folder, with the place that messages name."""
    yield folder / "dtrack.ttl", f"{folder.name}/dtrack.ttl"
    for part in ("codes", "alignments"):
        for path in sorted((folder / part).glob("*.ttl")):
            yield path, f"{folder.name}/{part}/{path.name}"


def data_files(folder: Path) -> list[tuple[Path, str]]:
    """Record files under a folder, with the place that messages name."""
    return sorted(
        (path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
        for path in folder.rglob("*")
        if path.name.endswith((".ttl", MAPPING_SET_SUFFIX)) and path.is_file()
    )


def _read(files: Iterable[tuple[Path, str]], parse: Parser, progress: Progress) -> list[Record]:
    """Records of files; a graph belongs to one of them."""
    todo = list(files)
    records: list[Record] = []
    places: dict[str, str] = {}
    for done, (path, place) in enumerate(todo):
        progress("reading", done, len(todo))
        try:
            record = read_file(path, place, parse)
        except OSError as error:
            raise StoreError(
                f"The file '{place}' cannot be read.", remedy="Check that it is there and yours."
            ) from error
        if record.graph in places:
            raise SyntaxProblem(
                f"The graph {record.graph} is already that of {places[record.graph]}.",
                remedy="Give one of them another graph, or join them.",
                place=Place(place),
            )
        places[record.graph] = place
        records.append(record)
    progress("reading", len(todo), len(todo))
    if not records:
        raise SyntaxProblem("There is no file to read.", remedy="Name a folder with .ttl files.")
    return records


def _graph(ntriples: bytes, place: str) -> str:
    """Graph that a file is. Raises SyntaxProblem when it does not say."""
    if (graph := own_graph(ntriples, place)) is not None:
        return graph
    raise SyntaxProblem(
        "The file does not say which graph it is.",
        remedy="Begin it with '<graph/{kind}/{slug}> a dt:Record ; dt:recordOf <id/…> ; …'.",
        place=Place(place),
    )


def own_graph(ntriples: bytes, place: str) -> str | None:
    """Graph that a text says it is: its dt:Record, concept scheme or ontology.

    None when it does not say; raises SyntaxProblem when it says it of several.
    """
    for kind in (_RECORD, _SCHEME, _ONTOLOGY):
        found = _typed(ntriples, kind)
        if len(found) == 1:
            return found[0]
        if found:
            raise SyntaxProblem(
                f"The file describes {len(found)} things of the class {kind}: {', '.join(found)}.",
                remedy="Make one file of each.",
                place=Place(place),
            )
    return None


def _typed(ntriples: bytes, kind: str) -> list[str]:
    """IRIs of a class in N-Triples."""
    line = rf"^<([^>]*)> <{re.escape(RDF)}type> <{re.escape(kind)}> \.$"
    return [iri.decode() for iri in re.findall(line.encode(), ntriples, re.MULTILINE)]
