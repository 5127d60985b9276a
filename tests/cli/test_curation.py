"""Curation from the command line, as people type it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from desk import (
    BASE,
    DECISION,
    GRAPH,
    OTHER,
    decision,
    desk_settings,
    make_home,
    published,
    state_of,
    tagging,
    with_lines,
    without,
)  # fmt: skip
from dtrack.cli.curation import (
    proposal,
    proposals,
    propose,
    publish,
    rebase,
    review,
    submit,
    template,
)
from dtrack.errors import (
    ConflictError,
    DtrackError,
    InputError,
    NotConformingError,
    NotFoundError,
    RefusedError,
    UnauthorisedError,
)
from dtrack.model import Edit
from dtrack.stores.rdf_formats import rdf_format
from dtrack.wiring.writing import open_curator, open_journal

COMMANDS = (propose, proposals, proposal, submit, review, publish, rebase, template)
Dtrack = Callable[..., Result]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path, root)


@pytest.fixture
def dtrack(home: Path) -> Dtrack:
    """Run a command; errors of ours go through, as they do to `main`."""

    def call(*arguments: object, key: str = "") -> Result:
        group = click.Group(commands=list(COMMANDS))
        env = {"DTRACK_KEY": key} if key else {}
        words = [*map(str, arguments), "--home", str(home)]
        result = CliRunner(env=env).invoke(group, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            if isinstance(result.exception, DtrackError):
                # What was printed before belongs to the test too.
                result.exception.printed = result.output
            raise result.exception
        return result

    return call


@pytest.fixture
def better(tmp_path: Path) -> Path:
    """File that changes the title of the decision."""
    file = tmp_path / "better.ttl"
    file.write_bytes(decision(98, "Better"))
    return file


def number_of(result: Result) -> int:
    return int(json.loads(result.output)["proposal"]["number"])


def test_a_file_goes_from_proposal_to_revision(dtrack: Dtrack, better: Path, home: Path) -> None:
    first = dtrack("propose", better, "--title", "Better title", "--as", "ann")
    assert "Proposal 1 is draft: Better title" in first.output
    assert "Conforms" in first.output

    dtrack("submit", 1, "--as", "ann")
    dtrack("review", 1, "--comment", "Where from?", "--about", DECISION, "--as", "ben")
    with pytest.raises(RefusedError):
        dtrack("review", 1, "--approve", "--as", "ann")
    dtrack("review", 1, "--approve", "--as", "ben")
    last = dtrack("publish", 1, "--as", "cem")

    assert "as revision 2" in last.output
    assert published(home) == decision(98, "Better")
    shown = dtrack("proposal", 1).output
    for words in ("published, now revision 2", '+ <', '"Better"@en', '- <', '"Made up"@en',
                  f"ben comment <{DECISION}>: Where from?", "cem publish"):  # fmt: skip
        assert words in shown
    listed = dtrack("proposals", "--state", "published").output
    assert "Better title" in listed
    assert "no such proposals" in dtrack("proposals", "--state", "draft").output


@pytest.mark.parametrize("form", ["turtle", "ntriples", "trig", "nquads", "jsonld", "rdfxml"])
def test_every_rdf_format_can_be_handed_in(dtrack: Dtrack, tmp_path: Path, form: str) -> None:
    rdf = rdf_format(form)
    graphs = {GRAPH: decision(98, "Better")}
    if rdf.keeps_graphs:
        graphs[OTHER] = decision(99, "Better too")
    file = tmp_path / f"change.{rdf.extension}"
    file.write_bytes(rdf.write(graphs))

    view = json.loads(
        dtrack("proposal", number_of(dtrack("propose", file, "--json")), "--json").output
    )

    assert [found["graph"] for found in view["differences"]] == sorted(graphs)
    assert all(len(found["added"]) == 1 for found in view["differences"])


def test_a_withdrawal_and_a_file_are_one_proposal(dtrack: Dtrack, better: Path, home: Path) -> None:
    dtrack("propose", better, "--withdraw", OTHER, "--submit", "--as", "ann")
    dtrack("review", 1, "--approve", "--as", "ben")
    dtrack("publish", 1)

    assert published(home, OTHER) == b""
    assert b'"Better"@en' in published(home)


def test_what_does_not_conform_is_shown_and_cannot_be_submitted(
    dtrack: Dtrack, tmp_path: Path, home: Path
) -> None:
    file = tmp_path / "broken.ttl"
    file.write_bytes(without(decision(98), "documentType"))
    before = state_of(home)

    told = dtrack("propose", file).output
    assert "Does not conform" in told
    assert "TextShape-documentType" in told
    with pytest.raises(NotConformingError) as raised:
        dtrack("submit", 1)

    assert "TextShape-documentType" in raised.value.printed
    assert state_of(home) == before


def test_a_conflict_is_printed_and_settled_by_choice(
    dtrack: Dtrack, better: Path, home: Path
) -> None:
    dtrack("propose", better, "--submit", "--as", "ann")
    dtrack("review", 1, "--approve", "--as", "ben")
    with open_curator(desk_settings(home)) as curator:
        curator.write(Edit({GRAPH: decision(98, "Other")}, "eve", "An edit", "desk"))

    with pytest.raises(ConflictError):
        dtrack("publish", 1)
    assert "Conflict in" in dtrack("proposal", 1).output
    with pytest.raises(ConflictError) as raised:
        dtrack("rebase", 1)
    assert "proposed + <" in raised.value.printed
    assert "published + <" in raised.value.printed

    assert "is submitted" in dtrack("rebase", 1, "--ours", "all", "--as", "ann").output
    dtrack("review", 1, "--approve", "--as", "ben")
    dtrack("publish", 1)
    assert published(home) == decision(98, "Better")


def test_a_graph_handed_in_again_settles_a_conflict(
    dtrack: Dtrack, better: Path, home: Path
) -> None:
    dtrack("propose", better, "--as", "ann")
    with open_curator(desk_settings(home)) as curator:
        curator.write(Edit({GRAPH: decision(98, "Other")}, "eve", "An edit", "desk"))
    better.write_bytes(decision(98, "Both"))

    dtrack("propose", better, "--into", 1, "--as", "ann")

    assert "Conflict" not in dtrack("proposal", 1).output


def test_candidates_are_accepted_in_bulk(dtrack: Dtrack, tmp_path: Path, home: Path) -> None:
    file = tmp_path / "tagged.ttl"
    targets = [f"{BASE}/id/target/aichi-{n}" for n in (5, 11)]
    file.write_bytes(with_lines(decision(98), tagging(targets[0], 0.9), tagging(targets[1], 0.2)))
    dtrack("propose", file, "--submit", "--as", "machine")
    assert "Candidates" in dtrack("proposal", 1).output

    told = dtrack(
        "review", 1, "--accept-above", 0.8, "--refuse-below", 0.5, "--method", "lexical",
        "--approve", "--as", "ben",
    )  # fmt: skip
    assert "1 accepted, 1 refused." in told.output
    dtrack("publish", 1)

    assert b"addressesTarget> <%s>" % targets[0].encode() in published(home)
    assert b"addressesTarget> <%s>" % targets[1].encode() not in published(home)


def test_a_status_is_asserted_with_its_evidence(dtrack: Dtrack, home: Path) -> None:
    given = ["--axis", "implementation", "--value", "implemented", "--from", "2020-01-01"]
    with pytest.raises(InputError):
        dtrack("propose", "status", "cbd-cop-12-98", *given)

    page = "https://example.org/report"
    dtrack("propose", "status", "cbd-cop-12-98/1", *given, "--evidence", page,
           "--evidence-type", "report", "--submit", "--as", "ann")  # fmt: skip
    dtrack("review", 1, "--approve", "--as", "ben")
    dtrack("publish", 1)

    text = published(home).decode()
    (name,) = set(re.findall(rf"<{BASE}/id/status/cbd-cop-12-98/1/(\S+)>", text))
    assert re.fullmatch("implementation-implemented-[0-9a-f]{12}", name)
    node = f"<{BASE}/id/status/cbd-cop-12-98/1/{name}>"
    assert f"{node} <{BASE}/ontology#statusOf> <{BASE}/id/provision/cbd-cop-12-98/1>" in text
    assert f"{node} <{BASE}/ontology#evidence> <" in text
    assert f"<{page}>" in text


def test_a_status_of_what_nobody_knows_is_refused(dtrack: Dtrack) -> None:
    given = ["--axis", "review", "--value", "keep", "--from", "2020-01-01"]
    with pytest.raises(NotFoundError):
        dtrack("propose", "status", "XII/4711", *given, "--evidence", "https://example.org/")


def test_a_key_says_who_acts_and_what_they_may(dtrack: Dtrack, better: Path, home: Path) -> None:
    with open_journal(desk_settings(home)) as journal:
        contributor = journal.create_key("ann", ["propose"], None, "test", "cli")[1]
        reviewer = journal.create_key("ben", ["review"], None, "test", "cli")[1]
        publisher = journal.create_key("cem", ["publish"], None, "test", "cli")[1]
    before = state_of(home)
    dtrack("propose", better, "--submit", key=contributor)

    for arguments in (["publish", 1], ["review", 1, "--approve"]):
        with pytest.raises(RefusedError):
            dtrack(*arguments, key=contributor)
    with pytest.raises(RefusedError):
        dtrack("propose", better, "--as", "dot", key=contributor)
    with pytest.raises(UnauthorisedError):
        dtrack("publish", 1, key="dt_0123456789ab_" + "0" * 64)
    assert state_of(home) == before

    dtrack("review", 1, "--approve", key=reviewer)
    dtrack("publish", 1, key=publisher)
    assert "ann propose" in dtrack("proposal", 1).output
    assert published(home) == decision(98, "Better")
    with open_journal(desk_settings(home)) as journal:
        lines = [(e.agent, e.action, e.outcome) for e in journal.entries()]
    assert ("ann", "publish", "refused") in lines
    assert ("cem", "publish", "done") in lines


@pytest.mark.parametrize(
    "arguments",
    [
        ["review", "1"],
        ["review", "1", "--approve", "--reject", "no"],
        ["review", "x", "--approve"],
        ["proposals", "--state", "odd"],
        ["template", "odd"],
    ],
)
def test_what_makes_no_sense_is_a_usage_error(dtrack: Dtrack, arguments: list[str]) -> None:
    result = dtrack(*arguments)

    assert result.exit_code == 2
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"x"),
        ("a.ttl", b"<a:a> <a:b> <a:c> ."),
        ("a.ttl", b""),
        ("a.trig", b"{ <a:a> <a:b> <a:c> }"),
        ("a.jsonld", b"["),
        ("a.jsonld", b'{"@context": "https://example.org/c", "@id": "a:a"}'),
        ("a.jsonld", b"[" * 100_000),
        ("a.rdf", b"<!DOCTYPE a><a/>"),
        ("none.ttl", None),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(
    dtrack: Dtrack, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(InputError) as raised:
        dtrack("propose", tmp_path / name)

    assert raised.value.remedy
    assert "no such proposals" in dtrack("proposals").output


def test_a_template_is_filled_in_and_proposed(dtrack: Dtrack, tmp_path: Path) -> None:
    file = tmp_path / "taggings.xlsx"
    assert "Wrote" in dtrack("template", "taggings", "-o", file).output
    workbook = load_workbook(file)
    sheet = workbook.worksheets[0]
    sheet.append(["cbd-cop-12-98/1", "aichi-5", "lexical", 0.7, "our tagger"])
    sheet.append(["cbd-cop-12-98/1", "aichi-5000", "lexical", 0.7, "our tagger"])
    workbook.save(file)

    with pytest.raises(InputError) as raised:
        dtrack("propose", file)
    assert "taggings.xlsx, sheet Taggings, cell B4: " in str(raised.value)
    sheet.delete_rows(4)
    workbook.save(file)

    assert "Conforms" in dtrack("propose", file, "--submit").output
    assert "aichi-5" in dtrack("proposal", 1).output
    assert dtrack("template", "status").output.startswith("\ufeffthing,axis,value")
    with pytest.raises(InputError):
        dtrack("template", "status", "-o", tmp_path / "a.ods")


def test_a_mapping_set_is_proposed_as_it_is(dtrack: Dtrack, root: Path) -> None:
    file = root / "data" / "mappings" / "successions.sssom.tsv"

    dtrack("propose", file)

    assert "/graph/mapping-set/" in dtrack("proposal", 1).output


def test_a_graph_comes_from_one_file_only(dtrack: Dtrack, better: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.ttl"
    again.write_bytes(better.read_bytes())

    with pytest.raises(InputError):
        dtrack("propose", better, again)


def test_what_strangers_write_does_not_steer_the_terminal(dtrack: Dtrack, tmp_path: Path) -> None:
    file = tmp_path / "evil.ttl"
    file.write_bytes(decision(98, "a\\u001b[2Jb"))

    for output in (dtrack("propose", file).output, dtrack("proposal", 1).output):
        assert "\x1b" not in output
    assert "[2Jb" in output


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_option_is_explained(command: click.Command) -> None:
    text = CliRunner().invoke(command, ["--help"]).output

    for option in command.params:
        if isinstance(option, click.Option):
            assert option.opts[0] in text
            assert option.help
