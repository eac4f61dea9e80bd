"""The folders in which the Trainer keeps its checkpoints."""

from __future__ import annotations

from pathlib import Path

__all__ = ["checkpoints", "step_of"]


def checkpoints(folder: Path) -> list[Path]:
    """Return the checkpoints of a run, the oldest first.

    Args:
        folder: where they are kept.
    """
    return sorted(folder.glob("checkpoint-*"), key=step_of)


def step_of(checkpoint: Path) -> int:
    """Return behind which step a checkpoint was made."""
    return int(checkpoint.name.rpartition("-")[2])
