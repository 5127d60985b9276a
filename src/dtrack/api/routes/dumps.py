"""``/dump``: releases to mirror, and networks for graph tools."""

import json
import re
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from dtrack.answer.describing import rows
from dtrack.api.conditions import etag
from dtrack.api.context import ServiceOf
from dtrack.errors import NotFoundError
from dtrack.formats import row_format
from dtrack.model import Literal, Rows
from dtrack.publish.networks import GRAPHML, NETWORKS, write_graphml
from dtrack.publish.releases.manifest import FILE, Manifest, read_manifest
from dtrack.wiring.serving import Service

router = APIRouter(tags=["Dumps"])

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BESIDE: Final = {
    "manifest.json": "application/json",
    "manifest.ttl": "text/turtle",
    "SHA256SUMS": "text/plain",
}
_JSON: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/json": {}}}}


@router.get("/dump", summary="Releases", response_class=Response, responses=_JSON)
@router.get("/dump/", include_in_schema=False)
def get_releases(service: ServiceOf) -> Response:
    """Releases that can be taken, latest first."""
    found = sorted(_manifests(service), key=lambda each: each.revision, reverse=True)
    listed = [
        {
            "version": each.version,
            "at": each.at,
            "triples": each.triples,
            "previous": each.previous or None,
            "address": f"dump/{each.version}/",
        }
        for each in found
    ]
    return Response(json.dumps({"releases": listed}), media_type="application/json")


@router.get("/dump/{version}/", summary="A release", response_class=Response, responses=_JSON)
def get_release(service: ServiceOf, version: str) -> Response:
    """Its files with sizes and checksums; their addresses are relative to this one."""
    body = json.dumps(asdict(_manifest(service, version)))
    return Response(body, media_type="application/json")


@router.get(
    "/dump/{version}/{name}",
    summary="A file of a release",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        206: {"description": "The part that was asked for"},
        416: {"description": "There is no such part"},
    },
    include_in_schema=False,
)
def get_file(service: ServiceOf, version: str, name: str) -> Response:
    """The file; parts of it by Range, nothing when the reader has it already."""
    manifest = _manifest(service, version)
    listed = {file.name: file for file in manifest.files}
    path = service.settings.releases / manifest.version / name
    if name not in listed and name not in _BESIDE:
        raise NotFoundError(
            f"Release {manifest.version} has no file '{name[:60]}'.", remedy="See its manifest."
        )
    if name in _BESIDE:
        return FileResponse(path, media_type=_BESIDE[name])
    file = listed[name]
    headers = {"ETag": etag(file.sha256), "Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(path, media_type=file.packing or file.media_type, headers=headers)


@router.get(
    "/networks/{name}.{form}",
    summary="A network of texts, instruments or targets",
    response_class=Response,
    responses={200: {"content": {GRAPHML: {}, "text/csv": {}}}},
)
def get_network(service: ServiceOf, name: str, form: str) -> Response:
    """``citations``, ``cooperation`` or ``mappings`` as ``graphml`` or ``csv``."""
    if name not in NETWORKS or form not in {"graphml", "csv"}:
        raise NotFoundError(
            f"There is no network '{name[:40]}.{form[:10]}'.",
            remedy=f"There are {', '.join(NETWORKS)}, as graphml and csv.",
        )
    found = rows(service.answers, f"network_{name}")
    if form == "graphml":
        return Response(write_graphml(name, found), media_type=GRAPHML)
    columns = tuple(found[0]) if found else ("source", "target", "relation", "weight")
    table = Rows(columns, tuple(tuple(Literal(row[c]) for c in columns) for row in found))
    csv = row_format("csv")
    return Response(csv.write(table), media_type=csv.media_type)


def _manifests(service: Service) -> list[Manifest]:
    return [read_manifest(path) for path in service.settings.releases.glob(f"*/{FILE}")]


def _manifest(service: Service, version: str) -> Manifest:
    """Manifest of a version, or of the latest. Raises NotFoundError."""
    path = service.settings.releases / version / FILE
    if version == "latest":
        return max(_manifests(service), key=lambda each: each.revision, default=None) or _none()
    if not _NAME.fullmatch(version) or not path.is_file():
        return _none()
    return read_manifest(path)


def _none() -> Manifest:
    raise NotFoundError("There is no such release.", remedy="/dump lists those there are.")
