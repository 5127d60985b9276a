"""JSON-LD of schema.org for pages, so that search engines know what they show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dtrack.publish.describing.dcat import SERVICES, WHOLE
from dtrack.publish.describing.words import ABOUT, KEYWORDS, LICENCE, TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.publish.describing.facts import Facts


def schema_dataset(facts: Facts, language: str) -> str:
    """The whole dataset, as text for a script element."""
    tag = language if language in TITLES else "en"
    files = [
        {
            "@type": "DataDownload",
            "contentUrl": f"{facts.base}/{each.address}",
            "encodingFormat": each.media_type,
            "contentSize": str(each.size),
            "sha256": each.sha256,
        }
        for each in facts.releases
    ]
    services = [
        {"@type": "DataDownload", "name": title, "contentUrl": f"{facts.base}/{path}"}
        for title, path, _ in SERVICES.values()
    ]
    period = f"{facts.first_day}/{facts.last_day}" if facts.first_day else None
    return _script(
        {
            "@type": "Dataset",
            "@id": f"{facts.base}/{WHOLE}",
            "name": TITLES[tag],
            "description": ABOUT[tag],
            "url": f"{facts.base}/dataset",
            "keywords": list(KEYWORDS[tag]),
            "license": LICENCE,
            "isAccessibleForFree": True,
            "version": str(facts.revision),
            "dateModified": facts.changed or None,
            "temporalCoverage": period,
            "spatialCoverage": "Earth",
            "creator": {"@type": "Organization", "name": facts.publisher},
            "distribution": [*files, *services],
        }
    )


def schema_legislation(
    iri: str,
    names: Mapping[str, str],
    symbol: str,
    adopted: str,
    kind: str,
    passed_by: str,
    pages: Sequence[str],
) -> str:
    """A decision or resolution, as text for a script element; "" leaves a property out."""
    return _script(
        {
            "@type": "Legislation",
            "@id": iri,
            "url": iri,
            "name": [{"@language": tag, "@value": name} for tag, name in names.items()],
            "legislationIdentifier": symbol or None,
            "legislationType": kind or None,
            "legislationDate": adopted or None,
            "legislationPassedBy": {"@type": "Organization", "name": passed_by}
            if passed_by
            else None,
            "sameAs": [page for page in pages if page.startswith(("http://", "https://"))] or None,
        }
    )


def _script(node: Mapping[str, Any]) -> str:
    """JSON that nothing in it can end early: no < > or & stands in it."""
    said = {name: value for name, value in node.items() if value is not None}
    text = json.dumps({"@context": "https://schema.org/", **said}, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
