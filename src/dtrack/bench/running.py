"""A run: a corpus is made and loaded, the questions asked of dtrack and of its peers."""

from __future__ import annotations

import http.client
import math
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dtrack.answer.readying import make_ready
from dtrack.bench.corpora import SIZES, corpus
from dtrack.bench.peers import Engine, Peer, peer, resident
from dtrack.bench.questions import NAMES, asked_anew, draft, questions
from dtrack.curate.loading import load
from dtrack.errors import StoreError
from dtrack.model import Edit, Report, no_progress
from dtrack.settings import load_settings
from dtrack.stores.building import current_folder, current_marker, open_current, open_folder
from dtrack.terms import DERIVED_GRAPH
from dtrack.wiring.beside import check_beside
from dtrack.wiring.readying import settle
from dtrack.wiring.screening import screen_draft
from dtrack.wiring.serving import open_service
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dtrack.answer.answers import Answers
    from dtrack.bench.questions import Question
    from dtrack.curate.writing import Curator
    from dtrack.model import Progress
    from dtrack.settings import Settings
    from dtrack.wiring.serving import Node

_EDITS: Final = 12
_DRAFTS: Final = 3
_PAUSE: Final = 1.0
"""Seconds between two edits."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: a size, peers by name, their limit in seconds, questions of each kind.

    ``check``: whether a rebuild is to give what was brought forward edit by edit.
    """

    size: str
    peers: tuple[str, ...] = ()
    limit: float = 60.0
    count: int = 20
    seed: int = 1
    check: bool = False


