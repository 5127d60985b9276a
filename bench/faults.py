"""Kill a writer at random moments, again and again, and count what was lost: nothing may be.

    python bench/faults.py [--kills 200] [--journal sqlite|postgres|both] [--seed N] [--json FILE]

A process makes one change after the other - edits, withdrawals, bulk imports -
and tells each revision that was acknowledged, with the digest of the state
after it. It is ended by SIGKILL at a random moment; of eight such moments, one
is in the recovery of a store that was lost, and two are followed by the next
at once. Then the home is opened again and must hold every acknowledged revision, and nothing by
half: journal, marker, store and what is derived are computed again and compared.

PostgreSQL is started from its installed programs, in a folder of its own.
Exit code 1 when anything was lost.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
# The process that forks the writers imports all they need, once.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
)

import postgres as pg  # noqa: E402
from small_home import faults_of, fill, random_act, small_curator  # noqa: E402

ROUNDS = 25
"""Kills in one home; then a new one is made, so that histories stay short."""
MOST_WRITES = 3
"""Writes that a writer may be acknowledged before the moment is chosen."""
PHASES = ("recovery", "write", "between two writes")
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["small_home"])


@dataclass
class Counts:
    """What happened, and what was lost."""

    journal: str
    kills: int = 0
    killed_in: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PHASES, 0))
    acknowledged: int = 0
    journalled_but_not_acknowledged: int = 0
    stores_behind_the_journal: int = 0
    drafts_left_behind: int = 0
    recoveries: int = 0
    longest_recovery_ms: int = 0
    doctor_runs: int = 0
    seconds: int = 0
    faults: list[str] = field(default_factory=list)


def write_on(home: Path, url: str, told: Path, seed: int) -> None:
    """Recover, then write until killed; each line is on its way before the next step begins."""
    dice = random.Random(seed)
    handle = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(*words: object) -> None:
        os.write(handle, (" ".join(map(str, words)) + "\n").encode())

    tell("recovery")
    with small_curator(home, url) as curator:
        curator.recover()
        for turn in range(1_000_000):
            tell("write")
            kind, number = random_act(curator, dice, turn)
            tell("acknowledged", number, curator.journal.facts(number).digest, kind)


def killed(home: Path, url: str, told: Path, dice: random.Random, span: float, begun: int) -> str:
    """Start a writer and kill it at some moment of its write number ``begun``; what it was at.

    The write 0 is the recovery; ``span`` is about how long a write takes.
    """
    told.touch()
    process = CONTEXT.Process(target=write_on, args=(home, url, told, dice.getrandbits(32)))
    process.start()
    deadline = time.monotonic() + 120
    # A line is told when the recovery, and when each write, begins.
    while told.read_text().count("\n") < (2 * begun or 1) and process.is_alive():
        if time.monotonic() > deadline:
            raise RuntimeError("the writer does not get on")
        time.sleep(0.001)
    time.sleep(dice.uniform(0, span))
    if not process.is_alive():
        raise RuntimeError("the writer has ended by itself; its message is above")
    process.kill()
    process.join()
    process.close()
    phase = told.read_text().rpartition("\n")[0].split("\n")[-1].split(" ")[0]
    return "between two writes" if phase == "acknowledged" else phase


def acknowledged_in(told: Path) -> dict[int, str]:
    """Revisions that a writer was told of, with their digests."""
    lines = [line.split(" ") for line in told.read_text().split("\n")[:-1]]
    return {int(words[1]): words[2] for words in lines if words[0] == "acknowledged"}


class Home:
    """One home and what has been acknowledged of it."""

    def __init__(self, folder: Path, url: str, counts: Counts, dice: random.Random) -> None:
        self.home = folder / "home"
        self.folder = folder
        self.url = url
        self.counts = counts
        self.dice = dice
        self.acknowledged: dict[int, str] = {}
        with small_curator(self.home, url) as curator:
            number = fill(curator)
            self.acknowledged[number] = curator.journal.facts(number).digest
            started = time.monotonic()
            for turn in range(5):
                _, number = random_act(curator, dice, turn)
                self.acknowledged[number] = curator.journal.facts(number).digest
        self.span = 1.5 * (time.monotonic() - started) / 5

    def kill(self, number: int) -> None:
        """Let a writer write and kill it."""
        told = self.folder / f"told-{number}"
        begun = self.dice.randint(0, MOST_WRITES)
        if number % 8 == 4:
            # The store is lost as well, and the writer is killed while it builds it again.
            shutil.rmtree(self.home / "stores")
            begun = 0
        phase = killed(self.home, self.url, told, self.dice, self.span, begun)
        self.counts.killed_in[phase] += 1
        self.counts.kills += 1
        found = acknowledged_in(told)
        self.counts.acknowledged += len(found)
        self.acknowledged |= found

    def check(self) -> None:
        """Open again, and compare everything with everything."""
        counts = self.counts
        stores = list((self.home / "stores").glob("*"))
        counts.drafts_left_behind += sum(path.name.startswith("building-") for path in stores)
        with small_curator(self.home, self.url) as curator:
            started = time.monotonic()
            counts.stores_behind_the_journal += curator.recover()
            taken = round(1000 * (time.monotonic() - started))
            counts.recoveries += 1
            counts.longest_recovery_ms = max(counts.longest_recovery_ms, taken)
            last = curator.journal.last()
            counts.journalled_but_not_acknowledged += sum(
                number not in self.acknowledged for number in range(1, last + 1)
            )
            found = faults_of(curator, self.acknowledged)
            for number in range(1, last + 1):
                self.acknowledged.setdefault(number, curator.journal.facts(number).digest)
        counts.faults += [f"after kill {counts.kills}: {fault}" for fault in found]

    def consult(self) -> None:
        """Ask the doctor, as an operator would."""
        environment = {**os.environ, "DTRACK_HOME": str(self.home), "DTRACK_JOURNAL_URL": self.url}
        done = subprocess.run(
            [sys.executable, "-m", "dtrack", "doctor", "--json"],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.counts.doctor_runs += 1
        if done.returncode:
            self.counts.faults.append(f"dtrack doctor: {done.stderr.strip()[-500:]}")


def torture(journal: str, kills: int, seed: int, server: pg.PostgresServer | None) -> Counts:
    """Kill as often as asked for; what came of it."""
    counts, dice, started = Counts(journal), random.Random(seed), time.monotonic()
    while counts.kills < kills:
        folder = Path(tempfile.mkdtemp(prefix="dtrack-faults-"))
        try:
            home = Home(folder, server.new_database() if server else "", counts, dice)
            for number in range(min(ROUNDS, kills - counts.kills)):
                home.kill(number)
                if number % 4 != 2:
                    home.check()
            home.check()
            home.consult()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{journal}: {counts.kills} of {kills} kills ")
    counts.seconds = round(time.monotonic() - started)
    return counts


def table(found: list[Counts]) -> str:
    """Counts side by side."""
    names = [name for name in asdict(found[0]) if name not in {"killed_in", "faults"}]
    rows = [(name.replace("_", " "), *(str(getattr(c, name)) for c in found)) for name in names]
    rows += [(f"  killed in: {p}", *(str(c.killed_in[p]) for c in found)) for p in PHASES]
    rows.append(("FAULTS", *(str(len(counts.faults)) for counts in found)))
    return "\n".join(f"{row[0]:<34}" + "".join(f"{cell:>10}" for cell in row[1:]) for row in rows)


def main() -> int:
    """Run it; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200, help="for each journal")
    parser.add_argument("--journal", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--json", type=Path, help="file for the counts as JSON")
    asked = parser.parse_args()
    kinds = ("sqlite", "postgres") if asked.journal == "both" else (asked.journal,)
    found = []
    for kind in kinds:
        with ExitStack() as stack:
            server = None
            if kind == "postgres":
                programs = pg.programs()
                if programs is None:
                    parser.error("PostgreSQL's programs (initdb, postgres, pg_ctl) are missing")
                server = stack.enter_context(pg.running(programs))
            found.append(torture(kind, asked.kills, asked.seed, server))
    print(f"seed {asked.seed}")
    print(table(found))
    for counts in found:
        for fault in counts.faults[:20]:
            print(f"{counts.journal}: {fault}")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(c) for c in found], indent=1) + "\n")
    return 1 if any(counts.faults for counts in found) else 0


if __name__ == "__main__":
    sys.exit(main())
