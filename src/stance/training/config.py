"""Hydra's structured configs, and the one place where they are checked and become plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stance.errors import ConfigError, first_line
from stance.metrics import Level
from stance.models.embedded import EMBEDDED

__all__ = ["TrainConfig", "checked", "register"]


@dataclass
class EncoderConfig:
    """Which encoder is fine-tuned.

    `name` is `embedded`, a hub name or a local folder.
    """

    name: str = MISSING
    window: int = 512
    overlap: int = 96
    hidden_dropout: float = 0.1
    freeze_embeddings: bool = False


@dataclass
class ModelConfig:
    """Sizes of the second reading, and what each head's loss counts."""

    reader_hidden: int = 256
    reader_layers: int = 2
    reader_heads: int = 4
    reader_intermediate: int = 1024
    reader_dropout: float = 0.1
    before: int = 128
    after: int = 96
    cue_loss: float = 4.0
    speaker_loss: float = 1.0
    content_loss: float = 1.0
    stance_loss: float = 1.0
    cue_word_weight: float = 2.0
    alternative_share: float = 0.3
    label_smoothing: float = 0.0


@dataclass
class DataConfig:
    """Annotated files: Label Studio exports or JSONL. Without `held_out` files a share of the articles is held out."""

    train: list[str] = MISSING
    held_out: list[str] = field(default_factory=list)
    held_out_share: float = 0.1
    split_seed: int = 1
    limit: int | None = None


@dataclass
class AugmentConfig:
    """Probability of each training-time change (stance.data.augment)."""

    spelling: float = 0.0
    quotes: float = 0.0
    blanks: float = 0.0
    boilerplate: float = 0.0
    mentions: float = 0.0
    lines: float = 0.0
    title: float = 0.0


@dataclass
class TrainerConfig:
    """How long and how fast; what is not named here is the Hugging Face Trainer's default."""

    epochs: float = 10
    batch_size: int = 5
    gradient_accumulation: int = 1
    encoder_lr: float = 1.5e-4
    head_lr: float = 5e-4
    layer_lr_decay: float = 1.0
    weight_decay: float = 0.01
    warmup: float = 0.08
    schedule: str = "linear"
    max_grad_norm: float = 1.0
    bf16: str = "auto"
    processes: int = 1
    threads: int | None = None
    evaluate_every: float = 1.0
    checkpoint_every: float = 1.0
    checkpoints: int = 2
    average: int = 1
    choose_by: str = str(Level.WHO_STANCE)
    choose_best: bool = False
    patience: int | None = None
    seed: int = 1


@dataclass
class PathsConfig:
    """Where runs are kept."""

    root: str = "."
    runs: str = "runs"


@dataclass
class TrainConfig:
    """One training run."""

    name: str = "run"
    run_dir: str = MISSING
    tune: bool = True
    card: bool = True
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    trainer: TrainerConfig = field(default_factory=TrainerConfig)
    paths: PathsConfig = field(default_factory=PathsConfig)


def register() -> None:
    """Put the schema where Hydra finds it."""
    store = ConfigStore.instance()
    store.store(name="train_schema", node=TrainConfig)


def checked(config: DictConfig) -> TrainConfig:
    """Turn Hydra's config into a plain one.

    Args:
        config: the composed config.

    Returns:
        The config as dataclasses.

    Raises:
        ConfigError: with every fault that was found, before any work is done.
    """
    missing = [
        f"{key}: is mandatory and has no value; set it on the command line"
        for key in sorted(OmegaConf.missing_keys(config))
    ]
    if missing:
        # Checked with stand-ins, so that what else is wrong is reported with them.
        config = config.copy()
        for fault in missing:
            key = fault.partition(":")[0]
            OmegaConf.update(config, key, [] if key.endswith("train") else EMBEDDED)
    try:
        plain = OmegaConf.to_object(config)
    except OmegaConfBaseException as error:
        raise ConfigError([first_line(error)]) from error
    if not isinstance(plain, TrainConfig):
        raise ConfigError(["the config has not the schema of conf/train.yaml; begin its defaults with train_schema"])
    faults = [*missing, *_encoder_faults(plain), *_range_faults(plain), *_data_faults(plain), *_trainer_faults(plain)]
    if faults:
        raise ConfigError(faults)
    return plain


def _encoder_faults(config: TrainConfig) -> list[str]:
    faults = []
    name, encoder, model = config.encoder.name, config.encoder, config.model
    if name != EMBEDDED and name.startswith((".", "/", "~")) and not Path(name).expanduser().is_dir():
        faults.append(f"encoder.name: {name} is no folder; name a folder, a hub model or `{EMBEDDED}`")
    if encoder.overlap >= encoder.window - 32:
        faults.append(f"encoder.overlap: {encoder.overlap} leaves windows of {encoder.window} no way forward")
    if name == EMBEDDED and encoder.window > 512:
        faults.append(f"encoder.window: {encoder.window}, but the embedded encoder has 512 positions")
    if encoder.overlap < 0:
        faults.append(f"encoder.overlap: {encoder.overlap} must be at least 0")
    if model.reader_heads > 0 and model.reader_hidden % model.reader_heads:
        faults.append(
            f"model.reader_hidden: {model.reader_hidden} is not a multiple of reader_heads {model.reader_heads}"
        )
    return faults


