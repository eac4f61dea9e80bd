"""Training examples: articles encoded on the way in, changed anew each epoch if asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Dataset, Sampler

from stance.data.augment import Augmenter
from stance.encoding import EncodedArticle, Targets, Unreachable, WordPieces, encode_article, encode_targets
from stance.runtime.backend import Reach
from stance.schema import Article

__all__ = ["ArticleDataset", "LengthGroupedSampler", "unreachable_report"]

Example = tuple[EncodedArticle, Targets]


class ArticleDataset(Dataset[Example]):
    """Articles as the model reads them.

    Args:
        articles: annotated articles; those without words are left out.
        pieces: the encoder's pieces.
        reach: how much the model reads at once.
        augmenter: changes an article each epoch; None leaves it as it is.
    """

    def __init__(
        self, articles: Sequence[Article], *, pieces: WordPieces, reach: Reach, augmenter: Augmenter | None = None
    ) -> None:
        self.pieces = pieces
        self.reach = reach
        self.augmenter = augmenter
        self.epoch = 0
        plain = [(article, self._encode(article)) for article in articles]
        self.articles = [article for article, (encoded, _) in plain if encoded.words]
        self._plain = [example for _, example in plain if example[0].words]

    def _encode(self, article: Article) -> Example:
        reach = self.reach
        encoded = encode_article(article, pieces=self.pieces, capacity=reach.window, overlap=reach.overlap)
        return encoded, encode_targets(article, encoded.words, before=reach.before, after=reach.after)

    def __len__(self) -> int:
        return len(self._plain)

    def __getitem__(self, index: int) -> Example:
        if self.augmenter is None:
            return self._plain[index]
        return self._encode(self.augmenter(self.articles[index], epoch=self.epoch))

    def lengths(self) -> list[int]:
        """Return each article's words, before any change."""
        return [len(encoded.words) for encoded, _ in self._plain]

    def unreachable(self) -> list[Unreachable]:
        """Return what of the annotations the model cannot represent, with the reason."""
        return [entry for _, targets in self._plain for entry in targets.unreachable]


def unreachable_report(entries: Sequence[Unreachable]) -> str:
    """Return one line that counts what is unreachable, by reason."""
    counts = Counter(entry.reason for entry in entries)
    return "; ".join(f"{count} × {reason}" for reason, count in counts.most_common()) or "nothing is unreachable"


class LengthGroupedSampler(Sampler[int]):
    """Shuffles articles so that those of one batch have like lengths, in a way that the seed and epoch decide.

    Args:
        lengths: words of each article.
        batch_size: articles in a batch, over all processes.
        seed: of the order.
    """

    def __init__(self, lengths: Sequence[int], *, batch_size: int, seed: int) -> None:
        self.lengths = lengths
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of an epoch; accelerate calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 100_003 + self.epoch)
        order = torch.randperm(len(self.lengths), generator=generator).tolist()
        pool = self.batch_size * 16
        batches = []
        for begin in range(0, len(order), pool):
            # A tenth of noise on the lengths, else the articles of one pool would meet in the same batches each epoch.
            noise = torch.rand(pool, generator=generator).tolist()
            group = order[begin : begin + pool]
            like = {index: self.lengths[index] * (1 + 0.1 * own) for index, own in zip(group, noise, strict=False)}
            near = sorted(group, key=lambda index: -like[index])
            batches += [near[at : at + self.batch_size] for at in range(0, len(near), self.batch_size)]
        # A short batch stays last, else every batch behind it would straddle two groups.
        whole = [batch for batch in batches if len(batch) == self.batch_size]
        rest = [batch for batch in batches if len(batch) != self.batch_size]
        for place in torch.randperm(len(whole), generator=generator).tolist():
            yield from whole[place]
        for batch in rest:
            yield from batch
