"""Ragged windows and contexts in arrays of one width: the same padding in training and in tagging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["PADDING_DISTANCE", "cue_distance", "pad_windows"]

PADDING_DISTANCE = 400
"""The distance to the cue of what is no word; the reader tells no farther ones apart."""


def pad_windows(
    windows: Sequence[Sequence[int]], *, pad_id: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pad windows to the width of the longest.

    Args:
        windows: piece ids of each, at least one window.
        pad_id: piece id of padding.

    Returns:
        input_ids and attention_mask, [windows, pieces].
    """
    width = max(len(window) for window in windows)
    input_ids = np.full((len(windows), width), pad_id, np.int64)
    attention_mask = np.zeros((len(windows), width), np.int64)
    for row, window in enumerate(windows):
        input_ids[row, : len(window)] = window
        attention_mask[row, : len(window)] = 1
    return input_ids, attention_mask


def cue_distance(words: Any, *, first: Any, last: Any) -> Any:
    """Return how many words before (negative) or behind a cue words stand; 0 inside it.

    Args:
        words: indices of words, an array or a tensor.
        first, last: indices of the cue's first and last word, of a shape that broadcasts with `words`.
    """
    return (words - last).clip(min=0) + (words - first).clip(max=0)
