"""Runs the network in torch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch

from stance.encoding import Calibration, DecodeSettings
from stance.models.modeling import AttributionModel
from stance.runtime.backend import Reach

__all__ = ["TorchBackend"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class TorchBackend:
    """A backend on a loaded model.

    Args:
        model: the network; it is put into evaluation mode for each call and left as it was.
        bf16: whether to run in bfloat16 where that is safe.
    """

    def __init__(self, model: AttributionModel, *, bf16: bool = False) -> None:
        self.model = model
        self.bf16 = bf16

    @property
    def reach(self) -> Reach:
        config = self.model.config
        return Reach(config.window, config.overlap, config.before, config.after)

    @property
    def settings(self) -> DecodeSettings:
        config = self.model.config
        calibration = Calibration(config.calibration_slope, config.calibration_intercept)
        return DecodeSettings(cue_threshold=config.cue_threshold, calibration=calibration)

    @property
    def pad_id(self) -> int:
        return int(self.model.config.encoder.pad_token_id or 0)

    @contextlib.contextmanager
    def _evaluating(self) -> Iterator[None]:
        training = self.model.training
        self.model.eval()  # type: ignore[no-untyped-call]
        try:
            with torch.inference_mode(), torch.autocast(self.model.device.type, torch.bfloat16, enabled=self.bf16):
                yield
        finally:
            self.model.train(training)

    def _tensor(self, array: npt.NDArray[np.generic]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.model.device)

    def read_windows(self, input_ids: Ints, attention_mask: Ints, first: Ints, last: Ints) -> tuple[Floats, Floats]:
        with self._evaluating():
            states = self.model.encode(self._tensor(input_ids), self._tensor(attention_mask))
            words = self.model.word_vectors(states, self._tensor(first), self._tensor(last))
            return _array(words), _array(self.model.cue(words))

    def read_cues(self, words: Floats, mask: Bools, distance: Ints) -> tuple[Floats, Floats, Floats]:
        with self._evaluating():
            states, cue, roles = self.model.reader.read(self._tensor(words), self._tensor(mask), self._tensor(distance))
            return _array(states), _array(cue), _array(roles)

    def judge(self, states: Floats, cue: Floats, content_first: Ints, content_last: Ints) -> Floats:
        with self._evaluating():
            arguments = (states, cue, content_first, content_last)
            return _array(self.model.reader.judge(*(self._tensor(argument) for argument in arguments)))


def _array(tensor: torch.Tensor) -> Floats:
    array: Floats = tensor.float().cpu().numpy()
    return array
