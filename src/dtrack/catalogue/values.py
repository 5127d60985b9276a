"""What callers give, as typed terms, and typed terms as SPARQL text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol

from dtrack.catalogue.query import Parameter, ParameterKind
from dtrack.errors import ParameterError
from dtrack.model import Iri, Literal, Term
from dtrack.terms import BASE, PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

ANY: Final = Iri(f"{BASE}/any")
"""What ``$x`` is when the caller leaves out a parameter with ``any``; no data has it."""


class Resolver(Protocol):
    """Finds what names stand for. Raises NotFoundError."""

    def text(self, symbol: str) -> Iri:
        """Text of an official symbol in any spelling."""
        ...

    def key(self, of: str, key: str) -> Iri:
        """Thing of a kind (instrument, target, theme, actor …) with a key."""
        ...


# RFC 3987 without IPv6 addresses, private characters and marks of direction: a subset of what
# SPARQL allows, and what engines take.
_UNICODE: Final = "\u00a0-\u200d\u2010-\u2029\u202f-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000)
)
_IN_IRI: Final = rf"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;={_UNICODE}]|%[0-9A-Fa-f]{{2}})"
_IRI: Final = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:{_IN_IRI}+(?:#{_IN_IRI}*)?")
_ABSOLUTE: Final = re.compile(r"(?:https?://|urn:)", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def to_term(parameter: Parameter, text: str, resolver: Resolver | None = None) -> Term:
    """Typed term of what a caller gave. Raises ParameterError, NotFoundError."""
    if _SURROGATE.search(text) or "\x00" in text:
        raise ParameterError(
            f"Parameter '{parameter.name}' holds a character that is none.",
            remedy="Send UTF-8 without NUL.",
        )
    if parameter.kind is ParameterKind.STRING:
        return Literal(text)
    text = text.strip()
    if parameter.kind in _LITERALS:
        read, wanted = _LITERALS[parameter.kind]
        try:
            return read(text)
        except ValueError:
            raise _ill_typed(parameter, text, wanted) from None
    return _iri(parameter, text, resolver)


def sparql(term: Term) -> str:
    """SPARQL text of a term: nothing in it can end the term early."""
    if isinstance(term, Iri):
        return f"<{term}>"
    quoted = '"' + term.lexical.translate(_ESCAPES) + '"'
    return quoted if term.datatype == f"{XSD}string" else f"{quoted}^^<{term.datatype}>"


_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def _iri(parameter: Parameter, text: str, resolver: Resolver | None) -> Iri:
    """IRI written out, abbreviated, or named by a symbol or a key."""
    prefix, colon, name = text.partition(":")
    if colon and prefix in PREFIXES and not name.startswith("//"):
        text = PREFIXES[prefix] + name
    elif not _ABSOLUTE.match(text) and parameter.kind is not ParameterKind.IRI:
        return _resolved(parameter, text, resolver)
    if not _IRI.fullmatch(text):
        raise _ill_typed(parameter, text, "an IRI, absolute or as prefix:name")
    return Iri(text)


def _resolved(parameter: Parameter, text: str, resolver: Resolver | None) -> Iri:
    """IRI that a symbol or a key stands for."""
    if not text:
        raise _ill_typed(parameter, text, "a name or an IRI")
    if resolver is None:
        raise _ill_typed(parameter, text, "an IRI here, where names cannot be looked up")
    if parameter.kind is ParameterKind.SYMBOL:
        found = resolver.text(text)
    else:
        found = resolver.key(parameter.of, text)
    if not _IRI.fullmatch(found):
        raise _ill_typed(parameter, text, "a name that stands for an IRI")
    return found


def _ill_typed(parameter: Parameter, text: str, wanted: str) -> ParameterError:
    """Error for a value that is not of its kind."""
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return ParameterError(f"Parameter '{parameter.name}' is '{shown}'.", remedy=f"Give {wanted}.")


def _matched(pattern: re.Pattern[str], text: str) -> str:
    """Text, when it is wholly of a pattern."""
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _integer(text: str) -> Literal:
    return Literal(str(int(_matched(_INTEGER, text))), f"{XSD}integer")


def _decimal(text: str) -> Literal:
    number = Decimal(_matched(_DECIMAL, text))
    written = f"{number:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return Literal(written if number else "0", f"{XSD}decimal")


def _date(text: str) -> Literal:
    return Literal(date.fromisoformat(_matched(_DATE, text)).isoformat(), f"{XSD}date")


def _boolean(text: str) -> Literal:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return Literal(text.lower(), f"{XSD}boolean")


def _language(text: str) -> Literal:
    return Literal(_matched(_LANGUAGE, text).lower())


_LITERALS: Final[dict[ParameterKind, tuple[Callable[[str], Literal], str]]] = {
    ParameterKind.LANG: (_language, "a language tag such as en or zh"),
    ParameterKind.INTEGER: (_integer, "a whole number"),
    ParameterKind.DECIMAL: (_decimal, "a decimal number such as 0.5"),
    ParameterKind.DATE: (_date, "a date as YYYY-MM-DD"),
    ParameterKind.BOOLEAN: (_boolean, "true or false"),
}
