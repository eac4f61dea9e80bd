"""Label Studio's own environment: its pins clash with ours, so it is never installed beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from stance.errors import StudioError

__all__ = ["LABEL_STUDIO_VERSION", "home_directory", "install", "is_installed", "program"]

LABEL_STUDIO_VERSION = "1.23.2"


def home_directory() -> Path:
    """Return the directory of the local Label Studio.

    Returns:
        `$STANCE_STUDIO_HOME`, or a directory in the user's cache.
    """
    given = os.environ.get("STANCE_STUDIO_HOME")
    # Absolute, since Label Studio is started in it.
    return Path(given).expanduser().absolute() if given else Path.home() / ".cache" / "arabic-stance" / "label-studio"


def program(home: Path, *, name: str = "label-studio") -> Path:
    """Return where a program of the environment is, or would be.

    Args:
        home: the local Label Studio's directory.
        name: the program.

    Returns:
        Its path, in `home`/venv or in the environment that `$STANCE_STUDIO_VENV` names.
    """
    return _environment(home) / ("Scripts" if os.name == "nt" else "bin") / name


def is_installed(home: Path | None = None) -> bool:
    """Return whether Label Studio is there to be started without an installation.

    Args:
        home: the local Label Studio's directory; by default `home_directory()`.

    Returns:
        Whether its environment is complete.
    """
    home = home or home_directory()
    return program(home).exists() and (_is_foreign() or _stamp(home).exists())


def install(home: Path, *, report: Callable[[str], None]) -> None:
    """Install Label Studio where it is missing.

    Args:
        home: the local Label Studio's directory.
        report: is told what is being done.

    Raises:
        StudioError: if it cannot be installed.
    """
    if is_installed(home):
        return
    environment = _environment(home)
    if _is_foreign():
        raise StudioError(f"no label-studio in {environment}, which STANCE_STUDIO_VENV names; install it there")
    report(f"installing Label Studio {LABEL_STUDIO_VERSION} into {environment} (1 GB, once) …")
    # An installation that was cut short has no stamp: it is made anew.
    try:
        venv.create(environment, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        raise StudioError(
            f"this Python ({sys.executable}) cannot make environments, since it has no ensurepip; install it (Debian: "
            f"sudo apt-get install python3-venv), or name an environment that has label-studio in $STANCE_STUDIO_VENV"
        ) from None
    python = str(program(home, name="python"))
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, f"label-studio=={LABEL_STUDIO_VERSION}"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise StudioError(
            f"Label Studio could not be installed into {environment}:\n{said}\n"
            f"Mend it and run again, or name an environment that has label-studio in $STANCE_STUDIO_VENV."
        )
    _stamp(home).touch()


def _is_foreign() -> bool:
    return bool(os.environ.get("STANCE_STUDIO_VENV"))


def _environment(home: Path) -> Path:
    given = os.environ.get("STANCE_STUDIO_VENV")
    return Path(given).expanduser().absolute() if given else home / "venv"


def _stamp(home: Path) -> Path:
    return _environment(home) / f".label-studio-{LABEL_STUDIO_VERSION}"
