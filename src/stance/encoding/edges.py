"""Which spans a decoder may give: the edges, lengths and places that it never chooses."""

from __future__ import annotations

from stance.schema import Part
from stance.text import Word

__all__ = ["LONGEST_CONTENT", "LONGEST_SPEAKER", "fault_of_part", "may_close", "may_open"]

LONGEST_SPEAKER = 40
LONGEST_CONTENT = 160
"""Words that a speaker and a content may have."""

_OPENERS = frozenset("([{«“\"'‘#@+-")
_CLOSERS = frozenset(")]}»”\"'’%")

WordRange = tuple[int, int]


def may_open(word: Word) -> bool:
    """Return whether a speaker or content may begin with a word."""
    return word.is_lexical or word.text in _OPENERS


def may_close(word: Word) -> bool:
    """Return whether a speaker or content may end with a word."""
    return word.is_lexical or word.text in _CLOSERS


def fault_of_part(found: WordRange, *, first: Word, last: Word, cue: WordRange, part: Part) -> str | None:
    """Return why no decoder would give these words as a part, None if it could.

    Args:
        found: first and last word of the speaker or content.
        first, last: these words.
        cue: first and last word of its cue.
        part: which part it is.
    """
    longest = LONGEST_SPEAKER if part is Part.SPEAKER else LONGEST_CONTENT
    if found[0] <= cue[1] and cue[0] <= found[1]:
        return f"its {part} overlaps its cue"
    if not may_open(first) or not may_close(last):
        return f"its {part} begins or ends with a punctuation mark"
    if found[1] - found[0] >= longest:
        return f"its {part} has more than {longest} words"
    return None
