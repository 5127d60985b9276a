"""The page of commands says what the program says."""

from __future__ import annotations

from dtrack.cli.commands import COMMANDS
from dtrack.publish.reference_commands import commands_page, help_texts


def test_every_command_is_asked_for_its_help() -> None:
    helps = help_texts()

    assert len(COMMANDS) >= 11
    assert set(helps) == {"", *(command.name for command in COMMANDS)}
    for name, said in helps.items():
        assert said.startswith(f"Usage: dtrack {name}".rstrip())
        assert max(len(line) for line in said.splitlines()) <= 100
    page = commands_page(helps)
    for command in COMMANDS:
        assert f"## dtrack {command.name}\n" in page
