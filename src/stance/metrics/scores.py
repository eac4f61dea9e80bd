"""Counts → precision, recall and F1 with bootstrap intervals and a signature that names every choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.metrics.counts import Counts, Level, Tally
from stance.schema import Stance

__all__ = ["Interval", "Score", "Scores", "score"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap interval of an F1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one level or stance, and how far its F1 may be off."""

    counts: Counts
    interval: Interval

    @property
    def f1(self) -> float:
        return self.counts.f1


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a corpus.

    Args:
        levels: a score a level.
        stances: of cue and stance, a gold stance.
        articles: how many articles were counted.
        signature: every choice that the figures depend on.
    """

    levels: dict[Level, Score]
    stances: dict[Stance, Score]
    articles: int
    signature: str

    def flat(self) -> dict[str, float]:
        """Return every F1 (and recall of far speakers) by a name that trackers and trainers take."""
        found = {f"{level}_f1": own.f1 for level, own in self.levels.items()}
        found[f"{Level.SPEAKER_FAR}_recall"] = self.levels[Level.SPEAKER_FAR].counts.recall
        found.update({f"{stance}_f1": own.f1 for stance, own in self.stances.items()})
        return found


def score(tallies: Sequence[Tally], *, resamples: int = 1000, seed: int = 7, confidence: float = 0.95) -> Scores:
    """Add tallies up and resample them.

    Args:
        tallies: one an article; their order does not matter.
        resamples: bootstrap samples of articles; 0 for no intervals.
        seed: of the resampling.
        confidence: mass of the interval.

    Returns:
        The scores.
    """
    total = sum(tallies, Tally())
    # Sorted, so that the same articles in another order give the same intervals.
    rows = sorted([_row(tally) for tally in tallies])
    table = np.array(rows, np.int64).reshape(len(rows), len(Level) + len(Stance), 3)
    lows, highs = _intervals(table, resamples=resamples, seed=seed, confidence=confidence)
    names: list[Level | Stance] = [*Level, *Stance]
    found = {name: Interval(float(low), float(high)) for name, low, high in zip(names, lows, highs, strict=True)}
    signature = (
        f"attributions|v:{_VERSION}|average:micro|cue:overlap|speaker:iou0.5+prefix+surname|content:iou0.5"
        f"|pairing:greedy-cue-iou|alt:accepted|optional:ignored|words:folded"
        f"|bootstrap:{resamples}@{seed}|articles:{len(tallies)}"
    )
    return Scores(
        {level: Score(total.levels[level], found[level]) for level in Level},
        {stance: Score(total.stances[stance], found[stance]) for stance in Stance},
        len(tallies),
        signature,
    )


def _row(tally: Tally) -> list[int]:
    every = [*tally.levels.values(), *tally.stances.values()]
    return [value for counts in every for value in (counts.right, counts.predicted, counts.gold)]


def _intervals(
    table: np.ndarray[tuple[int, ...], np.dtype[np.int64]], *, resamples: int, seed: int, confidence: float
) -> tuple[list[float], list[float]]:
    measures = len(Level) + len(Stance)
    if not resamples or not len(table):
        return [0.0] * measures, [0.0] * measures
    picks = np.random.default_rng(seed).integers(0, len(table), (resamples, len(table)))
    # How often each article was drawn, so that no copy of the table is made for each sample.
    drawn = np.array([np.bincount(own, minlength=len(table)) for own in picks])
    sums = (drawn @ table.reshape(len(table), -1)).reshape(resamples, measures, 3)
    right, predicted, gold = sums[..., 0], sums[..., 1], sums[..., 2]
    # 2PR / (P + R) is 2·right / (predicted + gold), without a division by zero on the way.
    f1 = np.where(predicted + gold > 0, 2 * right / np.maximum(predicted + gold, 1), 0.0)
    tail = (1 - confidence) / 2
    low, high = np.quantile(f1, [tail, 1 - tail], axis=0)
    return low.tolist(), high.tolist()
