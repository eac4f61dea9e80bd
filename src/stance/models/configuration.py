"""The network's configuration, saved beside its weights."""

from __future__ import annotations

from typing import Any

from transformers import AutoConfig, PretrainedConfig

__all__ = ["AttributionConfig"]


class AttributionConfig(PretrainedConfig):
    """Configuration of `AttributionModel`.

    Args:
        encoder: the encoder's own configuration.
        reader_hidden: width of the second reading.
        reader_layers: its transformer layers.
        reader_heads: its attention heads.
        reader_intermediate: width of its feed-forward blocks.
        reader_dropout: dropout in the second reading and the heads.
        before: words that it sees before a cue.
        after: words that it sees behind it.
        window: pieces of an encoder window, its frame included.
        overlap: pieces that neighbouring windows share.
        cue_threshold: probability from which a word belongs to a cue.
        calibration_slope, calibration_intercept: from log-probability to confidence.
    """

    model_type = "arabic-stance"
    sub_configs = {"encoder": AutoConfig}  # noqa: RUF012 - the name and form that transformers reads

    def __init__(
        self,
        encoder: dict[str, Any] | PretrainedConfig | None = None,
        reader_hidden: int = 256,
        reader_layers: int = 2,
        reader_heads: int = 4,
        reader_intermediate: int = 1024,
        reader_dropout: float = 0.1,
        before: int = 128,
        after: int = 96,
        window: int = 512,
        overlap: int = 128,
        cue_threshold: float = 0.5,
        calibration_slope: float = 1.0,
        calibration_intercept: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if isinstance(encoder, dict):
            encoder = AutoConfig.for_model(**encoder)
        self.encoder: Any = encoder
        self.reader_hidden = reader_hidden
        self.reader_layers = reader_layers
        self.reader_heads = reader_heads
        self.reader_intermediate = reader_intermediate
        self.reader_dropout = reader_dropout
        self.before = before
        self.after = after
        self.window = window
        self.overlap = overlap
        self.cue_threshold = cue_threshold
        self.calibration_slope = calibration_slope
        self.calibration_intercept = calibration_intercept
        super().__init__(**kwargs)
