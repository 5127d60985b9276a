"""A release as a DCAT dataset with its files, so that the folder says itself what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.model import text_literal
from dtrack.publish.describing.words import DCAT, LICENCE, SPDX, TITLES
from dtrack.publish.statements import Statement, link, value
from dtrack.terms import DCTERMS, RDF

if TYPE_CHECKING:
    from dtrack.publish.releases.manifest import Manifest


def describe_release(base: str, manifest: Manifest) -> list[Statement]:
    """Statements of a release; files are named relative to it."""
    release = f"{base}/dump/{manifest.version}/"
    media = "https://www.iana.org/assignments/media-types/"
    found = [
        link(release, f"{RDF}type", f"{DCAT}Dataset"),
        Statement(release, f"{DCTERMS}title", text_literal(TITLES["en"], "en")),
        value(release, f"{DCAT}version", manifest.version),
        value(release, f"{DCTERMS}issued", manifest.at, "dateTime"),
        link(release, f"{DCTERMS}license", LICENCE),
    ]
    if manifest.previous:
        found.append(link(release, f"{DCAT}previousVersion", f"{base}/dump/{manifest.previous}/"))
    for file in manifest.files:
        checksum = f"{file.name}#sha256"
        found += [
            link(release, f"{DCAT}distribution", file.name),
            link(file.name, f"{RDF}type", f"{DCAT}Distribution"),
            link(file.name, f"{DCAT}accessURL", file.name),
            link(file.name, f"{DCAT}downloadURL", file.name),
            link(file.name, f"{DCAT}mediaType", media + file.media_type),
            value(file.name, f"{DCAT}byteSize", str(file.size), "integer"),
            link(file.name, f"{SPDX}checksum", checksum),
            link(checksum, f"{RDF}type", f"{SPDX}Checksum"),
            link(checksum, f"{SPDX}algorithm", f"{SPDX}checksumAlgorithm_sha256"),
            value(checksum, f"{SPDX}checksumValue", file.sha256),
        ]
        if file.packing:
            found.append(link(file.name, f"{DCAT}compressFormat", media + file.packing))
    return found
