"""Settings: order of origins, and errors that name setting and origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.errors import SettingError
from dtrack.settings import SETTINGS, load_settings


def test_defaults_hold_where_nothing_is_set(tmp_path: Path) -> None:
    settings = load_settings(environment={}, folder=tmp_path)

    assert settings.home == Path("var")
    assert settings.port == 8000
    assert settings.host == "127.0.0.1"
    assert set(settings.origins) == {setting.name for setting in SETTINGS}
    assert set(settings.origins.values()) == {"default"}


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    (tmp_path / "dtrack.toml").write_text('port = 1\nhome = "from-file"\nlanguage = "zh"\n')
    environment = {"DTRACK_PORT": "2", "DTRACK_HOME": "from-environment"}

    settings = load_settings({"port": 3, "home": None}, environment, tmp_path)

    assert (settings.port, settings.origins["port"]) == (3, "flag")
    assert settings.home == Path("from-environment")
    assert settings.origins["home"] == "environment DTRACK_HOME"
    assert (settings.language, settings.origins["language"]) == ("zh", "dtrack.toml")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DTRACK_PORT", "70000"),
        ("DTRACK_PORT", "http"),
        ("DTRACK_BASE_IRI", "urn:x"),
        ("DTRACK_BASE_IRI", "https://example.org/#x"),
        ("DTRACK_QUERY_SECONDS", "0"),
        ("DTRACK_QUERY_SECONDS", "nan"),
        ("DTRACK_QUERY_WORKERS", "0"),
        ("DTRACK_LANGUAGE", "e n"),
    ],
)
def test_impossible_value_is_refused_with_its_origin(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load_settings(environment={variable: value}, folder=tmp_path)

    assert variable in str(caught.value)
    assert value in str(caught.value)


def test_unknown_setting_in_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dtrack.toml").write_text("prot = 1\n")

    with pytest.raises(SettingError, match=r"dtrack\.toml: Unknown setting 'prot'.*port"):
        load_settings(environment={}, folder=tmp_path)


def test_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dtrack.toml").write_text("port is 1")

    with pytest.raises(SettingError, match="Not valid TOML"):
        load_settings(environment={}, folder=tmp_path)
