#!/usr/bin/env python
"""Turns a finished run into the tagger that comes with the package, measures it and writes its model card.

    python scripts/ship.py runs/default

Writes src/stance/default_tagger/, model_cards/default.json (every figure) and model_cards/default.md (the card made of
them). Real articles are measured where ../shared/real/dev.jsonl is there; the script says so where it is not.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from stance.baseline import tag_with_rules
from stance.formats import read_articles, read_jsonl
from stance.models.export import export
from stance.schema import Article
from stance.tagger import DEFAULT_TAGGER, Tagger
from stance.text import split_words
from stance.training.card import render_card
from stance.training.figures import measure

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real" / "dev.jsonl"

console = Console(stderr=True)
Tag = Callable[[Iterable[Article]], Iterable[Article]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run_dir", type=Path, help="a finished training run")
    parser.add_argument("--target", type=Path, default=DEFAULT_TAGGER)
    parser.add_argument("--card", type=Path, default=ROOT / "model_cards" / "default")
    options = parser.parse_args()
    figures = json.loads((options.run_dir / "figures.json").read_text(encoding="utf-8"))
    console.print(f"exporting {options.run_dir / 'model'} to {options.target}")
    export(options.run_dir / "model", options.target)
    held_out = [own for name in figures["config"]["data"]["held_out"] for own in read_articles(ROOT / name)[0]]
    with tempfile.TemporaryDirectory() as work:
        export(options.run_dir / "model", work, int8=False)
        exact = Tagger.from_pretrained(work)
    fp32 = list(exact.tag_many(held_out))
    tagger = Tagger.from_pretrained(options.target)
    shipped, seconds = timed(tagger.tag_many, held_out)
    _, torch_seconds = timed(Tagger.from_pretrained(options.run_dir / "model").tag_many, held_out)
    figures["shipped"] = shipped_figures(options.target, held_out, shipped, fp32, seconds, torch_seconds)
    figures["baseline"] = {"held_out": measure([tag_with_rules(own) for own in held_out], gold=held_out)}
    if REAL.exists():
        console.print(f"measuring on {REAL}")
        real = read_jsonl(REAL)
        figures["real"] = measure(list(tagger.tag_many(real)), gold=real)
        in_fp32 = measure(list(exact.tag_many(real)), gold=real)
        figures["real"]["f1_change_from_fp32"] = f1_changes(figures["real"], in_fp32)
        figures["baseline"]["real"] = measure([tag_with_rules(own) for own in real], gold=real)
    else:
        console.print(f"{REAL} is not here: the card says that real articles were not measured")
    options.card.parent.mkdir(exist_ok=True)
    written = json.dumps(figures, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    options.card.with_suffix(".json").write_text(written, encoding="utf-8")
    # Of what was written, so that the card can be made again from it to the letter.
    options.card.with_suffix(".md").write_text(render_card(json.loads(written)), encoding="utf-8")
    console.print(f"card: {options.card.with_suffix('.md')}")
    return 0


def timed(tag: Tag, articles: Sequence[Article]) -> tuple[list[Article], float]:
    """Tag articles behind a warm-up, and say how many seconds it took."""
    list(tag(articles[:2]))
    begun = time.perf_counter()
    tagged = list(tag(articles))
    return tagged, time.perf_counter() - begun


def shipped_figures(
    target: Path,
    gold: Sequence[Article],
    shipped: Sequence[Article],
    fp32: Sequence[Article],
    seconds: float,
    torch_seconds: float,
) -> dict[str, Any]:
    """Return what the card says of the exported tagger: size, speed, and what int8 costs."""
    own, exact = measure(shipped, gold=gold), measure(fp32, gold=gold)
    words = sum(len(split_words(article.text)) for article in gold)
    return {
        "version": json.loads((target / "tagger.json").read_text(encoding="utf-8"))["version"],
        "megabytes": sum(file.stat().st_size for file in target.iterdir()) / 1e6,
        "processors": os.cpu_count(),
        "words_per_second": words / seconds,
        "speedup": torch_seconds / seconds,
        "held_out": own,
        "f1_change_from_fp32": f1_changes(own, exact),
    }


def f1_changes(own: dict[str, Any], exact: dict[str, Any]) -> dict[str, float]:
    """Return what the F1 of every level gained or lost against the same model in fp32."""
    return {level: row["f1"] - exact["levels"][level]["f1"] for level, row in own["levels"].items()}


if __name__ == "__main__":
    raise SystemExit(main())
