"""Keys over HTTP: who may do what, what is refused, and what is noted of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import pytest
from fastapi import Depends, FastAPI

from dtrack.api import problems
from dtrack.api.middleware import ResponseMiddleware
from dtrack.api.routes import keys
from dtrack.api.security import PROTECTED, Attempts, check_bind, is_loopback, needs
from dtrack.errors import InputError
from dtrack.journal import SCOPES, Journal, Key
from dtrack.stores.markers import Marker
from serving import TestClient


@dataclass(frozen=True)
class Served:
    """What a request is answered from, as far as keys go."""

    journal: Journal
    marker: Marker

    def current(self) -> Self:
        return self


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}") as opened:
        yield opened


def application(journal: Journal) -> FastAPI:
    """An application with a route for each scope, and the routes about keys."""
    app = FastAPI()
    for scope in SCOPES:

        def act(key: Annotated[Key, Depends(needs(scope))]) -> dict[str, str]:
            return {"who": key.name}

        app.post(f"/{scope}", responses=PROTECTED)(act)

    def act_either(key: Annotated[Key, Depends(needs("propose", "review"))]) -> dict[str, str]:
        return {"who": key.name}

    app.post("/either", responses=PROTECTED)(act_either)
    app.include_router(keys.router)
    served = Served(journal, Marker("0" * 64, 1, 1, "test", "2026-11-21T00:00:00+00:00"))
    app.add_middleware(ResponseMiddleware, source=served)
    problems.install(app)
    return app


@pytest.fixture
def client(journal: Journal) -> Iterator[TestClient]:
    with TestClient(application(journal)) as client:
        yield client


def bearer(journal: Journal, *scopes: str, name: str = "anna") -> dict[str, str]:
    """Header with a new key."""
    token = journal.create_key(name, scopes, None, "tester", "cli")[1]
    return {"Authorization": f"Bearer {token}"}


def test_a_key_opens_the_routes_of_its_scope_alone(client: TestClient, journal: Journal) -> None:
    headers = bearer(journal, "propose")
    answers = {scope: client.post(f"/{scope}", headers=headers).status_code for scope in SCOPES}
    assert answers == {scope: 200 if scope == "propose" else 403 for scope in SCOPES}


def test_one_of_several_scopes_is_enough(client: TestClient, journal: Journal) -> None:
    answers = {
        scope: client.post("/either", headers=bearer(journal, scope, name=scope))
        for scope in SCOPES
    }

    opened = {scope for scope, answer in answers.items() if answer.status_code == 200}
    assert opened == {"propose", "review", "admin"}
    assert "propose or review" in answers["publish"].json()["remedy"]
    assert [e.detail for e in journal.entries() if e.action == "refuse"] == [
        "needs scope propose or review"
    ] * 2
    with pytest.raises(ValueError, match="nonsense"):
        needs("propose", "nonsense")


def test_an_admin_key_opens_every_route(client: TestClient, journal: Journal) -> None:
    headers = bearer(journal, "admin")
    assert {client.post(f"/{scope}", headers=headers).status_code for scope in SCOPES} == {200}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Bearer dt_{'0' * 12}_{'0' * 64}",
        "Basic YWRtaW46YWRtaW4=",
        "bearer dt__",
        "Bearer \x7f",
    ],
)
def test_without_a_good_key_the_answer_is_401_and_says_how(
    client: TestClient, header: str | None
) -> None:
    answer = client.post("/publish", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "dtrack key create" in answer.json()["remedy"]


def test_a_revoked_key_is_refused_at_the_next_request(client: TestClient, journal: Journal) -> None:
    headers = bearer(journal, "publish")
    assert client.post("/publish", headers=headers).status_code == 200
    journal.revoke_key("anna", "tester", "cli")
    assert client.post("/publish", headers=headers).status_code == 401


def test_refusals_are_noted_with_name_or_address_and_never_the_token(
    client: TestClient, journal: Journal
) -> None:
    headers = bearer(journal, "propose")
    token = headers["Authorization"].removeprefix("Bearer ")
    client.post("/publish", headers=headers)
    wrong = f"{token[:-4]}{'0' * 4}"
    client.post("/publish", headers={"Authorization": f"Bearer {wrong}"})
    client.post("/publish")
    journal.revoke_key("anna", "tester", "cli")
    client.post("/propose", headers=headers)
    noted = [
        (entry.agent, entry.object, entry.detail)
        for entry in reversed(journal.entries())
        if entry.action == "refuse"
    ]
    assert noted == [
        ("anna", "POST /publish", "needs scope publish"),
        ("testclient", "POST /publish", "unknown key"),
        ("testclient", "POST /publish", "missing key"),
        ("anna", "POST /propose", "revoked key"),
    ]
    assert all(entry.outcome == "refused" for entry in journal.entries() if entry.door == "http")
    assert token[16:40] not in repr(journal.entries())


def test_who_fails_too_often_has_to_wait_and_fills_no_log(
    client: TestClient, journal: Journal
) -> None:
    answers = [client.post("/publish") for _ in range(40)]
    assert [answer.status_code for answer in answers] == [401] * 20 + [429] * 20
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert len(journal.entries()) == 21


def test_a_good_key_is_not_kept_out_by_others_behind_the_same_address(
    client: TestClient, journal: Journal
) -> None:
    headers = bearer(journal, "publish")
    for _ in range(30):
        client.post("/publish")
    assert client.post("/publish").status_code == 429
    assert client.post("/publish", headers=headers).status_code == 200


def test_a_key_without_the_scope_has_to_wait_too(client: TestClient, journal: Journal) -> None:
    headers = bearer(journal, "propose")
    answers = [client.post("/publish", headers=headers).status_code for _ in range(22)]
    assert answers == [403] * 20 + [429] * 2
    assert client.post("/propose", headers=headers).status_code == 200


def test_windows_of_attempts_end_and_hold_few_callers() -> None:
    attempts = Attempts(most=2, seconds=0.05, callers=3)
    assert [attempts.add("a")[0] for _ in range(3)] == [-1, 0, 1]
    for caller in ("b", "c", "d"):
        attempts.add(caller)
    assert attempts.add("a")[0] == -1
    assert attempts.add("d")[0] == 0
    while attempts.add("e")[0] != -1:
        pass


def test_an_administrator_makes_lists_and_revokes_keys(
    client: TestClient, journal: Journal
) -> None:
    headers = bearer(journal, "admin", name="root")
    wanted = {"name": "ben", "scopes": ["publish"], "expires": "90d"}
    made = client.post("/api/v1/keys", json=wanted, headers=headers)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    token = made.json()["token"]
    theirs = {"Authorization": f"Bearer {token}"}
    assert client.post("/publish", headers=theirs).json() == {"who": "ben"}
    listed = client.get("/api/v1/keys", headers=headers)
    assert [key["name"] for key in listed.json()] == ["root", "ben"]
    assert listed.headers["cache-control"] == "no-store"
    assert token[16:] not in listed.text
    assert client.delete("/api/v1/keys/ben", headers=headers).json()["standing"] == "revoked"
    assert client.post("/publish", headers=theirs).status_code == 401
    assert client.delete("/api/v1/keys/carl", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "ben"},
        {"name": "ben", "scopes": []},
        {"name": "ben", "scopes": ["root"]},
        {"name": "", "scopes": ["read"]},
        {"name": "ben", "scopes": ["read"], "expires": "2001-01-01"},
        {"name": ["ben"], "scopes": ["read"]},
        [],
    ],
)
def test_a_key_that_cannot_be_is_refused_with_400(
    client: TestClient, journal: Journal, wanted: object
) -> None:
    headers = bearer(journal, "admin", name="root")
    answer = client.post("/api/v1/keys", json=wanted, headers=headers)
    assert answer.status_code == 400, answer.text
    assert len(journal.list_keys()) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/keys"),
        ("POST", "/api/v1/keys"),
        ("DELETE", "/api/v1/keys/anna"),
        ("GET", "/api/v1/audit"),
    ],
)
def test_only_administrators_see_keys_and_the_audit_log(
    client: TestClient, journal: Journal, method: str, path: str
) -> None:
    body = {"name": "x", "scopes": ["admin"]} if method == "POST" else None
    others = bearer(journal, *(scope for scope in SCOPES if scope != "admin"))
    assert client.request(method, path, json=body).status_code == 401
    assert client.request(method, path, json=body, headers=others).status_code == 403
    assert [key.standing for key in journal.list_keys()] == ["valid"]


def test_the_audit_log_is_read_in_pages(client: TestClient, journal: Journal) -> None:
    headers = bearer(journal, "admin", name="root")
    for number in range(25):
        journal.note("ben", "cli", "write", f"{number}", "done")
    found: list[str] = []
    path: str | None = "/api/v1/audit?agent=ben&limit=10"
    while path:
        answer = client.get(path, headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        found += [item["object"] for item in answer.json()["items"]]
        path = answer.json()["next"]
    assert found == [str(number) for number in range(24, -1, -1)]
    for faulty in ("since=yesterday", "cursor=WyJ4Il0", "cursor=%00", "limit=0"):
        assert client.get(f"/api/v1/audit?{faulty}", headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
        ("0.0.0.0", False), ("::", False), ("", False), ("10.0.0.1", False),
        ("192.0.2.1", False), ("no such host", False), ("::ffff:0.0.0.0", False),
    ],
)  # fmt: skip
def test_loopback_is_what_only_this_machine_reaches(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_a_public_address_without_any_valid_key_is_refused(journal: Journal) -> None:
    check_bind("127.0.0.1", journal)
    with pytest.raises(InputError, match="no key"):
        check_bind("0.0.0.0", journal)
    bearer(journal, "publish")
    check_bind("0.0.0.0", journal)
    journal.revoke_key("anna", "tester", "cli")
    with pytest.raises(InputError, match="no key"):
        check_bind("0.0.0.0", journal)


def test_a_scope_that_there_is_not_is_a_fault_of_the_route() -> None:
    with pytest.raises(ValueError, match="write"):
        needs("write")


def test_a_node_for_reading_only_refuses_every_key(journal: Journal) -> None:
    app = application(journal)
    app.state.read_only = True
    with TestClient(app) as client:
        answer = client.post("/publish", headers=bearer(journal, "admin"))
    assert answer.status_code == 403
    assert "reading only" in answer.json()["detail"]
