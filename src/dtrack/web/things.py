"""Pages of things of every kind, of graphs and of code schemes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.answer.lookup import labels, values_block
from dtrack.answer.lookup import wordings as wordings_of
from dtrack.api import documents
from dtrack.model import Iri, Literal
from dtrack.terms import BASE, CODES, DERIVED_GRAPH, HISTORY_GRAPHS
from dtrack.web.rendering import page_language, render
from dtrack.web.texts import wordings
from dtrack.web.untitled import call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request, Response

    from dtrack.answer.lookup import Wording as ProvisionWording
    from dtrack.api.documents import Subject
    from dtrack.formats.vocabulary import Vocabulary
    from dtrack.model import Term
    from dtrack.wiring.serving import Service

MOST_POINTING = 50
MOST_IN_SCHEME = 1000
MOST_SUBJECTS = 1000


def formats(subject: Subject, offers: Mapping[str, str] = documents.OFFERS) -> dict[str, str]:
    """Addresses of a document's RDF formats, by their ending."""
    address = documents.document_place(subject)
    return {name: documents.in_format(address, name) for name in offers if name != "html"}


def thing_page(
    request: Request,
    service: Service,
    subject: Subject,
    offers: Mapping[str, str] = documents.OFFERS,
) -> Response:
    """Page with all that is recorded about a thing."""
    language = page_language(request)
    said = statements(service, subject, language)
    key = subject.iri.partition(f"{BASE}/id/provision/")[2]
    wording = wordings_of(service.store, [subject.iri], language).get(subject.iri) if key else None
    return render(
        request,
        "thing.html",
        iri=subject.iri,
        heading=_heading(subject.iri, wording, said.names[subject.iri], language),
        key=key,
        wording=wording,
        said=said,
        formats=formats(subject, offers),
        graphs=documents.record_graphs(service, subject.iri),
    )


def _heading(iri: str, provision: ProvisionWording | None, name: str, language: str) -> str:
    """What a thing is called above its page: provisions and revisions have a number alone."""
    own = wordings()[language]
    if provision:
        number = own.numbered(provision.number)
        return f"{provision.symbol}{own.words['at_number']}{number}"
    kind, _, number = iri.partition(f"{BASE}/id/")[2].rpartition("/")
    return own.words["revision_heading"].format(n=number) if kind == "revision" else name


@dataclass(frozen=True, slots=True)
class Statements:
    """All that is recorded about a thing; ``names`` are those of all things in it, by IRI."""

    about: list[tuple[str, Term]]
    pointing: list[dict[str, str]]
    has_more: bool
    names: Mapping[str, str]

    @staticmethod
    def is_iri(term: Term) -> bool:
        """Whether a value is a thing rather than a text, a number or a day."""
        return isinstance(term, Iri)


def statements(service: Service, subject: Subject, language: str) -> Statements:
    """What is said of a thing, and what else points at it, in a language."""
    iri = subject.iri
    block = values_block("thing", [iri])
    found = service.store.select(
        f"""SELECT DISTINCT ?property ?value WHERE {{ {block}
        {{ ?thing ?property ?value }} UNION {{
          GRAPH ?history {{ ?thing ?property ?value }}
          FILTER(STRSTARTS(STR(?history), "{HISTORY_GRAPHS.rstrip("/")}")) }}
        }} ORDER BY ?property ?value"""
    )
    # A scheme without its members says nothing.
    is_scheme = subject.place.startswith("codes/") and subject.place.count("/") == 1
    most = MOST_IN_SCHEME if is_scheme else MOST_POINTING
    pointing = service.store.select(
        f"SELECT DISTINCT ?thing ?property WHERE {{ {block.replace('?thing', '?here')} "
        f"?thing ?property ?here }} ORDER BY ?property ?thing LIMIT {most + 1}"
    )
    iris = [iri, *(t for rows in (found, pointing) for row in rows.rows for t in row
                   if isinstance(t, Iri))]  # fmt: skip
    names = labels(service.store, iris, language)
    names |= wordings()[language].terms
    names |= _property_names(service, iris, language)
    names = call(names, service, language)
    return Statements(
        about=[
            (str(row["property"]), value)
            for row in found
            if (value := row["value"]) is not None and _shown(value, language)
        ],
        pointing=list(pointing.texts())[:most],
        has_more=len(pointing) > most,
        names=names,
    )


def _shown(value: object, language: str) -> bool:
    """Whether a value is for this reader: no text in a third language beside English."""
    return not isinstance(value, Literal) or value.language.partition("-")[0] in {
        "",
        "en",
        language,
    }


def _property_names(service: Service, iris: list[str], language: str) -> dict[str, str]:
    """Names of our own properties, from the ontology."""
    rows = service.store.select(
        f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?thing ?name (LANG(?name) AS ?language)
        WHERE {{ {values_block("thing", iris)} ?thing rdfs:label ?name }}
        ORDER BY ?thing ?name"""
    )
    found: dict[str, str] = {}
    for row in rows.texts():
        if row["language"] == language or row["thing"] not in found:
            found[row["thing"]] = row["name"]
    return found


def find_graph(service: Service, place: str) -> Subject:
    """The graph of a path; the derived graph and those of history describe no graph of theirs."""
    stem, _, ending = place.rpartition(".")
    spellings = [(place, ""), (stem, ending)] if ending in documents.GRAPH_OFFERS else [(place, "")]
    for path, found_ending in spellings:
        for base in documents.bases(service):
            block = values_block("graph", [f"{base}/{path}"])
            if service.store.ask(f"ASK {{ {block} GRAPH ?graph {{ ?s ?p ?o }} }}"):
                return documents.Subject(f"{base}/{path}", path, found_ending)
    return documents.find(service, place, documents.GRAPH_OFFERS)


def graph_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page of a graph: what is said about it, and the things that it describes."""
    if subject.iri != DERIVED_GRAPH and documents.is_described(service, subject.iri):
        return thing_page(request, service, subject, documents.GRAPH_OFFERS)
    rows = service.store.select(
        f"""SELECT DISTINCT ?thing WHERE {{ {values_block("graph", [subject.iri])}
        GRAPH ?graph {{ ?thing ?property ?value }} }} ORDER BY ?thing LIMIT {MOST_SUBJECTS}"""
    )
    iris = [row["thing"] for row in rows.texts()]
    return _list_page(request, service, subject.iri, iris, formats(subject, documents.GRAPH_OFFERS))


def schemes_page(request: Request, service: Service, subject: Subject) -> Response:
    """Page that lists the code schemes."""
    rows = service.store.select(
        """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?scheme WHERE { ?scheme a skos:ConceptScheme } ORDER BY ?scheme"""
    )
    iris = [row["scheme"] for row in rows.texts() if row["scheme"].startswith(f"{BASE}/")]
    return _list_page(request, service, CODES, iris, formats(subject))


def _list_page(
    request: Request, service: Service, iri: str, iris: list[str], formats: Mapping[str, str]
) -> Response:
    language = page_language(request)
    names = call(labels(service.store, iris, language), service, language)
    return render(request, "list.html", iri=iri, iris=iris, names=names, formats=formats)


def vocabulary_page(
    request: Request, vocabulary: Vocabulary, formats: Mapping[str, str]
) -> Response:
    """Page of the ontology or of the shapes, with a place for each term."""
    language = page_language(request)

    def said(found: Mapping[str, str]) -> str:
        return found.get(language) or found.get("en") or next(iter(found.values()), "")

    return render(request, "vocabulary.html", view=vocabulary, said=said, formats=formats)
