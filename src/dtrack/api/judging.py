"""What a request wants checked: data, perhaps shapes, as a body or as parts of a form."""

from typing import Final

from fastapi import Request

from dtrack.api.asking import asked
from dtrack.api.bodies import FormPart, body_of, checked_media_type, form_parts_of, media_type_of
from dtrack.api.context import TAG, preferred_languages, service_of
from dtrack.api.problems import HttpProblem
from dtrack.errors import ParameterError
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.stores.uploads import DATASET_FORMATS
from dtrack.validation.report import LANGUAGES
from dtrack.wiring.judges import Judgement, Part, Question

MULTIPART: Final = "multipart/form-data"
_READ: Final = ", ".join([*DATASET_FORMATS, MULTIPART])
_EXTENSIONS: Final = {form.extension: form.media_type for form in RDF_FORMATS.values()}
_FIELDS: Final = {"data", "shapes", "format"}


async def parts_to_judge(request: Request) -> tuple[Part, ...]:
    """Documents that a request brings. Raises HttpProblem, ParameterError."""
    media = checked_media_type(request.headers.get("content-type", ""))
    if media != MULTIPART:
        found = [Part("data", _readable(media_type_of(request)), await body_of(request))]
    else:
        found = _of_form(await form_parts_of(request))
    if not any(part.name == "data" and part.content.strip() for part in found):
        raise ParameterError("There are no data to check.", remedy="Send RDF.")
    return tuple(found)


async def judgement_of(
    request: Request,
    parts: tuple[Part, ...],
    media_type: str,
    language: str,
    graph: str | None = None,
) -> Judgement:
    """Report on what a request brings, from a process that can be ended."""
    service = service_of(request)
    question = Question(parts, media_type, language, graph)
    folder = service.readers.folder
    return await asked(request, lambda caller: service.judges.judge(folder, question, caller))


def report_language(request: Request, lang: str | None) -> str:
    """Language of a report: the first of those wanted that there are messages in."""
    if lang is not None and not TAG.fullmatch(lang):
        raise ParameterError(f"'{lang[:40]}' is no language tag.", remedy="Give en or zh.")
    preferred = preferred_languages(request.headers.get("accept-language", ""))
    for tag in (lang or "", *preferred, service_of(request).settings.language):
        if (primary := tag.lower().partition("-")[0]) in LANGUAGES:
            return primary
    return LANGUAGES[0]


def _of_form(parts: list[FormPart]) -> list[Part]:
    """Documents of a form; what is left empty in it is not there."""
    if unknown := {part.name for part in parts} - _FIELDS:
        raise ParameterError(
            f"There is no part '{min(unknown)[:40]}' in this form.",
            remedy=f"There are: {', '.join(sorted(_FIELDS))}.",
        )
    typed = _format_of(parts)
    return [
        Part(part.name, _type_of(part, typed), part.content)
        for part in parts
        if part.name != "format" and part.content.strip()
    ]


def _format_of(parts: list[FormPart]) -> str:
    """Media type of what was typed into fields: Turtle, when the form does not say."""
    names = [part.content.decode("utf-8", "replace") for part in parts if part.name == "format"]
    name = names[0] if names else "turtle"
    if name not in RDF_FORMATS:
        raise ParameterError(
            f"There is no RDF format '{name[:40]}'.", remedy=f"Use one of {', '.join(RDF_FORMATS)}."
        )
    return RDF_FORMATS[name].media_type


def _type_of(part: FormPart, typed: str) -> str:
    """Media type of a part: its own, else that of its file's extension, else as typed."""
    if part.media_type in DATASET_FORMATS:
        return part.media_type
    if part.file_name is None:
        return typed
    extension = part.file_name.rpartition(".")[2].lower()
    return _EXTENSIONS.get(extension) or _readable(part.media_type)


def _readable(media: str) -> str:
    if media not in DATASET_FORMATS:
        raise HttpProblem(
            415,
            f"Data cannot be sent as '{media[:60] or 'nothing'}'.",
            f"Use one of {_READ}; name files by what they are, such as data.ttl.",
            {"Accept-Post": _READ},
        )
    return media
