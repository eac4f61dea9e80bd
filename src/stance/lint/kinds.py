"""What a kind of incident is: a stable id, how bad it is, and what it says in two languages."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

__all__ = ["Kind", "Language", "Severity"]

Language = Literal["en", "ar"]


class Severity(enum.StrEnum):
    """How bad an incident is."""

    ERROR = "error"
    """The annotation contradicts itself or the scheme, or something of it is lost on reading."""
    WARNING = "warning"
    """The scheme is most likely broken; a person should look."""
    NOTE = "note"
    """Harmless, but not as it should be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of incident.

    Args:
        id: its stable name.
        severity: how bad it is.
        english: what was seen and how to mend it; `{part}` and the like are filled in.
        arabic: the same.
    """

    id: str
    severity: Severity
    english: tuple[str, str]
    arabic: tuple[str, str]

    def explanation(self, language: Language) -> str:
        """Return what was seen, with its blanks."""
        return (self.arabic if language == "ar" else self.english)[0]

    def mend(self, language: Language) -> str:
        """Return what to do about it."""
        return (self.arabic if language == "ar" else self.english)[1]
