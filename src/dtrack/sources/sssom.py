"""Mapping sets in SSSOM TSV: YAML in comment lines, a header, one mapping a row.

The columns are those of SSSOM (https://mapping-commons.github.io/sssom) and two
extensions, ``ext_strength`` and ``ext_review_state``; four extensions in the
YAML describe the record. A mapping's IRI ends with the number of its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from dtrack.errors import Place, SyntaxProblem
from dtrack.model import Record
from dtrack.sources.ntriples import iri, is_iri, literal
from dtrack.terms import CODES, DCTERMS, DT, RDF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dtrack.sources.parser import Parser

REQUIRED: Final = (
    "subject_id", "predicate_id", "object_id", "mapping_justification", "author_label",
    "confidence", "ext_review_state",
)  # fmt: skip
OPTIONAL: Final = (
    "record_id", "subject_label", "object_label", "mapping_date", "see_also", "comment",
    "ext_strength",
)  # fmt: skip
_SET_KEYS: Final = (
    "mapping_set_id", "mapping_set_title", "license", "publication_date", "curie_map",
    "ext_record_graph", "ext_belongs_to_source", "ext_review_state",
)  # fmt: skip
PREDICATES: Final = frozenset(
    f"{SKOS}{name}" for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch",
                                 "relatedMatch")
) | {f"{DT}succeededBy"}  # fmt: skip
STRENGTHS: Final = ("high", "medium", "low")
REVIEW_STATES: Final = ("evidenced", "secondhand", "unreviewed", "reviewed")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONFIDENCE: Final = re.compile(r"0|1|1\.0|0\.[0-9]{1,3}")
_A: Final = f"{RDF}type"


def read_mapping_set(data: bytes, source: str, parse: Parser) -> Record:
    """Record of a mapping set. Raises SyntaxProblem with line, column and remedy."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(
            "The file is not UTF-8.", remedy="Save it as UTF-8.", place=Place(source)
        ) from error
    return _Reader(text, source).record(parse)


@dataclass(frozen=True, slots=True)
class _Row:
    """Fields of a row by column."""

    line: int
    fields: Mapping[str, str]


