"""Settings come from the environment and from a file."""

from pathlib import Path

import pytest

from perfex_api.settings import Settings


def read(folder: Path, text: str, **variables: str) -> Settings:
    file = folder / "settings"
    file.write_text(text)
    return Settings.read({"SETTINGS_FILE": str(file)} | variables)


def test_a_file_wins_over_the_environment_and_options_over_both(tmp_path: Path) -> None:
    settings = read(tmp_path, "PORT=8001\nTHREADS = 6\n", PORT="8002", WORKERS="3")
    assert (settings.port, settings.threads, settings.workers) == (8001, 6, 3)
    overridden = Settings.read({"SETTINGS_FILE": str(tmp_path / "settings")}, port=8003)
    assert overridden.port == 8003


def test_values_may_be_quoted_and_remarks_stand_alone(tmp_path: Path) -> None:
    text = """
    # a remark
    ; another one
    CRM_URL="https://crm.example.com/#top"
    SMTP_PASSWORD='a = b'
    SMTP_FROM="
    UNKNOWN=1
    """
    settings = read(tmp_path, text)
    assert settings.crm_url == "https://crm.example.com/#top"
    assert settings.smtp_password == "a = b"
    assert settings.smtp_from == '"'


@pytest.mark.parametrize("text", ["PORT", "PORT=8001\nexport", "THREADS=four"])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    name = {"PORT": "'PORT'", "PORT=8001\nexport": "'export'", "THREADS=four": "THREADS is 'four'"}[text]
    with pytest.raises(ValueError, match=name):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"SETTINGS_FILE is .*nowhere.*No such file"):
        Settings.read({"SETTINGS_FILE": str(tmp_path / "nowhere")})
