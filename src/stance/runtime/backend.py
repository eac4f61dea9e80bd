"""What a backend must do: three calls on arrays. Everything around them is shared, so that backends agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from stance.encoding import DecodeSettings

__all__ = ["Backend", "Reach"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reach:
    """How much a model reads at once.

    Args:
        window: pieces of an encoder window, its frame included.
        overlap: pieces that neighbouring windows share.
        before: words that the second reading sees before a cue.
        after: words that it sees behind it.
    """

    window: int
    overlap: int
    before: int
    after: int


class Backend(Protocol):
    """Runs the network on arrays."""

    @property
    def reach(self) -> Reach:
        """How much the model reads at once."""

    @property
    def settings(self) -> DecodeSettings:
        """How its outputs become attributions."""

    @property
    def pad_id(self) -> int:
        """Piece id of padding."""

    def read_windows(self, input_ids: Ints, attention_mask: Ints, first: Ints, last: Ints) -> tuple[Floats, Floats]:
        """Encode windows.

        Args:
            input_ids, attention_mask: [windows, pieces].
            first, last: index of each wanted word's first and last piece among all pieces of all windows, [words].

        Returns:
            Word vectors [words, hidden] and cue scores [words, 3].
        """

    def read_cues(self, words: Floats, mask: Bools, distance: Ints) -> tuple[Floats, Floats, Floats]:
        """Read the words around cues; arguments and results as `CueReader.read`."""

    def judge(self, states: Floats, cue: Floats, content_first: Ints, content_last: Ints) -> Floats:
        """Score stances; arguments and result as `CueReader.judge`."""
