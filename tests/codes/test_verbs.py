"""The verb scheme: its size, its forms in four languages, and that real texts use them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS

from codes.hierarchy import CODES, DT, rows, scheme, words

if TYPE_CHECKING:
    from pathlib import Path

VERBS = scheme("verb")
LANGUAGES = ("en", "zh", "fr", "es")
FORM = URIRef(f"{DT}verbForm")

# Words that also render a verb whose form they are not: one language has one word for two
# verbs. (verb, language, word) -> the verb whose form the word is. Kind and force differ only
# where a reader of that language cannot tell either.
ONE_WORD_FOR_TWO = {
    ("adopts", "es", "aprueba"): "approves",  # General Assembly
    ("resolves", "fr", "décide"): "decides",
    ("confirms", "zh", "确认"): "recognizes",
    ("acknowledges", "zh", "确认"): "recognizes",
    ("acknowledges", "fr", "reconnaît"): "recognizes",
    ("acknowledges", "es", "reconoce"): "recognizes",
    ("proclaims", "zh", "宣布"): "declares",
    ("instructs", "fr", "charge"): "directs",  # CITES
    ("instructs", "es", "encarga"): "directs",  # CITES
    ("mandates", "zh", "授权"): "authorizes",
    ("shall", "zh", "应"): "should",  # treaty articles
    ("calls-for", "zh", "呼吁"): "calls-upon",
    ("suggests", "zh", "建议"): "recommends",
    ("invites", "zh", "请"): "requests",
    ("takes-note", "zh", "注意到"): "notes",
    ("reiterates", "zh", "重申"): "reaffirms",
    ("stresses", "zh", "强调"): "emphasizes",
    ("stresses", "fr", "souligne"): "emphasizes",
    ("underlines", "zh", "强调"): "emphasizes",
    ("underlines", "fr", "souligne"): "emphasizes",
}

FACTS = (
    "directives_biodiversity.tsv",
    "directives_other.tsv",
    "directives_biodiversity_secondhand.tsv",
    "directives_other_unverified.tsv",
)
# How the facts word a verb, where the key is not that word with hyphens.
WORDED = {"calls on": "calls-upon"}

# The operative verbs of the Chinese seeds.
SEED_VERBS = {
    "邀请": "invites",
    "请": "requests",
    "要求": "requests",
    "请求": "requests",
    "注意到": "notes",
    "确认": "recognizes",
    "认识到": "recognizes",
    "鼓励": "encourages",
    "欢迎": "welcomes",
    "强调": "emphasizes",
    "重申": "reaffirms",
    "提议": "proposes",
    "赞赏地确认": "acknowledges",
    "回顾": "recalls",
    "关切地注意到": "notes-with-concern",
    "呼吁": "calls-upon",
    "希望": "hopes",
    "商定": "agrees",
    "需要": "needs-to",
    "应": "should",
    "应当": "should",
    "应该": "should",
    "应考虑": "should",
    "应继续": "should",
}


def forms(key: str, language: str) -> set[str]:
    return VERBS.labels(key, language, FORM)


def by_form(language: str) -> dict[str, set[str]]:
    """Keys of the verbs that have a form, by the form without regard to case."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in VERBS.keys:
        for form in forms(key, language):
            found[form.casefold()].add(key)
    return found


def values(key: str, name: str) -> list[str]:
    return [str(value) for value in VERBS.graph.objects(VERBS.iri(key), URIRef(f"{DT}{name}"))]


def opening(language: str) -> re.Pattern[str]:
    """What matches the longest form at the start of a text."""
    known = sorted(by_form(language), key=len, reverse=True)
    assert known
    end = "" if language == "zh" else r"\b"
    return re.compile(f"(?:{'|'.join(map(re.escape, known))}){end}", re.IGNORECASE)


def test_there_are_at_least_sixty_verbs():
    assert len(VERBS.keys) >= 60
    kind = URIRef(f"{DT}OperativeVerb")
    assert all((VERBS.iri(key), RDF.type, kind) in VERBS.graph for key in VERBS.keys)


