"""Command ``bench``: how fast it is here, beside other engines on the same data."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from dtrack.bench.corpora import SIZES
from dtrack.bench.curves import MEASURES, read_runs
from dtrack.bench.curves import plot as draw
from dtrack.bench.peers import PEERS
from dtrack.bench.running import Plan, figures
from dtrack.bench.running import run as run_bench
from dtrack.bench.scaling import GROUPS, TARGETS, carried, table
from dtrack.bench.telling import machine, report
from dtrack.cli.context import Session, pass_session
from dtrack.errors import ParameterError
from dtrack.publish.figures import MEDIA

_BEGIN = "<!-- figures -->"
_END = "<!-- end of figures -->"


@click.group()
def bench() -> None:
    """Measure how fast dtrack answers, loads and commits, beside other engines."""


@bench.command()
@click.option(
    "--size", "sizes", multiple=True, default=("100k",), show_default=True,
    help="Triples of the corpus: 100k, 1m, 10m or a number; may be given again for a curve.",
)  # fmt: skip
@click.option(
    "--peers", default="pyoxigraph", show_default=True, metavar="LIST",
    help=f"Peers, separated by commas, of: {', '.join(PEERS)}; none for dtrack alone.",
)  # fmt: skip
@click.option("--limit", default=60.0, show_default=True, help="Seconds a peer has per question.")
@click.option("--count", default=20, show_default=True, help="Questions of each kind.")
@click.option("--seed", default=1, show_default=True, help="Seed of corpus and questions.")
@click.option(
    "--check", is_flag=True,
    help="After the edits, compare store and indexes with those of a rebuild.",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(tempfile.gettempdir()), help="Where to work; 10m takes about 20 GB.",
)  # fmt: skip
@click.option(
    "--json", "as_json", type=click.Path(dir_okay=False, path_type=Path), help="File for JSON."
)
@click.option(
    "--markdown", type=click.Path(dir_okay=False, path_type=Path), help="File for the report."
)
@pass_session
def run(
    session: Session,
    sizes: tuple[str, ...],
    peers: str,
    limit: float,
    count: int,
    seed: int,
    check: bool,
    folder: Path,
    as_json: Path | None,
    markdown: Path | None,
) -> None:
    r"""Make a corpus, load it, and ask dtrack and its peers the same questions.

    Questions: the matrix of all conventions, two of them, who serves a target,
    gaps of a framework, provisions next to one, the matrix on capacity-building,
    search, and search with facets. dtrack is asked in process and over HTTP by
    one client; peers are asked by the SPARQL in queries/bench, which counts
    first and then multiplies. They leave out what costs them most: mappings,
    hierarchy, scores and evidence. Then single decisions are edited, until the
    next answer is right again.

    Peers that are servers run on this machine: oxigraph from PyPI, virtuoso
    from Debian (virtuoso-opensource). rdflib is for 100k. Give the machine to
    the bench alone: the load beside it is in the report.

    \b
    dtrack bench run
    dtrack bench run --size 1m --peers pyoxigraph,oxigraph,virtuoso --markdown bench.md
    """
    wanted = [name for name in peers.split(",") if name and name != "none"]
    for name in wanted:
        if name not in PEERS:
            raise ParameterError(f"There is no peer '{name}'.", remedy=f"Use {', '.join(PEERS)}.")
    for size in sizes:
        if size not in SIZES and not size.isdigit():
            raise ParameterError(
                f"'{size}' is no size.", remedy="Use 100k, 1m, 10m or a number of triples."
            )
    facts = machine()
    found = []
    with session.progress() as progress:
        for size in sizes:
            plan = Plan(size, tuple(wanted), limit, count, seed, check)
            found.append(run_bench(plan, folder, progress))
            # After each size, so that what takes hours is not lost by what comes next.
            if as_json:
                told = {"machine": facts, "sizes": figures(found)}
                as_json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    text = report(found, facts)
    if markdown:
        markdown.write_text(text, encoding="utf-8")
    session.say(text)


@bench.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--at", "targets", multiple=True, type=click.IntRange(min=1), default=TARGETS,
    show_default=True, help="Triples to reckon to; may be given again.",
)  # fmt: skip
@click.option(
    "--only", "groups", multiple=True, type=click.Choice(GROUPS), default=GROUPS,
    help="One group of figures alone; may be given again.",
)  # fmt: skip
@click.option(
    "--page", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Page to write the table into, between its two comments `figures`.",
)  # fmt: skip
@pass_session
def scale(
    session: Session,
    files: tuple[Path, ...],
    targets: tuple[int, ...],
    groups: tuple[str, ...],
    page: Path | None,
) -> None:
    r"""Carry the figures in FILES, which bench run --json wrote, on to larger sizes.

    A line is drawn through the two largest sizes for loading, memory and disk,
    a power of the number of triples for answers and edits. With one size alone
    nothing is carried on. Beyond some ten times what was measured, take it for
    the order of magnitude.

    \b
    dtrack bench run --size 100k --size 1m --json bench.json
    dtrack bench scale bench.json
    dtrack bench scale 1m.json 10m.json --page docs/scale.md
    """
    sizes = []
    for file in files:
        try:
            sizes += json.loads(file.read_text(encoding="utf-8"))["sizes"]
            found = carried(sizes, targets)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ParameterError(
                f"{file} holds no figures.", remedy="Give what `dtrack bench run --json` wrote."
            ) from None
    text = table([one for one in found if one.group in groups], targets)
    if page is not None:
        _write_between(page, text)
    session.say(text)


def _write_between(page: Path, text: str) -> None:
    """Put a text between the two comments of a page. Raises ParameterError without them."""
    head, begin, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, tail = rest.partition(_END)
    if not (begin and end):
        raise ParameterError(
            f"{page} has no place for figures.", remedy=f"Write {_BEGIN} and {_END} into it."
        )
    page.write_text(f"{head}{begin}\n\n{text}\n{end}{tail}", encoding="utf-8")


@bench.command()
@click.argument(
    "runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; its ending says what: .svg or .png.",
)  # fmt: skip
@click.option(
    "--of", "who", default="in process", show_default=True,
    help="Who was asked: in process, over HTTP, or a peer.",
)  # fmt: skip
@click.option(
    "--measure", type=click.Choice(MEASURES), default="p95", show_default=True,
    help="Which of the times of a question.",
)  # fmt: skip
@pass_session
def plot(session: Session, runs: tuple[Path, ...], out: Path, who: str, measure: str) -> None:
    r"""Draw cost over size from the JSON of runs: a line for each question, and for an edit.

    \b
    dtrack bench run --size 100k --size 1m --json small.json
    dtrack bench plot small.json large.json --out cost.svg
    """
    ending = out.suffix.removeprefix(".").lower()
    if ending not in MEDIA:
        raise ParameterError(
            f"A picture cannot be written as '{out.name}'.", remedy="Let it end with .svg or .png."
        )
    out.write_bytes(draw(read_runs(runs), who, measure, ending))
    session.say(f"{out}: {who}, {measure}")
