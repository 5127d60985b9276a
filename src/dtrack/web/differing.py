"""What a proposal changes, in words: triples by the thing that they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.answer.lookup import labels, last_part
from dtrack.web.coded import codes_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dtrack.wiring import Service

_TRIPLE: Final = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<[^>]*>)?) \.'
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Change:
    """A triple that comes or goes, as words; ``iri`` is that of the value, "" for a text."""

    added: bool
    property: str
    value: str
    iri: str
    language: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing with what changes about it."""

    iri: str
    name: str
    changes: list[Change]


def readable(
    service: Service, added: Iterable[str], removed: Iterable[str], language: str
) -> list[Changed]:
    """Changes of N-Triples lines by thing, what goes before what comes."""
    lines = [(False, line) for line in removed] + [(True, line) for line in added]
    read = [(comes, match.groups("")) for comes, line in lines if (match := _TRIPLE.match(line))]
    names = labels(service.store, _iris(group for _, group in read), language)
    codes = codes_in(service, language)
    found: dict[str, list[Change]] = {}
    for comes, (subject, predicate, iri, text, tag) in read:
        value = names.get(iri, iri) if iri else _unescaped(text)
        label = codes.of(predicate)
        change = Change(comes, label or last_part(predicate), value, iri, tag)
        found.setdefault(subject, []).append(change)
    return [
        Changed(iri, _name(iri, names.get(iri, "")), sorted(changes, key=_order))
        for iri, changes in sorted(found.items())
    ]


def _order(change: Change) -> tuple[str, bool, str]:
    return change.property, change.added, change.value


def _name(iri: str, label: str) -> str:
    """Label of a thing, or the end of its IRI that tells it apart."""
    return label if label and label != last_part(iri) else "/".join(iri.split("/")[-2:])


def _iris(groups: Iterable[Sequence[str]]) -> list[str]:
    return sorted({iri for subject, _, value, *_ in groups for iri in (subject, value) if iri})


def _unescaped(text: str) -> str:
    def sign(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] in "uU" else _PLAIN.get(code, code)

    return _ESCAPE.sub(sign, text)
