"""What a release says of itself: its version, its files, what it differs from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file: ``packing`` is the media type of its compression, "" for none."""

    name: str
    media_type: str
    packing: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release. ``digest`` is that of all record graphs; ``previous`` a version or ""."""

    version: str
    revision: int
    at: str
    digest: str
    graphs: int
    triples: int
    previous: str
    added: int
    removed: int
    files: tuple[ReleasedFile, ...]


def read_manifest(path: Path) -> Manifest:
    """Manifest of a release. Raises InputError for what is none."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(ReleasedFile(**each) for each in given.pop("files"))
        return Manifest(files=files, **given)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"'{path.parent.name}' is no release: its {FILE} cannot be read.",
            remedy="Give the folder that `dtrack release` wrote.",
        ) from error


def write_manifest(manifest: Manifest) -> bytes:
    """Text of a manifest."""
    return (json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n").encode()
