"""The second reading: from each cue, the words around it again, knowing where the cue is."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from stance.encoding import PADDING_DISTANCE

__all__ = ["DISTANCE_BUCKETS", "CueReader", "distance_buckets"]

DISTANCE_BUCKETS = 33


def distance_buckets(distance: Tensor) -> Tensor:
    """Return the bucket of each signed distance to the cue: 16 a side, growing with the logarithm, 0 between.

    Args:
        distance: words from the cue, negative before it, 0 inside it. Any shape, integer.

    Returns:
        Buckets from 0 to 32, of the same shape.
    """
    far = distance.abs().clamp(max=PADDING_DISTANCE).to(torch.float32)
    # 1..4 exactly, then about three buckets a doubling.
    bucket = torch.where(far <= 4, far, 4 + torch.log2(far.clamp(min=4) / 4) * 1.8).round().clamp(max=16)
    return (16 + bucket * distance.sign()).to(torch.long)


class _Layer(nn.Module):
    """A pre-norm transformer layer."""

    def __init__(self, hidden: int, heads: int, intermediate: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(hidden)
        self.query_key_value = nn.Linear(hidden, 3 * hidden)
        self.attention_output = nn.Linear(hidden, hidden)
        self.feed_norm = nn.LayerNorm(hidden)
        self.feed_in = nn.Linear(hidden, intermediate)
        self.feed_out = nn.Linear(intermediate, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Read once. `states` [cues, context, hidden]; `mask` [cues, 1, 1, context], True where there is a word."""
        cues, context, hidden = states.shape
        mixed = self.query_key_value(self.attention_norm(states))
        query, key, value = mixed.view(cues, context, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        # No dropout on the attention itself: it would shut the fast kernel out (docs/decisions/0003-speed.md).
        read = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        read = read.transpose(1, 2).reshape(cues, context, hidden)
        states = states + self.dropout(self.attention_output(read))
        fed = self.feed_out(functional.gelu(self.feed_in(self.feed_norm(states))))
        output: Tensor = states + self.dropout(fed)
        return output


class CueReader(nn.Module):
    """Reads the words around each cue and scores where its speaker and its content start and end.

    Args:
        encoder_hidden: width of the word vectors that come in.
        hidden, layers, heads, intermediate, dropout: sizes of the second reading.
        stances: outputs of the stance head.
    """

    def __init__(
        self,
        *,
        encoder_hidden: int,
        hidden: int,
        layers: int,
        heads: int,
        intermediate: int,
        dropout: float,
        stances: int,
    ) -> None:
        super().__init__()
        self.enter = nn.Linear(encoder_hidden, hidden)
        self.inside = nn.Embedding(2, hidden)
        self.distance = nn.Embedding(DISTANCE_BUCKETS, hidden)
        self.enter_norm = nn.LayerNorm(hidden)
        self.layers = nn.ModuleList([_Layer(hidden, heads, intermediate, dropout) for _ in range(layers)])
        self.norm = nn.LayerNorm(hidden)
        self.roles = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 4))
        self.none = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 4))
        self.no_content = nn.Parameter(torch.zeros(hidden))
        self.stance = nn.Sequential(
            nn.Linear(3 * hidden + encoder_hidden, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, stances)
        )
        self.dropout = nn.Dropout(dropout)

    def read(self, words: Tensor, mask: Tensor, distance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read the words around each cue.

        Args:
            words: word vectors, shape [cues, context, encoder hidden].
            mask: True where there is a word, shape [cues, context].
            distance: signed distance to the cue in words, 0 inside it, shape [cues, context].

        Returns:
            The states [cues, context, hidden]; the mean vectors of the cue's words, from this reading and from the
            encoder [cues, hidden + encoder hidden]; the role scores [cues, 4, context + 1], "none" first.
        """
        inside = (distance == 0) & mask
        states = self.enter(words) + self.inside(inside.long()) + self.distance(distance_buckets(distance))
        states = self.dropout(self.enter_norm(states))
        for layer in self.layers:
            states = layer(states, mask[:, None, None, :])
        states = self.norm(states)
        share = inside.to(states.dtype)
        share = share / share.sum(dim=1, keepdim=True).clamp(min=1)
        cue = torch.einsum("ckh,ck->ch", states, share)
        encoded = torch.einsum("ckh,ck->ch", words.to(states.dtype), share)
        scores = self.roles(states).float().masked_fill(~mask[..., None], -1e4)
        none = self.none(cue).float()
        roles = torch.cat([none[:, None, :], scores], dim=1).transpose(1, 2)
        return states, torch.cat([cue, encoded], dim=1), roles

    def judge(self, states: Tensor, cue: Tensor, content_first: Tensor, content_last: Tensor) -> Tensor:
        """Score the stances, given where the content is.

        Args:
            states: from `read`.
            cue: from `read`.
            content_first: index into the context of the content's first word, -1 for no content. Shape [cues].
            content_last: the same of its last word.

        Returns:
            Stance scores, shape [cues, stances].
        """
        place = torch.arange(states.shape[1], device=states.device)[None, :]
        within = ((place >= content_first[:, None]) & (place <= content_last[:, None])).to(states.dtype)
        missing = (content_first < 0).to(states.dtype)[:, None]
        within = within * (1 - missing)
        mean = torch.einsum("ckh,ck->ch", states, within / within.sum(dim=1, keepdim=True).clamp(min=1))
        opening = ((place == content_first[:, None]).to(states.dtype)) * (1 - missing)
        first = torch.einsum("ckh,ck->ch", states, opening)
        empty = missing * self.no_content
        scores: Tensor = self.stance(torch.cat([cue, first + empty, mean + empty], dim=1))
        return scores.float()
