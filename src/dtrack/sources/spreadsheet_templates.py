"""The templates: which columns a sheet of each kind has, and what belongs into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Form = Literal["text", "date", "confidence", "page", "key"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what belongs into it, an example.

    ``code`` names the code list that its values are from.
    """

    name: str
    help: str
    example: str
    required: bool = False
    form: Form = "text"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of sheet."""

    kind: str
    help: str
    columns: tuple[Column, ...]

    @property
    def title(self) -> str:
        """Title of the sheet."""
        return self.kind.capitalize()


def _column(
    name: str, text: str, example: str, form: Form = "text", *, code: str = "", need: bool = True
) -> Column:
    return Column(name, text, example, need, form, code)


_NOTE: Final = _column("note", "A remark, in English.", "", need=False)

TEMPLATES: Final[Mapping[str, Template]] = {
    template.kind: template
    for template in (
        Template(
            "decisions",
            "One decision, resolution or recommendation a row; each becomes a record of its own.",
            (
                _column("key", "Key in its IRI.", "cbd-cop-15-4", "key"),
                _column("instrument", "Key or name of the instrument.", "cbd"),
                _column("type", "What it is.", "decision", code="adopted-type"),
                _column("symbol", "Symbol as printed.", "15/4"),
                _column("title", "English title.", "Kunming-Montreal Framework"),
                _column("title_zh", "Chinese title.", "", need=False),
                _column("meeting", "Key of the meeting that adopted it.", "cbd-cop-15"),
                _column("adopted", "Day of adoption.", "2022-12-19", "date"),
                _column("body", "Key of the body that adopted it.", "cbd-cop", need=False),
                _column("page", "Page where it was read.", "https://www.cbd.int/", "page",
                        need=False),
                _column("review_state", "How far it was checked; else unreviewed.", "unreviewed",
                        code="review-state", need=False),
                _NOTE,
            ),
        ),
        Template(
            "taggings",
            "One target or theme of a provision a row; they enter as proposed and are reviewed.",
            (
                _column("provision", "Key or IRI of a provision or text.", "cbd-cop-12-19/4.c"),
                _column("tag", "Key or IRI of a target or theme.", "aichi-15"),
                _column("method", "How it came about.", "lexical", code="tagging-method"),
                _column("confidence", "From 0 to 1.", "0.7", "confidence"),
                _column("author", "Who or what says so.", "our tagger 1.2"),
                _column("state", "accepted only for what somebody tagged by hand; else proposed.",
                        "proposed", code="tagging-state", need=False),
                _NOTE,
            ),
        ),
        Template(
            "mappings",
            "One mapping between two targets or themes a row; the file is the mapping set.",
            (
                _column("subject", "Key or IRI of a target or theme.", "aichi-11"),
                _column("predicate", "How they correspond.", "closeMatch", code="predicate"),
                _column("object", "Key or IRI of a target or theme.", "gbf-3"),
                _column("justification", "How it came about.", "LexicalMatching",
                        code="justification"),
                _column("confidence", "From 0 to 1.", "0.7", "confidence"),
                _column("author", "Who or what says so.", "our matcher 1.2"),
                _column("strength", "How strong it is.", "medium", code="strength", need=False),
                _column("date", "When it was made.", "2026-11-21", "date", need=False),
                _NOTE,
            ),
        ),
        Template(
            "status",
            "One status of a text or provision a row, with the evidence for it.",
            (
                _column("thing", "Key, symbol or IRI of a text or provision.", "cbd-cop-12-19/8"),
                _column("axis", "Which status it is.", "legal-force", code="status-axis"),
                _column("value", "The status, from the list of its axis.", "retired",
                        code="status-value"),
                _column("from", "First day.", "2022-12-19", "date"),
                _column("until", "Last day, where it has ended.", "", "date", need=False),
                _column("evidence", "Page that bears it out.", "https://www.cbd.int/", "page"),
                _column("evidence_type", "What that page is; else document.", "document",
                        code="evidence-type", need=False),
                _column("asserted_by", "Who says so.", "Secretariat of X"),
                _NOTE,
            ),
        ),
    )
}  # fmt: skip

FIXED_CODES: Final[dict[str, tuple[str, ...]]] = {
    "adopted-type": ("decision", "resolution", "recommendation"),
    "predicate": (
        "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "succeededBy",
    ),
    "justification": (
        "ManualMappingCuration", "LexicalMatching", "SemanticSimilarityThresholdMatching",
        "LogicalReasoning", "CompositeMatching", "UnspecifiedMatching", "MappingReview",
    ),
}  # fmt: skip
"""Lists that are no code list of ours: classes of texts, SKOS's and SSSOM's own words."""

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "review-state": ("review-state",),
    "tagging-method": ("tagging-method",),
    "tagging-state": ("tagging-state",),
    "strength": ("strength",),
    "status-axis": ("status-axis",),
    "status-value": ("legal-force", "implementation", "review"),
    "evidence-type": ("evidence-type",),
}
"""Files of ``ontology/codes`` that each list of a template is made of."""
