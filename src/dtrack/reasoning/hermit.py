"""HermiT as a process: the build that owlready2 carries, on a Java runtime.

owlready2 itself is not imported: its Python part keeps a global world and
writes what the reasoner says into live objects, where a list is enough here.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import OWL, XSD, Literal, URIRef

from dtrack.errors import MissingExtraError, ReasonerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

log = logging.getLogger(__name__)

_MAIN = "org.semanticweb.HermiT.cli.CommandLine"
# A short life on few cores: half the processor time of Java's own choice, measured.
_JAVA_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
_LINE = re.compile(r"^(SubClassOf|EquivalentClasses|Type)\( (<[^>]+>(?: <[^>]+>)+) \)$")


class Task(StrEnum):
    """What to ask of HermiT, as its command-line option."""

    CLASSIFY = "-c"
    CHECK = "-k"
    REALISE = "-I"


@dataclass(slots=True)
class Answer:
    """What HermiT said. ``types`` and ``parents`` hold the nearest classes only."""

    consistent: bool
    parents: dict[URIRef, set[URIRef]] = field(default_factory=lambda: defaultdict(set))
    unsatisfiable: set[URIRef] = field(default_factory=set)
    types: dict[URIRef, set[URIRef]] = field(default_factory=lambda: defaultdict(set))
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Hermit:
    """A HermiT that can be run. ``seconds`` and ``megabytes`` bound each run."""

    java: str
    classpath: str
    seconds: float = 600.0
    megabytes: int = 3000

    def ask(self, task: Task, ontology: Iterable[tuple[Node, Node, Node]]) -> Answer:
        """HermiT's answer about one ontology, given as its triples.

        Raises ReasonerError when it fails or takes too long.
        """
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="dtrack-reason-") as folder:
            path = Path(folder) / "ontology.nt"
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{_n(s)} {_n(p)} {_n(o)} .\n" for s, p, o in ontology)
            output = self._run(task, path)
        answer = Answer(consistent=False) if output is None else _parse(output)
        answer.seconds = time.monotonic() - started
        log.info(
            "reasoner answered",
            extra={"task": task.name, "seconds": answer.seconds},
        )
        return answer

    def _run(self, task: Task, path: Path) -> str | None:
        """Standard output, or None when the ontology is inconsistent."""
        memory = f"-Xmx{self.megabytes}M"
        command = [self.java, *_JAVA_OPTIONS, memory, "-cp", self.classpath, _MAIN]
        try:
            done = subprocess.run(  # noqa: S603 - fixed program, our own file
                [*command, task.value, path.as_uri()],
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=self.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ReasonerError(
                f"HermiT did not end within {self.seconds:g} seconds.",
                remedy="Allow more seconds, or reason over fewer records.",
            ) from error
        if done.returncode == 0:
            return done.stdout
        if "InconsistentOntologyException" in done.stderr:
            return None
        raise ReasonerError(
            f"HermiT failed: {_complaint(done.stderr)}",
            remedy="Run `dtrack validate` first: HermiT needs well-formed OWL 2 DL and literals.",
        )


def _n(node: Node) -> str:
    """Node in N-Triples; ``n3`` alone would put line breaks into long quotes."""
    if isinstance(node, Literal):
        lexical = str(node).translate(_ESCAPES)
        return f'"{lexical}"' + (f"@{node.language}" if node.language else f"^^<{_type(node)}>")
    return node.n3()


def _type(literal: Literal) -> str:
    return str(literal.datatype or XSD.string)


def _complaint(errors: str) -> str:
    """First line of Java's error text, without the name of the thread."""
    first = next((line for line in errors.splitlines() if line.strip()), "no message")
    return re.sub(r'^Exception in thread "[^"]*" ', "", first).strip()


def _parse(output: str) -> Answer:
    answer = Answer(consistent=True)
    for line in output.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        names = [URIRef(name) for name in match[2][1:-1].split("> <")]
        if match[1] == "Type":
            answer.types[names[0]].add(names[1])
        elif match[1] == "SubClassOf":
            answer.parents[names[0]].add(names[1])
        elif OWL.Nothing in names:
            answer.unsatisfiable |= set(names) - {OWL.Nothing}
        else:
            for name in names:
                answer.parents[name] |= set(names) - {name}
    return answer


def find_hermit(*, seconds: float = 600.0, megabytes: int = 3000) -> Hermit:
    """HermiT of this installation. Raises MissingExtraError naming what to install."""
    spec = find_spec("owlready2")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    folder = next((Path(f) / "hermit" for f in folders if (Path(f) / "hermit").is_dir()), None)
    if folder is None:
        raise MissingExtraError(
            "Reasoning needs owlready2, which is not installed.",
            remedy="Run: pip install 'dtrack[reason]'",
        )
    java = shutil.which("java")
    if java is None:
        raise MissingExtraError(
            "Reasoning needs a Java runtime: there is no program `java`.",
            remedy="Install one (Debian: apt-get install default-jre-headless), "
            "and owlready2 with: pip install 'dtrack[reason]'",
        )
    # The folder goes first: owlready2 puts corrected classes beside the archive.
    classpath = os.pathsep.join([str(folder), str(folder / "HermiT.jar")])
    return Hermit(java, classpath, seconds, megabytes)
