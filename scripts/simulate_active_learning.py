#!/usr/bin/env python
"""Simulates active learning on our own corpus: does the order of `stance studio next` teach more than chance?

    python scripts/simulate_active_learning.py runs/active-learning.jsonl
    python scripts/plot_active_learning.py runs/active-learning.jsonl docs/pictures/active-learning.png

Each seed draws articles of the training part; some are annotated at the start, and every round a model is trained on
the annotated ones, scored on the held-out part, and the next ones are chosen. A round is worth a number of words, not
of articles: that is what annotators spend their time on, and an order that prefers long articles must not gain by it.
The encoder is frozen and reads each article once, so that a round takes seconds; cue head and second reading are the
project's own. A line of results a round: the same command on the same file goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers.modeling_outputs import BaseModelOutput

from stance.data.collate import collate
from stance.data.dataset import ArticleDataset, LengthGroupedSampler
from stance.formats import read_articles
from stance.labelstudio.select import choose
from stance.models.configuration import AttributionConfig
from stance.models.embedded import EMBEDDED
from stance.models.loading import new_model
from stance.models.modeling import AttributionModel
from stance.runtime.backend import Reach
from stance.runtime.predict import predict
from stance.runtime.torch_backend import TorchBackend
from stance.schema import Article
from stance.training.calibration import tune
from stance.training.provenance import cpu_is_good_at_bf16
from stance.training.trainer import score_model

CORPUS = Path(__file__).resolve().parents[1] / "annotation" / "corpus"

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What is simulated; results of another plan are refused."""

    candidates: int = 400
    tuning: int = 20
    words: int = 3500
    rounds: int = 6
    steps: int = 120
    batch: int = 4
    learning_rate: float = 3e-3
    reader_hidden: int = 128
    before: int = 64
    after: int = 48
    layers: int = 8


class FrozenEncoder(nn.Module):
    """An encoder that reads every window once and remembers what it read.

    Args:
        encoder: a loaded BERT.
        layers: how many of its layers are used.
        memory: file of the vectors of earlier runs.
    """

    def __init__(self, encoder: Any, *, layers: int, memory: Path) -> None:
        super().__init__()
        encoder.encoder.layer = encoder.encoder.layer[:layers]
        # In a tuple, so that its weights are not the model's to train.
        self._encoder = (encoder.eval(),)
        self._hidden = int(encoder.config.hidden_size)
        self._path = memory
        self._known: dict[str, Tensor] = load_file(memory) if memory.exists() else {}
        self._saved = len(self._known)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> BaseModelOutput:
        """Return the vectors, zero where there is padding: [windows, pieces] → [windows, pieces, hidden]."""
        states = torch.zeros(*input_ids.shape, self._hidden)
        for row, length in enumerate(attention_mask.sum(dim=1).tolist()):
            window = input_ids[row, :length]
            name = hashlib.sha256(window.numpy().tobytes()).hexdigest()
            if name not in self._known:
                self._known[name] = self._read(window)
            states[row, :length] = self._known[name]
        return BaseModelOutput(last_hidden_state=states)

    def _read(self, window: Tensor) -> Tensor:
        with torch.inference_mode(False), torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=BF16):
            found: Tensor = self._encoder[0](input_ids=window[None].clone()).last_hidden_state[0]
        return found.to(torch.bfloat16)

    def save(self) -> None:
        """Write the memory, if it has grown."""
        if len(self._known) > self._saved:
            save_file(self._known, self._path)
            self._saved = len(self._known)


BF16 = cpu_is_good_at_bf16()


