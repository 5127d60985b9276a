"""The desk in a browser: proposed, corrected, reviewed by another, published, seen, taken back."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from desk import OTHER, decision, desk_settings, make_home
from dtrack.curate.acts import Agent
from dtrack.curate.proposing import Proposing
from dtrack.curate.writing import Curator
from dtrack.model import Edit
from dtrack.wiring.serving import open_service
from processes import served
from web.desks import SCOPES
from web.harvested import set_up
from web.kinds import DESK
from web.walking import needs, walk

MOST_BYTES = 200_000

TEXT = """Resolution 11.{number}
Care of made-up wells

The Conference of the Parties,

Recalling decision XII/98,

1. Urges Parties to carry out ecosystem restoration of degraded wetlands by 2031;

2. Requests the Secretariat to report on it.
"""
COMMENTS = {"en": "Well corrected.", "zh": "更正得当。"}
STATUSES = {"en": "legal-force/retired", "zh": "implementation/implemented"}


def _run(number: int, language: str, width: str, since: str, target: str) -> dict[str, Any]:
    """A journey with a decision, a status and a mapping that no other has."""
    return {
        "name": f"{language}-{width}",
        "language": language,
        "wide": width == "wide",
        "slug": f"cms-res-11-{number}",
        "text": TEXT.format(number=number),
        "comment": COMMENTS[language],
        "status": {"status": STATUSES[language], "since": since},
        "mapping": {
            "predicate": "closeMatch", "object": target, "strength": "low", "confidence": "0.5",
        },
    }  # fmt: skip


RUNS = [
    _run(96, "en", "wide", "2022-12-19", "gbf-8"),
    _run(97, "zh", "narrow", "2023-01-31", "gbf-11"),
    _run(95, "en", "narrow", "2023-02-28", "gbf-4"),
    _run(94, "zh", "wide", "2023-03-31", "gbf-2"),
]
# Once is enough.
RUNS[0]["pages"] = True
WORDS = {
    "en": ("legal force", "retired", "Well corrected."),
    "zh": ("执行情况", "已执行", "更正得当。"),
}
LOOKED_AT = (
    "sign-in", "status-told", "text-read", "draft", "proposal", "conflict", "published",
    "harvests", "harvest-told", "harvest-new", "harvest", "harvest-difference",
)  # fmt: skip


def dispute(curator: Curator) -> None:
    """Proposal 1, by Ann, of what somebody else has published otherwise meanwhile."""

    def version(title: str, chinese: str, summary: str) -> bytes:
        content = decision(99, title).decode().replace("虚构", chinese)
        return content.replace("Asks for work.", summary).encode()

    ours = version("Ours, with <b>signs</b>", "我方", "Asks us for work on wetlands.")
    Proposing(curator).propose(Agent("ann"), "Disputed", {OTHER: ours})
    theirs = version("Theirs", "对方", "Asks them for other work, at some length. " * 5)
    curator.write(Edit({OTHER: theirs}, "somebody", "Meanwhile", "tests", "cli"))


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, Any]:
    """What a walk through the desk saw."""
    needs(root)
    home = make_home(tmp_path_factory, tmp_path_factory.mktemp("walk-desk"), root)
    node = open_service(desk_settings(home))
    try:
        keys = {
            who: node.desk.curator.journal.create_key(who, [scope], None, "tests", "cli")[1]
            for who, scope in SCOPES.items()
        }
        dispute(node.desk.curator)
        set_up(node.desk.curator)
    finally:
        node.close()
    environment = {"DTRACK_HOME": str(home), "DTRACK_CLIENT_BUDGET": "1000"}
    # What is due stays so: nobody is asked on the network.
    environment["DTRACK_RUN_HARVESTS"] = "no"
    with served(environment=environment) as at:
        asked = {"url": at.url, "keys": keys, "pages": DESK, "runs": RUNS}
        # To look at the pages with one's own eyes.
        if folder := os.environ.get("WALK_SHOTS"):
            asked["shots"] = folder
        return walk(root, "walk_desk.mjs", asked, 600)


def test_nothing_is_wrong_on_any_page(walked):
    looked = {f"{run['name']} {kind}" for run in RUNS for kind in LOOKED_AT}

    assert set(walked["axed"]) == looked | {f"en-wide {kind}" for kind in DESK}
    assert walked["faults"] == [], "\n".join(walked["faults"][:60])


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run["name"])
def test_what_was_proposed_is_seen_and_what_was_taken_back_is_not(walked, run):
    seen = walked["seen"][run["name"]]
    axis, status, comment = WORDS[run["language"]]

    assert seen["told"] == 1
    assert seen["accepted"] == seen["suggested"] > 0
    assert axis in seen["status"]
    assert status in seen["status"]
    assert "22-rdf-syntax-ns" not in seen["text"]
    assert comment in seen["story"]
    assert (seen["before"], seen["after"] > 0, seen["reverted"]) == (0, True, 0)
    assert "Care of made-up wells" in seen["title"]
    assert seen["feed"]
    assert status in seen["stated"]
    assert seen["gone"] == 410
    assert seen["disputes"] == 3
    assert seen["harvest"].startswith(run["slug"])
    assert seen["harvests"] == 5


def test_form_works_without_scripts(walked):
    assert "https://www.cbd.int/decisions/" in walked["seen"]["still"]
    assert "implemented" in walked["seen"]["still"]


def test_conflicts_are_settled_without_scripts(walked):
    assert "ours in 3 conflicts" in walked["seen"]["settled"]


def test_pages_are_light(walked, capsys):
    slow = sorted(walked["steps"].items(), key=lambda step: -step[1])[:5]
    with capsys.disabled():
        for kind, seen in walked["budgets"].items():
            sys.stdout.write(
                f"\n{kind:14} {seen['bytes']:8} bytes {seen['requests']:3} requests "
                f"{seen['load']:5} ms loaded"
            )
        took = sum(walked["steps"].values()) / 1000
        sys.stdout.write(f"\n{len(walked['steps'])} steps in {took:.0f} s; slowest: {slow}\n")

    assert walked["budgets"].keys() == DESK.keys()
    assert {k for k, seen in walked["budgets"].items() if seen["bytes"] > MOST_BYTES} == set()