@pytest.mark.parametrize("key", VERBS.keys)
def test_a_verb_has_one_label_in_each_language(key):
    for language in LANGUAGES:
        labels = VERBS.labels(key, language, SKOS.prefLabel)

        assert len(labels) == 1, language
        assert labels <= forms(key, language), f"the {language} label is a form of the verb"


@pytest.mark.parametrize("key", VERBS.keys)
def test_a_verb_has_kind_force_and_modality(key):
    for name, code in (
        ("kind", "kind"),
        ("verbForce", "force"),
        ("verbModality", "verb-modality"),
    ):
        (value,) = values(key, name)
        assert value.removeprefix(f"{CODES}/{code}/") in scheme(code).keys


@pytest.mark.parametrize("key", VERBS.keys)
def test_a_verb_has_forms_in_each_language(key):
    for language in LANGUAGES:
        assert len(forms(key, language)) >= (1 if language == "zh" else 2), language


def test_force_fits_kind():
    acknowledging = {f"{CODES}/force/acknowledgement", f"{CODES}/force/preambular"}
    seen = Counter()
    for key in VERBS.keys:
        (kind,) = values(key, "kind")
        (force,) = values(key, "verbForce")
        seen[kind] += 1
        if kind.endswith("/operational"):
            assert force not in acknowledging, key
        else:
            assert force in acknowledging or key in {"hopes", "expects"}, key
    assert min(seen.values()) >= 20, seen


def test_a_narrower_verb_keeps_the_kind_of_the_broader_one():
    pairs = [(key, parent) for key in VERBS.keys for parent in VERBS.broader[key]]

    assert len(pairs) >= 50
    for key, parent in pairs:
        assert values(key, "kind") == values(parent, "kind"), key


def test_every_form_has_a_language_and_straight_clean_text():
    texts = [value for value in VERBS.graph.objects(None, FORM) if isinstance(value, Literal)]

    assert len(texts) >= 5000
    for text in texts:
        assert text.language in LANGUAGES, text
        assert str(text) == " ".join(str(text).split()), text
        assert not re.search(r"[’‘“”+;=A-Z]", str(text)), text
        assert (text.language == "zh") == bool(re.search("[一-鿿]", str(text))), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_belongs_to_one_verb_of_its_language(language):
    found = by_form(language)

    assert len(found) >= 1000
    assert {form: keys for form, keys in found.items() if len(keys) > 1} == {}


def test_one_word_for_two_verbs_is_said_in_the_scheme_and_listed_here():
    shared = {
        (key, language, word): owner
        for language in LANGUAGES
        for owned in [by_form(language)]
        for key in VERBS.keys
        for word in VERBS.labels(key, language, SKOS.altLabel)
        for owner in owned.get(word.casefold(), set()) - {key}
    }

    assert shared == ONE_WORD_FOR_TWO
    for key, _, word in shared:
        notes = " ".join(str(note) for note in VERBS.graph.objects(VERBS.iri(key), SKOS.scopeNote))
        assert word in notes, key


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("en", "also requests", "requests"),
        ("en", "further requests", "requests"),
        ("en", "requests also", "requests"),
        ("en", "requesting", "requests"),
        ("en", "are invited to", "invites"),
        ("en", "takes note with appreciation of", "notes-with-appreciation"),
        ("en", "takes note of", "takes-note"),
        ("en", "calls on", "calls-upon"),
        ("en", "strongly urges", "strongly-urges"),
        ("en", "bearing in mind", "bears-in-mind"),
        ("en", "having also considered", "has-considered"),
        ("en", "may", "may"),
        ("en", "may not", "shall-not"),
        ("zh", "又请", "requests"),
        ("zh", "还请", "requests"),
        ("zh", "并请", "requests"),
        ("zh", "再次请", "requests"),
        ("zh", "促请", "urges"),
        ("zh", "责成", "directs"),
        ("zh", "表示注意到", "takes-note"),
        ("zh", "忆及", "recalls"),
        ("zh", "铭记", "bears-in-mind"),
        ("zh", "不得", "shall-not"),
        ("fr", "prie", "requests"),
        ("fr", "demande à", "requests"),
        ("fr", "priant", "requests"),
        ("fr", "prie également", "requests"),
        ("fr", "prie instamment", "urges"),
        ("fr", "prend également note", "takes-note"),
        ("fr", "ayant à l'esprit", "bears-in-mind"),
        ("fr", "se félicite en outre", "welcomes"),
        ("fr", "est invitée", "invites"),
        ("fr", "ne doit pas", "shall-not"),
        ("es", "pide", "requests"),
        ("es", "solicita", "requests"),
        ("es", "pidiendo", "requests"),
        ("es", "pide además", "requests"),
        ("es", "toma nota también", "takes-note"),
        ("es", "toma nota con reconocimiento", "notes-with-appreciation"),
        ("es", "acoge con beneplácito", "welcomes"),
        ("es", "teniendo presente", "bears-in-mind"),
        ("es", "encarga", "directs"),
        ("es", "no deberá", "shall-not"),
    ],
)
def test_a_form_leads_to_its_verb(language, text, key):
    assert by_form(language)[text] == {key}
    assert opening(language).fullmatch(text)


