"""The Hugging Face Trainer with our batches, learning rates and scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.utils.data import Sampler
from transformers import Trainer, TrainingArguments

from stance.data.collate import collate
from stance.data.dataset import ArticleDataset, LengthGroupedSampler
from stance.encoding import WordPieces
from stance.metrics import Scores, compare_all, score
from stance.models.modeling import AttributionModel
from stance.runtime.predict import predict
from stance.runtime.torch_backend import TorchBackend
from stance.schema import Article

__all__ = ["AttributionTrainer", "layer_number", "score_model", "tag_all"]

_LAYER = re.compile(r"\.layers?\.(\d+)\.")


def layer_number(name: str) -> int | None:
    """Return the encoder layer that a parameter belongs to; None for embeddings and for the heads."""
    found = _LAYER.search(name)
    return int(found.group(1)) if found else None


def score_model(model: AttributionModel, articles: Sequence[Article], *, pieces: WordPieces, bf16: bool) -> Scores:
    """Tag articles with a model and score it, the way the tagger would.

    Args:
        model: the model.
        articles: gold articles.
        pieces: its encoder's pieces.
        bf16: whether to run in bfloat16.
    """
    found = {article.id: article for article in tag_all(model, articles, pieces=pieces, bf16=bf16)}
    return score(compare_all(articles, found), resamples=0)


def tag_all(model: AttributionModel, articles: Sequence[Article], *, pieces: WordPieces, bf16: bool) -> list[Article]:
    """Tag articles with a model, a batch at a time; arguments as `score_model`."""
    backend = TorchBackend(model, bf16=bf16)
    batches = (articles[begin : begin + 16] for begin in range(0, len(articles), 16))
    return [article for batch in batches for article in predict(batch, backend=backend, pieces=pieces)]


class AttributionTrainer(Trainer):
    """Trains an `AttributionModel`.

    Args:
        model: the model.
        args: the Trainer's arguments.
        train_dataset: training articles.
        held_out: articles to score on during training; none skips it.
        pieces: the encoder's pieces.
        encoder_lr: learning rate of the encoder's last layer.
        head_lr: learning rate of everything else.
        layer_lr_decay: factor from each encoder layer to the one below it.
        callbacks: as the Trainer takes them.
    """

    def __init__(
        self,
        model: AttributionModel,
        *,
        args: TrainingArguments,
        train_dataset: ArticleDataset,
        held_out: Sequence[Article],
        pieces: WordPieces,
        encoder_lr: float,
        head_lr: float,
        layer_lr_decay: float,
        callbacks: list[Any],
    ) -> None:
        pad_id = int(model.config.encoder.pad_token_id or 0)
        self.network = model
        self.held_out = list(held_out)
        self.pieces = pieces
        self.learning_rates = (encoder_lr, head_lr, layer_lr_decay)
        batch = args.per_device_train_batch_size * args.world_size
        self.sampler = LengthGroupedSampler(train_dataset.lengths(), batch_size=batch, seed=args.seed)
        super().__init__(
            model=model,
            args=args,
            train_dataset=train_dataset,
            # The Trainer asks for a set wherever it evaluates; ours is read by `evaluate` itself.
            eval_dataset=train_dataset if self.held_out else None,
            data_collator=partial(collate, pad_id=pad_id),
            callbacks=callbacks,
        )

    def _get_train_sampler(self, *args: Any, **kwargs: Any) -> Sampler[int]:
        return self.sampler

    def create_optimizer(self, *args: Any, **kwargs: Any) -> torch.optim.Optimizer:
        """Group parameters by learning rate and weight decay; frozen ones are left out."""
        if self.optimizer is None:
            groups: dict[tuple[float, float], list[nn.Parameter]] = {}
            for name, parameter in self.network.named_parameters():
                if parameter.requires_grad:
                    decay = self.args.weight_decay if parameter.dim() > 1 else 0.0
                    groups.setdefault((self._learning_rate(name), decay), []).append(parameter)
            self.optimizer = torch.optim.AdamW(
                [{"params": own, "lr": rate, "weight_decay": decay} for (rate, decay), own in groups.items()],
                betas=(0.9, 0.98),
                fused=True,
            )
        return self.optimizer

    def _learning_rate(self, name: str) -> float:
        encoder_lr, head_lr, decay = self.learning_rates
        if not name.startswith("encoder."):
            return head_lr
        layers = int(self.network.config.encoder.num_hidden_layers)
        layer = layer_number(name)
        below_the_last = layers - 1 - layer if layer is not None else layers
        return encoder_lr * float(decay**below_the_last)

    def evaluate(self, *args: Any, metric_key_prefix: str = "eval", **kwargs: Any) -> dict[str, float]:
        """Score the model on the held-out articles; every process does the same and so agrees."""
        model = self.accelerator.unwrap_model(self.model)
        scores = score_model(model, self.held_out, pieces=self.pieces, bf16=self.args.bf16)
        metrics = {f"{metric_key_prefix}_{name}": value for name, value in scores.flat().items()}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics
