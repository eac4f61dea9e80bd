"""Raw text → words: what spans are aligned to, with exact offsets into the text as it came."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from stance.schema import Span

__all__ = ["INVISIBLE", "Word", "WordIndex", "split_words"]

INVISIBLE = "".join(
    map(chr, (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))
)
"""Joiners, bidi marks and blanks of no width: none of them is a regular expression's own sign."""

# A word is a run of letters, digits and the marks written on them; a symbol or punctuation mark is a word of its own.
# Joiners (tatweel is a letter already) hold a word together only between letters: at its edges they are no part of it,
# nor are bidi marks, so that no span swallows a trailing U+200F.
_MARK = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"
)
_JOINER = "\u00ad\u200c\u200d\u2060"
_EMOJI_TAIL = "[\u200d\ufe0f\U0001f3fb-\U0001f3ff]"
_WORD = re.compile(
    rf"[^\W_][{_MARK}]*(?:[{_JOINER}]*[^\W_{INVISIBLE}][{_MARK}]*)*"  # letters and digits
    rf"|[\U0001f1e6-\U0001f1ff]{{2}}"  # a flag
    # an emoji sequence
    rf"|[\u2600-\u27bf\U0001f300-\U0001faff](?:{_EMOJI_TAIL}+[\u2600-\u27bf\u2640\u2642\U0001f300-\U0001faff]?)*"
    rf"|[^\s{INVISIBLE}]"  # any other mark, one by one
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a punctuation mark.

    Args:
        start: code point where it begins.
        end: code point behind its last one.
        text: the raw characters.
        opens_line: whether a line break stands between it and the word before.
    """

    start: int
    end: int
    text: str
    opens_line: bool

    @property
    def is_lexical(self) -> bool:
        """Whether it holds a letter or digit, as opposed to punctuation."""
        return any(character.isalnum() for character in self.text)


_BREAK = re.compile("[\n\r\u2028\u2029\x0b\x0c\x85]")


def split_words(text: str) -> list[Word]:
    """Split raw text into words and punctuation marks.

    Args:
        text: the article as it came.

    Returns:
        Words in order; white space, bidi marks and lone joiners belong to none.

    Example:
        >>> [word.text for word in split_words("روسيا: «سنقصف»")]
        ['روسيا', ':', '«', 'سنقصف', '»']
    """
    words: list[Word] = []
    previous = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        opens_line = bool(words) and _BREAK.search(text, previous, start) is not None
        words.append(Word(start, end, match.group(), opens_line))
        previous = end
    return words


class WordIndex:
    """Looks spans up among the words of one text.

    Args:
        words: the words of the text, in order.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self._starts = [word.start for word in words]
        self._ends = [word.end for word in words]

    def range_of(self, span: Span) -> tuple[int, int] | None:
        """Return the first and last index (inclusive) of the words a span touches, or None if it touches none."""
        first = bisect_right(self._ends, span.start)
        last = bisect_left(self._starts, span.end) - 1
        return (first, last) if first <= last else None

    def span_of(self, first: int, last: int) -> Span:
        """Return the span from word `first` to word `last`, both included."""
        return Span(self.words[first].start, self.words[last].end)
