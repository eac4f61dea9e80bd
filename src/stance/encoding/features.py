"""An article → what the model reads: piece windows, and where each word's pieces stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stance.encoding.edges import fault_of_part
from stance.encoding.pieces import WordPieces
from stance.schema import Article, Attribution, Part, Span, Stance
from stance.text import Word, WordIndex, plan_windows, split_words

__all__ = ["STANCES", "TAGS", "CueTarget", "EncodedArticle", "Unreachable", "encode_article", "encode_targets"]

STANCES: tuple[Stance, ...] = tuple(Stance)
"""The stance of each output of the stance head."""

TAGS = ("O", "B", "I")
"""The cue tag of each output of the cue head."""

Ints = npt.NDArray[np.int64]
WordRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article as the model reads it.

    Args:
        article: what was encoded.
        words: its words.
        windows: piece ids of each window, with the pieces that frame it.
        first: per word, the position of its first piece: window number and place in it. Shape [words, 2].
        last: the same of its last piece.
    """

    article: Article
    words: list[Word]
    windows: list[list[int]]
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class CueTarget:
    """An attribution in words: what the heads learn. Ranges are word indices, both ends included.

    Args:
        cue: the cue's words.
        stance: index into STANCES.
        alt: indices of other accepted stances.
        speaker: its words, None for no speaker.
        content: its words, None for no content.
        optional: whether nothing should be learnt from it.
    """

    cue: WordRange
    stance: int
    alt: tuple[int, ...]
    speaker: WordRange | None
    content: WordRange | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Unreachable:
    """An attribution that words, tags or the reader's reach cannot represent exactly."""

    article: str
    attribution: Attribution
    reason: str


@dataclass(frozen=True, slots=True)
class Targets:
    """What an article's attributions are in words, and what is lost on the way.

    Args:
        tags: cue tag per word, index into TAGS; -100 on the words of optional cues. Shape [words].
        cues: the attributions, one a cue.
        unreachable: those that come back changed, or not at all.
    """

    tags: Ints
    cues: list[CueTarget]
    unreachable: list[Unreachable] = field(default_factory=list)


def encode_article(article: Article, *, pieces: WordPieces, capacity: int, overlap: int) -> EncodedArticle:
    """Encode an article for the model.

    Args:
        article: any article; its attributions are not read.
        pieces: the encoder's pieces.
        capacity: pieces of a window, its frame included.
        overlap: pieces that neighbouring windows share.

    Returns:
        Windows and word positions; no window for an article without words.
    """
    words = split_words(article.text)
    ids = pieces.cut(words)
    breaks = [word.opens_line and pieces.line_break is not None for word in words]
    costs = [len(own) + broken for own, broken in zip(ids, breaks, strict=True)]
    first = np.zeros((len(words), 2), np.int64)
    last = np.zeros((len(words), 2), np.int64)
    windows: list[list[int]] = []
    for number, window in enumerate(plan_windows(costs, capacity=capacity - pieces.frame, overlap=overlap)):
        filled = list(pieces.opening)
        for index in range(window.start, window.end):
            if breaks[index] and pieces.line_break is not None:
                filled.append(pieces.line_break)
            if window.keep_start <= index < window.keep_end:
                first[index] = number, len(filled)
                last[index] = number, len(filled) + len(ids[index]) - 1
            filled.extend(ids[index])
        windows.append([*filled, *pieces.closing])
    return EncodedArticle(article, words, windows, first, last)


def encode_targets(article: Article, words: Sequence[Word], *, before: int, after: int) -> Targets:
    """Turn an article's attributions into word ranges.

    Args:
        article: an annotated article.
        words: its words.
        before: words that the second reading sees before a cue.
        after: words that it sees behind it.

    Returns:
        Tags, one target a cue, and what cannot be represented: spans off the word edges are widened to whole words,
        speakers and contents out of reach are cut or lost, the second of two attributions on overlapping cues is lost,
        and parts that overlap their own cue, begin or end with a mark or are too long are never decoded.
    """
    index = WordIndex(words)
    tags = np.zeros(len(words), np.int64)
    cues: list[CueTarget] = []
    unreachable: list[Unreachable] = []
    for attribution in article.attributions:
        reasons: list[str] = []
        cue = _range(index, attribution.cue, "cue", reasons)
        if cue is None or tags[cue[0] : cue[1] + 1].any():
            reasons.append("its cue overlaps another attribution's" if cue else "its cue holds no word")
            unreachable.append(Unreachable(article.id, attribution, reasons[-1]))
            continue
        reach = (cue[0] - before, cue[1] + after)
        speaker = _reached(_range(index, attribution.speaker, "speaker", reasons), reach, "speaker", reasons)
        content = _reached(_range(index, attribution.content, "content", reasons), reach, "content", reasons)
        for part, found in ((Part.SPEAKER, speaker), (Part.CONTENT, content)):
            fault = found and fault_of_part(found, first=words[found[0]], last=words[found[1]], cue=cue, part=part)
            if fault:
                reasons.append(fault)
        tags[cue[0]] = 1
        tags[cue[0] + 1 : cue[1] + 1] = 2
        if attribution.optional:
            tags[cue[0] : cue[1] + 1] = -100
        alt = tuple(STANCES.index(stance) for stance in attribution.alt)
        cues.append(CueTarget(cue, STANCES.index(attribution.stance), alt, speaker, content, attribution.optional))
        unreachable.extend(Unreachable(article.id, attribution, reason) for reason in reasons)
    return Targets(tags, cues, unreachable)


def _range(index: WordIndex, span: Span | None, part: str, reasons: list[str]) -> WordRange | None:
    if span is None:
        return None
    found = index.range_of(span)
    if found is None:
        reasons.append(f"its {part} holds no word")
    elif index.span_of(*found) != span:
        reasons.append(f"its {part} does not begin and end at word edges")
    return found


def _reached(found: WordRange | None, reach: WordRange, part: str, reasons: list[str]) -> WordRange | None:
    if found is None or (reach[0] <= found[0] and found[1] <= reach[1]):
        return found
    reasons.append(f"its {part} lies beyond the second reading's reach")
    cut = (max(found[0], reach[0]), min(found[1], reach[1]))
    return cut if cut[0] <= cut[1] and part == "content" else None
