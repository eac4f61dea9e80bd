"""Scores for a terminal and for machines."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.table import Table

from stance.metrics.scores import Score, Scores

__all__ = ["scores_as_json", "scores_table"]


def _figures(own: Score) -> dict[str, float | int]:
    counts = own.counts
    return {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "low": own.interval.low,
        "high": own.interval.high,
        "right": counts.right,
        "predicted": counts.predicted,
        "gold": counts.gold,
    }


def scores_as_json(scores: Scores) -> dict[str, Any]:
    """Return the scores as a JSON-serialisable object."""
    return {
        "articles": scores.articles,
        "levels": {str(level): _figures(own) for level, own in scores.levels.items()},
        "cue_and_stance_by_label": {str(stance): _figures(own) for stance, own in scores.stances.items()},
        "signature": scores.signature,
    }


def scores_table(scores: Scores) -> Group:
    """Return the scores as tables for a terminal, with the signature below."""
    levels = Table("level", "precision", "recall", "F1", "95 % interval", "right / predicted / gold")
    stances = Table("cue+stance", "precision", "recall", "F1", "95 % interval", "right / predicted / gold")
    rows = [(levels, str(name), own) for name, own in scores.levels.items()]
    rows += [(stances, str(name), own) for name, own in scores.stances.items()]
    for table, name, own in rows:
        counts = own.counts
        table.add_row(
            name,
            f"{counts.precision:.3f}",
            f"{counts.recall:.3f}",
            f"{counts.f1:.3f}",
            f"{own.interval.low:.3f} – {own.interval.high:.3f}",
            f"{counts.right} / {counts.predicted} / {counts.gold}",
        )
    return Group(levels, stances, scores.signature)
