"""The network: encode once, read again from each cue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, PreTrainedModel
from transformers.utils import ModelOutput

from stance.encoding import PADDING_DISTANCE, STANCES, TAGS, cue_distance
from stance.models.configuration import AttributionConfig
from stance.models.reader import CueReader

__all__ = ["AttributionModel", "AttributionOutput", "LossWeights", "cue_contexts", "without_pooler"]

IGNORED = -100


@dataclass
class AttributionOutput(ModelOutput):
    """Losses of a batch; all of them are there only when targets were given."""

    loss: Tensor | None = None
    cue_loss: Tensor | None = None
    speaker_loss: Tensor | None = None
    content_loss: Tensor | None = None
    stance_loss: Tensor | None = None


@dataclass(frozen=True)
class LossWeights:
    """What each head's loss counts, and what an `I` or `B` word counts against an `O` word."""

    cue: float = 4.0
    speaker: float = 1.0
    content: float = 1.0
    stance: float = 1.0
    cue_word: float = 2.0
    alternative: float = 0.3
    label_smoothing: float = 0.0


def without_pooler(encoder: Any) -> dict[str, bool]:
    """Return what leaves out the pooler that BERTs come with and nothing here reads; others do not know the argument.

    Args:
        encoder: the encoder's configuration.
    """
    return {"add_pooling_layer": False} if encoder.model_type in ("bert", "roberta", "xlm-roberta") else {}


def cue_contexts(cues: Tensor, lengths: Tensor, *, before: int, after: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return which words are read around each cue.

    Args:
        cues: first and last word of each cue, shape [cues, 2].
        lengths: words of each cue's article, shape [cues].
        before: words read before the cue.
        after: words read behind it.

    Returns:
        Word indices [cues, context]; mask, True where there is a word; signed distance to the cue.
    """
    start = (cues[:, 0] - before).clamp(min=0)
    end = torch.minimum(cues[:, 1] + 1 + after, lengths)
    width = int((end - start).max())
    index = start[:, None] + torch.arange(width, device=cues.device)[None, :]
    mask = index < end[:, None]
    distance = cue_distance(index, first=cues[:, 0:1], last=cues[:, 1:2])
    return torch.where(mask, index, 0), mask, torch.where(mask, distance, PADDING_DISTANCE)


class AttributionModel(PreTrainedModel):
    """Finds cues, then each cue's speaker, content and stance, over any `AutoModel` encoder.

    Args:
        config: the configuration; `config.encoder` says what the encoder is.
        encoder: a loaded encoder; made from the configuration if not given.
    """

    config_class = AttributionConfig
    config: AttributionConfig
    encoder: Any
    base_model_prefix = "encoder"
    _supports_sdpa = True

    def __init__(self, config: AttributionConfig, encoder: nn.Module | None = None) -> None:
        super().__init__(config)
        if encoder is None:
            encoder = AutoModel.from_config(config.encoder, **without_pooler(config.encoder))
        self.encoder = encoder
        width = config.encoder.hidden_size
        self.dropout = nn.Dropout(config.reader_dropout)
        self.cue = nn.Sequential(nn.Linear(width, width // 2), nn.GELU(), nn.Linear(width // 2, len(TAGS)))
        self.reader = CueReader(
            encoder_hidden=width,
            hidden=config.reader_hidden,
            layers=config.reader_layers,
            heads=config.reader_heads,
            intermediate=config.reader_intermediate,
            dropout=config.reader_dropout,
            stances=len(STANCES),
        )
        self.loss_weights = LossWeights()
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def encode(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return a vector per piece: [windows, pieces] → [windows, pieces, hidden]."""
        states: Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return states

    def word_vectors(self, states: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """Return a vector per word, the mean of its first and last piece.

        Args:
            states: from `encode`.
            first: index of each word's first piece among all pieces of all windows. Any shape.
            last: the same of its last piece.

        Returns:
            Vectors, shape [*first.shape, hidden].
        """
        flat = states.reshape(-1, states.shape[-1])
        return (flat[first] + flat[last]) * 0.5

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        first: Tensor,
        last: Tensor,
        lengths: Tensor,
        tags: Tensor,
        cue_article: Tensor,
        cues: Tensor,
        roles: Tensor,
        stance: Tensor,
        alternatives: Tensor,
    ) -> AttributionOutput:
        """Compute the losses of a batch of articles.

        Args:
            input_ids, attention_mask: the windows of all articles, [windows, pieces].
            first, last: piece index of each word, [articles, words].
            lengths: words of each article, [articles].
            tags: cue tags, -100 where nothing is to be learnt, [articles, words].
            cue_article: article of each cue, [cues].
            cues: first and last word of each cue, [cues, 2].
            roles: speaker start and end, content start and end, as words of the article; -1 for none. [cues, 4].
            stance: index into STANCES, [cues].
            alternatives: 1 for each other accepted stance, [cues, stances].

        Returns:
            The weighted sum of the heads' losses, and each.
        """
        weights = self.loss_weights
        words = self.word_vectors(self.encode(input_ids, attention_mask), first, last)
        scores = self.cue(self.dropout(words)).float()
        word_weights = torch.tensor([1.0, weights.cue_word, weights.cue_word])
        cue_loss = functional.cross_entropy(
            scores.flatten(0, 1), tags.flatten(), weight=word_weights.to(scores.device), ignore_index=IGNORED
        )
        loss = weights.cue * cue_loss
        if not len(cues):
            # Every parameter takes part, so that gradients are there on each process.
            idle = sum(parameter.sum() * 0.0 for parameter in self.reader.parameters())
            return AttributionOutput(loss=loss + idle, cue_loss=cue_loss)
        config = self.config
        index, mask, distance = cue_contexts(cues, lengths[cue_article], before=config.before, after=config.after)
        around = words[cue_article[:, None], index]
        states, cue_vector, role_scores = self.reader.read(around, mask, distance)
        targets = torch.where(roles < 0, 0, roles - index[:, :1] + 1)
        role_loss = functional.cross_entropy(role_scores.flatten(0, 1), targets.flatten(), reduction="none").view(-1, 4)
        content = torch.where(roles[:, 2:] < 0, -1, roles[:, 2:] - index[:, :1])
        judged = self.reader.judge(states, cue_vector, content[:, 0], content[:, 1])
        stance_loss = self._stance_loss(judged, stance, alternatives)
        speaker_loss, content_loss = role_loss[:, :2].mean(), role_loss[:, 2:].mean()
        loss = loss + weights.speaker * speaker_loss + weights.content * content_loss + weights.stance * stance_loss
        return AttributionOutput(loss, cue_loss, speaker_loss, content_loss, stance_loss)

    def _stance_loss(self, scores: Tensor, stance: Tensor, alternatives: Tensor) -> Tensor:
        """Cross-entropy against the stance, part of whose mass goes to what the annotator also accepts."""
        target = functional.one_hot(stance, scores.shape[1]).to(scores.dtype)
        others = alternatives.to(scores.dtype)
        share = self.loss_weights.alternative * (others.sum(dim=1, keepdim=True) > 0)
        target = target * (1 - share) + others / others.sum(dim=1, keepdim=True).clamp(min=1) * share
        smoothing = self.loss_weights.label_smoothing
        return functional.cross_entropy(scores, target, label_smoothing=smoothing)
