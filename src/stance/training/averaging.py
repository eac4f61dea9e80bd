"""The mean of a run's last checkpoints, which is steadier than any of them."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from stance.models.modeling import AttributionModel

__all__ = ["average_checkpoints"]


def average_checkpoints(model: AttributionModel, folder: Path, *, count: int) -> list[str]:
    """Give a model the mean of the weights of the last checkpoints.

    Args:
        model: the trained model; its weights are changed.
        folder: where the Trainer keeps its checkpoints.
        count: how many to take; fewer if there are not so many.

    Returns:
        The names of the checkpoints that were taken, the oldest first.
    """
    found = sorted(folder.glob("checkpoint-*/model.safetensors"), key=_step)[-count:]
    mean: dict[str, torch.Tensor] = {}
    for path in found:
        for name, tensor in load_file(path).items():
            share = tensor.to(torch.float64) / len(found)
            mean[name] = mean[name] + share if name in mean else share
    if mean:
        model.load_state_dict({name: tensor.to(torch.float32) for name, tensor in mean.items()})
    return [path.parent.name for path in found]


def _step(path: Path) -> int:
    return int(path.parent.name.rpartition("-")[2])
