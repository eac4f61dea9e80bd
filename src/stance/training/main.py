"""Hydra's entry point: compose, check, convert once, train."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import hydra
from omegaconf import DictConfig
from rich.console import Console

from stance.errors import StanceError
from stance.training.config import checked, register

__all__ = ["main"]

CONF = Path(__file__).resolve().parents[3] / "conf"


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="train")
def _run(config: DictConfig) -> float | None:
    """Train one configured run and return its headline score, for sweepers."""
    console = Console(stderr=True)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        plain = checked(config)
        # torch and transformers take seconds to import; a faulty config should not wait for them.
        from stance.metrics import Level
        from stance.training.run import train

        result = train(plain, console=console)
    except StanceError as error:
        console.print(str(error), style="red", highlight=False)
        raise SystemExit(2) from error
    if not result.finished:
        raise SystemExit(130)
    return result.scores.levels[Level.WHO_STANCE].f1 if result.scores else None


def main() -> None:
    """Run the training command."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if "torchrun" not in os.environ.get("_", "") and "LOCAL_RANK" not in os.environ:
        sys.stderr.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    register()
    _run()
