"""A real Label Studio for the tests, started once; without one they are skipped, but never in CI."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stance.labelstudio import server
from stance.labelstudio.client import Studio, connect
from stance.labelstudio.installation import home_directory, is_installed, program
from stance.labelstudio.project import Project, ensure_project


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Label Studio home of the tests' own, whose server is stopped at the end."""
    if not is_installed() and not os.environ.get("CI"):
        pytest.skip(
            f"no Label Studio in {program(home_directory())}; run `stance studio up` once, or name an environment "
            f"that has it in STANCE_STUDIO_VENV (with CI=1 it is installed)"
        )
    directory = tmp_path_factory.mktemp("label-studio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANCE_STUDIO_VENV", str(_environment()))
        patch.setenv("STANCE_STUDIO_HOME", str(directory))
        patch.delenv("LABEL_STUDIO_API_KEY", raising=False)
        yield directory
        server.down(home=directory)


def _environment() -> Path:
    """Return the environment of the user's own local Label Studio; its data are left alone."""
    if not is_installed():
        from stance.labelstudio.installation import install

        install(home_directory(), report=print)
    return program(home_directory()).parents[1]


@pytest.fixture
def studio(home: Path) -> Studio:
    """The server, up again if the last test killed it."""
    server.up(home=home)
    return connect()


@pytest.fixture
def project(studio: Studio, request: pytest.FixtureRequest) -> Project:
    """A project of the test's own."""
    return ensure_project(studio, title=f"{request.node.name} {time.time_ns()}"[-50:])
