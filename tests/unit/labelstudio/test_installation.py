"""Where Label Studio is installed, and what is said where it cannot be."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

import pytest

from stance.errors import StudioError
from stance.labelstudio.installation import home_directory, install, program


def test_given_directories_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/amal")
    monkeypatch.setenv("STANCE_STUDIO_HOME", "here")
    monkeypatch.setenv("STANCE_STUDIO_VENV", "there")
    assert home_directory() == tmp_path / "here"
    assert program(home_directory()).is_relative_to(tmp_path / "there")
    monkeypatch.setenv("STANCE_STUDIO_HOME", "~/studio")
    assert home_directory() == Path("/home/amal/studio")


def test_a_python_without_ensurepip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, ["python", "-m", "ensurepip"])

    monkeypatch.delenv("STANCE_STUDIO_VENV", raising=False)
    monkeypatch.setattr(venv, "create", create)
    with pytest.raises(StudioError, match="apt-get install python3-venv"):
        install(tmp_path, report=lambda _: None)
