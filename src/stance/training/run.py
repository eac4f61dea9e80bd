"""A training run from its config to its scores: everything between is named here, in order."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from transformers import EarlyStoppingCallback, PrinterCallback, TrainingArguments, set_seed
from transformers.utils.logging import disable_progress_bar

from stance.data.augment import Augmenter, AugmentSettings
from stance.data.dataset import ArticleDataset, unreachable_report
from stance.data.loading import Corpus, load_corpus, split_by_article
from stance.encoding import WordPieces
from stance.errors import ConfigError
from stance.metrics import Level, Scores, compare_all, score
from stance.models.loading import load_model, new_model, save_model
from stance.models.modeling import AttributionModel, LossWeights
from stance.runtime.backend import Reach
from stance.schema import Article
from stance.training.averaging import average_checkpoints
from stance.training.calibration import tune
from stance.training.callbacks import RichProgress, StopOnSignal, TellEpoch
from stance.training.checkpoints import checkpoints
from stance.training.config import TrainConfig, as_dict
from stance.training.provenance import cpu_is_good_at_bf16, provenance
from stance.training.trainer import AttributionTrainer, tag_all

__all__ = ["RunResult", "train"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Args:
        folder: the run's folder; its model is in `model/` once it is finished.
        finished: False if a signal stopped it; the same command goes on.
        scores: on the held-out articles (on the training articles where none are held out).
    """

    folder: Path
    finished: bool
    scores: Scores | None


def train(config: TrainConfig, *, console: Console, overrides: Sequence[str] = ()) -> RunResult:
    """Train a model, or go on with a run that was stopped.

    Args:
        config: a checked config; `run_dir` decides whether the run is a new one.
        console: for progress.
        overrides: what the command line set, by which the card says how to repeat the run.

    Returns:
        How it ended.

    Raises:
        ConfigError: if the folder holds a run of another config, or one process would share several GPUs.
        FormatError: if the data cannot be read.
        EncoderError: if the encoder cannot be loaded.
    """
    if "LOCAL_RANK" not in os.environ:
        _refuse_several_gpus(torch.cuda.device_count())
    folder = Path(config.run_dir)
    folder.mkdir(parents=True, exist_ok=True)
    is_first = int(os.environ.get("RANK", "0")) == 0
    if is_first:
        _claim(folder, config)
    if config.trainer.threads:
        torch.set_num_threads(config.trainer.threads)
    bf16 = {"auto": cpu_is_good_at_bf16(), "yes": True, "no": False}[config.trainer.bf16]
    articles, held_out, corpora = _articles(config)
    set_seed(config.trainer.seed)
    model, pieces = _model(config)
    reach = Reach(config.encoder.window, config.encoder.overlap, config.model.before, config.model.after)
    settings = AugmentSettings(**as_dict(config.augment))
    augmenter = None if settings.is_idle else Augmenter(settings, seed=config.trainer.seed, speakers=articles)
    dataset = ArticleDataset(articles, pieces=pieces, reach=reach, augmenter=augmenter)
    if is_first:
        _describe(folder, corpora, dataset=dataset, held_out=held_out, overrides=overrides, console=console)
    signals = StopOnSignal()
    trainer = _trainer(
        config,
        model,
        dataset=dataset,
        held_out=held_out,
        pieces=pieces,
        bf16=bf16,
        callbacks=[signals, RichProgress(console)],
    )
    disable_progress_bar()  # transformers would show one for every file of a checkpoint
    trainer.train(resume_from_checkpoint=_last_checkpoint(folder / "checkpoints"))
    if signals.received is not None and trainer.state.global_step < trainer.state.max_steps:
        _say(console, f"stopped at step {trainer.state.global_step}; run the same command on {folder} to go on")
        return RunResult(folder, False, None)
    if not trainer.is_world_process_zero():
        return RunResult(folder, True, None)
    _finish(config, model, pieces=pieces, held_out=held_out, bf16=bf16, console=console)
    measured_on = "held-out" if held_out else "training"
    scores = _measure(config, gold=held_out or articles, measured_on=measured_on, bf16=bf16, console=console)
    return RunResult(folder, True, scores)


def _refuse_several_gpus(visible: int) -> None:
    """Refuse what the Trainer would split over the GPUs of one process: windows here, their cues there."""
    if visible > 1:
        raise ConfigError(
            [
                f"trainer.processes: one process, but {visible} GPUs are visible; start "
                f"`torchrun --nproc_per_node {visible} scripts/train.py …`, or show it one with CUDA_VISIBLE_DEVICES=0"
            ]
        )


