"""Where sentences end in news as it is scraped: at a stop or a line break."""

from __future__ import annotations

from collections.abc import Sequence

from stance.text.words import Word

__all__ = ["SENTENCE_STOPS", "sentence_numbers"]

SENTENCE_STOPS = frozenset(".!؟?۔…")
"""Marks that close a sentence."""

_CLOSERS = frozenset("”»’)]")
_STRAIGHT = frozenset("\"'")


def sentence_numbers(words: Sequence[Word]) -> list[int]:
    """Return the number of each word's sentence, counted from 0.

    A stop ends the sentence with the closing quotes or brackets behind it; a straight quote closes only where it
    touches what stands before it, since it opens too. A point between two digits ends nothing.

    Args:
        words: the words of one article.

    Returns:
        One number a word, never decreasing.
    """
    numbers: list[int] = []
    current = 0
    ended = False
    for index, word in enumerate(words):
        touches = index > 0 and words[index - 1].end == word.start
        closes = word.text in _CLOSERS or (word.text in _STRAIGHT and touches)
        if word.opens_line or (ended and not closes and word.text not in SENTENCE_STOPS):
            current += 1
            ended = False
        numbers.append(current)
        if word.text in SENTENCE_STOPS and not _inside_number(words, index):
            ended = True
    return numbers


def _inside_number(words: Sequence[Word], index: int) -> bool:
    if not 0 < index < len(words) - 1:
        return False
    before, mark, after = words[index - 1], words[index], words[index + 1]
    touching = before.end == mark.start and mark.end == after.start
    return touching and before.text[-1].isdigit() and after.text[0].isdigit()
