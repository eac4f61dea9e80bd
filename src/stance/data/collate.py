"""Encoded articles → padded tensors for the model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from stance.encoding import STANCES, CueTarget, EncodedArticle, Targets, pad_windows

__all__ = ["collate"]


def collate(articles: Sequence[tuple[EncodedArticle, Targets]], *, pad_id: int) -> dict[str, Tensor]:
    """Make a training batch.

    Args:
        articles: encoded articles with their targets; articles without words are left out.
        pad_id: piece id of padding.

    Returns:
        The arguments of `AttributionModel.forward`.
    """
    articles = [pair for pair in articles if pair[0].words]
    input_ids, attention_mask, first, last, lengths = pad_articles([encoded for encoded, _ in articles], pad_id=pad_id)
    tags = torch.full(first.shape, -100, dtype=torch.long)
    cues: list[CueTarget] = []
    owner: list[int] = []
    for row, (_, targets) in enumerate(articles):
        tags[row, : len(targets.tags)] = torch.from_numpy(targets.tags)
        learnt = [cue for cue in targets.cues if not cue.optional]
        cues.extend(learnt)
        owner.extend([row] * len(learnt))
    alternatives = torch.zeros((len(cues), len(STANCES)))
    for row, cue in enumerate(cues):
        alternatives[row, list(cue.alt)] = 1.0
    nothing = (-1, -1)
    return {
        "input_ids": input_ids,
        "attention_mask": attention_mask,
        "first": first,
        "last": last,
        "lengths": lengths,
        "tags": tags,
        "cue_article": torch.tensor(owner, dtype=torch.long),
        "cues": torch.tensor([cue.cue for cue in cues], dtype=torch.long).reshape(-1, 2),
        "roles": torch.tensor(
            [(*(cue.speaker or nothing), *(cue.content or nothing)) for cue in cues], dtype=torch.long
        ).reshape(-1, 4),
        "stance": torch.tensor([cue.stance for cue in cues], dtype=torch.long),
        "alternatives": alternatives,
    }


def pad_articles(articles: Sequence[EncodedArticle], *, pad_id: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Pad the windows of some articles to one width.

    Args:
        articles: articles with words.
        pad_id: piece id of padding.

    Returns:
        input_ids and attention_mask [windows, pieces]; first and last piece of each word, as an index among all pieces
        of all windows [articles, words]; words of each article [articles].
    """
    windows = [window for article in articles for window in article.windows]
    input_ids, attention_mask = pad_windows(windows, pad_id=pad_id)
    width = input_ids.shape[1]
    longest = max(len(article.words) for article in articles)
    first = np.zeros((len(articles), longest), np.int64)
    last = np.zeros((len(articles), longest), np.int64)
    base = 0
    for row, article in enumerate(articles):
        first[row, : len(article.words)] = (article.first[:, 0] + base) * width + article.first[:, 1]
        last[row, : len(article.words)] = (article.last[:, 0] + base) * width + article.last[:, 1]
        base += len(article.windows)
    lengths = np.array([len(article.words) for article in articles], np.int64)
    ids, mask, begins, ends, sizes = (torch.from_numpy(a) for a in (input_ids, attention_mask, first, last, lengths))
    return ids, mask, begins, ends, sizes