@pytest.mark.parametrize(("text", "key"), SEED_VERBS.items())
def test_a_verb_of_the_chinese_seeds_is_known(text, key):
    assert by_form("zh")[text] == {key}


def test_every_verb_of_the_facts_is_a_concept(shared: Path):
    folder = shared / "data" / "facts"
    found = Counter(
        word for name in FACTS for row in rows(folder / name) for word in words(row["verb"])
    )

    assert len(found) >= 40
    assert sum(found.values()) >= 860
    for word in found:
        key = WORDED.get(word, word.replace(" ", "-"))
        assert key in VERBS.keys, word
        assert by_form("en")[word] == {key}, word


def test_the_default_kind_of_a_verb_is_its_usual_kind_in_the_facts(shared: Path):
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for name in FACTS:
        for row in rows(shared / "data" / "facts" / name):
            if row["verb"] and ";" not in row["verb"]:
                kinds[WORDED.get(row["verb"], row["verb"].replace(" ", "-"))][row["kind"]] += 1
    often = {key: seen for key, seen in kinds.items() if seen.total() >= 7}

    assert len(often) >= 10
    for key, seen in often.items():
        assert values(key, "kind") == [f"{CODES}/kind/{seen.most_common(1)[0][0]}"], key


def test_the_paragraphs_of_the_chinese_decision_open_with_known_verbs(shared: Path):
    (seed,) = (shared / "data" / "seeds").glob("002_*.txt")
    paragraphs = re.findall(r"(?m)^\s*([1-8])\. +(\S.*)$", seed.read_text(encoding="utf-8"))
    pattern, known = opening("zh"), by_form("zh")

    found = {
        number: known[match.group().casefold()]
        for number, text in paragraphs
        if (match := pattern.match(text))
    }

    assert found == {
        "1": {"notes"},
        "2": {"recognizes"},
        "3": {"notes-with-concern"},
        "4": {"invites"},
        "5": {"welcomes"},
        "6": {"emphasizes"},
        "7": {"reaffirms"},
        "8": {"requests"},
    }


def test_verbs_that_open_paragraphs_of_climate_decisions_are_known(shared: Path):
    pattern = opening("en")
    openers: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for volume in sorted((shared / "data" / "unfccc_decisions").glob("*.txt")):
        text = volume.read_text(encoding="utf-8", errors="replace")
        # A numbered paragraph that opens with a third-person verb and goes on with its object.
        for sentence in re.findall(
            r"(?m)^\s*\d+\.\s+((?:Also |Further |Strongly )?[A-Z]?[a-z]+s (?:the|that|its|all) )",
            text,
        ):
            known = pattern.match(sentence)
            (openers if known else unknown)[sentence.strip()] += 1

    assert openers.total() >= 800
    assert [word for word, count in unknown.items() if count >= 3] == []
    assert unknown.total() <= openers.total() * 0.02, unknown
