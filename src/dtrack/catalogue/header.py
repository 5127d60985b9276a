"""The ``#+`` header of a query file: a closed set of keys, in YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from dtrack.catalogue.query import Column, Parameter, ParameterKind, Told
from dtrack.catalogue.yaml_nodes import Entry, YamlReader
from dtrack.errors import CatalogueError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS: Final = (
    "summary", "description", "translations", "tags", "parameters", "columns", "method", "limit",
)  # fmt: skip
PARAMETER_KEYS: Final = ("kind", "description", "default", "any", "of", "scheme")
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
TRANSLATION_KEYS: Final = ("summary", "description")
KEY: Final = re.compile(r"[a-z][a-z0-9-]*")
LANGUAGE: Final = re.compile(r"(?!en\b)[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_MARK: Final = "#+"

Entries = dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says, with the lines that faults are reported at."""

    summary: str
    description: str
    translations: Mapping[str, Told]
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    method: str
    limit: int | None
    lines: Mapping[str, int]


def read_header(text: str, source: str) -> Header:
    """Header of a query file. Raises CatalogueError with the line and what to do."""
    reader = YamlReader(source)
    entries = reader.mapping(reader.compose(_yaml(text, source)), "The header", KEYS)
    return Header(
        summary=_summary(entries, reader),
        description=_text(entries, "description", reader),
        translations=_translations(entries, reader),
        tags=reader.texts(entries["tags"].value, "'tags'") if "tags" in entries else (),
        parameters=_parameters(entries, reader),
        columns=_columns(entries, reader),
        method=_method(entries, reader),
        limit=_limit(entries, reader),
        lines={key: entry.line for key, entry in entries.items()},
    )


def _yaml(text: str, source: str) -> str:
    """YAML of the header: its lines are the first ones of the file."""
    lines = text.split("\n")
    marked = [number for number, line in enumerate(lines) if line.startswith(_MARK)]
    if not marked:
        raise CatalogueError(
            "The query has no header.",
            remedy="Begin the file with '#+ summary: …'.",
            place=Place(source, 1),
        )
    if marked != list(range(len(marked))):
        stray = next(line for at, line in enumerate(marked) if line != at)
        raise CatalogueError(
            "A header line stands outside the header.",
            remedy="Put all lines that begin with '#+' together at the top.",
            place=Place(source, stray + 1),
        )
    return "\n".join(lines[number].removeprefix(_MARK).removeprefix(" ") for number in marked)


def _summary(entries: Entries, reader: YamlReader) -> str:
    """One sentence, which every query must have."""
    summary = _text(entries, "summary", reader)
    if not summary:
        raise reader.fault("The header has no summary.", 1, "Add '#+ summary: …'.")
    return summary


def _translations(entries: Entries, reader: YamlReader) -> dict[str, Told]:
    """Summary and description in other languages, by tag: both, where the header has both."""
    if "translations" not in entries:
        return {}
    by_language = reader.mapping(entries["translations"].value, "'translations'")
    return {tag: _told(tag, entry, entries, reader) for tag, entry in by_language.items()}


def _told(tag: str, entry: Entry, entries: Entries, reader: YamlReader) -> Told:
    """What one language says."""
    if not LANGUAGE.fullmatch(tag):
        raise reader.fault(
            f"'{tag}' is no language to translate into.",
            entry.line,
            "Give a tag such as 'zh', in lower case; the header itself is in English.",
        )
    what = f"The translation '{tag}'"
    said = reader.mapping(entry.value, what, TRANSLATION_KEYS)
    told = {key: _text(said, key, reader) for key in TRANSLATION_KEYS}
    for key in TRANSLATION_KEYS:
        if bool(told[key]) != bool(_text(entries, key, reader)):
            has, do = ("no", "Add") if not told[key] else ("a", "Remove")
            raise reader.fault(
                f"{what} has {has} {key}, unlike the header.", entry.line, f"{do} '{key}'."
            )
    return Told(**told)


def _method(entries: Entries, reader: YamlReader) -> str:
    """HTTP method."""
    method = _text(entries, "method", reader) or "GET"
    if method not in {"GET", "POST"}:
        raise reader.fault(f"The method is '{method}'.", entries["method"].line, "Use GET or POST.")
    return method


def _limit(entries: Entries, reader: YamlReader) -> int | None:
    """Rows to show."""
    limit = _text(entries, "limit", reader)
    if not limit:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}", limit):
        raise reader.fault(
            f"The limit is '{limit}'.", entries["limit"].line, "Give a whole number from 1."
        )
    return int(limit)


def _columns(entries: Entries, reader: YamlReader) -> tuple[Column, ...]:
    """Columns, with descriptions where the header has a mapping."""
    if "columns" not in entries:
        return ()
    node = entries["columns"].value
    if isinstance(node, yaml.SequenceNode):
        return tuple(Column(name) for name in reader.texts(node, "'columns'"))
    described = reader.mapping(node, "'columns'")
    return tuple(
        Column(name, reader.text(entry.value, f"Column '{name}'").strip())
        for name, entry in described.items()
    )


def _parameters(entries: Entries, reader: YamlReader) -> tuple[Parameter, ...]:
    """Parameters, in the header's order."""
    if "parameters" not in entries:
        return ()
    named = reader.mapping(entries["parameters"].value, "'parameters'")
    return tuple(_parameter(name, entry, reader) for name, entry in named.items())


def _parameter(name: str, entry: Entry, reader: YamlReader) -> Parameter:
    """One parameter."""
    what = f"Parameter '{name}'"
    if not NAME.fullmatch(name):
        raise reader.fault(f"{what} is no name.", entry.line, "Use lower snake case.")
    said = {
        key: reader.text(value, f"'{key}' of {what.lower()}")
        for key, (value, _) in reader.mapping(entry.value, what, PARAMETER_KEYS).items()
    }
    kinds = [kind.value for kind in ParameterKind]
    if said.get("kind") not in kinds:
        raise reader.fault(
            f"{what} has {'an unknown' if 'kind' in said else 'no'} kind.",
            entry.line,
            f"Give one of {', '.join(kinds)}.",
        )
    kind = ParameterKind(said["kind"])
    faults = (
        (said.get("any", "true") != "true", "'any' is 'true' or is left out"),
        ("any" in said and "default" in said, "either a default or 'any'"),
        ((kind is ParameterKind.KEY) != ("of" in said), "'of' goes with the kind 'key', always"),
        (
            not all(KEY.fullmatch(said[key]) for key in ("of", "scheme") if key in said),
            "'of' and 'scheme' are keys in lower case",
        ),
    )
    for is_faulty, rule in faults:
        if is_faulty:
            raise reader.fault(f"{what} breaks a rule: {rule}.", entry.line, "Change its line.")
    return Parameter(
        name,
        kind,
        description=said.get("description", "").strip(),
        default=said.get("default"),
        any="any" in said,
        of=said.get("of", ""),
        scheme=said.get("scheme", ""),
    )


def _text(entries: Entries, key: str, reader: YamlReader) -> str:
    """Text of a key; "" where it is missing."""
    return reader.text(entries[key].value, f"'{key}'").strip() if key in entries else ""