def _say(console: Console, line: str) -> None:
    """Tell whoever watches, and the run's log."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)
    log.info(line)


def _last_checkpoint(folder: Path) -> str | None:
    """Return the newest whole checkpoint; one that was cut off while it was written lacks its last files."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    whole = [
        checkpoint
        for checkpoint in checkpoints(folder)
        if (checkpoint / "trainer_state.json").exists() and len(list(checkpoint.glob("rng_state*.pth"))) == processes
    ]
    return str(whole[-1]) if whole else None


def _claim(folder: Path, config: TrainConfig) -> None:
    """Write the resolved config into the folder; refuse a folder that holds a run of another one."""
    path = folder / "config.json"
    own = as_dict(config)
    if path.exists() and (folder / "checkpoints").exists():
        earlier = json.loads(path.read_text(encoding="utf-8"))
        faults = [
            f"{key}: the run in {folder} has {was!r}, this command {now!r}; use another run_dir or the same setting"
            for key, was, now in _differences(earlier, own)
            if key != "run_dir"
        ]
        if faults:
            raise ConfigError(faults)
    path.write_text(json.dumps(own, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _differences(one: Any, other: Any, prefix: str = "") -> list[tuple[str, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            entry
            for key in sorted({*one, *other})
            for entry in _differences(one.get(key), other.get(key), f"{prefix}.{key}" if prefix else key)
        ]
    return [] if one == other else [(prefix, one, other)]


def _articles(config: TrainConfig) -> tuple[list[Article], list[Article], list[Corpus]]:
    corpus = load_corpus(config.data.train)
    articles, corpora = corpus.articles(), [corpus]
    if config.data.held_out:
        corpora.append(load_corpus(config.data.held_out))
        held_out = corpora[1].articles()
        texts = {article.text for article in held_out}
        shared = [article.id for article in articles if article.text in texts]
        if shared:
            raise ConfigError([f"data.held_out: {len(shared)} articles are trained on too, such as {shared[0]}"])
    else:
        articles, held_out = split_by_article(articles, share=config.data.held_out_share, seed=config.data.split_seed)
    if config.data.limit is not None:
        articles = [article for article in articles if article.attributions][: config.data.limit]
    return articles, held_out, corpora


def _model(config: TrainConfig) -> tuple[AttributionModel, WordPieces]:
    sizes, encoder = config.model, config.encoder
    model, pieces = new_model(
        encoder.name,
        hidden_dropout=encoder.hidden_dropout,
        reader_hidden=sizes.reader_hidden,
        reader_layers=sizes.reader_layers,
        reader_heads=sizes.reader_heads,
        reader_intermediate=sizes.reader_intermediate,
        reader_dropout=sizes.reader_dropout,
        before=sizes.before,
        after=sizes.after,
        window=encoder.window,
        overlap=encoder.overlap,
    )
    model.loss_weights = LossWeights(
        cue=sizes.cue_loss,
        speaker=sizes.speaker_loss,
        content=sizes.content_loss,
        stance=sizes.stance_loss,
        cue_word=sizes.cue_word_weight,
        alternative=sizes.alternative_share,
        label_smoothing=sizes.label_smoothing,
    )
    if encoder.freeze_embeddings:
        for parameter in model.encoder.get_input_embeddings().parameters():
            parameter.requires_grad_(False)
    return model, pieces


def _describe(
    folder: Path,
    corpora: list[Corpus],
    *,
    dataset: ArticleDataset,
    held_out: list[Article],
    overrides: Sequence[str],
    console: Console,
) -> None:
    unreachable = dataset.unreachable()
    facts = {
        **provenance(),
        "overrides": list(overrides),
        "data": {name: digest for corpus in corpora for name, digest in corpus.fingerprints.items()},
        "articles": len(dataset),
        "held_out_articles": len(held_out),
        "attributions": sum(len(article.attributions) for article in dataset.articles),
        "skipped": [str(entry) for corpus in corpora for entry in corpus.skipped],
        "unreachable": [f"article {entry.article}: {entry.reason}" for entry in unreachable],
    }
    (folder / "provenance.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _say(
        console,
        f"{facts['articles']} articles with {facts['attributions']} attributions, {len(held_out)} held out; "
        f"{len(facts['skipped'])} annotations skipped; {unreachable_report(unreachable)}",
    )


def _trainer(
    config: TrainConfig,
    model: AttributionModel,
    *,
    dataset: ArticleDataset,
    held_out: list[Article],
    pieces: WordPieces,
    bf16: bool,
    callbacks: list[Any],
) -> AttributionTrainer:
    own = config.trainer
    if own.patience is not None and held_out:
        callbacks = [*callbacks, EarlyStoppingCallback(early_stopping_patience=own.patience)]
    trainer = AttributionTrainer(
        model,
        args=_arguments(config, examples=len(dataset), evaluates=bool(held_out), bf16=bf16),
        train_dataset=dataset,
        held_out=held_out,
        pieces=pieces,
        encoder_lr=own.encoder_lr,
        head_lr=own.head_lr,
        layer_lr_decay=own.layer_lr_decay,
        callbacks=callbacks,
    )
    trainer.remove_callback(PrinterCallback)  # RichProgress says the same, under its bar
    trainer.add_callback(TellEpoch([dataset, trainer.sampler]))
    return trainer


def _arguments(config: TrainConfig, *, examples: int, evaluates: bool, bf16: bool) -> TrainingArguments:
    own, folder = config.trainer, str(Path(config.run_dir) / "checkpoints")
    processes = max(1, int(TrainingArguments(output_dir=folder, report_to=[]).world_size))
    per_epoch = max(1, -(-examples // (own.batch_size * own.gradient_accumulation * processes)))
    chooses = own.choose_best and evaluates
    return TrainingArguments(
        output_dir=folder,
        num_train_epochs=own.epochs,
        per_device_train_batch_size=own.batch_size,
        gradient_accumulation_steps=own.gradient_accumulation,
        learning_rate=own.head_lr,
        weight_decay=own.weight_decay,
        warmup_steps=round(own.warmup * max(1, round(own.epochs * per_epoch))),
        lr_scheduler_type=own.schedule,
        max_grad_norm=own.max_grad_norm,
        bf16=bf16,
        use_cpu=not torch.cuda.is_available(),
        eval_strategy="steps" if evaluates else "no",
        eval_steps=max(1, round(own.evaluate_every * per_epoch)),
        save_strategy="steps",
        save_steps=max(1, round(own.checkpoint_every * per_epoch)),
        save_total_limit=own.checkpoints,
        logging_strategy="steps",
        logging_steps=max(1, min(20, per_epoch // 2)),
        load_best_model_at_end=chooses,
        metric_for_best_model=f"eval_{own.choose_by}_f1" if chooses else None,
        greater_is_better=True if chooses else None,
        seed=own.seed,
        data_seed=own.seed,
        remove_unused_columns=False,
        dataloader_num_workers=0,
        dataloader_pin_memory=False,
        average_tokens_across_devices=False,
        ddp_find_unused_parameters=False,
        disable_tqdm=True,
        report_to=[],
        label_names=["tags"],
    )


def _finish(
    config: TrainConfig,
    model: AttributionModel,
    *,
    pieces: WordPieces,
    held_out: list[Article],
    bf16: bool,
    console: Console,
) -> None:
    """Average, tune the threshold and the confidence, and save the model."""
    folder = Path(config.run_dir)
    if config.trainer.average > 1:
        taken = average_checkpoints(model, folder / "checkpoints", count=config.trainer.average)
        _say(console, f"the model is the mean of {', '.join(taken)}")
    if config.tune and held_out:
        _say(console, "choosing the cue threshold and calibrating the confidence on the held-out articles")
        tune(model, held_out, pieces=pieces, bf16=bf16)
    save_model(model, pieces, folder / "model")


def _measure(config: TrainConfig, *, gold: list[Article], measured_on: str, bf16: bool, console: Console) -> Scores:
    """Score the model as it was saved, and write its card."""
    folder = Path(config.run_dir)
    model, pieces = load_model(folder / "model")
    tagged = tag_all(model, gold, pieces=pieces, bf16=bf16)
    scores = score(compare_all(gold, {article.id: article for article in tagged}))
    metrics = {"measured_on": measured_on, **scores.flat(), "signature": scores.signature}
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    if config.card:
        from stance.training.card import write_card

        write_card(folder, tagged=tagged, gold=gold)
    headline = scores.levels[Level.WHO_STANCE]
    _say(
        console,
        f"who+stance F1 {headline.f1:.3f} on {len(gold)} {measured_on} articles; model in {folder / 'model'}",
    )
    return scores
