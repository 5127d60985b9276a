"""Reference pages from the files that they describe.

``python -m dtrack.publish.reference docs/reference`` writes them;
with ``--check`` it only says which differ, are missing or are too many.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dtrack.errors import DtrackError
from dtrack.publish.reference_codes import codes_pages
from dtrack.publish.reference_commands import commands_page, help_texts, settings_page
from dtrack.publish.reference_markdown import MARK, page
from dtrack.publish.reference_queries import queries_page
from dtrack.publish.reference_shapes import shapes_page
from dtrack.publish.reference_terms import terms_page
from dtrack.resources import root_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HAND_WRITTEN = {
    "bench.md": "Measured: dtrack beside other engines",
    "overlap.md": "What overlap means, and how it is computed",
}
"""Pages of the folder that people write, with their titles."""


def reference_pages(helps: Mapping[str, str]) -> dict[str, str]:
    """All generated pages by file name. ``helps``: what help_texts() gives."""
    ontology = root_folder("ontology")
    pages = {
        "terms.md": terms_page(ontology),
        **codes_pages(ontology),
        "shapes.md": shapes_page(root_folder("shapes")),
        "queries.md": queries_page(root_folder("queries") / "catalogue"),
        "commands.md": commands_page(helps),
        "settings.md": settings_page(),
    }
    return {"README.md": _contents(pages), **pages}


def _contents(pages: Mapping[str, str]) -> str:
    titles = {name: _title(text) for name, text in pages.items()} | HAND_WRITTEN
    lines = (f"- [{title}]({name})" for name, title in sorted(titles.items()))
    lead = "Everything there is, from the files themselves; `make docs` writes these pages again."
    return page("Reference", lead, ["\n".join(lines)])


def _title(text: str) -> str:
    return next(line[2:] for line in text.splitlines() if line.startswith("# "))


def faults(folder: Path, pages: Mapping[str, str]) -> list[str]:
    """What is wrong with a folder of pages, one line each, sorted by page."""
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.md")}
    found = {name: "is missing" for name in (*pages, *HAND_WRITTEN) if name not in present}
    for name, path in present.items():
        if name in HAND_WRITTEN:
            continue
        if name not in pages:
            found[name] = "is generated no more"
        elif path.read_bytes() != pages[name].encode():
            found[name] = "differs"
    return [f"{name} {fault}" for name, fault in sorted(found.items())]


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write the pages, and remove former ones that are generated no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_bytes(text.encode())
    for path in folder.rglob("*.md"):
        generated = path.read_text(encoding="utf-8").startswith(MARK)
        if generated and path.relative_to(folder).as_posix() not in pages:
            path.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 fine, 1 something differs, 2 the pages cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m dtrack.publish.reference")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    options = parser.parse_args(arguments)
    try:
        pages = reference_pages(help_texts())
    except DtrackError as error:
        sys.stderr.write(f"Error: {error}\n")
        return error.exit_code
    if not options.check:
        write(options.folder, pages)
        sys.stdout.write(f"Wrote {len(pages)} pages to {options.folder}.\n")
    found = faults(options.folder, pages)
    for fault in found:
        sys.stderr.write(f"{options.folder}/{fault}\n")
    if found:
        sys.stderr.write("Run `make docs` and look at the difference.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
