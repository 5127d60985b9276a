"""`dtrack key` and `dtrack audit`, as a terminal and a script see them."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from dtrack.cli.keys import audit, key
from dtrack.cli.server import serve
from dtrack.errors import DtrackError, InputError, NoStoreError
from dtrack.journal import Journal


def run(command: click.Command, home: Path, *arguments: str) -> Result:
    """Result of a command; errors of ours go through, as they do to `main`."""
    result = CliRunner().invoke(command, [*arguments, "--home", str(home)])
    if isinstance(result.exception, DtrackError):
        raise result.exception
    return result


def opened(home: Path) -> Journal:
    return Journal.open(f"sqlite:///{home / 'journal.sqlite'}")


def test_create_prints_the_key_alone_on_its_last_line(tmp_path: Path) -> None:
    done = run(key, tmp_path, "create", "--name", "anna", "--scope", "propose", "--scope", "read")
    assert done.exit_code == 0, done.output
    token = done.stdout.splitlines()[-1]
    with opened(tmp_path) as journal:
        found = journal.check_key(token)
    assert found is not None
    assert found.scopes == ("read", "propose")
    assert "cannot be shown again" in done.stdout


def test_create_as_json_holds_the_token_once(tmp_path: Path) -> None:
    done = run(
        key, tmp_path, "create", "--name", "a", "--scope", "admin", "--expires", "90d", "--json"
    )
    given = json.loads(done.stdout)
    assert given["token"].startswith(f"dt_{given['id']}_")
    assert given["expires"] > given["created"]


def test_list_never_shows_a_secret(tmp_path: Path) -> None:
    token = run(key, tmp_path, "create", "--name", "anna", "--scope", "read").stdout.split()[-1]
    for arguments in (("list",), ("list", "--json")):
        done = run(key, tmp_path, *arguments)
        assert "anna" in done.stdout
        assert "valid" in done.stdout
        assert token[16:40] not in done.stdout


def test_list_says_when_there_is_none(tmp_path: Path) -> None:
    assert "no keys yet" in run(key, tmp_path, "list").stdout
    assert json.loads(run(key, tmp_path, "list", "--json").stdout) == []


def test_revoke_ends_a_key(tmp_path: Path) -> None:
    token = run(key, tmp_path, "create", "--name", "anna", "--scope", "read").stdout.split()[-1]
    assert "opens nothing" in run(key, tmp_path, "revoke", "anna").stdout
    with opened(tmp_path) as journal:
        assert journal.check_key(token) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--name", "anna", "--scope", "everything"),
        ("create", "--name", "", "--scope", "read"),
        ("create", "--name", "anna", "--scope", "read", "--expires", "2001-01-01"),
        ("create", "--name", "anna", "--scope", "read", "--expires", "later"),
        ("revoke", "ben"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(tmp_path: Path, arguments: list[str]) -> None:
    opened(tmp_path).close()

    with pytest.raises(DtrackError) as error:
        run(key, tmp_path, *arguments)
    assert error.value.exit_code in {1, 2}
    assert error.value.remedy


@pytest.mark.parametrize("arguments", [("--name", "anna"), ("--scope", "read"), ()])
def test_a_key_without_name_or_scope_is_not_made(tmp_path: Path, arguments: list[str]) -> None:
    assert run(key, tmp_path, "create", *arguments).exit_code == 2


def test_audit_shows_who_did_what_latest_first(tmp_path: Path) -> None:
    run(key, tmp_path, "create", "--name", "[bold]anna", "--scope", "read")
    run(key, tmp_path, "revoke", "[bold]anna")
    lines = json.loads(run(audit, tmp_path, "--json").stdout)
    assert [line["action"] for line in lines] == ["revoke-key", "create-key"]
    assert {line["door"] for line in lines} == {"cli"}
    assert "[bold]anna" in run(audit, tmp_path).stdout
    assert json.loads(run(audit, tmp_path, "--agent", "nobody", "--json").stdout) == []
    assert json.loads(run(audit, tmp_path, "--since", "9999-01-01", "--json").stdout) == []
    assert len(json.loads(run(audit, tmp_path, "--limit", "1", "--json").stdout)) == 1


def test_serve_refuses_an_address_that_others_reach_while_there_is_no_key(tmp_path: Path) -> None:
    public = ("--host", "0.0.0.0", "--port", "0")
    opened(tmp_path).close()
    with pytest.raises(InputError, match="no key"):
        run(serve, tmp_path, *public)
    # It goes on to the store, which is not there, when nobody can write or somebody may.
    with pytest.raises(NoStoreError):
        run(serve, tmp_path, *public, "--read-only")
    run(key, tmp_path, "create", "--name", "anna", "--scope", "publish")
    with pytest.raises(NoStoreError):
        run(serve, tmp_path, *public)
    run(key, tmp_path, "revoke", "anna")
    with pytest.raises(InputError, match="no key"):
        run(serve, tmp_path, *public)
