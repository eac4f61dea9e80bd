"""Encoders and models by name or folder: safetensors only, never code from a hub."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.utils import logging

from stance.encoding import WordPieces
from stance.errors import CheckpointError, EncoderError, first_line
from stance.models.configuration import AttributionConfig
from stance.models.embedded import EMBEDDED, embedded_encoder
from stance.models.modeling import AttributionModel, without_pooler

__all__ = ["load_model", "new_model", "save_model"]

_UNLOADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError)
"""What transformers raises over files that are damaged, or of another kind of model."""


def new_model(encoder: str, *, hidden_dropout: float = 0.1, **settings: Any) -> tuple[AttributionModel, WordPieces]:
    """Make an untrained model over a pretrained encoder.

    Args:
        encoder: `embedded`, a local folder (`~` is the home folder), or a hub name.
        hidden_dropout: dropout of the encoder's hidden states.
        settings: further arguments of `AttributionConfig`.

    Returns:
        The model, and the encoder's pieces.

    Raises:
        EncoderError: if the encoder cannot be loaded, with the reason.
    """
    folder = str(embedded_encoder() if encoder == EMBEDDED else Path(encoder).expanduser())
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        # Attention dropout shuts the fast attention kernel out (docs/decisions/0003-speed.md).
        config.attention_probs_dropout_prob = 0.0
        config.hidden_dropout_prob = hidden_dropout
        network = AutoModel.from_pretrained(
            folder, config=config, trust_remote_code=False, use_safetensors=True, **without_pooler(config)
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, use_fast=True)
    except _UNLOADABLE as error:
        raise EncoderError(
            f"encoder {encoder!r} cannot be loaded: {first_line(error)}; name `{EMBEDDED}`, a folder with "
            "config.json, model.safetensors and tokenizer.json, or a hub model that has safetensors"
        ) from error
    if not getattr(tokenizer, "is_fast", False):
        raise EncoderError(f"encoder {encoder!r} has no fast tokenizer (tokenizer.json); convert it first")
    limit = getattr(config, "max_position_embeddings", None)
    if limit and settings.get("window", 0) > limit:
        raise EncoderError(f"encoder {encoder!r} has {limit} positions; set encoder.window to at most that")
    model = AttributionModel(AttributionConfig(encoder=config, **settings), network)
    return model, WordPieces.wrap(tokenizer.backend_tokenizer)


def save_model(model: AttributionModel, pieces: WordPieces, folder: str | Path) -> None:
    """Save a model so that `load_model`, `Tagger` and `stance export` can load it.

    Args:
        model: the model.
        pieces: its encoder's pieces.
        folder: a folder; made if missing.
    """
    model.save_pretrained(folder)
    pieces.tokenizer.save(str(Path(folder) / "tokenizer.json"), pretty=False)


def load_model(folder: str | Path) -> tuple[AttributionModel, WordPieces]:
    """Load a saved model.

    Args:
        folder: what `save_model` wrote.

    Returns:
        The model in evaluation mode, and its encoder's pieces.

    Raises:
        CheckpointError: if the folder holds no such model.
    """
    folder = Path(folder)
    if not (folder / "model.safetensors").is_file():
        raise CheckpointError(f"{folder}: holds no model.safetensors; name the `model` folder of a training run")
    try:
        with _no_bars():
            model = AttributionModel.from_pretrained(folder, use_safetensors=True, trust_remote_code=False)
    except _UNLOADABLE as error:
        raise CheckpointError(
            f"{folder}: cannot be loaded: {first_line(error)}; copy the folder again, or train again"
        ) from error
    model.eval()  # type: ignore[no-untyped-call]
    return model, WordPieces.load(folder)


@contextmanager
def _no_bars() -> Iterator[None]:
    """Without the bar that transformers shows for the tensors of a local file: it is over in no time."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def copy_tokenizer(source: str | Path, target: str | Path) -> None:
    """Copy the tokenizer of one model folder to another."""
    shutil.copy(Path(source) / "tokenizer.json", Path(target) / "tokenizer.json")
