"""Fetching: again on condition, again after trouble, and never from where it may not."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dtrack.errors import FetchError, InputError, RefusedError
from dtrack.sources.fetching import Fetcher, Limits
from dtrack.sources.informea.service import read_service
from odata import Service, decision, serving

NO_WAIT: Callable[[float], object] = lambda _seconds: None  # noqa: E731


def fetcher(folder: Path | None = None, **limits: float) -> Fetcher:
    return Fetcher(folder, limits=Limits(**{"pause": 0, **limits}), sleep=NO_WAIT)  # type: ignore[arg-type]


@pytest.fixture
def service() -> Iterator[Service]:
    rows = [decision(f"XII/{n}", f"d-{n}") for n in range(1, 6)]
    with serving(Service({"Decisions": rows})) as found:
        yield found


def numbers(service: Service, url: str, since: str = "") -> list[str]:
    made = fetcher()
    try:
        return [
            str(row["number"]) for page, _ in read_service(made, url, since) for row in page.rows
        ]
    finally:
        made.close()


@pytest.mark.parametrize("version", [3, 4])
def test_pages_are_followed_to_the_last(service: Service, version: int) -> None:
    service.version = version

    assert numbers(service, f"{service.url}/Decisions") == [f"XII/{n}" for n in range(1, 6)]
    assert len(service.asked) == 3


def test_a_service_is_read_set_by_set(service: Service) -> None:
    service.sets["Meetings"] = [{"id": "m", "number": "m"}]

    assert numbers(service, service.url)[-1] == "m"


def test_rows_are_skipped_where_the_service_links_no_next_page(service: Service) -> None:
    service.size = 100
    service.answers["Decisions"] = lambda handler: _top(service, handler)

    assert len(numbers(service, f"{service.url}/Decisions?$top=2")) == 5
    assert ["$skip=2" in path for path in service.asked] == [False, True, False]


def _top(service: Service, handler: BaseHTTPRequestHandler) -> None:
    query = parse_qs(urlsplit(handler.path).query)
    skip, top = int(query.get("$skip", ["0"])[0]), int(query["$top"][0])
    rows = service.sets["Decisions"][skip : skip + top]
    handler.reply(200, json.dumps({"d": {"results": rows}}).encode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("version", [3, 4])
def test_since_is_asked_in_the_words_of_the_version(service: Service, version: int) -> None:
    service.version = version

    assert numbers(service, f"{service.url}/Decisions", "2020-01-01")
    assert service.statuses[0] == (200 if version == 3 else 400)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"title", "longTitle", "summary", "content", "keywords", "files"}, "all"),
        ({"title", "longTitle", "summary", "content", "files"}, "texts"),
        ({"title"}, "none"),
    ],
)
def test_texts_are_expanded_where_not_every_field_can_be(
    service: Service, known: set[str], told: str
) -> None:
    """As a service answers that lacks a field: 400, whatever else was asked for."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        wanted = parse_qs(urlsplit(handler.path).query).get("$expand", [""])[0]
        some = set(wanted.split(",")) - {""}
        rows = [decision(told={0: "none", 4: "texts"}.get(len(some), "all"))]
        data = json.dumps({"d": {"results": rows}}).encode()
        handler.reply(*((200, data) if some <= known else (400, b"{}")))  # type: ignore[attr-defined]

    service.answers["Decisions"] = answer
    made = fetcher()
    rows = [r for page, _ in read_service(made, f"{service.url}/Decisions", "") for r in page.rows]
    made.close()

    assert [row["told"] for row in rows] == [told]


def test_what_has_not_changed_is_not_sent_again(service: Service, tmp_path: Path) -> None:
    first, second = fetcher(tmp_path), fetcher(tmp_path)
    url = first.name(second.name(f"{service.url}/Decisions"))

    one, two = first.get(url), second.get(url)

    assert (one.is_new, two.is_new) == (True, False)
    assert one.body == two.body
    assert service.statuses == [200, 304]
    first.close()
    second.close()


def test_a_damaged_copy_is_fetched_again(service: Service, tmp_path: Path) -> None:
    made = fetcher(tmp_path)
    url = made.name(f"{service.url}/Decisions")
    made.get(url)
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xff not json")

    assert made.get(url).is_new
    assert service.statuses == [200, 200]
    made.close()


def test_trouble_that_passes_is_waited_for(service: Service) -> None:
    faults = [503, 429]

    def unsteady(handler: BaseHTTPRequestHandler) -> None:
        status = faults.pop() if faults else 200
        headers = {"Retry_After": "3"} if status == 429 else {}
        handler.reply(status, b"[]", **headers)  # type: ignore[attr-defined]

    service.answers["Decisions"] = unsteady
    waited: list[float] = []
    made = Fetcher(limits=Limits(pause=0.5), sleep=waited.append)

    assert made.get(made.name(f"{service.url}/Decisions")).body == b"[]"
    assert 3.0 in waited
    assert waited[-1] > 0.5
    made.close()


