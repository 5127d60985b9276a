"""Looking things up by IRI: what exists, what it is called, what a provision says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from dtrack.answer.views import TaggingView
from dtrack.errors import ParameterError
from dtrack.terms import CODES, DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dtrack.model import Rows, Store

_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def values_block(variable: str, iris: Iterable[str]) -> str:
    """``VALUES ?variable { <a> <b> }``, in the order given, each IRI once.

    Raises ParameterError for what cannot stand between angle brackets.
    """
    return f"VALUES ?{variable} {{ {' '.join(_angled(iri) for iri in dict.fromkeys(iris))} }}"


def _angled(iri: str) -> str:
    """IRI between angle brackets. Raises ParameterError for what cannot stand there."""
    if not iri or _FORBIDDEN.search(iri):
        raise ParameterError(f"'{iri}' is not an IRI.", remedy="Give an absolute IRI.")
    return f"<{iri}>"


def _ordered(rows: Rows, *columns: str) -> list[dict[str, str]]:
    """Rows as texts in the order of some columns, by code points; what is unbound comes first.

    ORDER BY would say the same, but such a query then takes the engine twice as long.
    """
    return sorted(rows.texts(), key=itemgetter(*columns))


def existing(store: Store, iris: Iterable[str]) -> set[str]:
    """Those of the IRIs that have a type in the store."""
    block = values_block("thing", iris)
    rows = store.select(f"SELECT DISTINCT ?thing WHERE {{ {block} ?thing a ?type }}")
    return {row["thing"] for row in rows.texts()}


def labels(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """Name of each thing: in the language, else in English, else its IRI's last part.

    Names are ``skos:prefLabel`` and, for texts, ``dcterms:title``.
    """
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    found = _called(store, wanted, f"FILTER(LANG(?name) IN ({_tongues(language)}))")
    if rest := [iri for iri in wanted if iri not in found]:
        found |= _called(store, rest, "")
    return {iri: _in_language(found.get(iri, {}), language) or last_part(iri) for iri in wanted}


def _called(store: Store, things: list[str], condition: str) -> dict[str, dict[str, str]]:
    """Names of things that meet a condition: the first in each language, by thing."""
    rows = store.select(
        f"""PREFIX skos: <{SKOS}>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?thing ?name (LANG(?name) AS ?language)
        WHERE {{
          {values_block("thing", things)}
          ?thing (skos:prefLabel|dcterms:title) ?name
          {condition}
        }}"""
    )
    found: dict[str, dict[str, str]] = {}
    for row in _ordered(rows, "thing", "name", "language"):
        found.setdefault(row["thing"], {}).setdefault(row["language"], row["name"])
    return found


def _tongues(language: str) -> str:
    """Languages of a text in the order they are tried, as strings of SPARQL."""
    tongues = dict.fromkeys((language, language.split("-")[0], "en", ""))
    # A tag comes from whoever asks; only letters, digits and hyphens go into the query.
    plain = (tongue for tongue in tongues if not tongue or tongue.replace("-", "").isalnum())
    return ", ".join(f'"{tongue}"' for tongue in plain)


@lru_cache(maxsize=50_000)
def last_part(iri: str) -> str:
    """What stands behind the last slash or hash."""
    return re.split(r"[/#]", iri.rstrip("/#"))[-1]


def _in_language(texts: Mapping[str, str], language: str) -> str:
    for tag in (language, language.split("-")[0], "en", ""):
        if tag in texts:
            return texts[tag]
    return next(iter(texts.values()), "")


def taggings(
    store: Store, provisions: Iterable[str]
) -> dict[tuple[str, str], tuple[TaggingView, ...]]:
    """Accepted taggings, by provision and by target or theme; surest first."""
    wanted = list(dict.fromkeys(provisions))
    return _accepted(store, values_block("provision", wanted)) if wanted else {}


def taggings_to(
    store: Store, pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[TaggingView, ...]]:
    """Like taggings(), of provisions each with one target or theme; none is left out."""
    wanted = list(dict.fromkeys(pairs))
    if not wanted:
        return {}
    listed = " ".join(f"({_angled(provision)} {_angled(tag)})" for provision, tag in wanted)
    found = _accepted(store, f"VALUES (?provision ?tag) {{ {listed} }}")
    return {pair: found.get(pair, ()) for pair in wanted}


def _accepted(store: Store, values: str) -> dict[tuple[str, str], tuple[TaggingView, ...]]:
    """Accepted taggings where a block of values says which."""
    rows = store.select(
        f"""PREFIX dt: <{DT}>
        SELECT ?provision ?tag ?author ?method ?confidence ?state ?tagging
        WHERE {{
          {values}
          ?tagging dt:tagged ?provision ; dt:tag ?tag ;
                   dt:taggingState <{CODES}/tagging-state/accepted> .
          OPTIONAL {{ ?tagging dt:author ?author }}
          OPTIONAL {{ ?tagging dt:taggingMethod ?method }}
          OPTIONAL {{ ?tagging dt:confidence ?confidence }}
          OPTIONAL {{ ?tagging dt:reviewState ?state }}
        }}"""
    )
    ordered = _ordered(rows, "provision", "tag", "author", "tagging")
    # A second sort keeps the order of the first among what is equally sure.
    ordered.sort(key=lambda row: -float(row["confidence"] or 0))
    found: dict[tuple[str, str], tuple[TaggingView, ...]] = {}
    for row in ordered:
        view = TaggingView(
            author=row["author"],
            method=last_part(row["method"]),
            confidence=float(row["confidence"] or 1),
            review_state=last_part(row["state"]),
        )
        key = (row["provision"], row["tag"])
        found[key] = (*found.get(key, ()), view)
    return found


@dataclass(frozen=True, slots=True)
class Wording:
    """What identifies and says a provision, for showing it.

    ``verbs`` and ``addressees`` are labels in the language asked for.
    """

    provision: str
    text: str
    symbol: str
    title: str
    number: str
    summary: str
    verbs: tuple[str, ...]
    addressees: tuple[str, ...]


def _heads(store: Store, wanted: list[str], language: str) -> list[dict[str, str]]:
    """Rows that identify and say provisions: in the languages that come first, else in all."""
    found = _said(store, wanted, f"FILTER(LANG(?summary) IN ({_tongues(language)}))")
    silent = {row["provision"] for row in found if not row["summary"]}
    return [
        *(row for row in found if row["provision"] not in silent),
        *(_said(store, sorted(silent), "") if silent else []),
    ]


def _said(store: Store, provisions: list[str], condition: str) -> list[dict[str, str]]:
    """Rows of some provisions, with each summary that meets a condition and each text."""
    rows = store.select(
        f"""PREFIX dt: <{DT}>
        SELECT ?provision ?text ?symbol ?number ?summary ?words
               (LANG(?summary) AS ?language) (LANG(?words) AS ?tongue)
        WHERE {{
          {values_block("provision", provisions)}
          ?provision dt:ofText ?text ; dt:number ?number .
          ?text dt:symbol ?symbol .
          OPTIONAL {{ ?provision dt:summary ?summary {condition} }}
          OPTIONAL {{ ?provision dt:text ?words }}
        }}"""
    )
    return _ordered(rows, "provision", "symbol", "summary", "words", "language", "tongue")


def wordings(
    store: Store,
    provisions: Iterable[str],
    language: str,
    names: Callable[[Iterable[str]], Mapping[str, str]] | None = None,
) -> dict[str, Wording]:
    """Wording of each provision that exists, by IRI.

    ``names`` gives the names of things; without it they are looked up.
    """
    wanted = list(dict.fromkeys(provisions))
    if not wanted:
        return {}
    heads = _heads(store, wanted, language)
    block = values_block("provision", wanted)
    parts = store.select(
        f"""PREFIX dt: <{DT}>
        SELECT ?provision ?place ?verb ?addressee
        WHERE {{
          {block}
          ?element dt:elementOf ?provision ; dt:verb ?verb ; dt:sequence ?place .
          OPTIONAL {{ ?element dt:addressee ?addressee }}
        }}"""
    )
    head: dict[str, dict[str, str]] = {}
    summaries: dict[str, dict[str, str]] = {}
    words: dict[str, dict[str, str]] = {}
    for row in heads:
        head.setdefault(row["provision"], row)
        if row["words"]:
            words.setdefault(row["provision"], {})[row["tongue"]] = row["words"]
        if row["summary"]:
            summaries.setdefault(row["provision"], {})[row["language"]] = row["summary"]
    verbs: dict[str, list[str]] = {}
    addressees: dict[str, list[str]] = {}
    ordered = _ordered(parts, "provision", "verb", "addressee")
    ordered.sort(key=lambda row: int(row["place"]))
    for row in ordered:
        verbs.setdefault(row["provision"], []).append(row["verb"])
        if row["addressee"]:
            addressees.setdefault(row["provision"], []).append(row["addressee"])
    things = [
        *(row["text"] for row in head.values()),
        *(iri for found in (*verbs.values(), *addressees.values()) for iri in found),
    ]
    named = names(things) if names else labels(store, things, language)
    return {
        iri: Wording(
            provision=iri,
            text=row["text"],
            symbol=row["symbol"],
            title=named[row["text"]],
            number=row["number"],
            # An imported provision has its own words, and no summary yet.
            summary=_in_language(summaries.get(iri) or words.get(iri, {}), language),
            verbs=tuple(dict.fromkeys(named[v] for v in verbs.get(iri, ()))),
            addressees=tuple(dict.fromkeys(named[a] for a in addressees.get(iri, ()))),
        )
        for iri, row in head.items()
    }
