"""Records as the API gives them. Dates are ISO 8601; what is unknown is null or empty."""

from dataclasses import dataclass

from dtrack.answer.views import CoverageView, Named


@dataclass(frozen=True, slots=True)
class InstrumentItem:
    """An instrument or a forum; ``kind`` is its class, such as Convention or Protocol."""

    iri: str
    key: str
    label: str
    kind: str
    short_name: str | None
    adopted: str | None
    entry_into_force: str | None


@dataclass(frozen=True, slots=True)
class InstrumentDetail:
    """An instrument with its bodies and what has been read of it; ``names`` by language."""

    iri: str
    key: str
    label: str
    kind: str
    short_name: str | None
    adopted: str | None
    entry_into_force: str | None
    depositary: str | None
    page: str | None
    names: dict[str, str]
    governing_bodies: list[Named]
    subsidiary_bodies: list[Named]
    secretariats: list[Named]
    frameworks: list[Named]
    coverage: CoverageView


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """A session of a body."""

    iri: str
    key: str
    label: str
    body: Named
    instruments: list[Named]
    session: str | None
    start: str | None
    end: str | None
    cities: list[str]
    """In the language of the answer, in English where it is not told in that."""
    country_codes: list[str]
    """ISO 3166-1 alpha-3."""


@dataclass(frozen=True, slots=True)
class DecisionItem:
    """A text; ``kind`` is a key of the document types, such as decision or resolution."""

    iri: str
    key: str
    label: str
    kind: str
    symbol: str | None
    instrument: Named | None
    adopted: str | None


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A provision in the outline; values are keys, ``cites`` symbols."""

    iri: str
    number: str
    kind: str | None
    verbs: list[str]
    addressees: list[str]
    deadline: str | None
    targets: list[str]
    themes: list[str]
    cites: list[str]
    summary: str | None


@dataclass(frozen=True, slots=True)
class DecisionDetail:
    """A text with its provisions in reading order, as far as they are recorded.

    ``date_precision`` is ``day``, or ``meeting`` when the closing day stands in.
    """

    iri: str
    key: str
    label: str
    kind: str
    symbol: str | None
    symbol_forms: list[str]
    instrument: Named | None
    adopted: str | None
    date_precision: str | None
    adopted_at: Named | None
    review_state: str | None
    pages: list[str]
    provisions: list[OutlineItem]


@dataclass(frozen=True, slots=True)
class ProvisionDetail:
    """A provision: what it says in our words, whom it asks what, what it addresses."""

    iri: str
    text: Named
    symbol: str
    number: str
    kind: str | None
    instrument: Named | None
    summary: str
    verbs: list[str]
    addressees: list[str]
    targets: list[Named]
    themes: list[Named]
    deadlines: list[str]
    cites: list[Named]
    statuses: list[Named]


@dataclass(frozen=True, slots=True)
class ProvisionItem:
    """A provision in a list; ``verbs`` and ``addressees`` are labels."""

    iri: str
    text: Named
    symbol: str
    number: str
    kind: str | None
    instrument: Named | None
    summary: str
    verbs: list[str]
    addressees: list[str]


@dataclass(frozen=True, slots=True)
class DueProvision:
    """The provision that a deadline stands in."""

    iri: str
    symbol: str
    number: str
    summary: str


@dataclass(frozen=True, slots=True)
class DeadlineItem:
    """A directive that is due: on a day, or by a meeting, whose last day ``due`` then is.

    ``due_text`` is the deadline in the words of the source.
    """

    iri: str
    due: str | None
    due_text: str | None
    meeting: Named | None
    provision: DueProvision | None
    instrument: Named | None
    addressees: list[Named]


@dataclass(frozen=True, slots=True)
class FrameworkItem:
    """A framework of goals and targets; ``items`` counts them."""

    iri: str
    key: str
    label: str
    short_name: str | None
    of: Named | None
    start: str | None
    end: str | None
    items: int


@dataclass(frozen=True, slots=True)
class TargetItem:
    """A goal or target; ``kind`` is Goal or Target."""

    iri: str
    key: str
    label: str
    notation: str
    kind: str
    framework: Named
    broader: Named | None


@dataclass(frozen=True, slots=True)
class FrameworkDetail:
    """A framework with its goals and targets; ``items`` counts them."""

    iri: str
    key: str
    label: str
    short_name: str | None
    of: Named | None
    start: str | None
    end: str | None
    items: int
    targets: list[TargetItem]


@dataclass(frozen=True, slots=True)
class ConceptItem:
    """A theme or an actor; ``broader`` are its parents' keys, empty at the top."""

    iri: str
    key: str
    label: str
    broader: list[str]
    definition: str | None


@dataclass(frozen=True, slots=True)
class ConceptDetail:
    """A theme or an actor with its neighbours; ``names`` by language."""

    iri: str
    key: str
    label: str
    definition: str | None
    names: dict[str, list[str]]
    broader: list[Named]
    narrower: list[Named]
    matches: list[str]


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """What a symbol names; ``note`` says what could not be matched, ``others`` may be meant too."""

    iri: str
    key: str
    label: str
    note: str
    others: list[str]


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A parameter of a catalogue query; ``of`` says what its keys name."""

    name: str
    kind: str
    description: str
    required: bool
    default: str | None
    of: str


@dataclass(frozen=True, slots=True)
class QueryView:
    """A catalogue query: what it answers, with which parameters and columns."""

    name: str
    summary: str
    description: str
    tags: list[str]
    parameters: list[ParameterView]
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowsView:
    """Rows of a query: numbers and booleans as such, IRIs and all else as text."""

    columns: list[str]
    rows: list[dict[str, str | int | float | bool | None]]


@dataclass(frozen=True, slots=True)
class VersionView:
    """What answers, and from which data; ``revision`` is the last one that it holds."""

    version: str
    digest: str
    triples: int
    graphs: int
    built: str
    revision: int


@dataclass(frozen=True, slots=True)
class HealthView:
    """``status`` is ``ok``."""

    status: str
