"""Articles → attributions, through any backend: batching of windows and cues, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.encoding import (
    PADDING_DISTANCE,
    CueReading,
    EncodedArticle,
    WordPieces,
    cue_distance,
    decode_cues,
    decode_role,
    encode_article,
    pad_windows,
    to_attributions,
    with_their_verbs,
)
from stance.encoding.edges import LONGEST_CONTENT, LONGEST_SPEAKER
from stance.runtime.backend import Backend
from stance.runtime.rulings import without_repeats
from stance.schema import Article

__all__ = ["FirstReading", "predict", "read_again", "read_first"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
WordRange = tuple[int, int]

_WINDOWS_AT_ONCE = 8
_CUE_WORDS_AT_ONCE = 8192
"""Bounds on what is held at once: windows in one encoder call, words over all cues in one second reading."""


@dataclass(frozen=True, slots=True)
class FirstReading:
    """Some articles behind the encoder: what the second reading and every threshold start from.

    Args:
        encoded: the articles.
        vectors: a vector a word, for each article.
        scores: cue scores a word, for each article.
    """

    encoded: list[EncodedArticle]
    vectors: list[Floats]
    scores: list[Floats]


def predict(articles: Sequence[Article], *, backend: Backend, pieces: WordPieces) -> list[Article]:
    """Tag some articles together.

    Args:
        articles: articles whose attributions, if any, are replaced.
        backend: runs the network.
        pieces: the encoder's pieces.

    Returns:
        The articles in the same order, with what the model finds.
    """
    return read_again(read_first(articles, backend=backend, pieces=pieces), backend=backend)


def read_first(articles: Sequence[Article], *, backend: Backend, pieces: WordPieces) -> FirstReading:
    """Encode some articles; arguments as `predict`."""
    reach = backend.reach
    encoded = [
        encode_article(article, pieces=pieces, capacity=reach.window, overlap=reach.overlap) for article in articles
    ]
    return FirstReading(encoded, *_read_windows(encoded, backend))


def read_again(first: FirstReading, *, backend: Backend) -> list[Article]:
    """Find the cues of encoded articles and read again from each.

    Args:
        first: the articles behind the encoder.
        backend: runs the network; its settings say from which probability a word belongs to a cue.

    Returns:
        The articles in the same order, with what the model finds.
    """
    encoded, vectors, settings = first.encoded, first.vectors, backend.settings
    found: list[list[CueReading]] = [[] for _ in encoded]
    cues = [
        (number, cue, sure)
        for number, (own, scores) in enumerate(zip(encoded, first.scores, strict=True))
        for cue, sure in with_their_verbs(decode_cues(scores, threshold=settings.cue_threshold), words=own.words)
    ]
    for group in _groups(cues, encoded, backend):
        for number, reading in _read_cues(group, encoded, vectors, backend):
            found[number].append(reading)
    tagged = [
        own.article.with_attributions(to_attributions(own, readings, settings=settings))
        for own, readings in zip(encoded, found, strict=True)
    ]
    return [own.with_attributions(without_repeats(own.attributions, text=own.text)) for own in tagged]


def _read_windows(encoded: Sequence[EncodedArticle], backend: Backend) -> tuple[list[Floats], list[Floats]]:
    """Encode every window, those of like length together; return each article's word vectors and cue scores."""
    units = [(number, window) for number, own in enumerate(encoded) for window in range(len(own.windows))]
    units.sort(key=lambda unit: len(encoded[unit[0]].windows[unit[1]]))
    vectors: list[Floats] = [np.zeros((0, 0), np.float32)] * len(encoded)
    scores: list[Floats] = [np.zeros((0, 3), np.float32)] * len(encoded)
    for begin in range(0, len(units), _WINDOWS_AT_ONCE):
        batch = units[begin : begin + _WINDOWS_AT_ONCE]
        rows = [encoded[number].windows[window] for number, window in batch]
        input_ids, attention_mask = pad_windows(rows, pad_id=backend.pad_id)
        width = input_ids.shape[1]
        first, last, kept = [], [], []
        for row, (number, window) in enumerate(batch):
            own = encoded[number]
            words = np.flatnonzero(own.first[:, 0] == window)
            kept.append(words)
            first.append(row * width + own.first[words, 1])
            last.append(row * width + own.last[words, 1])
        new_vectors, new_scores = backend.read_windows(
            input_ids, attention_mask, np.concatenate(first), np.concatenate(last)
        )
        at = 0
        for (number, _), words in zip(batch, kept, strict=True):
            if not vectors[number].size:
                vectors[number] = np.zeros((len(encoded[number].words), new_vectors.shape[1]), np.float32)
                scores[number] = np.zeros((len(encoded[number].words), new_scores.shape[1]), np.float32)
            vectors[number][words] = new_vectors[at : at + len(words)]
            scores[number][words] = new_scores[at : at + len(words)]
            at += len(words)
    return vectors, scores


Cue = tuple[int, WordRange, float]


def _context(cue: WordRange, words: int, backend: Backend) -> tuple[int, int]:
    return max(0, cue[0] - backend.reach.before), min(words, cue[1] + 1 + backend.reach.after)


def _groups(cues: Sequence[Cue], encoded: Sequence[EncodedArticle], backend: Backend) -> Iterator[list[Cue]]:
    """Yield cues to be read together: contexts of like width, within the bound."""

    def width(cue: Cue) -> int:
        start, end = _context(cue[1], len(encoded[cue[0]].words), backend)
        return end - start

    group: list[Cue] = []
    for cue in sorted(cues, key=width):
        if group and width(cue) * (len(group) + 1) > _CUE_WORDS_AT_ONCE:
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def _read_cues(
    group: Sequence[Cue], encoded: Sequence[EncodedArticle], vectors: Sequence[Floats], backend: Backend
) -> Iterator[tuple[int, CueReading]]:
    contexts = [_context(cue, len(encoded[number].words), backend) for number, cue, _ in group]
    width = max(end - start for start, end in contexts)
    hidden = vectors[group[0][0]].shape[1]
    around = np.zeros((len(group), width, hidden), np.float32)
    mask = np.zeros((len(group), width), np.bool_)
    distance = np.full((len(group), width), PADDING_DISTANCE, np.int64)
    for row, ((number, cue, _), (start, end)) in enumerate(zip(group, contexts, strict=True)):
        around[row, : end - start] = vectors[number][start:end]
        mask[row, : end - start] = True
        distance[row, : end - start] = cue_distance(np.arange(start, end), first=cue[0], last=cue[1])
    states, cue_vectors, roles = backend.read_cues(around, mask, distance)
    decoded = []
    content_first = np.full(len(group), -1, np.int64)
    content_last = np.full(len(group), -1, np.int64)
    for row, ((number, cue, _), (start, end)) in enumerate(zip(group, contexts, strict=True)):
        words, reach = encoded[number].words, end - start + 1
        own = roles[row, :, :reach]
        speaker = decode_role(own[0], own[1], words=words, offset=start, cue=cue, longest=LONGEST_SPEAKER)
        content = decode_role(own[2], own[3], words=words, offset=start, cue=cue, longest=LONGEST_CONTENT)
        decoded.append((speaker, content))
        if content[0] is not None:
            content_first[row], content_last[row] = content[0][0] - start, content[0][1] - start
    stances = backend.judge(states, cue_vectors, content_first, content_last)
    for row, (number, cue, sure) in enumerate(group):
        speaker, content = decoded[row]
        yield number, CueReading(cue, sure, *speaker, *content, stances[row])
