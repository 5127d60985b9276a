"""Drafts from the words of a document: what extraction finds, with themes by their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from dtrack.screen.drafts import ASKING, ID, Cited, Draft, DraftDirective, code, target_iri
from dtrack.screen.inner_verbs import inner_verbs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import Citation, ExtractedText, Extraction, Provision
    from dtrack.model import TagCandidate, Tagger

T = TypeVar("T")

LEAST: Final = 0.5
"""Confidence below which a theme that words point at is left out, if there are surer ones."""
WEAKEST: Final = 0.25
"""Confidence below which a theme is left out in any case."""


def drafts_of(extraction: Extraction, lexicon: Lexicon, tagger: Tagger) -> Iterator[Draft]:
    """Each text of a document as a draft."""
    for text in extraction.texts:
        yield _draft(text, lexicon, tagger)


def _draft(text: ExtractedText, lexicon: Lexicon, tagger: Tagger) -> Draft:
    instrument = lexicon.instrument.get(text.instrument)
    operative = [p for p in text.provisions if p.part != "preambular" and p.elements]
    chapeaux = {
        provision.parent
        for provision in operative
        if any(element.inherited_from for element in provision.elements)
    }
    return Draft(
        title=text.title,
        symbol=text.symbol,
        kind=text.kind,
        instrument=instrument.iri if instrument else "",
        own=f"{ID}{text.kind}/{text.slug}" if text.slug else "",
        adopted=text.adopted or lexicon.meetings.get(text.meeting, ""),
        language=text.language,
        recitals=sum(provision.part == "preambular" for provision in text.provisions),
        directives=tuple(
            _directive(provision, text, lexicon, tagger)
            for provision in operative
            # Its items say what it asks for.
            if provision.key not in chapeaux
        ),
        version=_version(text, lexicon),
    )


def _version(text: ExtractedText, lexicon: Lexicon) -> str:
    """IRI of the revision that a symbol such as "12.4 (Rev.COP15)" names, or ""."""
    for reading in lexicon.symbols.read(f"{text.kind} {text.symbol}"):
        if reading.version and text.slug and reading.path == f"{text.kind}/{text.slug}":
            return f"{ID}version/{reading.version}"
    return ""


def _directive(
    provision: Provision, text: ExtractedText, lexicon: Lexicon, tagger: Tagger
) -> DraftDirective:
    verbs = {verb.key: verb for verb in lexicon.verbs}
    used = [verbs[element.verb] for element in provision.elements if element.verb in verbs]
    used += inner_verbs(provision.text, used, text.language, lexicon)
    tags = _tags(tagger.tags(provision.text, text.language, text.title))
    targets = [iri for iri in tags if "/codes/theme/" not in iri]
    return DraftDirective(
        number=provision.key,
        texts=((text.language, provision.text),),
        operational=provision.kind == "operational",
        asks=any(verb.force in ASKING for verb in used),
        verbs=_unique(code("verb", verb.key) for verb in used),
        actors=_unique(code("actor", a) for e in provision.elements for a in e.addressees),
        deadlines=_unique((d.value, d.words) for e in provision.elements for d in e.deadlines),
        recurs=any(element.recurrence for element in provision.elements),
        targets=_unique(targets),
        themes=_unique(iri for iri in tags if iri not in targets),
        citations=tuple(_cited(citation) for citation in provision.citations),
        tags=tags,
    )


def _tags(found: Sequence[TagCandidate]) -> dict[str, TagCandidate]:
    """Those sure enough; where none is, the surest of those not too weak."""
    sure = [tag for tag in found if tag.confidence >= LEAST]
    weak = [tag for tag in found if tag.confidence >= WEAKEST]
    best = max((tag.confidence for tag in weak), default=0.0)
    kept = sure or [tag for tag in weak if tag.confidence == best]
    return {_iri(tag): tag for tag in kept}


def _iri(tag: TagCandidate) -> str:
    """IRI of a target or theme; taggers give both by their keys."""
    framework, _, number = tag.tag.partition("-")
    named = framework in {"aichi", "gbf", "sdg"} and number[:1].isalnum()
    is_target = named and (number[:1].isdigit() or len(number) == 1)
    return target_iri(tag.tag) if is_target else code("theme", tag.tag)


def _cited(citation: Citation) -> Cited:
    path = citation.path
    return Cited(
        relation=citation.relation,
        iri=path if "://" in path else f"{ID}{path}",
        symbol=citation.symbol,
        pinpoint=citation.pinpoint,
    )


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
