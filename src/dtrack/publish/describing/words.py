"""Names of the vocabularies that descriptions use."""

from __future__ import annotations

from typing import Final

DCAT: Final = "http://www.w3.org/ns/dcat#"
VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
SPDX: Final = "http://spdx.org/rdf/terms#"
SCHEMA: Final = "https://schema.org/"
EU: Final = "http://publications.europa.eu/resource/authority"

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
WORLD: Final = "http://www.geonames.org/6295630"
"""The Earth, in GeoNames."""

TITLES: Final = {
    "en": "Decisions of environmental conventions, as linked data",
    "zh": "环境公约决定的关联数据",
}
ABOUT: Final = {
    "en": (
        "Decisions and resolutions of environmental conventions with their provisions, verbs, "
        "addressees, deadlines, targets, themes and citations; instruments, meetings, frameworks, "
        "mappings between targets, statements; and where conventions overlap."
    ),
    "zh": (
        "环境公约的决定和决议及其条款、动词、对象、期限、目标、主题和引用；"
        "文书、会议、框架、目标之间的映射、声明；以及各公约的重叠之处。"
    ),
}
KEYWORDS: Final = {
    "en": ("biodiversity", "environmental conventions", "multilateral environmental agreements",
           "decisions", "linked data"),
    "zh": ("生物多样性", "环境公约", "多边环境协定", "决定", "关联数据"),
}  # fmt: skip
