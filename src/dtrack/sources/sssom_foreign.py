"""Mapping sets of anybody in SSSOM TSV: what the standard asks for, checked line by line.

Our own dialect (sources.sssom) says in which graph it belongs; this reads the
rest. A row with a fault is left out and told, a file that is none is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import yaml

from dtrack.errors import Place, SyntaxProblem
from dtrack.sources.harvest import Remark
from dtrack.sources.informea.values import clean
from dtrack.sources.ntriples import is_iri
from dtrack.sources.sssom import PREDICATES, STRENGTHS
from dtrack.terms import DT, OWL, RDF, RDFS, SEMAPV, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEEDED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
USED: Final = frozenset(
    (*NEEDED, "subject_label", "object_label", "author_label", "author_id", "creator_label",
     "creator_id", "confidence", "mapping_date", "see_also", "comment", "ext_strength",
     "predicate_modifier", "record_id", "ext_review_state")
)  # fmt: skip
JUSTIFICATIONS: Final = frozenset(
    f"{SEMAPV}{name}"
    for name in (
        "LexicalMatching", "LogicalReasoning", "CompositeMatching", "UnspecifiedMatching",
        "SemanticSimilarityThresholdMatching", "LexicalSimilarityThresholdMatching",
        "StructuralMatching", "InstanceBasedMatching", "BackgroundKnowledgeBasedMatching",
        "MappingChaining", "MappingReview", "ManualMappingCuration", "MappingInversion",
    )
)  # fmt: skip
_BUILT_IN: Final = {"skos": SKOS, "semapv": SEMAPV, "owl": OWL, "rdf": RDF, "rdfs": RDFS,
                    "sssom": "https://w3id.org/sssom/", "dt": DT}  # fmt: skip
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONFIDENCE: Final = re.compile(r"0|1|1\.0+|0?\.[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class ForeignMapping:
    """A row, IRIs written out; "" for what is not said."""

    line: int
    subject: str
    predicate: str
    object: str
    justification: str
    author: str
    confidence: str
    pages: tuple[str, ...]
    note: str
    strength: str
    day: str


@dataclass(slots=True)
class ForeignSet:
    """A set with what its head says, the rows that can be used, and remarks on the others."""

    about: Mapping[str, object]
    rows: list[ForeignMapping] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    count: int = 0

    def said(self, key: str) -> str:
        """Text of a key of the head."""
        value = self.about.get(key)
        return clean(value)[0] if isinstance(value, str) else ""


def metadata(text: str, place: str) -> tuple[dict[str, object], list[str]]:
    """What the lines with ``#`` at the top say, and all lines. Raises SyntaxProblem."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    top = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    told = "\n".join(line[1:].removeprefix(" ") for line in lines[:top])
    try:
        about = yaml.load(told, Loader=yaml.BaseLoader)  # noqa: S506 - texts only, no objects
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SyntaxProblem(
            "The lines that begin with '#' are not valid YAML.",
            remedy="Quote texts that hold ': ' or begin with a special character.",
            place=Place(place, 1),
        ) from error
    return about if isinstance(about, dict) else {}, lines


