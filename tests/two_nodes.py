"""Three nodes that run: CBD's corpus, Ramsar's, and both in one; codes and targets in each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dtrack.curate.loading import load
from dtrack.model import Edit, Record
from dtrack.settings import load_settings
from dtrack.sources import Corpus
from dtrack.stores.parsing import parse_turtle
from dtrack.wiring.writing import open_curator
from processes import free_port, served

EDIT = Edit({}, "tester", "Load a part of the corpus", "tests", "import")
OPEN = {"DTRACK_CLIENT_BUDGET": "100000", "DTRACK_QUERY_WORKERS": "2"}


@dataclass(frozen=True)
class TwoNodes:
    """Addresses of two nodes, the home of one with both corpora, and an address of nobody."""

    cbd: str
    ramsar: str
    both: Path
    nobody: str


def _is_wanted(record: Record, keys: tuple[str, ...]) -> bool:
    place = f"/{record.place}"
    shared = "/decisions/" not in place and "/statements/" not in place
    return shared or any(f"/decisions/{key}/" in place for key in keys)


@contextmanager
def two_nodes(root: Path, folder: Path) -> Iterator[TwoNodes]:
    """Run the two nodes; CBD's may ask Ramsar's, and an address where nobody listens."""
    records = list(Corpus(root / "ontology", root / "data", parse_turtle).read())
    homes = {}
    for name, keys in {"cbd": ("cbd",), "ramsar": ("ramsar",), "both": ("cbd", "ramsar")}.items():
        homes[name] = folder / name
        with open_curator(load_settings({"home": homes[name]}, {}, folder=folder)) as curator:
            wanted = [record for record in records if _is_wanted(record, keys)]
            load(curator, wanted, EDIT, complete=True)
    nobody = f"http://127.0.0.1:{free_port()}"
    with served(environment={**OPEN, "DTRACK_HOME": str(homes["ramsar"])}) as ramsar:
        allowed = {
            "DTRACK_SERVICE_ALLOW": f"{ramsar.url}/sparql {nobody}/sparql",
            "DTRACK_SERVICE_INSIDE": "yes",
        }
        with served(environment={**OPEN, **allowed, "DTRACK_HOME": str(homes["cbd"])}) as cbd:
            yield TwoNodes(cbd.url, ramsar.url, homes["both"], nobody)
