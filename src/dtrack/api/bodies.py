"""Request bodies: bounded in size, time and growth, and in UTF-8."""

import zlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import anyio
from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from dtrack.api.context import service_of
from dtrack.api.problems import HttpProblem
from dtrack.errors import ParameterError

SECONDS = 60.0
"""How long a body may take to arrive."""
QUERY_BYTES = 1024 * 1024
"""Most bytes of a posted query."""
MOST_FIELDS = 100
MOST_PARTS = 100

Fields = list[tuple[str, str]]


def media_type_of(request: Request) -> str:
    """Media type of the body, in lower case. Raises HttpProblem for another charset than UTF-8."""
    return checked_media_type(request.headers.get("content-type", ""))


def checked_media_type(header: str) -> str:
    """Media type in a Content-Type header. Raises HttpProblem for another charset than UTF-8."""
    media, *parameters = (part.strip() for part in header.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
            if charset not in {"utf-8", "utf8", "us-ascii"}:
                raise HttpProblem(415, f"The charset '{charset[:40]}' is not read.", "Send UTF-8.")
    return media.lower()


async def body_of(request: Request, most: int | None = None) -> bytes:
    """Body of a request, unpacked. Raises HttpProblem when it is too large, slow or strange.

    ``most`` is the number of bytes, packed or not; by default the setting.
    """
    limit = most or service_of(request).settings.body_mb << 20
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    unpack = _unpacking(request.headers.get("content-encoding", "identity").strip().lower())
    try:
        with anyio.fail_after(SECONDS):
            body = await _received(request, unpack, limit)
        if isinstance(unpack, _Unpacking) and not unpack.is_whole:
            raise zlib.error("it ends too soon")
    except TimeoutError:
        raise HttpProblem(
            408, "The body has not arrived in time.", "Send it faster.", {"Connection": "close"}
        ) from None
    except zlib.error:
        raise ParameterError(
            "The body cannot be unpacked.", remedy="Check its Content-Encoding."
        ) from None
    return body


async def _received(request: Request, unpack: Callable[[bytes, int], bytes], limit: int) -> bytes:
    """Body as it comes, unpacked. Raises HttpProblem past the limit."""
    pieces: list[bytes] = []
    size = received = 0
    async for piece in request.stream():
        received += len(piece)
        grown = unpack(piece, limit + 1 - size)
        size += len(grown)
        if size > limit or received > limit:
            raise _too_large(limit)
        pieces.append(grown)
    return b"".join(pieces)


class _Unpacking:
    """Unpacks gzip or deflate, never more than is asked for."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)

    def __call__(self, piece: bytes, most: int) -> bytes:
        grown = self._stream.decompress(piece, most)
        if self._stream.unused_data:
            raise zlib.error("something follows")
        return grown

    @property
    def is_whole(self) -> bool:
        """Whether the end has come."""
        return self._stream.eof


def _identity(piece: bytes, _: int) -> bytes:
    return piece


def _unpacking(encoding: str) -> Callable[[bytes, int], bytes]:
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _Unpacking()
    if encoding == "identity":
        return _identity
    raise HttpProblem(
        415,
        f"The content encoding '{encoding[:40]}' is not read.",
        "Use gzip, deflate or none.",
        {"Accept-Encoding": "gzip, deflate"},
    )


def _too_large(limit: int) -> HttpProblem:
    return HttpProblem(
        413, f"The body is larger than {limit} bytes.", "Send less.", {"Connection": "close"}
    )


async def text_of(request: Request, most: int | None = None) -> str:
    """Body of a request as text. Raises ParameterError for what is not UTF-8."""
    return _decoded(await body_of(request, most))


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise ParameterError("The body is not UTF-8.", remedy="Send UTF-8.") from None


async def form_of(request: Request, most: int | None = None) -> Fields:
    """Fields of a form, in order. Raises ParameterError for what is none."""
    text = await text_of(request, most)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        raise ParameterError("The form cannot be read.", remedy="Send UTF-8.") from None


@dataclass(frozen=True, slots=True)
class FormPart:
    """A part of a multipart form; what was typed into a field has no file name and no type."""

    name: str
    file_name: str | None
    media_type: str
    content: bytes


async def parts_of(request: Request) -> list[tuple[str, bytes]]:
    """Media type and content of each file in a multipart form."""
    parts = await form_parts_of(request)
    return [(part.media_type, part.content) for part in parts if part.file_name is not None]


async def form_parts_of(request: Request, most_fields: int = MOST_FIELDS) -> list[FormPart]:
    """Fields and files of a multipart form, in order. Raises ParameterError for what is none."""
    body = await body_of(request)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    headers = Headers({"content-type": request.headers.get("content-type", "")})
    parser = MultiPartParser(
        headers,
        stream(),
        max_files=MOST_PARTS,
        max_fields=most_fields,
        max_part_size=len(body) + 1,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise ParameterError("The multipart form cannot be read.", remedy="Mend it.") from error
    try:
        return [await _part(name, value) for name, value in form.multi_items()]
    finally:
        await form.close()


async def _part(name: str, value: UploadFile | str) -> FormPart:
    if isinstance(value, str):
        return FormPart(name, None, "", value.encode("utf-8", "surrogatepass"))
    media = checked_media_type(value.content_type or "")
    return FormPart(name, value.filename or "", media, await value.read())
