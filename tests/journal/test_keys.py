"""Keys: made once, held as a digest, checked without telling more than they must."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from dtrack.errors import InputError, NotFoundError
from dtrack.journal import SCOPES, Journal, expiry, keys, timestamp
from dtrack.journal.database import reading, writing
from dtrack.journal.schema import KEYS, METADATA


def made(journal: Journal, name: str = "anna", *scopes: str, expires: str | None = None) -> str:
    """Token of a new key."""
    return journal.create_key(name, scopes or ("publish",), expires, "tester", "cli")[1]


def test_a_key_opens_what_it_was_made_for(journal: Journal) -> None:
    token = made(journal, "anna", "propose", "review")
    key = journal.check_key(token)
    assert key is not None
    assert (key.name, key.scopes, key.standing) == ("anna", ("propose", "review"), "valid")
    assert key.may("review")
    assert not key.may("publish")
    assert not key.may("read")


def test_admin_stands_for_every_scope(journal: Journal) -> None:
    key = journal.check_key(made(journal, "root", "admin"))
    assert key is not None
    assert all(key.may(scope) for scope in SCOPES)


def test_a_new_journal_has_no_key(journal: Journal) -> None:
    assert journal.list_keys() == []


def test_a_token_names_its_id_and_holds_256_random_bits(journal: Journal) -> None:
    tokens = [made(journal, f"key {n}") for n in range(20)]
    parts = [re.fullmatch(r"dt_([0-9a-f]{12})_([0-9a-f]{64})", token) for token in tokens]
    assert all(parts)
    assert len({part[2] for part in parts if part}) == len(tokens)


def test_the_secret_is_nowhere_in_the_database(journal: Journal) -> None:
    token = made(journal)
    journal.check_key(token)
    journal.check_key(token[:-1] + "x")
    secret = token.rsplit("_", 1)[1]
    with reading(journal.engine) as connection:
        for table in METADATA.sorted_tables:
            rows = connection.execute(table.select()).all()
            assert secret not in repr(rows), table.name


@pytest.mark.parametrize(
    "bent",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: token.upper(),
        lambda token: token + "\n",
        lambda token: token.replace("dt_", "dt-"),
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: f"dt_{'0' * 12}_{token[-64:]}",
        lambda token: f"dt_' OR 1=1 --_{token[-64:]}",
        lambda token: "\x00" * 80,
        lambda token: "dt_" + "٠" * 12 + "_" + "٠" * 64,
        lambda token: "dt_" * 100_000,
    ],
)
def test_what_is_not_quite_the_token_opens_nothing(journal: Journal, bent: object) -> None:
    token = made(journal)
    assert journal.check_key(bent(token)) is None  # type: ignore[operator]
    assert journal.check_key(token) is not None


def test_the_secret_of_one_key_does_not_open_another(journal: Journal) -> None:
    first, second = made(journal, "anna"), made(journal, "ben")
    assert journal.check_key(f"{first[:16]}{second[16:]}") is None


def test_a_revoked_key_opens_nothing_at_once_for_whoever_has_the_journal_open(
    journal: Journal, journal_url: str
) -> None:
    token = made(journal)
    with Journal.open(journal_url) as server:
        assert server.check_key(token) is not None
        journal.revoke_key("anna", "tester", "cli")
        assert server.check_key(token) is None
        assert server.examine_key(token).fault == "revoked"


def test_a_key_is_revoked_by_id_too_and_only_that_one(journal: Journal) -> None:
    kept, token = made(journal, "anna"), made(journal, "ben")
    ended = journal.revoke_key(token[3:15], "tester", "cli")
    assert (ended.name, ended.standing) == ("ben", "revoked")
    assert journal.check_key(token) is None
    assert journal.check_key(kept) is not None


def test_revoking_again_keeps_the_first_time(journal: Journal) -> None:
    made(journal)
    first = journal.revoke_key("anna", "tester", "cli").revoked
    assert journal.revoke_key("anna", "tester", "cli").revoked == first is not None


def test_nobody_revokes_a_key_that_is_not_there(journal: Journal) -> None:
    made(journal)
    for which in ("", "ben", "%", "a*"):
        with pytest.raises(NotFoundError):
            journal.revoke_key(which, "tester", "cli")


def test_an_expired_key_opens_nothing(journal: Journal) -> None:
    token = made(journal, expires=expiry("90d"))
    assert journal.check_key(token) is not None
    with writing(journal.engine) as connection:
        connection.execute(update(KEYS).values(expires=timestamp()))
    assert journal.check_key(token) is None
    assert journal.examine_key(token).fault == "expired"


def test_two_valid_keys_never_share_a_name_but_a_revoked_one_frees_it(journal: Journal) -> None:
    made(journal)
    with pytest.raises(InputError, match="already"):
        made(journal)
    journal.revoke_key("anna", "tester", "cli")
    assert journal.check_key(made(journal)) is not None


@pytest.mark.parametrize("name", ["", " ", "anna ", "a\nb", "a\x00", "a" * 101, "0123456789ab"])
def test_a_name_that_cannot_be_read_in_a_history_is_refused(journal: Journal, name: str) -> None:
    with pytest.raises(InputError):
        made(journal, name)
    assert journal.list_keys() == []


@pytest.mark.parametrize("scopes", [(), ("write",), ("publish", "PUBLISH"), ("read publish",)])
def test_a_scope_that_there_is_not_is_refused(journal: Journal, scopes: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        journal.create_key("anna", scopes, None, "tester", "cli")


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_key_lasts_to_the_end_of_its_last_day() -> None:
    assert expiry("2026-11-21", NOW) == "2026-11-21T23:59:59.999999Z"


def test_a_key_lasts_a_number_of_days() -> None:
    assert expiry("90d", NOW) == timestamp(NOW + timedelta(days=90))


@pytest.mark.parametrize(
    "text", ["", "soon", "0d", "-1d", "2026-11-20", "2026-02-30", "9999999d", "٩0d"]
)
def test_a_key_does_not_end_on_what_is_no_day_to_come(text: str) -> None:
    with pytest.raises(InputError):
        expiry(text, NOW)


def test_an_unknown_id_is_compared_like_a_known_one(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made(journal)
    compared: list[tuple[int, int]] = []

    def noting(first: str, second: str) -> bool:
        compared.append((len(first), len(second)))
        return hmac.compare_digest(first, second)

    monkeypatch.setattr(keys, "hmac", type("Noting", (), {"compare_digest": staticmethod(noting)}))
    journal.check_key(f"dt_{'0' * 12}_{'1' * 64}")
    journal.check_key(f"{token[:16]}{'1' * 64}")
    journal.check_key(token)
    assert compared == [(64, 64)] * 3


def test_making_and_revoking_are_in_the_audit_log_without_the_token(journal: Journal) -> None:
    token = made(journal)
    journal.revoke_key("anna", "ben", "http")
    revoked, created = journal.entries()
    assert (created.action, created.agent, created.door) == ("create-key", "tester", "cli")
    assert (revoked.action, revoked.agent, revoked.door) == ("revoke-key", "ben", "http")
    assert token[3:15] in created.object
    assert token[16:] not in repr((created, revoked))


def test_a_refused_key_is_not_half_made(journal: Journal) -> None:
    with pytest.raises(InputError):
        made(journal, "anna", "publish", "everything")
    with reading(journal.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM keys")) == 0
    assert journal.entries() == []
