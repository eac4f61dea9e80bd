"""Stretches of words that fit an encoder, overlapping, so that no word is lost and each has context around it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Window", "plan_windows"]


@dataclass(frozen=True, slots=True)
class Window:
    """Words [start, end) of an article, of which [keep_start, keep_end) are read from this window.

    The kept stretches of an article's windows follow each other without gap or overlap.
    """

    start: int
    end: int
    keep_start: int
    keep_end: int


def plan_windows(costs: Sequence[int], *, capacity: int, overlap: int) -> list[Window]:
    """Plan windows over an article's words.

    Args:
        costs: pieces that each word takes, at most `capacity` each (the caller cuts longer words).
        capacity: pieces that a window holds.
        overlap: pieces that neighbouring windows share, at least where words allow; less than `capacity`.

    Returns:
        Windows in order; every word is kept by exactly one of them. None for no words.

    Raises:
        ValueError: if a word does not fit a window, or the overlap leaves no way forward.
    """
    if not 0 <= overlap < capacity:
        raise ValueError(f"overlap {overlap} must be at least 0 and below the capacity {capacity}")
    longest = max(costs, default=0)
    if longest > capacity:
        raise ValueError(f"word {costs.index(longest)} takes {longest} pieces, a window holds {capacity}")
    bounds = _fill(costs, capacity, overlap)
    # As many windows as needed, but of like size: a short last one would be padded to the length of the others.
    low, high = max(longest, overlap + 1), capacity
    while low < high:
        middle = (low + high) // 2
        tried = _fill(costs, middle, overlap)
        if len(tried) <= len(bounds):
            high, bounds = middle, tried
        else:
            low = middle + 1
    return _share_out(bounds)


def _fill(costs: Sequence[int], capacity: int, overlap: int) -> list[tuple[int, int]]:
    """Fill windows one after another; each begins up to `overlap` pieces before the one before it ended."""
    bounds: list[tuple[int, int]] = []
    start = 0
    while start < len(costs):
        end, filled = start, 0
        while end < len(costs) and filled + costs[end] <= capacity:
            filled += costs[end]
            end += 1
        bounds.append((start, end))
        if end == len(costs):
            break
        shared, following = 0, end
        while following > start + 1 and shared + costs[following - 1] <= overlap:
            following -= 1
            shared += costs[following]
        start = following
    return bounds


def _share_out(bounds: Sequence[tuple[int, int]]) -> list[Window]:
    """Give each overlap's first half to the window before and the rest to the window behind."""
    cuts = [0]
    cuts += [(previous[1] + following[0]) // 2 for previous, following in itertools.pairwise(bounds)]
    cuts += [bounds[-1][1]] if bounds else []
    return [Window(start, end, cuts[i], cuts[i + 1]) for i, (start, end) in enumerate(bounds)]
