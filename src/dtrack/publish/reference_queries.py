"""Reference page of the catalogue: what each query file says of itself, with examples."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import yaml

from dtrack.publish.reference_markdown import block, code, page, plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BY_KEY = {
    "instrument": ("cbd", "ramsar"),
    "framework": ("aichi", "gbf"),
    "target": ("aichi-11", "aichi-15"),
    "theme": ("wetlands", "restoration"),
    "actor": ("parties", "unep"),
    "verb": ("requests", "urges"),
    "meeting": ("cbd-cop-12", "ramsar-cop-13"),
}
_BY_KIND = {
    "symbol": ("XII/19", "X/2"),
    "iri": (
        "https://w3id.org/dtrack/id/target/aichi-11",
        "https://w3id.org/dtrack/id/target/gbf-3",
    ),
    "string": ("wetlands", "restoration"),
    "lang": ("en", "zh"),
    "integer": ("10", "20"),
    "decimal": ("0.5", "0.8"),
    "date": ("2015-01-01", "2020-12-31"),
    "boolean": ("true", "false"),
}
"""Values that examples give, by what a parameter wants: for the first one, and for a second."""

_OF_QUERY = {
    ("statement_outline", "text"): "https://w3id.org/dtrack/id/consensus/harbin-consensus-2019",
}
"""Values for parameters of one query, where the usual ones would find nothing."""


def queries_page(folder: Path) -> str:
    """Page of all queries of ``queries/catalogue``."""
    files = sorted(folder.glob("*.rq"))
    headers = {path.stem: read_header(path) for path in files}
    tags: dict[str, list[str]] = {}
    for name, header in headers.items():
        for tag in header.get("tags", []):
            tags.setdefault(tag, []).append(f"[{name}](#{name})")
    index = "\n".join(f"- {tag}: {', '.join(names)}" for tag, names in sorted(tags.items()))
    lead = (
        f"{len(files)} queries, each a file in [queries/catalogue](../../queries/catalogue) that "
        "serves the command line, the API and this page. `dtrack query NAME k=v` runs one, "
        "`GET /api/v1/queries/NAME?k=v` too."
    )
    parts = [part for name, header in headers.items() for part in _query(name, header)]
    return page("Queries", lead, [index, *parts] if index else parts)


def read_header(path: Path) -> dict[str, Any]:
    """What the ``#+`` lines of a query file say."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    # All scalars as text, as the catalogue reads them: `on` is a name, not true.
    said = yaml.load(header, Loader=yaml.BaseLoader)  # noqa: S506 - makes texts, lists, mappings
    if not isinstance(said, dict):
        raise ValueError(f"{path.name} has no header.")
    return said


def _query(name: str, header: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {name}"
    yield plain(str(header["summary"]))
    if header.get("description"):
        yield plain(str(header["description"]))
    parameters = header.get("parameters") or {}
    if parameters:
        yield table(
            ["parameter", "kind", "needed", "meaning"],
            (
                [code(key), _kind(said), _need(said), plain(str(said.get("description", "")))]
                for key, said in parameters.items()
            ),
        )
    columns = header.get("columns") or []
    meanings = columns if isinstance(columns, dict) else dict.fromkeys(columns, "")
    if meanings:
        yield table(
            ["column", "meaning"],
            ([code(column), plain(str(said))] for column, said in meanings.items()),
        )
    given = _examples(name, parameters)
    words = ["dtrack", "query", name, *(f"{key}={value}" for key, value in given.items())]
    address = f"/api/v1/queries/{name}" + (f"?{urlencode(given)}" if given else "")
    method = str(header.get("method", "GET"))
    yield block(f"{shlex.join(words)}\n{method} {address}", "text")
    yield f"[{name}.rq](../../queries/catalogue/{name}.rq)"


def _kind(said: Mapping[str, Any]) -> str:
    return f"key of {plain(str(said['of']))}" if "of" in said else plain(str(said["kind"]))


def _need(said: Mapping[str, Any]) -> str:
    if said.get("any"):
        return "may be left out"
    if "default" in said:
        return f"default {code(str(said['default']))}" if str(said["default"]) else "default: none"
    return "required"


def _examples(name: str, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Values for what must be given, two of one sort being different."""
    given: dict[str, str] = {}
    for key, said in parameters.items():
        if _need(said) == "required":
            sort = said["kind"]
            choice = _BY_KEY.get(said["of"], ("KEY",)) if sort == "key" else _BY_KIND[sort]
            usual = next((value for value in choice if value not in given.values()), choice[0])
            given[key] = _OF_QUERY.get((name, key), usual)
    return given
