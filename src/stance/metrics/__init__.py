"""Scores of attributions: additive counts → precision, recall, F1, bootstrap intervals, agreement."""

from stance.metrics.counts import Counts, Level, Tally, compare, compare_all
from stance.metrics.matching import ScoredText, pair_by_cue
from stance.metrics.scores import Interval, Score, Scores, score

__all__ = [
    "Counts",
    "Interval",
    "Level",
    "Score",
    "ScoredText",
    "Scores",
    "Tally",
    "compare",
    "compare_all",
    "pair_by_cue",
    "score",
]
