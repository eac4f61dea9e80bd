"""The scores as an `evaluate.Metric`: loaded from the class or from this file's folder, never from a hub."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import datasets
import evaluate

from stance.formats import parse_line
from stance.metrics.counts import compare_all
from stance.metrics.scores import score

__all__ = ["AttributionMetric"]

_DESCRIPTION = """
Precision, recall and F1 of attributions (who takes which stance towards what), micro over articles, by the levels of
the annotation scheme: cue, cue+stance, who, who+stance, content, full, stance4 and the recall of far speakers.
"""

_INPUTS = """
Args:
    predictions: predicted articles, each one JSON line of the project's contract.
    references: the same articles with gold attributions, in the same order.
Returns:
    every F1 by name (`who+stance_f1`, `denies_f1`, …), `speaker_far_recall`, and the `signature` of the choices made.
"""


class AttributionMetric(evaluate.Metric):  # type: ignore[misc]
    """Scores of attributions for the `evaluate` library.

    Example:
        >>> gold = '{"id": "1", "text": "نفى الوزير", "attributions": [{"stance": "denies", "cue": [0, 3]}]}'
        >>> AttributionMetric().compute(predictions=[gold], references=[gold])["full_f1"]
        1.0
    """

    def _info(self) -> evaluate.MetricInfo:
        text = datasets.Value("string")
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features({"predictions": text, "references": text}),
        )

    def _compute(self, predictions: list[str], references: list[str]) -> dict[str, Any]:
        gold = [parse_line(line, where=f"reference {number}") for number, line in enumerate(references)]
        # Paired by place: each guess takes the name of its reference, so that ids need not be unique.
        tallies = []
        for number, (own, line) in enumerate(zip(gold, predictions, strict=True)):
            found = replace(parse_line(line, where=f"prediction {number}"), id=own.id)
            tallies += compare_all([own], {own.id: found})
        scores = score(tallies)
        return {**scores.flat(), "signature": scores.signature}
