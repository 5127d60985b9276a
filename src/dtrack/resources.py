"""The root folders: ``ontology``, ``shapes``, ``queries`` and ``data``.

In a checkout they lie at its top; in an installed wheel inside the package.
This is the only place that knows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from dtrack.errors import StoreError

RootFolder = Literal["ontology", "shapes", "queries", "data"]


def root_folder(name: RootFolder) -> Path:
    """Path of a root folder, of the checkout where there is one, else of the wheel.

    Raises StoreError when the installation lacks it.
    """
    package = Path(__file__).resolve().parent
    for top in (package.parents[1], package / "_root"):
        folder = top / name
        # A site-packages folder may hold a stranger's "data": ours has this neighbour.
        if folder.is_dir() and (top / "ontology" / "dtrack.ttl").is_file():
            return folder
    raise StoreError(
        f"The folder '{name}' is missing from this installation.",
        remedy="Install dtrack again from its wheel or from a full checkout.",
    )