@dataclass(slots=True)
class Found:
    """Figures of one size. Times of answers are milliseconds, of loading seconds."""

    size: str
    triples: int = 0
    derived: int = 0
    directives: int = 0
    loading: dict[str, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    disk: dict[str, float] = field(default_factory=dict)
    """What lies in the home once it is loaded, in MiB."""
    answers: dict[str, dict[str, dict[str, float | str]]] = field(default_factory=dict)
    """Who was asked → question → first, p50, p95, max; "> limit" where there was none in time."""
    edits: dict[str, dict[str, float | str]] = field(default_factory=dict)
    """Phase of a commit → p50, p95, max; ``right again`` is until the next answer is right."""
    anew: dict[str, dict[str, float | str]] = field(default_factory=dict)
    """Question → times right after an edit, when nothing of the answer was kept."""
    screening: dict[str, float | str] = field(default_factory=dict)
    """Times in which a draft of twenty paragraphs is screened, in process."""
    checked: dict[str, str] = field(default_factory=dict)
    """What was compared after the edits, beside a rebuild → "the same", or what differs."""


def run(plan: Plan, folder: Path, progress: Progress) -> Found:
    """Figures of one size; what is made lies in a folder of its own, removed after."""
    found = Found(plan.size)
    with tempfile.TemporaryDirectory(dir=folder, prefix="dtrack-bench-") as name:
        place = Path(name)
        settings = load_settings({"home": place / "home"}, {}, folder=place)
        triples = _loaded(plan, settings, place, found, progress)
        node = open_service(settings)
        try:
            answers = node.current().answers
            found.directives = len(answers.index)
            asked = questions(answers, plan.count, plan.seed)
            # What `dtrack serve` makes before the first request, too.
            make_ready(answers)
            settle()
            progress("Asking in process", 0, 4)
            found.answers["in process"] = _times(asked, lambda q: _timed(q.ask, answers))
            found.memory["dtrack in process"] = resident(os.getpid())
            found.screening = spread([1000 * _screened(answers) for _ in range(_DRAFTS)])
            progress("Asking over HTTP", 1, 4)
            _over_http(settings, asked, found)
            progress("Editing", 2, 4)
            # Before the peers: what they load takes the room in which the system keeps our files.
            found.edits, found.anew = _edits(node, plan.seed)
            progress("Asking peers", 3, 4)
            for who in plan.peers:
                progress(f"Asking {who}", 3, 4)
                _peer(who, plan, place, triples, asked, found)
            if plan.check:
                found.checked = _checked(node.desk.curator, progress)
        finally:
            node.close()
    return found


def _loaded(plan: Plan, settings: Settings, place: Path, found: Found, progress: Progress) -> Path:
    """Load a corpus into a home, and write what peers load; gives that file."""
    quads, triples = place / "quads.nq", place / "data" / "triples.nt"
    triples.parent.mkdir()
    progress("Making the corpus", 0, 1)
    with quads.open("wb") as file:
        for record in corpus(SIZES.get(plan.size) or int(plan.size), plan.seed):
            found.triples += record.size
            file.write(record.ntriples.replace(b" .\n", f" <{record.graph}> .\n".encode()))
    progress("Loading it by the engine alone", 0, 1)
    before = _processor(resource.RUSAGE_CHILDREN)
    bare = Engine("pyoxigraph", place / "bare")
    found.loading["bare bulk load by pyoxigraph"] = bare.load(quads)
    bare.close()
    bare_processor = _processor(resource.RUSAGE_CHILDREN) - before
    shutil.rmtree(place / "bare")
    with open_curator(settings) as curator:
        # Generated to conform; the audit is measured elsewhere.
        curator.rules = replace(curator.rules, audit=lambda *_: Report((), 0, 0))
        edit = Edit({}, "bench", "Load", "bench", "import")
        records = corpus(SIZES.get(plan.size) or int(plan.size), plan.seed)
        found.loading["first load, corpus made and journalled"] = _seconds(
            lambda: load(curator, records, edit, progress=progress)
        )
        before = _processor(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        found.loading["rebuild, with all derived data"] = _seconds(
            lambda: curator.rebuild(progress)
        )
        found.loading["processor time of the bare load"] = bare_processor
        # A process of its own makes the text index, and has ended by now.
        rebuild = _processor(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) - before
        found.loading["processor time of the rebuild"] = rebuild
    found.disk = {part: _mebibytes(settings.home, part) for part in ("store", "journal")}
    found.loading["rebuild / bare"] = round(
        found.loading["rebuild, with all derived data"]
        / found.loading["bare bulk load by pyoxigraph"],
        2,
    )
    with open_current(settings.home) as store, triples.open("wb") as out:
        derived = store.graph(DERIVED_GRAPH)
        found.derived = derived.count(b"\n")
        # Peers get the closures and statuses; the finished matrix would be our own answer.
        out.writelines(
            line
            for line in derived.splitlines(keepends=True)
            if b"broaderTransitive" in line or b"#currentStatus" in line
        )
        with quads.open("rb") as lines:
            out.writelines(re.sub(rb" <[^ ]*> \.\n\Z", b" .\n", line) for line in lines)
    quads.unlink()
    return triples


def _mebibytes(home: Path, part: str) -> float:
    """MiB of the stores in a home with what lies beside them, or of the rest: the journal."""
    files = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    stores = home / "stores"
    wanted = [path for path in files if path.is_relative_to(stores) == (part == "store")]
    # Stores share files by hard links.
    sizes = {path.stat().st_ino: path.stat().st_size for path in wanted}
    return round(sum(sizes.values()) / (1 << 20), 2)


def _processor(*of: int) -> float:
    """Seconds of processor time that this process, or its children, or both have taken."""
    used = [resource.getrusage(each) for each in of]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _timed(ask: Callable[[Any], object], of: object) -> float:
    started = time.perf_counter()
    ask(of)
    return time.perf_counter() - started


def _times(
    asked: list[Question], ask: Callable[[Question], float | None], limit: float = 0.0
) -> dict[str, dict[str, float | str]]:
    """Times by kind of question. A kind whose answer does not come in time is asked once only."""
    taken: dict[str, list[float]] = {name: [] for name in NAMES}
    given_up: set[str] = set()
    for question in asked:
        if question.name in given_up:
            continue
        seconds = ask(question)
        if seconds is None:
            given_up.add(question.name)
        else:
            taken[question.name].append(1000 * seconds)
    return {
        name: dict.fromkeys(("first", "p50", "p95", "max"), f"> {limit:g} s")
        if name in given_up
        else spread(times)
        for name, times in taken.items()
    }


def spread(times: Sequence[float]) -> dict[str, float | str]:
    """First, p50, p95 and most of some times."""
    in_order = sorted(times)
    # By nearest rank: the least time that 95 of 100 do not pass.
    p95 = in_order[math.ceil(len(in_order) * 0.95) - 1]
    figures = {"first": times[0], "p50": statistics.median(in_order), "p95": p95}
    return {name: round(value, 2) for name, value in (*figures.items(), ("max", in_order[-1]))}


def _over_http(settings: Settings, asked: list[Question], found: Found) -> None:
    with _served(settings) as (port, pid):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

        def ask(question: Question) -> float:
            started = time.perf_counter()
            connection.request("GET", question.path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            taken = time.perf_counter() - started
            if answer.status != 200:
                raise StoreError(f"{question.path}: {answer.status} {body[:200]!r}")
            return taken

        found.answers["over HTTP"] = _times(asked, ask)
        found.memory["dtrack serve"] = resident(pid)
        connection.close()


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[int, int]]:
    """Run ``dtrack serve`` on a free port; gives it, and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "DTRACK_HOME": str(settings.home), "DTRACK_CLIENT_BUDGET": "100000"
    }  # fmt: skip
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "dtrack", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise StoreError("The server does not start.", remedy="Run `dtrack serve` on its own.")


def _peer(
    who: str, plan: Plan, place: Path, triples: Path, asked: list[Question], found: Found
) -> None:
    """Load and ask one peer. Past the limit it is started again, and not asked that again."""
    folder = place / f"peer-{who}"
    folder.mkdir()
    engine: Peer = peer(who, folder, plan.limit)
    try:
        found.loading[f"{who}: load"] = round(engine.load(triples), 2)
        # A few of each kind: a peer's answers do not come from what it has kept.
        few = [q for name in NAMES for q in [q for q in asked if q.name == name][:5]]
        found.answers[who] = _times(few, lambda q: engine.ask(q.sparql, plan.limit), plan.limit)
        found.memory[who] = engine.memory()
    finally:
        engine.close()


def _screened(answers: Answers) -> float:
    """Seconds in which a draft is screened."""
    return _seconds(lambda: screen_draft(answers, draft(), "draft.txt", no_progress))


Times = dict[str, dict[str, float | str]]


def _edits(node: Node, seed: int) -> tuple[Times, Times]:
    """Times of commits of one decision each, by phase, and until the next answer is right.

    Then those of questions that are asked at once, by question.
    """
    curator: Curator = node.desk.curator
    graphs = sorted(g for g in curator.journal.heads() if "/graph/decision/" in g)
    phases: dict[str, list[float]] = {}
    anew: dict[str, list[float]] = {}
    # Gigabytes that were written before are still on their way, and each edit waits for the disk.
    os.sync()
    for turn in range(_EDITS):
        graph = graphs[(seed + turn * 7919) % len(graphs)]
        head = curator.journal.heads([graph])[graph]
        content = curator.journal.content(head.digest)
        # Another day and another actor: statuses, index and matrix have to follow.
        changed = re.sub(rb"(#addressee> <[^>]*/actor/)[^>]*>", rb"\1parties>", content, count=1)
        changed = re.sub(rb'(terms/title> ")[^"]*("@en)', rb"\1edit %d\2" % turn, changed)
        edit = Edit({graph: b"".join(sorted(set(changed.splitlines(True))))}, "b", "Bench", "bench")
        # As people edit: what a node does between two edits is done by then.
        time.sleep(_PAUSE)
        started = time.perf_counter()
        receipt = node.desk.write(edit)
        _ = node.current().answers.index
        taken = 1000 * (time.perf_counter() - started)
        answers = node.current().answers
        for question in asked_anew(answers):
            anew.setdefault(question.name, []).append(1000 * _timed(question.ask, answers))
        if not turn:
            # It has read shapes and rules, which `dtrack serve` does before the first edit.
            settle()
        else:
            for phase, ms in {**receipt.milliseconds, "right again": taken}.items():
                phases.setdefault(phase, []).append(float(ms))
    return _spread_each(phases), _spread_each(anew)


def _spread_each(times: Mapping[str, Sequence[float]]) -> Times:
    return {name: spread(some) for name, some in times.items()}


def _checked(curator: Curator, progress: Progress) -> dict[str, str]:
    """Whether the store and what lies beside it, after the edits, are what a rebuild gives."""
    progress("Comparing with a rebuild", 3, 4)
    folder = current_folder(curator.home)
    with open_folder(folder) as store:
        faults = check_beside(store, folder)
    before = current_marker(curator.home)
    after = curator.rebuild(progress)
    compared = {
        "digest of the store": before.digest == after.digest,
        "digest of the derived graph": before.derived == after.derived,
    }
    return {name: "the same" if same else "differs" for name, same in compared.items()} | {
        "overlap index and text index": "; ".join(faults) or "the same"
    }


def figures(found: list[Found]) -> list[dict[str, Any]]:
    """What was found, as JSON says it."""
    return [asdict(one) for one in found]
