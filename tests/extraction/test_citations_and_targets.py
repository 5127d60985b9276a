"""Rules of citations, pinpoints, targets and articles on sentences of our own."""

from __future__ import annotations

import pytest

from dtrack.extraction.citations import Citations
from dtrack.extraction.targets import articles_in, targets_in


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Recalling decisions IX/5, X/31, paragraph 8 (b), and 15/4,",
            [("IX/5", "recalls", ""), ("X/31", "recalls", "8.b"), ("15/4", "recalls", "")],
        ),
        ("Decides to replace decision XI/2;", [("XI/2", "supersedes", "")]),
        ("as set out in paragraphs 3 and 5 of decision X/2", [("X/2", "cites", "3, 5")]),
        (
            "Recalling decisions 14/1 to 14/3,",
            [("14/1", "recalls", ""), ("14/2", "recalls", ""), ("14/3", "recalls", "")],
        ),
        ("Takes note of document UNEP/CBD/COP/12/INF/19 and of Article 8 (j);", []),
        ("Takes note of recommendation 22/4;", []),
    ],
)
def test_citations_have_relation_and_pinpoint(lexicon, sentence, found):
    citations = Citations(lexicon, "en", "cbd", "").find(sentence)

    assert [(c.symbol, c.relation, c.pinpoint) for c in citations] == found


@pytest.mark.parametrize(
    ("language", "sentence", "path", "pinpoint"),
    [
        ("en", "in resolution XIII.4 of the Ramsar Convention", "resolution/ramsar-res-13-4", ""),
        ("en", "General Assembly resolution 65/161", "resolution/unga-res-65-161", ""),
        ("en", "see 1/CP.21, paragraph 4", "decision/unfccc-cp-21-1", "4"),
        ("zh", "根据第X/31号决定第4(c)段", "decision/cbd-cop-10-31", "4.c"),
        ("fr", "conformément à la décision XII/28", "decision/cbd-cop-12-28", ""),
        ("es", "de conformidad con la decisión XII/28", "decision/cbd-cop-12-28", ""),
    ],
)
def test_symbols_of_all_conventions_are_found(lexicon, language, sentence, path, pinpoint):
    citations = Citations(lexicon, language, "cbd", "").find(sentence)

    assert [(c.path, c.pinpoint) for c in citations] == [(path, pinpoint)]


@pytest.mark.parametrize(
    ("language", "sentence", "found"),
    [
        ("en", "Noting FAO Conference resolution 7/93", []),
        ("en", "Noting Resolution 7/93 of the FAO Conference", []),
        ("en", "Recalling Human Rights Council resolution 48/13", []),
        ("zh", "忆及粮农组织大会第7/93号决议", []),
        ("en", "Recalling General Assembly resolution 70/1", ["resolution/unga-res-70-1"]),
        ("en", "Recalling resolution 70/1 of the General Assembly", ["resolution/unga-res-70-1"]),
        ("zh", "回顾大会第70/1号决议", ["resolution/unga-res-70-1"]),
        ("en", "Noting Environment Assembly resolution 5/14", ["resolution/unea-res-5-14"]),
        ("en", "Noting decision 15/4 of the Conference of the Parties", ["decision/cbd-cop-15-4"]),
    ],
)  # fmt: skip
def test_plain_symbols_of_other_bodies_are_nobodys_of_ours(lexicon, language, sentence, found):
    citations = Citations(lexicon, language, "cbd", "").find(sentence)

    assert [c.path for c in citations] == found


@pytest.mark.parametrize("sentence", ["第13.101至13.103号决定", "第13.101号至第13.103号决定"])
def test_chinese_ranges_are_read_whole(lexicon, sentence):
    citations = Citations(lexicon, "zh", "cms", "").find(f"回顾{sentence}，")

    assert [c.path for c in citations] == [f"decision/cms-dec-13-10{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("to reach Aichi Biodiversity Targets 5, 11 and 12", ("aichi-5", "aichi-11", "aichi-12")),
        ("Target 3 of the Kunming-Montreal Global Biodiversity Framework", ("gbf-3",)),
        ("Sustainable Development Goal 14, target 14.2", ("sdg-14", "sdg-14.2")),
        ("实现爱知生物多样性指标 5、11和12", ("aichi-5", "aichi-11", "aichi-12")),
        ("爱知生物多样性指标，特别是指标 5 和 14", ("aichi-5", "aichi-14")),
        ("les objectifs d'Aichi 5 et 11", ("aichi-5", "aichi-11")),
        ("las Metas de Aichi 5 y 11", ("aichi-5", "aichi-11")),
        ("the Aichi Targets and a target of 30 per cent", ()),
    ],
)
def test_targets_are_named_by_number(sentence, found):
    assert targets_in(sentence) == found


def test_articles_have_their_instrument(lexicon):
    sentence = "Recalling Article 4, paragraphs 3 and 9, of the Paris Agreement"

    assert articles_in(sentence, lexicon, "unfccc", "en") == ("paris/4.3", "paris/4.9")
