"""Looking back at many revisions at once gives what one by one would."""

from __future__ import annotations

import random
from pathlib import Path

from small_home import fill, random_act, small_curator


def test_all_revisions_at_once_are_what_they_are_one_by_one(
    tmp_path: Path, journal_url: str
) -> None:
    dice = random.Random(7)
    with small_curator(tmp_path / "home", journal_url) as curator:
        fill(curator)
        for turn in range(12):
            random_act(curator, dice, turn)
        journal = curator.journal
        last = journal.last()
        assert [f.number for f, _ in journal.since(3)] == list(range(4, last + 1))
        assert [f.number for f, _ in journal.since(3, 5)] == [4, 5]
        assert journal.since(0) == [
            (journal.facts(n), journal.changes(n)) for n in range(1, last + 1)
        ]
        made: dict[str, int] = {}
        for number in range(last + 1):
            for change in journal.changes(number):
                made[change.graph] = number
                if change.digest is None:
                    del made[change.graph]
            assert journal.makers(number) == made
            assert journal.state(number).keys() == made.keys()
