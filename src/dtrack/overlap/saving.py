"""An index on disk: its arrays as they are, and a manifest that says what they are of.

The arrays are mapped, not read: opening costs milliseconds at any size. The same
content gives the same bytes.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import numpy as np

from dtrack.errors import StoreError
from dtrack.overlap.columns import Columns
from dtrack.overlap.corpus import VALUE_DIMENSIONS, FrameworkItem, MappingRecord, Tables
from dtrack.overlap.leaders import Footing, Leaders
from dtrack.overlap.profiles import Totals
from dtrack.overlap.scoring import Scored
from dtrack.overlap.strings import Strings
from dtrack.overlap.value_sets import ValueSets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT: Final = 3
MANIFEST: Final = "manifest.json"
_TABLES: Final = "tables.json"
_NAMES: Final = "names.json"
_LEADERS: Final = "kept/leaders.npz"
_TOTALS: Final = "kept/totals.npz"
"""These may be found again, and are no part of the digest."""


@dataclass(frozen=True, slots=True)
class Saved:
    """An index as it was written into a folder: what is the same now need not be written again."""

    folder: Path
    columns: Columns
    tables: Tables


def save(
    folder: Path,
    columns: Columns,
    tables: Tables,
    counts: Mapping[str, NDArray[np.int64]],
    former: Saved | None = None,
) -> str:
    """Write an index into a folder; gives the digest of its content. The manifest comes last.

    A file that is the same as in the ``former`` folder is shared with it, by a hard link.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    writing = _Writing(folder, former)
    was = _arrays(former.columns) if former else {}
    for name, array in {**_arrays(columns), **{f"pairs-{k}": v for k, v in counts.items()}}.items():
        before = was.get(name)
        same = before is array or (
            before is not None and before.dtype == array.dtype and np.array_equal(before, array)
        )
        writing.write(f"{name}.npy", partial(_written, array), same=same)
    same_names = former is not None and _same_names(former.columns, columns)
    writing.write(_NAMES, partial(_as_json, _names(columns)), same=same_names)
    same_tables = former is not None and former.tables is tables
    writing.write(_TABLES, lambda at: _as_json(_described(tables), at), same=same_tables)
    digest = sha256(json.dumps(writing.files, sort_keys=True).encode()).hexdigest()
    manifest = {
        "format": FORMAT, "directives": len(columns), "digest": digest, "files": writing.files
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return digest


class _Writing:
    """Files of an index on their way into a folder, with the digest of each."""

    def __init__(self, folder: Path, former: Saved | None) -> None:
        self.files: dict[str, str] = {}
        self._folder = folder
        self._former = former.folder if former else None
        self._known: dict[str, str] = {}
        if former:
            with suppress(OSError, ValueError, KeyError, TypeError):
                manifest = json.loads((former.folder / MANIFEST).read_text(encoding="utf-8"))
                self._known = manifest["files"] if manifest["format"] == FORMAT else {}

    def write(self, name: str, make: Callable[[Path], bytes], *, same: bool) -> None:
        """Write a file, or share that of the former folder; ``make`` gives what is digested."""
        place = self._folder / name
        # What lies here may be shared; to write into it would change a former index.
        place.unlink(missing_ok=True)
        if same and self._former and name in self._known:
            with suppress(OSError):
                os.link(self._former / name, place)
                self.files[name] = self._known[name]
                return
        self.files[name] = sha256(make(place)).hexdigest()


def _written(array: NDArray[Any], place: Path) -> bytes:
    array = np.ascontiguousarray(array)
    np.save(place, array)
    return array.tobytes()


def _as_json(value: object, place: Path) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    place.write_text(text, encoding="utf-8")
    return text.encode()


def load(folder: Path) -> tuple[Columns, Tables, dict[str, NDArray[np.int64]]]:
    """Columns, tables and counts that save() wrote.

    Raises StoreError when there are none, or of another format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise _unreadable()
        named = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        described = json.loads((folder / _TABLES).read_text(encoding="utf-8"))
        arrays = {
            name.removesuffix(".npy"): _mapped(folder / name)
            for name in manifest["files"]
            if name.endswith(".npy")
        }
        return (
            _columns(arrays, named),
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
    place = folder / _LEADERS
    place.parent.mkdir(parents=True, exist_ok=True)
    held: dict[str, Any] = {
        "starts": found.starts,
        "rows": np.stack([found.pairs.first, found.pairs.second]).astype(np.int64),
        "scores": found.pairs.scores,
        "floors": found.floors,
        "spare": np.stack([found.spare.first, found.spare.second]).astype(np.int64),
        "spare_scores": found.spare.scores,
        "bounds": found.bounds,
        "drifts": np.array([found.footing.drift[name] for name in VALUE_DIMENSIONS]),
    }
    held |= {f"ic_{name}": ic for name, ic in found.footing.ic.items()}
    np.savez(place, **held)


def load_leaders(folder: Path) -> Leaders | None:
    """Best pairs that save_leaders() wrote; None where they are missing, as in older indexes."""
    try:
        with np.load(folder / _LEADERS, allow_pickle=False) as held:
            rows, spare = held["rows"], held["spare"]
            ic = {name: held[f"ic_{name}"] for name in VALUE_DIMENSIONS}
            return Leaders(
                held["starts"],
                Scored(rows[0], rows[1], held["scores"]),
                held["floors"],
                Scored(spare[0], spare[1], held["spare_scores"]),
                held["bounds"],
                Footing(ic, dict(zip(VALUE_DIMENSIONS, held["drifts"].tolist(), strict=True))),
            )
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def save_totals(folder: Path, found: Totals, served: NDArray[Any]) -> None:
    """Write beside an index what the finished matrix says of profiles, and who serves what."""
    place = folder / _TOTALS
    place.parent.mkdir(parents=True, exist_ok=True)
    held: dict[str, Any] = {f"held_{name}": values for name, values in found.held.items()}
    np.savez(
        place,
        sizes=found.sizes,
        overlapping=found.overlapping,
        closeness=found.closeness,
        served=served,
        **held,
    )


def load_totals(folder: Path) -> Totals | None:
    """What save_totals() wrote; None where it is missing, as in older indexes."""
    try:
        with np.load(folder / _TOTALS, allow_pickle=False) as held:
            return Totals(
                held["sizes"],
                {name: held[f"held_{name}"] for name in VALUE_DIMENSIONS},
                held["overlapping"],
                held["closeness"],
            )
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def load_served(folder: Path) -> NDArray[np.int32] | None:
    """How many directives serve each item; None where it is missing, as in older indexes."""
    try:
        with np.load(folder / _TOTALS, allow_pickle=False) as held:
            found: NDArray[np.int32] = held["served"]
            return found
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


def _names(columns: Columns) -> dict[str, object]:
    return {
        "blocks": columns.blocks,
        "values": {name: columns.sets[name].values for name in VALUE_DIMENSIONS},
    }


def _same_names(one: Columns, other: Columns) -> bool:
    return one.blocks == other.blocks and all(
        one.sets[name].values == other.sets[name].values for name in VALUE_DIMENSIONS
    )


def _described(tables: Tables) -> dict[str, object]:
    return {
        "mappings": [asdict(mapping) for mapping in tables.mappings],
        "ancestors": {value: sorted(found) for value, found in tables.ancestors.items()},
        "items": [asdict(tables.items[iri]) for iri in sorted(tables.items)],
    }


def _columns(a: Mapping[str, NDArray[Any]], named: dict[str, Any]) -> Columns:
    values: dict[str, list[str]] = named["values"]
    return Columns(
        blocks=tuple((block[0], block[1], block[2]) for block in named["blocks"]),
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
