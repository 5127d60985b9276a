"""A release built in a folder beside, and put in its place whole."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError
from dtrack.model import no_progress
from dtrack.publish.networks import GRAPHML
from dtrack.publish.releases.describing import describe_release
from dtrack.publish.releases.manifest import (
    FILE,
    Manifest,
    ReleasedFile,
    read_manifest,
    write_manifest,
)
from dtrack.publish.releases.tables import MEDIA_TYPE as PARQUET
from dtrack.publish.releases.tables import write_parquet
from dtrack.publish.releases.writing import (
    GZIP,
    describe_file,
    write_difference,
    write_jsonld,
    write_nquads,
    write_trig,
)
from dtrack.publish.statements import turtle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from dtrack.model import Progress, Rows

SUMS: Final = "SHA256SUMS"
DATA: Final = "data.nq.gz"
_CSV: Final = "text/csv"


@dataclass(frozen=True, slots=True)
class Content:
    """What is released: graphs (given anew each time they are asked for) and tables by name.

    ``digest`` is that of all graphs after ``revision``, made ``at`` a time.
    """

    base: str
    revision: int
    at: str
    digest: str
    graphs: Callable[[], Iterable[tuple[str, bytes]]]
    number: int
    triples: int
    tables: Mapping[str, Rows]
    networks: Mapping[str, bytes]
    as_jsonld: Callable[[Mapping[str, bytes]], bytes]
    as_csv: Callable[[Rows], bytes]

    @property
    def version(self) -> str:
        """Version: the revision, and what tells apart those of another history."""
        return f"{self.revision}-{self.digest[:8]}"


def build_release(
    folder: Path,
    content: Content,
    previous: Path | None = None,
    progress: Progress = no_progress,
) -> Manifest:
    """Release in a folder of its own below ``folder``; one that is there already is left as it is.

    Raises InputError where the previous one is none.
    """
    place = folder / content.version
    if (place / FILE).is_file():
        return read_manifest(place / FILE)
    former = read_manifest(previous / FILE) if previous else None
    if previous and not (previous / DATA).is_file():
        raise InputError(f"The release '{previous.name}' has no {DATA}.")
    part = folder / f".{content.version}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        files = list(_write(part, content, progress))
        added = removed = 0
        if previous:
            names = part / "added.nq.gz", part / "removed.nq.gz"
            added, removed = write_difference(previous / DATA, part / DATA, *names)
            files += [describe_file(name, "application/n-quads", GZIP) for name in names]
        manifest = Manifest(
            content.version, content.revision, content.at, content.digest, content.number,
            content.triples, former.version if former else "", added, removed, tuple(files),
        )  # fmt: skip
        (part / "manifest.ttl").write_bytes(turtle(describe_release(content.base, manifest)))
        sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
        (part / SUMS).write_text(sums, encoding="utf-8")
        # What names all others is written last.
        (part / FILE).write_bytes(write_manifest(manifest))
        part.replace(place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return manifest


def _write(part: Path, content: Content, progress: Progress) -> Iterable[ReleasedFile]:
    total = 3 + len(content.tables) + len(content.networks)
    progress("Writing N-Quads", 0, total)
    write_nquads(part / DATA, content.graphs())
    yield describe_file(part / DATA, "application/n-quads", GZIP)
    progress("Writing TriG", 1, total)
    write_trig(part / "data.trig.gz", content.graphs())
    yield describe_file(part / "data.trig.gz", "application/trig", GZIP)
    progress("Writing JSON-LD", 2, total)
    write_jsonld(part / "data.jsonld.gz", content.graphs(), content.as_jsonld)
    yield describe_file(part / "data.jsonld.gz", "application/ld+json", GZIP)
    for done, (name, rows) in enumerate(content.tables.items(), 3):
        progress(f"Writing {name}", done, total)
        table = part / f"{name}.csv"
        table.write_bytes(content.as_csv(rows))
        yield describe_file(table, _CSV)
        write_parquet(part / f"{name}.parquet", rows)
        yield describe_file(part / f"{name}.parquet", PARQUET)
    for name, text in content.networks.items():
        network = part / f"network-{name}.graphml"
        network.write_bytes(text)
        yield describe_file(network, GRAPHML)
