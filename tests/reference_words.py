"""Words of things found the long way: one thing at a time, all languages, ordered by the engine."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dtrack.answer.lookup import Wording, last_part
from dtrack.answer.views import TaggingView
from dtrack.model import Store
from dtrack.terms import CODES, DT, SKOS, XSD

LANGUAGES = ("en", "zh", "fr", "de", "")
ACCEPTED = f"{CODES}/tagging-state/accepted"


def _rows(store: Store, what: str, where: str, order: str) -> Iterator[dict[str, str]]:
    return store.select(
        f"PREFIX dt: <{DT}> PREFIX skos: <{SKOS}> PREFIX dcterms: <http://purl.org/dc/terms/> "
        f"SELECT {what} WHERE {{ {where} }} ORDER BY {order}"
    ).texts()


def _chosen(rows: Iterator[dict[str, str]], language: str, *, last: bool = False) -> str:
    texts: dict[str, str] = {}
    for row in rows:
        if last or row["language"] not in texts:
            texts[row["language"]] = row["words"]
    wanted = [texts[each] for each in (language, "en", "") if each in texts]
    return [*wanted, *texts.values(), ""][0]


def label(store: Store, iri: str, language: str) -> str:
    where = f"<{iri}> skos:prefLabel|dcterms:title ?words"
    rows = _rows(store, "?words (LANG(?words) AS ?language)", where, "?words ?language")
    return _chosen(rows, language) or last_part(iri)


def wording(store: Store, iri: str, language: str) -> Wording | None:
    where = f"<{iri}> dt:ofText ?text ; dt:number ?number . ?text dt:symbol ?symbol"
    head = next(_rows(store, "?text ?number ?symbol", where, "?symbol"), None)
    if head is None:
        return None
    said = {
        local: _chosen(
            _rows(
                store,
                "?words (LANG(?words) AS ?language)",
                f"<{iri}> dt:{local} ?words",
                "?words ?language",
            ),
            language,
            last=True,
        )
        for local in ("summary", "text")
    }
    parts = list(
        _rows(
            store,
            "?verb ?addressee",
            f"?e dt:elementOf <{iri}> ; dt:verb ?verb ; dt:sequence ?n "
            "OPTIONAL { ?e dt:addressee ?addressee }",
            "?n ?verb ?addressee",
        )
    )
    named = {
        column: dict.fromkeys(label(store, row[column], language) for row in parts if row[column])
        for column in ("verb", "addressee")
    }
    return Wording(
        iri,
        head["text"],
        head["symbol"],
        label(store, head["text"], language),
        head["number"],
        said["summary"] or said["text"],
        tuple(named["verb"]),
        tuple(named["addressee"]),
    )


def tagged(store: Store, provision: str, tag: str) -> tuple[TaggingView, ...]:
    where = f"""?t dt:tagged <{provision}> ; dt:tag <{tag}> ; dt:taggingState <{ACCEPTED}> .
        OPTIONAL {{ ?t dt:author ?author }} OPTIONAL {{ ?t dt:taggingMethod ?method }}
        OPTIONAL {{ ?t dt:confidence ?confidence }} OPTIONAL {{ ?t dt:reviewState ?state }}"""
    rows = _rows(store, "*", where, "DESC(?confidence) ?author ?t")
    return tuple(
        TaggingView(
            row["author"],
            last_part(row["method"]),
            float(row["confidence"] or 1),
            last_part(row["state"]),
        )
        for row in rows
    )


PROVISIONS = [f"urn:x/p{number}" for number in range(6)]
TAGS = [f"urn:x/tag{number}" for number in range(4)]
THINGS = [*TAGS, *(f"urn:x/{kind}{number}" for kind in ("text", "verb") for number in range(4))]


class _Making:
    """Lines of N-Triples, made of what dice say."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.lines: set[str] = set()

    def say(self, subject: str, local: str, value: str) -> None:
        """One triple; ``local`` is a name in our ontology, or an IRI."""
        self.lines.add(f"<{subject}> <{local if ':' in local else DT + local}> {value} .\n")

    def words(self, subject: str, local: str) -> None:
        """Up to three languages, and here and there two texts in one."""
        for tongue in self.dice.sample(LANGUAGES[:-1], self.dice.randrange(4)):
            for _ in range(self.dice.choice((1, 1, 2))):
                text = f"{self.dice.choice('bäA中z')}{self.dice.randrange(20)}"
                self.say(subject, local, f'"{text}"@{tongue}')

    def thing(self, thing: str) -> None:
        """Names, and a symbol of most texts."""
        named = (f"{SKOS}prefLabel", "http://purl.org/dc/terms/title")
        self.words(thing, self.dice.choice(named))
        if "text" in thing and self.dice.random() < 0.9:
            self.say(thing, "symbol", f'"X/{self.dice.randrange(9)}"')

    def provision(self, provision: str) -> None:
        """What is said of a provision, with its directives and its taggings."""
        self.say(provision, "ofText", f"<urn:x/text{self.dice.randrange(4)}>")
        self.say(provision, "number", f'"{self.dice.randrange(30)}"')
        self.words(provision, "summary")
        self.words(provision, "text")
        for number in range(self.dice.randrange(13)):
            element = f"{provision}/{number}"
            self.say(element, "elementOf", f"<{provision}>")
            self.say(element, "verb", f"<urn:x/verb{self.dice.randrange(4)}>")
            self.say(element, "sequence", f'"{number}"^^<{XSD}integer>')
            for _ in range(self.dice.randrange(3)):
                self.say(element, "addressee", f"<urn:x/tag{self.dice.randrange(4)}>")
        for number in range(self.dice.randrange(9)):
            self.tagging(provision, f"{provision}/tagging{number}")

    def tagging(self, provision: str, tagging: str) -> None:
        """Who put a provision to a tag; some are not accepted, or say less."""
        self.say(tagging, "tagged", f"<{provision}>")
        self.say(tagging, "tag", f"<{self.dice.choice(TAGS)}>")
        state = ACCEPTED if self.dice.random() < 0.8 else f"{CODES}/tagging-state/proposed"
        self.say(tagging, "taggingState", f"<{state}>")
        self.say(tagging, "author", f'"{self.dice.choice(("ann", "Bo", "émile"))}"')
        if self.dice.random() < 0.7:
            sure = self.dice.choice(("0.5", "0.75", "1.0"))
            self.say(tagging, "confidence", f'"{sure}"^^<{XSD}decimal>')
        if self.dice.random() < 0.7:
            self.say(tagging, "taggingMethod", f"<urn:x/method{self.dice.randrange(2)}>")


def made_up(seed: int) -> bytes:
    """A few provisions, some without a symbol, a summary, a directive or any name."""
    making = _Making(seed)
    for thing in THINGS:
        making.thing(thing)
    for provision in PROVISIONS:
        making.provision(provision)
    return "".join(sorted(making.lines)).encode()
