"""The model's outputs → attributions in raw-text offsets; the same path for scoring and tagging, on every backend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.encoding.edges import may_close, may_open
from stance.encoding.features import STANCES, EncodedArticle
from stance.schema import Attribution
from stance.text import Word, WordIndex

__all__ = [
    "Calibration",
    "CueReading",
    "DecodeSettings",
    "decode_cues",
    "decode_role",
    "to_attributions",
    "with_their_verbs",
]

Floats = npt.NDArray[np.float32]
WordRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns the log of the joint probability into a confidence: sigmoid(slope · log p + intercept)."""

    slope: float = 1.0
    intercept: float = 0.0

    def __call__(self, log_probability: float) -> float:
        # tanh, unlike exp, does not overflow however sure the model is of being wrong.
        return 0.5 + 0.5 * math.tanh((self.slope * log_probability + self.intercept) / 2)


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """How outputs become attributions.

    Args:
        cue_threshold: probability that one word of a cue must reach.
        calibration: from log-probability to confidence.
    """

    cue_threshold: float = 0.5
    calibration: Calibration = Calibration()


@dataclass(frozen=True, slots=True)
class CueReading:
    """What the second reading says of one cue.

    Args:
        cue: the cue's words.
        cue_log_probability: how sure the cue head is of them.
        speaker: the speaker's words, None for none.
        speaker_log_probability: how sure the reading is of them.
        content: the content's words, None for none.
        content_log_probability: how sure the reading is of them.
        stance_logits: shape [stances], given that content.
    """

    cue: WordRange
    cue_log_probability: float
    speaker: WordRange | None
    speaker_log_probability: float
    content: WordRange | None
    content_log_probability: float
    stance_logits: Floats


def log_softmax(logits: Floats) -> Floats:
    """Return the log-probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def decode_cues(logits: Floats, *, threshold: float) -> list[tuple[WordRange, float]]:
    """Find the cues.

    Args:
        logits: cue tag scores, shape [words, 3] in the order of TAGS.
        threshold: probability that one word of a cue must reach; the words beside it need half of that, or a cue
            such as `و أكد` would be cut.

    Returns:
        The cues' words, with the log-probability of the least sure word.
    """
    if not len(logits):
        return []
    probabilities = np.exp(log_softmax(logits))
    inside = 1.0 - probabilities[:, 0] >= threshold / 2
    begins = probabilities[:, 1] >= probabilities[:, 2]
    found: list[tuple[WordRange, float]] = []
    start: int | None = None
    for index in range(len(logits) + 1):
        closes = index == len(logits) or not inside[index] or bool(begins[index])
        if start is not None and closes:
            chances = 1.0 - probabilities[start:index, 0]
            if chances.max() >= threshold:
                found.append(((start, index - 1), math.log(max(float(chances.min()), 1e-9))))
            start = None
        if index < len(logits) and inside[index] and start is None:
            start = index
    return found


def with_their_verbs(
    cues: Sequence[tuple[WordRange, float]], *, words: Sequence[Word]
) -> list[tuple[WordRange, float]]:
    """Join a bare `و` or `ف`, which a stray blank split from its verb, with that verb.

    Args:
        cues: what `decode_cues` found.
        words: the article's words.

    Returns:
        The cues; one that was found on the verb as well goes.
    """
    joined: list[tuple[WordRange, float]] = []
    for (first, last), sure in cues:
        alone = first == last and last + 1 < len(words) and words[first].text in ("و", "ف")
        if not joined or first > joined[-1][0][1]:
            joined.append(((first, last + alone), sure))
    return joined


def decode_role(
    start_logits: Floats,
    end_logits: Floats,
    *,
    words: Sequence[Word],
    offset: int,
    cue: WordRange,
    longest: int,
) -> tuple[WordRange | None, float]:
    """Find the best span of a speaker or content.

    Args:
        start_logits: shape [context + 1], "none" first, then one a word of the context.
        end_logits: the same for the span's end.
        words: the article's words.
        offset: index of the context's first word.
        cue: the cue, which no part may overlap.
        longest: words that the span may have.

    Returns:
        The span's words, None for "none"; and its log-probability.
    """
    start_scores, end_scores = log_softmax(start_logits), log_softmax(end_logits)
    none = float(start_scores[0] + end_scores[0]) / 2
    count = len(start_scores) - 1
    here = words[offset : offset + count]
    starts = start_scores[1:] + np.where([may_open(word) for word in here], 0.0, -1e4).astype(np.float32)
    ends = end_scores[1:] + np.where([may_close(word) for word in here], 0.0, -1e4).astype(np.float32)
    cue_start, cue_end = cue[0] - offset, cue[1] - offset
    best: tuple[float, WordRange | None] = (none, None)
    for low, high in ((0, cue_start), (cue_end + 1, count)):
        pair = _best_pair(starts[low:high], ends[low:high], longest)
        if pair is not None:
            score = float(starts[low + pair[0]] + ends[low + pair[1]]) / 2
            if score > best[0]:
                best = (score, (offset + low + pair[0], offset + low + pair[1]))
    return best[1], min(best[0], 0.0)


def _best_pair(starts: Floats, ends: Floats, longest: int) -> WordRange | None:
    """Return the start and end (not before it, not too far behind) with the best sum."""
    if not len(starts):
        return None
    best_score, best = -np.inf, None
    for length in range(min(longest, len(starts))):
        sums = starts[: len(starts) - length] + ends[length:]
        at = int(sums.argmax())
        if sums[at] > best_score:
            best_score, best = float(sums[at]), (at, at + length)
    return best


def to_attributions(
    encoded: EncodedArticle, readings: Sequence[CueReading], *, settings: DecodeSettings
) -> tuple[Attribution, ...]:
    """Turn the readings of an article's cues into attributions.

    Args:
        encoded: the article as it was read.
        readings: one a cue.
        settings: for the confidence.

    Returns:
        Attributions in raw-text offsets, each with a confidence.
    """
    index = WordIndex(encoded.words)
    found = []
    for reading in readings:
        stance_scores = log_softmax(reading.stance_logits)
        stance = int(stance_scores.argmax())
        joint = reading.cue_log_probability + float(stance_scores[stance])
        joint += reading.speaker_log_probability + reading.content_log_probability
        found.append(
            Attribution(
                cue=index.span_of(*reading.cue),
                stance=STANCES[stance],
                speaker=index.span_of(*reading.speaker) if reading.speaker else None,
                content=index.span_of(*reading.content) if reading.content else None,
                score=round(settings.calibration(joint), 4),
            )
        )
    return tuple(found)