class Simulation:
    """Trains, scores and chooses.

    Args:
        plan: sizes.
        memory: file of encoded windows.
    """

    def __init__(self, plan: Plan, *, memory: Path) -> None:
        self.plan = plan
        model, self.pieces = new_model(EMBEDDED, hidden_dropout=0.0)
        self.encoder_config = model.config.encoder
        self.encoder = FrozenEncoder(model.encoder, layers=plan.layers, memory=memory)
        self.pool = [own for own in read_articles(CORPUS / "train.json")[0] if own.attributions]
        self.held_out = read_articles(CORPUS / "held_out.json")[0]

    def curve(self, strategy: str, *, seed: int, done: Sequence[Json]) -> Iterator[Json]:
        """Yield a result a round, going on behind those that are done."""
        plan = self.plan
        drawn = random.Random(seed).sample(self.pool, plan.candidates + plan.tuning)
        candidates, tuning = drawn[: plan.candidates], drawn[plan.candidates :]
        by_id = {article.id: article for article in candidates}
        labelled = _worth(candidates, plan.words) + [by_id[name] for row in done for name in row["next"]]
        for number in range(len(done), plan.rounds):
            begun = time.monotonic()
            model = self.train(labelled, tuning, seed=seed)
            scores = score_model(model, self.held_out, pieces=self.pieces, bf16=BF16).flat()
            chosen: list[Article] = []
            if number + 1 < plan.rounds:
                rest = [article for article in candidates if article not in labelled]
                chosen = self.choose(strategy, model, rest, labelled, random.Random(f"{seed} {number}"))
            yield {
                "strategy": strategy,
                "seed": seed,
                "round": number,
                "articles": len(labelled),
                "words": sum(map(_words, labelled)),
                "attributions": sum(len(article.attributions) for article in labelled),
                "who_stance_f1": scores["who+stance_f1"],
                "cue_f1": scores["cue_f1"],
                "seconds": round(time.monotonic() - begun, 1),
                "next": [article.id for article in chosen],
            }
            labelled = labelled + chosen

    def choose(
        self,
        strategy: str,
        model: AttributionModel,
        rest: Sequence[Article],
        labelled: Sequence[Article],
        rng: random.Random,
    ) -> list[Article]:
        """Return the articles that are annotated next."""
        if strategy == "random":
            return _worth(rng.sample(rest, len(rest)), self.plan.words)
        predicted = predict(rest, backend=TorchBackend(model, bf16=BF16), pieces=self.pieces)
        order = choose(predicted, count=len(rest), labelled=labelled)
        return _worth([rest[place] for place in order], self.plan.words)

    def train(self, labelled: Sequence[Article], tuning: Sequence[Article], *, seed: int) -> AttributionModel:
        """Train cue head and second reading from scratch, and calibrate them on the tuning articles."""
        plan = self.plan
        torch.manual_seed(seed)
        config = AttributionConfig(
            encoder=self.encoder_config,
            reader_hidden=plan.reader_hidden,
            reader_layers=1,
            reader_heads=2,
            reader_intermediate=2 * plan.reader_hidden,
            before=plan.before,
            after=plan.after,
            overlap=96,
        )
        model = AttributionModel(config, self.encoder)
        dataset = ArticleDataset(
            labelled, pieces=self.pieces, reach=Reach(config.window, config.overlap, config.before, config.after)
        )
        optimizer = torch.optim.AdamW(model.parameters(), lr=plan.learning_rate, betas=(0.9, 0.98), fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, plan.learning_rate, total_steps=plan.steps, pct_start=0.1, anneal_strategy="linear"
        )
        model.train()
        for batch in _batches(dataset, size=plan.batch, steps=plan.steps, seed=seed):
            with torch.autocast("cpu", torch.bfloat16, enabled=BF16):
                loss = model(**collate(batch, pad_id=0)).loss
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        model.eval()
        tune(model, tuning, pieces=self.pieces, bf16=BF16)
        return model


def _words(article: Article) -> int:
    return len(article.text.split())


def _worth(articles: Sequence[Article], words: int) -> list[Article]:
    """Return the first articles that have at least so many words together."""
    taken: list[Article] = []
    for article in articles:
        if sum(map(_words, taken)) >= words:
            break
        taken.append(article)
    return taken


def _batches(dataset: ArticleDataset, *, size: int, steps: int, seed: int) -> Iterator[list[Any]]:
    sampler = LengthGroupedSampler(dataset.lengths(), batch_size=size, seed=seed)
    order: list[int] = []
    for _ in range(steps):
        if len(order) < size:
            sampler.set_epoch(sampler.epoch + 1)
            order.extend(sampler)
        batch, order = order[:size], order[size:]
        yield [dataset[index] for index in batch]


def simulate(path: Path, *, plan: Plan, strategies: Sequence[str], seeds: int, console: Console) -> None:
    """Go through every curve, a line a round."""
    simulation = Simulation(plan, memory=path.with_suffix(".safetensors"))
    done = read_results(path)
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, path.open("a", encoding="utf-8") as stream:
        bar = progress.add_task("rounds", total=len(strategies) * seeds * plan.rounds)
        for seed in range(1, seeds + 1):
            for strategy in strategies:
                own = [row for row in done if (row["strategy"], row["seed"]) == (strategy, seed)]
                progress.advance(bar, len(own))
                for row in simulation.curve(strategy, seed=seed, done=own):
                    stream.write(json.dumps(row) + "\n")
                    stream.flush()
                    progress.advance(bar)
                    progress.update(bar, description=f"{strategy} {seed}: {row['who_stance_f1']:.3f}")
                simulation.encoder.save()


def read_results(path: Path) -> list[Json]:
    """Return the rounds that are done; a line cut short by a kill is none, and is taken away."""
    whole = path.read_text(encoding="utf-8").rpartition("\n")[0] + "\n"
    path.write_text(whole, encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()[1:]]


def claim(path: Path, plan: Plan) -> None:
    """Write the plan as the first line; refuse a file of another plan."""
    own = asdict(plan)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(own) + "\n", encoding="utf-8")
    found = json.loads(path.read_text(encoding="utf-8").split("\n", 1)[0])
    if found != own:
        sys.exit(f"{path} has results of another plan ({found}); name another file, or give the same sizes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="JSON lines; the encoded articles are kept beside it")
    parser.add_argument("--strategies", nargs="+", default=["random", "next"], choices=("random", "next"))
    parser.add_argument("--seeds", type=int, default=3)
    for own in fields(Plan):
        parser.add_argument(f"--{own.name.replace('_', '-')}", type=type(own.default), default=own.default)
    options = parser.parse_args()
    torch.set_num_threads(1)
    plan = Plan(**{own.name: getattr(options, own.name) for own in fields(Plan)})
    claim(options.results, plan)
    simulate(
        options.results,
        plan=plan,
        strategies=options.strategies,
        seeds=options.seeds,
        console=Console(stderr=True),
    )


if __name__ == "__main__":
    main()
