"""Citations in the manner of each convention, in four languages, in sentences of our own.

``cited.tsv`` has a line a sentence: its language, the instrument that speaks,
and all that it cites. A sentence that cites nothing holds only look-alikes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.extraction.citations import Citations

LINES = (Path(__file__).parent / "cited.tsv").read_text(encoding="utf-8").splitlines()[1:]
CASES = [(*line.split("\t"), "")[:4] for line in LINES]


@pytest.mark.parametrize(("language", "instrument", "sentence", "cited"), CASES)
def test_all_that_a_sentence_cites_is_found(lexicon, language, instrument, sentence, cited):
    citations = Citations(lexicon, language, instrument, "").find(sentence)
    found = [
        f"{c.relation} {c.path}" + (f" [{c.pinpoint}]" if c.pinpoint else "") for c in citations
    ]

    assert "; ".join(found) == cited


def test_the_sentences_are_of_many_conventions_and_hold_look_alikes():
    assert {case[0] for case in CASES} == {"en", "zh", "fr", "es"}
    assert len({case[1] for case in CASES}) > 20
    assert sum(not case[3] for case in CASES) > 20
