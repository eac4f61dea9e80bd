"""Checks of where regions lie: on the text, on whole words, without white space or marks at their edges."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from stance.formats.labelstudio import Region
from stance.lint.incidents import Incident
from stance.lint.reading import Reading, shorten
from stance.schema import Part, Span

__all__ = ["check_spans"]

_LONGEST = {Part.CUE: 6, Part.SPEAKER: 40, Part.CONTENT: 160}
_HEADLINE_COLONS = frozenset(":：")
# A mark that belongs to the number or name it is written on.
_PART_OF_WORD = frozenset("%٪‰")
_OPENERS = {
    ")": "(",
    "]": "[",
    "}": "{",
    "»": "«",
    "›": "‹",
    "”": "“„",
    "’": "‘‚",
    '"': '"',
    "'": "'",
    "“": "„",
    "«": "»",
}
# Label Studio's own text of a region: white space is unreliable in it, and a line break may be a backslash and an n.
_UNRELIABLE = re.compile(r"\\[nrt]|\s")


def check_spans(reading: Reading) -> Iterator[Incident]:
    """Yield what is wrong with the offsets, edges and lengths of an annotation's regions.

    Args:
        reading: the annotation.

    Returns:
        The incidents.
    """
    for region in reading.regions:
        span = reading.spans.get(region.id)
        if span is None:
            yield _off_text(reading, region)
            continue
        yield from _text_mismatch(reading, region, span)
        yield from _cut_words(reading, region, span)
        yield from _loose_edges(reading, region, span)
        yield from _length(reading, region, span)


def _off_text(reading: Reading, region: Region) -> Incident:
    if region.start is None or region.end is None:
        return reading.incident("span-without-offsets", region)
    offsets = {"start": str(region.start), "end": str(region.end)}
    if region.end < region.start:
        return reading.incident("span-reversed", region, **offsets)
    if region.end == region.start:
        return reading.incident("span-empty", region, **offsets)
    return reading.incident("span-off-text", region, **offsets, length=str(len(reading.text)))


def _text_mismatch(reading: Reading, region: Region, span: Span) -> Iterator[Incident]:
    if region.text is None:
        return
    here = span.text_of(reading.text)
    if _UNRELIABLE.sub("", region.text) != _UNRELIABLE.sub("", here):
        yield reading.incident("span-text-mismatch", region, was=shorten(region.text))


def _cut_words(reading: Reading, region: Region, span: Span) -> Iterator[Incident]:
    found = reading.words.range_of(span)
    for index in sorted({*(found or ())}):
        word = reading.words.words[index]
        if word.start < span.start or span.end < word.end:
            yield reading.incident("span-inside-word", region, word=word.text)


def _loose_edges(reading: Reading, region: Region, span: Span) -> Iterator[Incident]:
    """Yield one incident a kind of character that hangs at either edge; the spans's own edge lies behind them."""
    text = span.text_of(reading.text)
    if region.part is Part.CUE and text in _HEADLINE_COLONS:
        return
    edges = (text[0], text[-1])
    if any(character.isspace() for character in edges):
        yield reading.incident("span-edge-space", region)
    hidden = [character for character in edges if unicodedata.category(character) == "Cf"]
    if hidden:
        yield reading.incident("span-edge-invisible", region, character=f"U+{ord(hidden[0]):04X}")
    marks = [text[0]] if _is_mark(text[0]) else []
    if _is_mark(text[-1]) and not _closes_inside(text) and not _belongs_to_word(text):
        marks.append(text[-1])
    if marks:
        yield reading.incident("span-edge-punctuation", region, mark=marks[0])


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _closes_inside(text: str) -> bool:
    """Whether the last character closes a quotation or bracket that opens inside, not at the edge."""
    closer = text[-1]
    openers = _OPENERS.get(closer, "")
    inside = text[:-1]
    if closer in openers:  # the same mark opens and closes
        return inside.count(closer) % 2 == 1
    opened = sum(inside.count(opener) for opener in openers)
    return opened > inside.count(closer)


def _belongs_to_word(text: str) -> bool:
    return text[-1] in _PART_OF_WORD and any(character.isdigit() for character in text[:-1])


def _length(reading: Reading, region: Region, span: Span) -> Iterator[Incident]:
    found = reading.words.range_of(span)
    if found is None or region.part is None:
        return
    words = sum(word.is_lexical for word in reading.words.words[found[0] : found[1] + 1])
    if words > _LONGEST[region.part]:
        yield reading.incident(f"{region.part}-too-long", region, words=str(words))