def read_foreign(data: bytes, place: str) -> ForeignSet:
    """Mapping set of anybody. Raises SyntaxProblem for what is no SSSOM TSV."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(
            "The file is not UTF-8.", remedy="Save it as UTF-8.", place=Place(place)
        ) from error
    about, lines = metadata(text, place)
    return _Reader(place, about, lines).read()


class _Reader:
    def __init__(self, place: str, about: dict[str, object], lines: list[str]) -> None:
        self._place = place
        self._lines = lines
        self._set = ForeignSet(about)
        told = about.get("curie_map")
        own = told if isinstance(told, dict) else {}
        self._prefixes = _BUILT_IN | {
            str(key): value for key, value in own.items() if isinstance(value, str)
        }

    def read(self) -> ForeignSet:
        """The set."""
        for key in ("mapping_set_id", "license"):
            if not self._set.said(key):
                self._tell(
                    "head", 1, key, f"The head does not give '{key}'.", f"Add a line '# {key}: …'."
                )
        start = next((n for n, t in enumerate(self._lines) if not t.startswith("#")), None)
        columns = self._lines[start].split("\t") if start is not None else []
        for column in NEEDED:
            if column not in columns:
                raise SyntaxProblem(
                    f"The column '{column}' is missing.",
                    remedy="Give SSSOM as TSV: a head in lines with '#', then a table.",
                    place=Place(self._place, (start or 0) + 1),
                )
        for column in columns:
            if column not in USED:
                self._tell(
                    "unknown-column",
                    (start or 0) + 1,
                    column,
                    f"No rule is about the column '{column}'; it is left out.",
                    "",
                )
        for line, cells in self._rows((start or 0) + 1):
            self._set.count += 1
            if len(cells) > len(columns):
                self._tell(
                    "columns",
                    line,
                    "",
                    f"The row has {len(cells)} fields, the header {len(columns)}.",
                    "Separate fields by one tab each.",
                )
                continue
            row = dict(zip(columns, cells, strict=False))
            if mapping := self._mapping(line, row):
                self._set.rows.append(mapping)
        return self._set

    def _rows(self, first: int) -> Iterator[tuple[int, list[str]]]:
        for at in range(first, len(self._lines)):
            if self._lines[at].strip():
                yield at + 1, [cell.strip() for cell in self._lines[at].split("\t")]

    def _mapping(self, line: int, row: Mapping[str, str]) -> ForeignMapping | None:
        """Mapping of a row; None, and a remark, where it cannot be used."""
        found = {name: self._expanded(row.get(name, "")) for name in NEEDED}
        for name, full in found.items():
            if not full:
                self._tell(
                    "identifier",
                    line,
                    row.get(name, "")[:60],
                    f"'{name}' is no IRI and no CURIE of the head.",
                    "Add its prefix to curie_map.",
                )
                return None
        if found["predicate_id"] not in PREDICATES:
            self._tell(
                "unknown-predicate",
                line,
                row["predicate_id"],
                "The predicate is not one that is held here.",
                "Use a SKOS mapping property or dt:succeededBy.",
            )
            return None
        if found["mapping_justification"] not in JUSTIFICATIONS:
            self._tell(
                "unknown-justification",
                line,
                row["mapping_justification"],
                "The justification is not in SEMAPV.",
                "Use one of semapv:….",
            )
            return None
        if row.get("predicate_modifier"):
            self._tell(
                "negated",
                line,
                row["predicate_modifier"],
                "The row says that there is no such mapping; that is not held here.",
                "",
            )
            return None
        return self._checked(line, row, found)

    def _checked(
        self, line: int, row: Mapping[str, str], found: Mapping[str, str]
    ) -> ForeignMapping:
        """Mapping with what else the row says, as far as it is good."""
        author = (
            next(
                (
                    row[n]
                    for n in ("author_label", "creator_label", "author_id", "creator_id")
                    if row.get(n)
                ),
                "",
            )
            or self._set.said("mapping_set_title")
            or self._place
        )
        confidence, day = row.get("confidence", ""), row.get("mapping_date", "")
        if not _CONFIDENCE.fullmatch(confidence):
            self._tell(
                "confidence",
                line,
                confidence[:20],
                "The confidence is no number from 0 to 1, or is missing; 0.5 is held.",
                "Give one.",
            )
            confidence = "0.5"
        if day and not _DATE.fullmatch(day):
            self._tell("date", line, day[:20], "'mapping_date' is no date.", "Write YYYY-MM-DD.")
            day = ""
        pages = tuple(p for p in row.get("see_also", "").split("|") if p and is_iri(p))
        strength = row.get("ext_strength", "")
        return ForeignMapping(
            line, found["subject_id"], found["predicate_id"], found["object_id"],
            found["mapping_justification"], author, _canonical(confidence), pages,
            row.get("comment", ""), strength if strength in STRENGTHS else "", day,
        )  # fmt: skip

    def _expanded(self, text: str) -> str:
        """IRI of a CURIE or of an IRI written out; "" for neither."""
        prefix, colon, name = text.partition(":")
        if colon and prefix in self._prefixes:
            full = self._prefixes[prefix] + name
            return full if is_iri(full) else ""
        return text if text.startswith(("http://", "https://", "urn:")) and is_iri(text) else ""

    def _tell(self, rule: str, line: int, about: str, message: str, remedy: str) -> None:
        where = f"{self._place}, line {line}"
        self._set.remarks.append(Remark(rule, where, about, message, remedy))


def _canonical(number: str) -> str:
    """Decimal without zeros that say nothing."""
    whole, _, rest = number.partition(".")
    rest = rest.rstrip("0")
    return f"{whole or '0'}.{rest}" if rest else whole or "0"
