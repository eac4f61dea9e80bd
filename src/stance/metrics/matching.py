"""When two attributions are the same: the rules of the scheme, and the pairing of predicted with gold ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.schema import Attribution, Span
from stance.text import fold_word

__all__ = ["ScoredText", "pair_by_cue"]

# The scheme compares lexical words only, so that a quotation mark more or less does not count.
_SCORED_WORD = re.compile("[^\\W_]+(?:[\u064b-\u0652\u0670\u0640]+[^\\W_]*)*")


class ScoredText:
    """Compares spans of one text word by word.

    Args:
        text: the article's raw text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_SCORED_WORD.finditer(text))
        self._bounds = [match.span() for match in found]
        self._forms = [fold_word(match.group()) for match in found]

    def _indices(self, span: Span) -> list[int]:
        return [i for i, (start, end) in enumerate(self._bounds) if start < span.end and end > span.start]

    def same_speaker(self, gold: Span | None, predicted: Span | None) -> bool:
        """Return whether two speakers are the same: half of their word forms, or the beginning, or the surname."""
        if gold is None or predicted is None:
            return gold is predicted
        one = [self._forms[i] for i in self._indices(gold)]
        other = [self._forms[i] for i in self._indices(predicted)]
        if not one or not other:
            return False
        if 2 * len({*one} & {*other}) >= len({*one} | {*other}):
            return True
        short, long = sorted((one, other), key=len)
        return long[: len(short)] == short or (len(short) == 1 and long[-1] == short[0])

    def same_content(self, gold: Span | None, predicted: Span | None) -> bool:
        """Return whether two contents share at least half of their words, counted by place."""
        if gold is None or predicted is None:
            return gold is predicted
        one, other = set(self._indices(gold)), set(self._indices(predicted))
        return bool(one | other) and 2 * len(one & other) >= len(one | other)


def pair_by_cue(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> dict[int, int]:
    """Pair gold and predicted attributions one to one, those with the best overlap of cues first.

    Args:
        gold: gold attributions.
        predicted: predicted ones.

    Returns:
        Index of a gold attribution → index of its predicted one. Ties go to equal stances, then to reading order.
    """
    candidates = []
    for i, own in enumerate(gold):
        for j, other in enumerate(predicted):
            shared = own.cue.overlap(other.cue)
            if shared:
                union = len(own.cue) + len(other.cue) - shared
                disagrees = not own.accepts(other.stance)
                candidates.append((-shared / union, disagrees, own.cue.start, other.cue.start, i, j))
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for *_, i, j in sorted(candidates):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return pairs
