"""A home to import into, and a short way to import a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk import desk_settings, make_home
from dtrack.curate.feeds import Import
from dtrack.wiring.importing import Options, import_source


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Path:
    return make_home(tmp_path_factory, tmp_path, root)


@pytest.fixture
def bring_file(home: Path, tmp_path: Path) -> Callable[..., Import]:
    """Import content as a file of a kind, under the name of a source."""

    def act(kind: str, name: str, content: str | bytes, source: str, **options: bool) -> Import:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        given = Options("tester", source=source, **options)  # type: ignore[arg-type]
        return import_source(desk_settings(home), kind, [str(path)], given)

    return act
