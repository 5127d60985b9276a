"""Terms as N-Triples text, for readers that make triples rather than parse them."""

from __future__ import annotations

import re
from typing import Final

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^<>\"{}|^`\\\x00-\x20\ud800-\udfff]+")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that N-Triples can hold."""
    return _IRI.fullmatch(text) is not None


def iri(text: str) -> str:
    """IRI in angle brackets; the caller has asked is_iri()."""
    return f"<{text}>"


def literal(lexical: str, *, datatype: str = "", language: str = "") -> str:
    """Literal, plain, typed or with a language."""
    quoted = f'"{lexical.translate(_ESCAPES)}"'
    if language:
        return f"{quoted}@{language}"
    return f"{quoted}^^<{datatype}>" if datatype else quoted
