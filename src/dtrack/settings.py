"""What can be set, and where each value came from.

Order: command-line flag, then ``DTRACK_…`` in the environment, then
``dtrack.toml`` in the current folder, then the default.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dtrack.errors import Place, SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIG_FILE = "dtrack.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: its name, default text, meaning and parser."""

    name: str
    default: str
    help: str
    parse: Callable[[str], object]
    is_secret: bool = False

    def shown(self, value: object) -> str:
        """Value as it may be shown: no key, and no password in an address."""
        if self.is_secret:
            return "(set)" if value else ""
        return re.sub(r"(?<=://)([^:/@]*):[^@]*@", r"\1:…@", str(value))

    @property
    def variable(self) -> str:
        """Name of its environment variable."""
        return f"DTRACK_{self.name.upper()}"


def _path(text: str) -> Path:
    if not text:
        raise ValueError("give a folder")
    return Path(text).expanduser()


def _base_iri(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("give an http or https IRI without query or fragment")
    return text.rstrip("/")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("give a whole number from 1")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError("give a port from 0 to 65535")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("give a number of seconds above 0")
    return number


def _endpoints(text: str) -> tuple[str, ...]:
    for address in text.split():
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError(f"'{address}' is no https address of an endpoint")
    return tuple(text.split())


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("give the http or https address of a SPARQL endpoint")
    return text


def _contact(text: str) -> str:
    if text and not text.startswith(("mailto:", "https://", "http://")):
        raise ValueError("give a mailto: or https: address")
    if set(text) & set(' <>"{}|^`\\'):
        raise ValueError("give an address without spaces and brackets")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("give yes or no")
    return text.lower() == "yes"


def _language(text: str) -> str:
    if not text.replace("-", "").isalnum():
        raise ValueError("give a language tag such as en or zh")
    return text.lower()


SETTINGS: tuple[Setting, ...] = (
    Setting("home", "var", "Folder of the store.", _path),
    Setting(
        "journal_url",
        "",
        "Database of the journal, such as postgresql://…; without it, a file in the home.",
        str,
    ),
    Setting(
        "store_url",
        "",
        "Address where a remote SPARQL 1.1 store answers queries, with user:password@ where it "
        "wants them; without it, the store in the home answers.",
        _endpoint,
    ),
    Setting(
        "store_update_url", "", "Address where it takes updates, if that is another one.", _endpoint
    ),
    Setting(
        "follow_seconds",
        "2",
        "Seconds between two looks at what other nodes have written, where they share a journal "
        "or a remote store.",
        _seconds,
    ),
    Setting(
        "harvest_seconds",
        "30",
        "Seconds between two looks of `dtrack serve` at which harvests are due.",
        _seconds,
    ),
    Setting(
        "run_harvests",
        "yes",
        "Whether `dtrack serve` runs the harvests that are due; of several nodes with one "
        "journal, one is enough.",
        _yes_or_no,
    ),
    Setting(
        "base_iri", "https://w3id.org/dtrack", "Start of the IRIs that this node mints.", _base_iri
    ),
    Setting("host", "127.0.0.1", "Address that `dtrack serve` binds to.", str),
    Setting("port", "8000", "Port that `dtrack serve` listens on.", _port),
    Setting("language", "en", "Language of labels where a caller asks for none.", _language),
    Setting("query_seconds", "30", "Time limit of one SPARQL query over HTTP.", _seconds),
    Setting("query_rows", "100000", "Most rows or triples in one SPARQL answer.", _positive),
    Setting("query_workers", "4", "Processes that answer SPARQL queries over HTTP.", _positive),
    Setting("query_memory_mb", "1024", "Memory of one of these processes, in MiB.", _positive),
    Setting("query_answer_mb", "256", "Largest SPARQL answer, in MiB.", _positive),
    Setting("query_queue", "32", "How many SPARQL requests may wait for their turn.", _positive),
    Setting(
        "client_budget",
        "120",
        "Seconds of query processes that one client may use in a minute.",
        _seconds,
    ),
    Setting("body_mb", "16", "Largest request body, in MiB, also once unpacked.", _positive),
    Setting(
        "service_allow",
        "",
        "Endpoints that SERVICE may name, separated by spaces; none by default.",
        _endpoints,
    ),
    Setting(
        "service_inside",
        "no",
        "Whether these may be on this machine or in a private network, and without encryption.",
        _yes_or_no,
    ),
    Setting("publisher", "dtrack", "Who publishes this node's data, as its catalogue says.", str),
    Setting("contact", "", "Where to write about the data: a mailto: or https: address.", _contact),
    Setting("releases", "releases", "Folder of the releases that /dump serves.", _path),
    Setting(
        "review_by_author",
        "no",
        "Whether who wrote a proposal may approve it: yes for who works alone.",
        _yes_or_no,
    ),
    Setting(
        "key", "", "Key that commands of curation act with, instead of who runs them.", str, True
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force. ``origins`` says for each name where it came from."""

    home: Path
    journal_url: str
    store_url: str
    store_update_url: str
    follow_seconds: float
    harvest_seconds: float
    run_harvests: bool
    base_iri: str
    host: str
    port: int
    language: str
    query_seconds: float
    query_rows: int
    query_workers: int
    query_memory_mb: int
    query_answer_mb: int
    query_queue: int
    client_budget: float
    body_mb: int
    service_allow: tuple[str, ...]
    service_inside: bool
    publisher: str
    contact: str
    releases: Path
    review_by_author: bool
    key: str
    origins: Mapping[str, str] = field(default_factory=dict)


def _from_file(path: Path) -> dict[str, str]:
    """Texts of the settings in a ``dtrack.toml``; empty where there is none."""
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"Not valid TOML: {error}.", place=Place(path.name)) from error
    known = {setting.name for setting in SETTINGS}
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingError(
            f"Unknown setting '{unknown[0]}'.",
            remedy=f"Known are: {', '.join(sorted(known))}.",
            place=Place(path.name),
        )
    return {name: str(value) for name, value in table.items()}


def load_settings(
    flags: Mapping[str, object | None] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Settings in force, each with its origin.

    ``flags`` are what the command line gave (None = not given). Raises
    SettingError naming the setting, its origin and what it accepts.
    """
    environment = os.environ if environment is None else environment
    in_file = _from_file((folder or Path.cwd()) / CONFIG_FILE)
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        flag = (flags or {}).get(setting.name)
        candidates = (
            (None if flag is None else str(flag), "flag"),
            (environment.get(setting.variable), f"environment {setting.variable}"),
            (in_file.get(setting.name), CONFIG_FILE),
            (setting.default, "default"),
        )
        text, origin = next((text, origin) for text, origin in candidates if text is not None)
        try:
            values[setting.name] = setting.parse(text)
        except ValueError as error:
            raise SettingError(
                f"Setting '{setting.name}' from {origin} is '{text}': {error}."
            ) from error
        origins[setting.name] = origin
    return Settings(**values, origins=origins)  # type: ignore[arg-type]
