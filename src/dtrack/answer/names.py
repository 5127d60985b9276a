"""From what people type to IRIs: symbols in any spelling, keys, labels in any language."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.answer.lookup import existing, labels, last_part
from dtrack.errors import NotFoundError
from dtrack.symbols import SymbolForm, Symbols
from dtrack.terms import BASE, CODES, DT, SDG, SDG_FRAMEWORK, SKOS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dtrack.model import Store
    from dtrack.symbols import Reading

ID = f"{BASE}/id/"
_CODE_SCHEMES = frozenset({"theme", "actor", "verb", "force", "kind", "document-type"})
_HOMES = {
    "instrument": (f"{ID}instrument/", f"{ID}forum/"),
    "framework": (f"{ID}framework/",),
    "target": (f"{ID}target/", f"{ID}goal/", SDG),
    "goal": (f"{ID}goal/", f"{ID}target/", SDG),
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a symbol names.

    ``iri`` is the text, target or provision; ``note`` says what could not be
    matched; ``others`` are further records the same spelling may name.
    """

    iri: str
    label: str
    note: str = ""
    others: tuple[str, ...] = ()


class Names:
    """Lookup of symbols and keys in one store."""

    def __init__(self, store: Store, queries: Path, language: str = "en") -> None:
        self._store = store
        self._queries = queries
        self._language = language
        self._symbols: Symbols | None = None

    @property
    def symbols(self) -> Symbols:
        """Forms of symbols, read from the store at first use."""
        if self._symbols is None:
            self._symbols = self._read_symbols()
        return self._symbols

    def _read_symbols(self) -> Symbols:
        def rows(name: str) -> list[dict[str, str]]:
            text = (self._queries / "index" / f"{name}.rq").read_text(encoding="utf-8")
            return list(self._store.select(text).texts())

        forms: dict[str, SymbolForm] = {}
        for row in rows("symbol_forms"):
            known = forms.get(row["form"])
            forms[row["form"]] = SymbolForm(
                of=row["of"],
                kind=row["kind"],
                templates=(*(known.templates if known else ()), row["template"]),
                slug=row["slug"],
                rank=int(row["rank"]),
            )
        names = [(row["name"], row["thing"]) for row in rows("instrument_names")]
        return Symbols(forms.values(), names)

    def resolve(self, text: str) -> tuple[Resolution, ...]:
        """What a symbol, or each member of a list of symbols, names.

        Raises NotFoundError when no form fits or no such record exists.
        """
        if re.match(r"https?://", text.strip()):
            return (self._known_iri(text.strip()),)
        members = self.symbols.read_list(text)
        if not members:
            return (self._literal_symbol(text),)
        return tuple(self._choose(readings, text) for readings in members)

    def recognise(self, text: str) -> tuple[str, ...]:
        """IRIs of the records that a text names by their symbols; none for any other words."""
        found = []
        for readings in self.symbols.read_list(text):
            candidates = [iri for reading in readings for iri in self._candidates(reading)]
            known = existing(self._store, candidates) if candidates else set()
            found += [iri for iri in candidates if iri in known][:1]
        return tuple(dict.fromkeys(found))

    def _known_iri(self, iri: str) -> Resolution:
        if not existing(self._store, [iri]):
            raise NotFoundError(f"No record has the IRI <{iri}>.", remedy="Check its spelling.")
        return Resolution(iri, labels(self._store, [iri], self._language)[iri])

    def _choose(self, readings: Sequence[Reading], text: str) -> Resolution:
        if not readings:
            return self._literal_symbol(text)
        wanted: list[str] = []
        for reading in readings:
            wanted += self._candidates(reading)
        found = existing(self._store, wanted)
        hits = [reading for reading in readings if self._work(reading) in found]
        if not hits:
            return self._literal_symbol(text, likely=self._work(readings[0]))
        best = hits[0]
        # The most exact record that exists: the provision, the version, else the work.
        iri = next(iri for iri in self._candidates(best) if iri in found)
        note = ""
        if best.provision and "/provision/" not in iri:
            note = f"Paragraph {best.provision} is not recorded; this is the whole text."
        elif best.version and "/version/" not in iri:
            note = "That revision is not recorded; this is the work it revises."
        return Resolution(
            iri,
            labels(self._store, [self._work(best)], self._language)[self._work(best)],
            note,
            tuple(self._work(other) for other in hits[1:]),
        )

    @staticmethod
    def _work(reading: Reading) -> str:
        return reading.path if "://" in reading.path else ID + reading.path

    def _candidates(self, reading: Reading) -> list[str]:
        """IRIs a reading may stand for, most exact first."""
        exact = []
        if reading.provision:
            exact.append(f"{ID}provision/{reading.slug}/{reading.provision}")
        if reading.version:
            exact.append(f"{ID}version/{reading.version}")
        return [*exact, self._work(reading)]

    def _literal_symbol(self, text: str, likely: str = "") -> Resolution:
        """A text whose symbol is written exactly so: what no form describes."""
        wanted = " ".join(text.split())
        rows = self._store.select(
            f"""PREFIX dt: <{DT}>
            SELECT DISTINCT ?thing
            WHERE {{
              ?thing dt:symbol|dt:symbolForm ?symbol .
              FILTER(LCASE(STR(?symbol)) = LCASE({_quote(wanted)}))
            }}
            ORDER BY ?thing"""
        )
        found = [row["thing"] for row in rows.texts()]
        if not found:
            reason = f"; it would be <{likely}>" if likely else ""
            raise NotFoundError(
                f"No record has the symbol '{wanted}'{reason}.",
                remedy="Write it as the convention does, e.g. 'XII/19', 'CMS Resolution 11.10', "
                "'1/CP.21', 'Aichi Target 11'.",
            )
        return Resolution(
            found[0], labels(self._store, found[:1], self._language)[found[0]], "", tuple(found[1:])
        )

    def text(self, symbol: str) -> str:
        """IRI of the one thing that a symbol names. Raises NotFoundError."""
        return self.resolve(symbol)[0].iri

    def key(self, of: str, text: str) -> str:
        """IRI of a thing of some kind by IRI, key, code, abbreviation or label.

        ``of`` is the kind as in IRIs: ``instrument`` (forums too), ``framework``,
        ``target``, ``theme``, ``actor`` … Raises NotFoundError with the nearest keys.
        """
        wanted = text.strip()
        candidates = self._by_key(of, wanted)
        found = existing(self._store, candidates) if candidates else set()
        hit = next((iri for iri in candidates if iri in found), None) or self._by_name(of, wanted)
        if hit is None and of in {"target", "goal"}:
            readings = self.symbols.read(wanted)
            works = [self._work(reading) for reading in readings]
            found = existing(self._store, works) if works else set()
            hit = next((iri for iri in works if iri in found), None)
        if hit is None:
            raise NotFoundError(f"There is no {of} '{wanted}'.", remedy=self._near(of, wanted))
        return hit

    @staticmethod
    def _homes(of: str) -> tuple[str, ...]:
        if of in _CODE_SCHEMES:
            return (f"{CODES}/{of}/",)
        return _HOMES.get(of, (f"{ID}{of}/",))

    def _by_key(self, of: str, wanted: str) -> list[str]:
        if "://" in wanted:
            return [] if re.search(r'[\s<>"{}|^`\\]', wanted) else [wanted]
        slug = re.sub(r"[\s_]+", "-", wanted.lower())
        if not re.fullmatch(r"[\w.()-]+", slug):
            return []
        if of == "framework" and slug == "sdg":
            return [SDG_FRAMEWORK]
        bare = slug.removeprefix("sdg-") if of in {"target", "goal"} else slug
        return [
            home + (bare if home == SDG else slug)
            for home in self._homes(of)
            if home != SDG or re.fullmatch(r"[\d.a-d]+", bare)
        ]

    def _by_name(self, of: str, wanted: str) -> str | None:
        """Thing of a kind by notation, abbreviation or label, letter case aside."""
        homes = " || ".join(f'STRSTARTS(STR(?thing), "{home}")' for home in self._homes(of))
        rows = self._store.select(
            f"""PREFIX dt: <{DT}>
            PREFIX skos: <{SKOS}>
            SELECT DISTINCT ?thing ?rank
            WHERE {{
              VALUES (?property ?rank) {{
                (skos:notation 1) (dt:shortName 2) (skos:prefLabel 3) (skos:altLabel 4)
                (skos:hiddenLabel 5)
              }}
              ?thing ?property ?name .
              FILTER(LCASE(STR(?name)) = LCASE({_quote(wanted)}))
              FILTER({homes})
            }}
            ORDER BY ?rank ?thing"""
        )
        return next((row["thing"] for row in rows.texts()), None)

    def keys(self, of: str) -> list[str]:
        """All keys of a kind, sorted."""
        homes = " || ".join(f'STRSTARTS(STR(?thing), "{home}")' for home in self._homes(of))
        rows = self._store.select(
            f"SELECT DISTINCT ?thing WHERE {{ ?thing a ?type FILTER({homes}) }} ORDER BY ?thing"
        )
        return [last_part(row["thing"]) for row in rows.texts()]

    def _near(self, of: str, wanted: str) -> str:
        known = self.keys(of)
        near = difflib.get_close_matches(wanted.lower(), known, n=5, cutoff=0.4)
        if near:
            return f"Did you mean {', '.join(near)}?"
        return f"Known are {', '.join(known[:12])}{' …' if len(known) > 12 else ''}."


def _quote(text: str) -> str:
    """A SPARQL string with every character that could end or change it escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for raw, name in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(raw, name)
    return f'"{escaped}"'
