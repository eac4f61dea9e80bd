"""The mean of a run's last checkpoints, which is steadier than any of them."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from stance.models.modeling import AttributionModel
from stance.training.checkpoints import checkpoints

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
    found = checkpoints(folder)[-count:]
    mean: dict[str, torch.Tensor] = {}
    for checkpoint in found:
        for name, tensor in load_file(checkpoint / "model.safetensors").items():
            share = tensor.to(torch.float64) / len(found)
            mean[name] = mean[name] + share if name in mean else share
    if mean:
        model.load_state_dict({name: tensor.to(torch.float32) for name, tensor in mean.items()})
    return [checkpoint.name for checkpoint in found]
