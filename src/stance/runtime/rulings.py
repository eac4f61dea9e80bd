"""What the scheme has no row for, left out of a prediction."""

from __future__ import annotations

from collections.abc import Sequence

from stance.schema import Attribution
from stance.text import fold_word

__all__ = ["without_repeats"]

_TAILS = frozenset(
    fold_word(word + ending)
    for word in ("قول", "وصف", "تعبير", "زعم", "كلام", "رأي", "ادعائ")
    for ending in ("ه", "ها", "هم", "هما")
)
"""`بحسب قوله` names nobody: it goes with the attribution before it."""


def without_repeats(attributions: Sequence[Attribution], *, text: str) -> tuple[Attribution, ...]:
    """Leave out what the scheme does not count.

    Args:
        attributions: an article's, in reading order.
        text: its text.

    Returns:
        The attributions without tails that name no source, and without the second cue of what a speaker says once
        (`وحذر الوزير قائلا`, `وكشف المصدر … بحسب ما ذكر`): of two with one speaker and one content the first counts.
    """
    kept: list[Attribution] = []
    said = set()
    for own in attributions:
        speaker = fold_word(own.speaker.text_of(text)) if own.speaker else None
        if speaker in _TAILS or (own.content is not None and (speaker, own.content) in said):
            continue
        said.add((speaker, own.content))
        kept.append(own)
    return tuple(kept)
