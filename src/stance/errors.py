"""Every exception that the library raises on purpose.

    StanceError
    ├── SchemaError          a span, attribution or article that contradicts itself
    ├── FormatError          a file or record that is not what it should be
    ├── ConfigError          a setting that cannot be used; may hold several faults
    ├── EncoderError         an encoder that cannot be fetched, verified or converted
    ├── CheckpointError      a saved model that cannot be loaded
    ├── MissingExtraError    a feature whose optional packages are not installed
    └── StudioError          Label Studio did not do what was asked
        ├── StudioUnreachable    no answer, or a server error that outlasted the retries
        ├── StudioUnauthorised   the token was refused
        ├── StudioNotFound       the server has no such thing, or has it no more
        └── StudioConfigMismatch the project's labelling config is not the one this project understands

Messages say what was seen, where, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "CheckpointError",
    "ConfigError",
    "EncoderError",
    "FormatError",
    "MissingExtraError",
    "SchemaError",
    "StanceError",
    "StudioConfigMismatch",
    "StudioError",
    "StudioNotFound",
    "StudioUnauthorised",
    "StudioUnreachable",
]


def first_line(error: BaseException) -> str:
    """Return the first line of what an error of another library says; its name where it says nothing."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__


class StanceError(Exception):
    """Root of the tree: catch this to catch everything the library raises on purpose."""


class SchemaError(StanceError, ValueError):
    """A span, attribution or article contradicts itself."""


class FormatError(StanceError, ValueError):
    """A file or record is not what it should be.

    Args:
        message: what was seen and how to mend it.
        where: the file, line, task or region, put in front of the message.
    """

    def __init__(self, message: str, *, where: str | None = None) -> None:
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class ConfigError(StanceError, ValueError):
    """Settings that cannot be used; all faults that were found, in one error.

    Args:
        faults: one line a fault, each with its key and the mend.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{len(self.faults)} fault(s) in the configuration:\n{lines}")


class EncoderError(StanceError):
    """An encoder cannot be fetched, verified or converted."""


class CheckpointError(StanceError):
    """A saved model cannot be loaded."""


class MissingExtraError(StanceError, ImportError):
    """A feature whose optional packages are not installed.

    Args:
        feature: what was asked for.
        extra: the extra that brings it.
    """

    def __init__(self, feature: str, *, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{feature} needs more packages; install them with: pip install 'arabic-stance[{extra}]'")


class StudioError(StanceError):
    """Label Studio did not do what was asked."""


class StudioUnreachable(StudioError):
    """Label Studio gave no answer, or a server error that outlasted the retries."""


class StudioUnauthorised(StudioError):
    """Label Studio refused the token."""


class StudioNotFound(StudioError):
    """Label Studio does not have what was asked for, or has it no more."""


class StudioConfigMismatch(StudioError):
    """The project's labelling config is not the one this project understands."""
