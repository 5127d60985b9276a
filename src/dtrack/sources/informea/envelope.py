"""Bytes of a page to its rows, whatever envelope they are in, and where the next page is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import Place, SyntaxProblem
from dtrack.sources.informea.fields import SETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAMES: Final = {name.lower(): name for name in SETS}
_SINGULAR: Final = {
    "decision": "Decisions",
    "meeting": "Meetings",
    "contact": "Contacts",
    "countryreport": "CountryReports",
    "countryprofile": "CountryProfiles",
    "nationalplan": "NationalPlans",
    "site": "Sites",
    "document": "Documents",
    "treaty": "Treaties",
}
_SET_IN_ADDRESS: Final = re.compile(r"(?:^|[/#])([A-Za-z]+)(?:\(|$|\?)")
_MEANT_BY: Final = {
    "decision_number": "Decisions",
    "number": "Decisions",
    "start": "Meetings",
    "institution": "Contacts",
    "entryIntoForce": "CountryProfiles",
    "titleEnglish": "Treaties",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, None for what is none.

    ``form`` names the envelope, ``entity_set`` is "" when nothing tells.
    """

    rows: tuple[dict[str, Any] | None, ...]
    form: str
    entity_set: str
    next: str = ""


def read_page(data: bytes, place: str) -> Page:
    """Rows of a page of any version. Raises SyntaxProblem for what is no such page."""
    body = _parsed(data, place)
    rows, form, following = _unwrapped(body, place)
    kept = tuple(row if isinstance(row, dict) else None for row in rows)
    if rows and form == "json" and not any(row is not None for row in kept):
        raise _problem("A row of the page is no object.", place)
    context = body.get("@odata.context", "") if isinstance(body, dict) else ""
    told = [row for row in kept if row is not None]
    return Page(kept, form, _entity_set(told, (str(context), place)), following)


def _parsed(data: bytes, place: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _problem("The page is not UTF-8.", place) from error
    except json.JSONDecodeError as error:
        raise SyntaxProblem(
            f"The page is no JSON: {error.msg}.",
            remedy="Ask the service for $format=json; nothing was read.",
            place=Place(place, error.lineno, error.colno),
        ) from error
    except (ValueError, RecursionError) as error:
        raise _problem("The page is no JSON that can be read.", place) from error


def _unwrapped(body: Any, place: str) -> tuple[Sequence[Any], str, str]:
    """Rows, name of the envelope, and address of the next page."""
    if isinstance(body, list):
        return body, "json", ""
    if not isinstance(body, dict):
        raise _problem("The page is neither a list nor an object.", place)
    if "error" in body or "odata.error" in body:
        raise _problem("The service answers with an error instead of rows.", place)
    if "value" in body and ("@odata.context" in body or isinstance(body["value"], list)):
        value = body["value"]
        rows = value if isinstance(value, list) else [value]
        return rows, "OData 4", str(body.get("@odata.nextLink") or body.get("odata.nextLink") or "")
    if "d" in body:
        return _second_version(body["d"], place)
    if isinstance(body.get("data"), list):
        links = body.get("links")
        following = links.get("next") if isinstance(links, dict) else ""
        return body["data"], "json", following if isinstance(following, str) else ""
    return [body], "json", ""


def _second_version(inner: Any, place: str) -> tuple[Sequence[Any], str, str]:
    """What versions 1 to 3 hold under ``d``."""
    if isinstance(inner, list):
        return inner, "OData 1", ""
    if isinstance(inner, dict) and isinstance(inner.get("results"), list):
        return inner["results"], "OData 2/3", str(inner.get("__next") or "")
    if isinstance(inner, dict):
        return [inner], "OData 2/3", ""
    raise _problem("There are no rows under 'd'.", place)


def _entity_set(rows: Sequence[dict[str, Any]], hints: Iterable[str]) -> str:
    """Name of the entity set, by what the rows say of themselves, then by address, then by look."""
    for row in rows[:1]:
        about = row.get("__metadata")
        about = about if isinstance(about, dict) else {}
        kind = str(about.get("type", "")).rsplit(".", 1)[-1].lower()
        if kind in _SINGULAR or kind in _NAMES:
            return _SINGULAR.get(kind) or _NAMES[kind]
        hints = (str(about.get("uri", "")), *hints)
    for hint in hints:
        for name in reversed(_SET_IN_ADDRESS.findall(hint)):
            if name.lower() in _NAMES:
                return _NAMES[name.lower()]
        for name in re.findall(r"[A-Za-z]+", hint.rsplit("/", 1)[-1]):
            if name.lower() in _NAMES:
                return _NAMES[name.lower()]
    return next((s for row in rows[:1] for key, s in _MEANT_BY.items() if key in row), "")


def _problem(message: str, place: str) -> SyntaxProblem:
    return SyntaxProblem(
        message,
        remedy="Give a page of an InforMEA service as JSON; nothing was read.",
        place=Place(place),
    )
