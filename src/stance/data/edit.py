"""Edits of an article's text that carry its spans along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.schema import Article, Attribution, Span

__all__ = ["Edit", "apply_edits"]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Text [start, end) replaced; an insertion where both are equal."""

    start: int
    end: int
    text: str


def apply_edits(article: Article, edits: Sequence[Edit]) -> Article:
    """Return the article with its text edited and its spans moved.

    A span that begins where a replaced stretch begins begins with the replacement, and ends likewise; text inserted at
    a span's edge stays outside it. No edit may cut across a span's edge.

    Args:
        article: the article.
        edits: edits in any order that do not overlap.

    Returns:
        The edited article.

    Raises:
        ValueError: if two edits overlap.
    """
    ordered = sorted(edits)
    pieces: list[str] = []
    at = 0
    ends: list[int] = []
    shifts: list[int] = []
    shift = 0
    for edit in ordered:
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start}")
        pieces += [article.text[at : edit.start], edit.text]
        at = edit.end
        shift += len(edit.text) - (edit.end - edit.start)
        ends.append(edit.end)
        shifts.append(shift)
    pieces.append(article.text[at:])
    starts = [edit.start for edit in ordered]

    def moved_start(offset: int) -> int:
        # Edits that end at or before the offset have moved it; one that begins there has not.
        count = bisect_right(ends, offset)
        return offset + (shifts[count - 1] if count else 0)

    def moved_end(offset: int) -> int:
        count = bisect_right(ends, offset)
        # An insertion right at the end stays outside the span.
        while count and starts[count - 1] == offset:
            count -= 1
        return offset + (shifts[count - 1] if count else 0)

    def moved(span: Span | None) -> Span | None:
        return None if span is None else Span(moved_start(span.start), moved_end(span.end))

    def carried(attribution: Attribution) -> Attribution:
        cue = Span(moved_start(attribution.cue.start), moved_end(attribution.cue.end))
        return replace(attribution, cue=cue, speaker=moved(attribution.speaker), content=moved(attribution.content))

    return replace(article, text="".join(pieces), attributions=tuple(carried(own) for own in article.attributions))