_POSITIVE = [
    "encoder.window",
    "model.reader_hidden",
    "model.reader_layers",
    "model.reader_heads",
    "model.reader_intermediate",
    "model.before",
    "model.after",
    "trainer.epochs",
    "trainer.batch_size",
    "trainer.gradient_accumulation",
    "trainer.encoder_lr",
    "trainer.head_lr",
    "trainer.layer_lr_decay",
    "trainer.evaluate_every",
    "trainer.checkpoint_every",
    "trainer.checkpoints",
    "trainer.average",
    "trainer.max_grad_norm",
]
_SHARES = [
    "encoder.hidden_dropout",
    "model.reader_dropout",
    "model.alternative_share",
    "model.label_smoothing",
    "data.held_out_share",
    "trainer.warmup",
]


_AT_LEAST_ZERO = [
    "trainer.weight_decay",
    "model.cue_loss",
    "model.speaker_loss",
    "model.content_loss",
    "model.stance_loss",
    "model.cue_word_weight",
]


def _value(config: TrainConfig, key: str) -> Any:
    found: Any = config
    for name in key.split("."):
        found = getattr(found, name)
    return found


def _range_faults(config: TrainConfig) -> list[str]:
    faults = [f"{key}: {_value(config, key)} must be above 0" for key in _POSITIVE if not _value(config, key) > 0]
    for key in _AT_LEAST_ZERO:
        if _value(config, key) < 0:
            faults.append(f"{key}: {_value(config, key)} must be at least 0")
    for key in ("trainer.patience", "trainer.threads", "data.limit"):
        value = _value(config, key)
        if value is not None and value < 1:
            faults.append(f"{key}: {value} must be at least 1, or null")
    if config.data.held_out_share >= 1 and not config.data.held_out:
        faults.append("data.held_out_share: leaves nothing to train on; use a share such as 0.1")
    shares = [*_SHARES, *(f"augment.{own.name}" for own in fields(AugmentConfig))]
    faults += [
        f"{key}: {_value(config, key)} must be from 0 to 1" for key in shares if not 0 <= _value(config, key) <= 1
    ]
    return faults


def _data_faults(config: TrainConfig) -> list[str]:
    faults = []
    for key in ("train", "held_out"):
        for name in getattr(config.data, key):
            path = Path(name)
            if not path.is_file():
                faults.append(f"data.{key}: {name} is not there; paths count from {Path.cwd()}")
            elif path.suffix not in (".json", ".jsonl"):
                faults.append(f"data.{key}: {name} is neither a Label Studio export (.json) nor JSONL (.jsonl)")
    if not config.data.train:
        faults.append("data.train: is empty; name at least one file of annotated articles")
    both = sorted(set(config.data.train) & set(config.data.held_out))
    faults += [f"data.held_out: {name} is trained on too; held-out articles must be unseen" for name in both]
    return faults


def _trainer_faults(config: TrainConfig) -> list[str]:
    trainer = config.trainer
    faults = []
    if trainer.choose_by not in tuple(Level):
        faults.append(f"trainer.choose_by: {trainer.choose_by} is no level; use one of {', '.join(Level)}")
    if trainer.bf16 not in ("auto", "yes", "no"):
        faults.append(f"trainer.bf16: {trainer.bf16}; use auto, yes or no")
    if trainer.schedule not in ("linear", "cosine", "constant_with_warmup"):
        faults.append(f"trainer.schedule: {trainer.schedule}; use linear, cosine or constant_with_warmup")
    if trainer.patience is not None and not trainer.choose_best:
        faults.append(
            "trainer.patience: needs trainer.choose_best=true, else the last model is kept whatever its score"
        )
    if trainer.average > trainer.checkpoints:
        faults.append(
            f"trainer.average: {trainer.average}, but only {trainer.checkpoints} trainer.checkpoints are kept"
        )
    if trainer.average > 1 and trainer.choose_best:
        faults.append("trainer.average: goes with the last checkpoints, not with trainer.choose_best=true; drop one")
    chooses = trainer.choose_best or trainer.patience is not None
    if chooses and trainer.checkpoint_every != trainer.evaluate_every:
        faults.append("trainer.checkpoint_every: must equal trainer.evaluate_every where the best checkpoint is chosen")
    return faults


def as_dict(config: Any) -> Any:
    """Return a dataclass tree as plain dicts, for the run folder."""
    if is_dataclass(config):
        return {own.name: as_dict(getattr(config, own.name)) for own in fields(config)}
    return list(config) if isinstance(config, list | tuple) else config
