"""An index on disk: its arrays as they are, and a manifest that says what they are of.

The arrays are mapped, not read: opening costs milliseconds at any size. The same
content gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import numpy as np

from dtrack.errors import StoreError
from dtrack.overlap.columns import Columns
from dtrack.overlap.corpus import VALUE_DIMENSIONS, FrameworkItem, MappingRecord, Tables
from dtrack.overlap.leaders import Leaders
from dtrack.overlap.scoring import Scored
from dtrack.overlap.strings import Strings
from dtrack.overlap.value_sets import ValueSets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
_TABLES: Final = "tables.json"
_KEPT: Final = "kept/leaders.npz"
"""What may be found again, and is no part of the digest."""


def save(
    folder: Path, columns: Columns, tables: Tables, counts: Mapping[str, NDArray[np.int64]]
) -> str:
    """Write an index into a folder; gives the digest of its content. The manifest comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    files: dict[str, str] = {}
    for name, array in {**_arrays(columns), **{f"pairs-{k}": v for k, v in counts.items()}}.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
        files[f"{name}.npy"] = sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
    text = json.dumps(_described(columns, tables), ensure_ascii=False, sort_keys=True)
    (folder / _TABLES).write_text(text, encoding="utf-8")
    files[_TABLES] = sha256(text.encode()).hexdigest()
    digest = sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    manifest = {"format": FORMAT, "directives": len(columns), "digest": digest, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return digest


def load(folder: Path) -> tuple[Columns, Tables, dict[str, NDArray[np.int64]]]:
    """Columns, tables and counts that save() wrote.

    Raises StoreError when there are none, or of another format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise _unreadable()
        described = json.loads((folder / _TABLES).read_text(encoding="utf-8"))
        arrays = {
            name.removesuffix(".npy"): _mapped(folder / name)
            for name in manifest["files"]
            if name.endswith(".npy")
        }
        return (
            _columns(arrays, described),
            _tables(described),
            {n.removeprefix("pairs-"): a for n, a in arrays.items() if n.startswith("pairs-")},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error


def save_leaders(folder: Path, found: Leaders) -> None:
    """Write the best pairs beside an index.

    They are no part of its digest: which pairs past the best ones are kept depends on
    the edits before.
    """
    place = folder / _KEPT
    place.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        place,
        starts=found.starts,
        rows=np.stack([found.pairs.first, found.pairs.second]).astype(np.int64),
        scores=found.pairs.scores,
        floors=found.floors,
    )


def load_leaders(folder: Path) -> Leaders | None:
    """Best pairs that save_leaders() wrote; None where they are missing, as in older indexes."""
    try:
        with np.load(folder / _KEPT, allow_pickle=False) as held:
            rows = held["rows"]
            return Leaders(held["starts"], Scored(rows[0], rows[1], held["scores"]), held["floors"])
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def _mapped(path: Path) -> NDArray[Any]:
    """An array whose memory is the file; a plain one, which is faster than numpy's own kind."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)).view(np.ndarray)


def _unreadable() -> StoreError:
    return StoreError(
        "The overlap index is missing, damaged or of another version.",
        remedy="Build it again with `dtrack rebuild`.",
    )


def _arrays(columns: Columns) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {
        "firsts": columns.firsts,
        "provisions": columns.provisions.data,
        "provision-ends": columns.provisions.ends,
        "hashes": columns.hashes,
        "hash-order": columns.hash_order,
        "flags": columns.flags,
        "periods": columns.periods,
        "period": columns.period,
        "spans": columns.spans,
    }
    for name in VALUE_DIMENSIONS:
        found[f"{name}-starts"] = columns.sets[name].starts
        found[f"{name}-flat"] = columns.sets[name].flat
        found[f"{name}-numbers"] = columns.numbers[name]
    return found


def _described(columns: Columns, tables: Tables) -> dict[str, object]:
    return {
        "blocks": columns.blocks,
        "values": {name: columns.sets[name].values for name in VALUE_DIMENSIONS},
        "mappings": [asdict(mapping) for mapping in tables.mappings],
        "ancestors": {value: sorted(found) for value, found in tables.ancestors.items()},
        "items": [asdict(tables.items[iri]) for iri in sorted(tables.items)],
    }


def _columns(a: Mapping[str, NDArray[Any]], described: dict[str, Any]) -> Columns:
    values: dict[str, list[str]] = described["values"]
    return Columns(
        blocks=tuple((block[0], block[1], block[2]) for block in described["blocks"]),
        firsts=a["firsts"],
        provisions=Strings(a["provisions"], a["provision-ends"]),
        hashes=a["hashes"],
        hash_order=a["hash-order"],
        flags=a["flags"],
        periods=a["periods"],
        period=a["period"],
        sets={
            name: ValueSets(tuple(values[name]), a[f"{name}-starts"], a[f"{name}-flat"])
            for name in VALUE_DIMENSIONS
        },
        numbers={name: a[f"{name}-numbers"] for name in VALUE_DIMENSIONS},
        spans=a["spans"],
    )


def _tables(described: dict[str, Any]) -> Tables:
    return Tables(
        tuple(MappingRecord(**mapping) for mapping in described["mappings"]),
        {value: frozenset(found) for value, found in described["ancestors"].items()},
        {item["iri"]: FrameworkItem(**item) for item in described["items"]},
    )
