"""Hydra's entry point: compose, check, convert once, train."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig
from rich.console import Console

from stance.errors import StanceError
from stance.metrics import Level
from stance.training.config import TrainConfig, checked, register

__all__ = ["main"]

CONF = Path(__file__).resolve().parents[3] / "conf"


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="train")
def _run(config: DictConfig) -> float | None:
    """Train one configured run and return its headline score, for sweepers."""
    console = Console(stderr=True)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        plain = checked(config)
        overrides = [own for own in HydraConfig.get().overrides.task if not own.startswith("run_dir=")]
        if plain.trainer.processes > 1 and "LOCAL_RANK" not in os.environ:
            return _run_in_processes(plain, overrides)
        # torch and transformers take seconds to import; a faulty config should not wait for them.
        from stance.training.run import train

        result = train(plain, console=console, overrides=overrides)
    except StanceError as error:
        console.print(str(error), style="red", highlight=False, markup=False, soft_wrap=True)
        raise SystemExit(2) from error
    if not result.finished:
        raise SystemExit(130)
    return result.scores.levels[Level.WHO_STANCE].f1 if result.scores else None


def _run_in_processes(config: TrainConfig, overrides: Sequence[str]) -> float | None:
    """Start this very command again under torchrun, one thread a process, and wait for it.

    On processors two processes of one thread train about twice as fast as one process of two threads, which wait for
    each other at every operation (docs/decisions/0003-speed.md).
    """
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += [f"--nproc_per_node={config.trainer.processes}", sys.argv[0], *overrides, f"run_dir={config.run_dir}"]
    environment = {"ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1", **os.environ}
    status, was_stopped = run_to_end(command, environment=environment)
    if status != 0:
        raise SystemExit(130 if was_stopped else status)
    metrics = json.loads((Path(config.run_dir) / "metrics.json").read_text(encoding="utf-8"))
    found: float = metrics[f"{Level.WHO_STANCE}_f1"]
    return found


def run_to_end(command: Sequence[str], *, environment: Mapping[str, str]) -> tuple[int, bool]:
    """Run a command and wait for its end, whatever signal comes meanwhile.

    Args:
        command: program and arguments.
        environment: its environment.

    Returns:
        Its status, and whether SIGINT or SIGTERM came.
    """
    received: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        # Ctrl-C reaches the child by itself; SIGTERM must be handed on.
        if number == signal.SIGTERM and child is not None:
            child.terminate()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        child = subprocess.Popen(command, env=environment)
        if received:  # before there was a child to hand it to
            child.terminate()
        return child.wait(), bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> None:
    """Run the training command."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    register()
    _run()
