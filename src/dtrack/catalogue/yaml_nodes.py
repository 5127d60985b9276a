"""YAML with the line of each key, all scalars as text, and no key twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from dtrack.errors import CatalogueError, Place

if TYPE_CHECKING:
    from collections.abc import Collection


class Entry(NamedTuple):
    """A value of a mapping, and the line of its key."""

    value: yaml.Node
    line: int


class YamlReader:
    """Reads nodes of one text; ``source`` names its file, and its first line is ``first``."""

    def __init__(self, source: str, first: int = 1) -> None:
        self._source = source
        self._first = first

    def compose(self, text: str) -> yaml.Node | None:
        """Root node of a text."""
        try:
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
            why = error.problem if isinstance(error, yaml.MarkedYAMLError) else "odd character"
            raise self.fault(
                f"The header is not valid YAML: {why}.",
                (mark.line if mark else 0) + self._first,
                "Quote texts that hold ': ' or begin with a special character.",
            ) from error

    def mapping(
        self, node: yaml.Node | None, what: str, known: Collection[str] = ()
    ) -> dict[str, Entry]:
        """Entries of a mapping; with ``known``, a key outside it is refused."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(f"{what} must be a mapping of keys to values.", self.line(node))
        entries: dict[str, Entry] = {}
        for key, value in node.value:
            name, line = self.text(key, "A key"), self.line(key)
            if known and name not in known:
                raise self.fault(
                    f"{what} has the unknown key '{name}'.",
                    line,
                    f"Known are: {', '.join(known)}.",
                )
            if name in entries:
                raise self.fault(f"{what} has the key '{name}' twice.", line, "Keep one.")
            entries[name] = Entry(value, line)
        return entries

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        """Items of a list of texts."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(f"{what} must be a list: [a, b].", self.line(node))
        return tuple(self.text(item, f"An item of {what}") for item in node.value)

    def text(self, node: yaml.Node, what: str) -> str:
        """Text of a scalar, as written."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.fault(f"{what} must be a single text.", self.line(node))
        return str(node.value)

    def line(self, node: yaml.Node | None) -> int:
        """Line of a node in the file."""
        return (node.start_mark.line if node else 0) + self._first

    def fault(self, message: str, line: int, remedy: str = "") -> CatalogueError:
        """Error at a line of the file."""
        return CatalogueError(message, remedy=remedy, place=Place(self._source, line))
