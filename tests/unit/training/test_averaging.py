"""The mean of checkpoints, on a model small enough to see."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from stance.training.averaging import average_checkpoints  # noqa: E402

pytestmark = pytest.mark.train


def test_the_last_ones_are_averaged_in_the_order_of_their_steps(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 1)
    for step, value in ((9, 100.0), (10, 1.0), (100, 3.0)):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        save_file({"weight": torch.full((1, 1), value), "bias": torch.full((1,), -value)}, folder / "model.safetensors")
    assert average_checkpoints(model, tmp_path, count=2) == ["checkpoint-10", "checkpoint-100"]
    assert (model.weight.item(), model.bias.item()) == (2.0, -2.0)
    assert average_checkpoints(model, tmp_path, count=5) == ["checkpoint-9", "checkpoint-10", "checkpoint-100"]
    assert model.weight.item() == pytest.approx(104 / 3)


def test_without_checkpoints_the_model_stays_as_it_is(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 1)
    before = model.weight.item()
    assert average_checkpoints(model, tmp_path, count=2) == []
    assert model.weight.item() == before