def test_a_source_that_wants_to_be_left_in_peace_is(service: Service) -> None:
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    for told in ("7200", tomorrow):
        headers = {"Retry_After": told}
        service.answers["Decisions"] = lambda handler, h=headers: handler.reply(503, b"", **h)  # type: ignore[attr-defined, misc]
        made = fetcher()
        before = len(service.asked)
        with pytest.raises(FetchError, match="asked again in") as refused:
            made.ask(made.name(f"{service.url}/Decisions"))
        assert refused.value.wait > 7000
        assert len(service.asked) == before + 1
        made.close()


def test_an_answer_that_drips_is_cut_off(service: Service) -> None:
    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)

    service.answers["Decisions"] = dripping
    made = fetcher(whole=0.2)
    with pytest.raises(FetchError, match="takes longer"):
        made.get(made.name(f"{service.url}/Decisions"))
    made.close()


def test_asked_on_condition_of_an_earlier_answer(service: Service) -> None:
    made = fetcher()
    url = made.name(f"{service.url}/Decisions")
    first = made.ask(url, "application/json")
    assert first.is_new
    assert first.conditions

    again = made.ask(url, "application/json", first.conditions)
    assert (again.is_new, again.body, again.conditions) == (False, b"", first.conditions)
    made.close()


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"x" * (2 << 20), {}), (gzip.compress(b"x" * (64 << 20)), {"Content_Encoding": "gzip"})],
)
def test_large_answers_are_cut_off(service: Service, body: bytes, headers: dict[str, str]) -> None:
    service.answers["Decisions"] = lambda handler: handler.reply(200, body, **headers)  # type: ignore[attr-defined]
    made = fetcher(megabytes=1)

    with pytest.raises(FetchError, match="more than 1 MB"):
        made.get(made.name(f"{service.url}/Decisions"))
    made.close()


def redirect(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: handler.reply(302, b"", Location=to)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address", ["http://[half/a/bracket", "http://o.example/\x7f", "http://o.example:port/"]
)
def test_what_is_no_address_is_refused(service: Service, address: str) -> None:
    made = fetcher()
    try:
        with pytest.raises(RefusedError, match="no address"):
            made.ask(address)
    finally:
        made.close()


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("//[half", "//[half"),
        ("http://o.example:port/a", "http://o.example:port/a"),
        ("http://o.example:99999/a", "http://o.example:99999/a"),
        ("http://me:secret@[half/a?token=secret#secret", "http://[half/a"),
    ],
)
def test_redirects_to_no_address_say_who_where_to_and_what_to_do(
    service: Service, location: str, shown: str
) -> None:
    service.answers["Odd"] = redirect(location)
    made = fetcher()
    try:
        with pytest.raises(RefusedError) as raised:
            made.ask(made.name(f"{service.url}/Odd?token=secret"))
    finally:
        made.close()

    assert raised.value.message == (
        f"{service.url}/Odd redirects to '{shown}', which is no address."
    )
    assert "give that address" in raised.value.remedy
    assert "secret" not in str(raised.value)


def test_redirects_stay_on_the_host_or_go_to_public_ones(service: Service) -> None:
    service.answers["Old"] = redirect("/x.svc/Decisions")
    service.answers["Away"] = redirect("http://127.0.0.1:1/secret")
    service.answers["Inside"] = redirect("http://169.254.169.254/latest/meta-data")
    service.answers["File"] = redirect("file:///etc/passwd")
    service.answers["Round"] = redirect("/x.svc/Round")
    made = fetcher()

    assert made.get(made.name(f"{service.url}/Old")).body.startswith(b'{"d"')
    for name in ("Away", "Inside", "File"):
        with pytest.raises(RefusedError):
            made.get(f"{service.url}/{name}")
    with pytest.raises(FetchError, match="without end"):
        made.get(f"{service.url}/Round")
    made.close()


def test_private_networks_are_reached_where_that_is_allowed(service: Service) -> None:
    with serving(Service({"Decisions": [decision()]})) as other:
        service.answers["Away"] = redirect(f"{other.url}/Decisions")
        made = Fetcher(allow_private=True, limits=Limits(pause=0))

        assert b"XII/98" in made.get(made.name(f"{service.url}/Away")).body
        made.close()


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "file:///x", "http://", "https://u:p@a.example/"]
)
def test_other_addresses_are_not_taken(url: str) -> None:
    made = fetcher()

    with pytest.raises(InputError):
        made.name(url)
    made.close()


def test_a_service_that_is_not_there_is_told_after_some_attempts(service: Service) -> None:
    made = fetcher(attempts=2)
    with pytest.raises(FetchError, match="2 attempts"):
        made.get(made.name("http://127.0.0.1:9/x"))
    service.answers["Gone"] = lambda handler: handler.reply(404, b"")  # type: ignore[attr-defined]
    made.name(service.url)
    with pytest.raises(FetchError, match="answers 404") as told:
        made.get(f"{service.url}/Gone")
    assert told.value.code == 404
    made.close()