class _Reader:
    """Reads one file."""

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        lines = text.split("\n")
        # A spreadsheet may end lines with CR LF.
        self._lines = [line.removesuffix("\r") for line in lines]
        self._top = next(
            (n for n, line in enumerate(self._lines) if not line.startswith("#")), len(lines)
        )
        self._about = self._metadata()
        self._prefixes = self._curie_map()
        self._columns = self._header()

    def record(self, parse: Parser) -> Record:
        """Record of the whole file."""
        lines = [*self._about_record(), *self._about_set()]
        seen: dict[tuple[str, str, str], int] = {}
        for number, row in enumerate(self._rows(), 1):
            triple = self._triple(row)
            if triple in seen:
                raise self._fault(
                    f"The mapping of line {seen[triple]} stands here again.",
                    row.line,
                    "Keep one of them.",
                )
            seen[triple] = row.line
            lines += self._mapping(number, row, triple)
        if not seen:
            raise self._fault("The file holds no mapping.", None, "Add rows, or remove the file.")
        graph = str(self._about["ext_record_graph"])
        text = "".join(f"{line} .\n" for line in lines)
        return Record(graph, parse(text.encode(), graph, self._source), self._source)

    def _metadata(self) -> dict[str, object]:
        """YAML of the comment lines at the top."""
        text = "\n".join(line[1:].removeprefix(" ") for line in self._lines[: self._top])
        try:
            about = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts only, no objects
        except yaml.YAMLError as error:
            mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
            raise self._fault(
                "The lines that begin with '#' are not valid YAML.",
                mark.line + 1 if mark else 1,
                "Quote texts that hold ': ' or begin with a special character.",
            ) from error
        if not isinstance(about, dict):
            raise self._fault(
                "The file says nothing about its mapping set.",
                1,
                f"Begin it with lines '# key: value' for {', '.join(_SET_KEYS)}.",
            )
        for key in _SET_KEYS:
            if not about.get(key):
                raise self._fault(f"'{key}' is missing.", 1, f"Add a line '# {key}: …'.")
        return about

    def _curie_map(self) -> dict[str, str]:
        """Prefixes of the file's CURIEs."""
        prefixes = self._about["curie_map"]
        if not isinstance(prefixes, dict) or not all(
            isinstance(value, str) and is_iri(value) for value in prefixes.values()
        ):
            raise self._fault(
                "'curie_map' does not map prefixes to IRIs.", 1, "Write '#   dt: https://…'."
            )
        return prefixes

    def _header(self) -> list[str]:
        """Names of the columns."""
        line = self._top + 1
        columns = self._lines[self._top].split("\t") if self._top < len(self._lines) else []
        for column in REQUIRED:
            if column not in columns:
                raise self._fault(
                    f"The column '{column}' is missing.", line, "Add it to the header line."
                )
        for column in columns:
            if column not in REQUIRED + OPTIONAL or columns.count(column) > 1:
                raise self._fault(
                    f"The column '{column}' is unknown, or there twice.",
                    line,
                    f"Known are: {', '.join(REQUIRED + OPTIONAL)}.",
                )
        return columns

    def _rows(self) -> Iterator[_Row]:
        """Rows of the table."""
        for at in range(self._top + 1, len(self._lines)):
            text = self._lines[at]
            if not text:
                continue
            fields = text.split("\t")
            if len(fields) != len(self._columns):
                raise self._fault(
                    f"The row has {len(fields)} fields, and the header {len(self._columns)}.",
                    at + 1,
                    "Separate fields by one tab each; use no quotes.",
                )
            stripped = (field.strip() for field in fields)
            yield _Row(at + 1, dict(zip(self._columns, stripped, strict=True)))

    def _about_record(self) -> Iterator[str]:
        """Triples of the record's header."""
        graph = self._set_iri("ext_record_graph")
        yield f"{graph} <{_A}> <{DT}Record>"
        yield f"{graph} <{DT}recordOf> {self._set_iri('mapping_set_id')}"
        yield f"{graph} <{DT}belongsToSource> {self._set_iri('ext_belongs_to_source')}"
        state = str(self._about["ext_review_state"])
        if state not in REVIEW_STATES:
            raise self._fault(
                f"'ext_review_state' is '{state}'.", 1, f"Use one of {', '.join(REVIEW_STATES)}."
            )
        yield f"{graph} <{DT}reviewState> <{CODES}/review-state/{state}>"
        day = str(self._about["publication_date"])
        if not _DATE.fullmatch(day):
            raise self._fault(f"'publication_date' is '{day}'.", 1, "Write YYYY-MM-DD.")
        yield f"{graph} <{DCTERMS}modified> {literal(day, datatype=f'{XSD}date')}"
        for place in self._several("ext_source_place"):
            yield f"{graph} <{DT}sourcePlace> {literal(place)}"
        for reader in self._several("ext_read_by"):
            yield f"{graph} <{DT}readBy> {literal(reader)}"
        for page in self._several("ext_source"):
            if not is_iri(page):
                raise self._fault(f"'ext_source' is '{page}'.", 1, "Give an absolute IRI.")
            yield f"{graph} <{DCTERMS}source> {iri(page)}"

    def _several(self, key: str) -> list[str]:
        """Texts of a key that may have one or several."""
        value = self._about.get(key) or []
        return list(map(str, value)) if isinstance(value, list) else [str(value)]

    def _about_set(self) -> Iterator[str]:
        """Triples about the mapping set."""
        the_set = self._set_iri("mapping_set_id")
        yield f"{the_set} <{_A}> <{DT}MappingSet>"
        for key, property_ in (
            ("mapping_set_title", "title"),
            ("mapping_set_description", "description"),
        ):
            if text := self._about.get(key):
                yield f"{the_set} <{DCTERMS}{property_}> {literal(str(text), language='en')}"
        yield f"{the_set} <{DCTERMS}license> {self._set_iri('license')}"

    def _set_iri(self, key: str) -> str:
        """IRI of a key about the set."""
        text = str(self._about[key])
        if not is_iri(text):
            raise self._fault(f"'{key}' is '{text}'.", 1, "Give an absolute IRI.")
        return iri(text)

    def _triple(self, row: _Row) -> tuple[str, str, str]:
        """Subject, predicate and object of a mapping."""
        subject = self._entity(row, "subject_id")
        predicate = self._entity(row, "predicate_id")
        if predicate not in PREDICATES:
            raise self._bad(row, "predicate_id", "Use a SKOS mapping property or dt:succeededBy.")
        return subject, predicate, self._entity(row, "object_id")

    def _mapping(self, number: int, row: _Row, triple: tuple[str, str, str]) -> Iterator[str]:
        """Triples of a mapping, and the plain triple beside it."""
        the_set = str(self._about["mapping_set_id"])
        node = iri(f"{the_set.replace('/id/mapping-set/', '/id/mapping/')}/{number}")
        if row.fields.get("record_id"):
            node = iri(self._entity(row, "record_id"))
        subject, predicate, object_ = map(iri, triple)
        yield f"{subject} {predicate} {object_}"
        yield f"{node} <{_A}> <{DT}Mapping>"
        yield f"{node} <{DT}inMappingSet> {iri(the_set)}"
        yield f"{node} <{DT}mappingSubject> {subject}"
        yield f"{node} <{DT}mappingPredicate> {predicate}"
        yield f"{node} <{DT}mappingObject> {object_}"
        yield f"{node} <{DT}justification> {iri(self._entity(row, 'mapping_justification'))}"
        author = self._checked(row, "author_label", bool, "Say who made the mapping.")
        yield f"{node} <{DT}author> {literal(author)}"
        wanted = "Write a decimal from 0 to 1, such as 0.7."
        confidence = self._checked(row, "confidence", _CONFIDENCE.fullmatch, wanted)
        yield f"{node} <{DT}confidence> {literal(confidence, datatype=f'{XSD}decimal')}"
        one_of = f"Use one of {', '.join(REVIEW_STATES)}."
        state = self._checked(row, "ext_review_state", REVIEW_STATES.__contains__, one_of)
        yield f"{node} <{DT}reviewState> <{CODES}/review-state/{state}>"
        yield from self._extras(node, row)

    def _extras(self, node: str, row: _Row) -> Iterator[str]:
        """Triples of the columns that may be empty."""
        if row.fields.get("ext_strength"):
            one_of = f"Use one of {', '.join(STRENGTHS)}, or leave it empty."
            strength = self._checked(row, "ext_strength", STRENGTHS.__contains__, one_of)
            yield f"{node} <{DT}strength> <{CODES}/strength/{strength}>"
        if row.fields.get("mapping_date"):
            day = self._checked(row, "mapping_date", _DATE.fullmatch, "Write YYYY-MM-DD.")
            yield f"{node} <{DT}mappingDate> {literal(day, datatype=f'{XSD}date')}"
        for page in filter(None, row.fields.get("see_also", "").split("|")):
            if not is_iri(page):
                raise self._bad(row, "see_also", "Give absolute IRIs, separated by '|'.")
            yield f"{node} <{DCTERMS}source> {iri(page)}"
        if comment := row.fields.get("comment"):
            yield f"{node} <{DT}note> {literal(comment, language='en')}"

    def _entity(self, row: _Row, column: str) -> str:
        """IRI of a CURIE, or of an IRI written out."""
        text = row.fields[column]
        prefix, colon, name = text.partition(":")
        full = self._prefixes[prefix] + name if colon and prefix in self._prefixes else text
        if not is_iri(full) or (full == text and not text.startswith(("http", "urn:"))):
            raise self._bad(row, column, f"Use a prefix of curie_map: {', '.join(self._prefixes)}.")
        return full

    def _checked(
        self, row: _Row, column: str, is_good: Callable[[str], object], remedy: str
    ) -> str:
        """Field of a row that passes a check."""
        if not is_good(row.fields[column]):
            raise self._bad(row, column, remedy)
        return row.fields[column]

    def _bad(self, row: _Row, column: str, remedy: str) -> SyntaxProblem:
        """Error at a field."""
        before = self._lines[row.line - 1].split("\t")[: self._columns.index(column)]
        at = sum(len(field) + 1 for field in before) + 1
        return SyntaxProblem(
            f"Column '{column}' is '{row.fields[column]}'.",
            remedy=remedy,
            place=Place(self._source, row.line, at),
        )

    def _fault(self, message: str, line: int | None, remedy: str) -> SyntaxProblem:
        """Error at a line."""
        return SyntaxProblem(message, remedy=remedy, place=Place(self._source, line))
