#!/usr/bin/env python
"""Compares the project's metrics with the independent scorer on random pairs of annotations.

    python scripts/compare_scorers.py [--pairs 300] [--seed 0]

Needs ../shared/score.py and ../shared/real/dev.jsonl; says so and ends with status 2 where they are missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
from pathlib import Path

from stance import Article, Attribution, Span, Stance
from stance.formats import article_to_json, read_jsonl
from stance.metrics import Level, compare_all, score

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    scorer_path, dev = SHARED / "score.py", SHARED / "real" / "dev.jsonl"
    if not scorer_path.exists() or not dev.exists():
        print(f"needs {scorer_path} and {dev}, which are not here", file=sys.stderr)
        return 2
    spec = importlib.util.spec_from_file_location("independent_scorer", scorer_path)
    if spec is None or spec.loader is None:
        return 2
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rng = random.Random(options.seed)
    articles = read_jsonl(dev)
    worst = 0.0
    for _ in range(options.pairs):
        gold = [scramble(article, rng, change=0.0) for article in rng.sample(articles, 3)]
        predicted = [scramble(article, rng, change=rng.choice([0.05, 0.3, 0.8])) for article in gold]
        ours = score(compare_all(gold, {article.id: article for article in predicted}), resamples=0)
        theirs = independent(scorer, gold, predicted)
        for level in Level:
            counts = ours.levels[level].counts
            for mine, other in zip((counts.precision, counts.recall, counts.f1), theirs[level], strict=True):
                worst = max(worst, abs(mine - other))
    print(f"{options.pairs} random pairs, {len(Level)} levels: largest difference {worst:.2e}")
    return 0 if worst <= 1e-9 else 1


def independent(scorer, gold, predicted):  # type: ignore[no-untyped-def]
    """Return precision, recall and F1 a level, as the independent scorer computes them."""
    counts = []
    for own, guess in zip(gold, predicted, strict=True):
        left = json.loads(json.dumps(article_to_json(own)))
        counts.append(scorer.compare(left, article_to_json(guess)["attributions"])[0])
    total = scorer.total(counts)
    return {level: scorer.prf(total[str(level)]) for level in Level}


def scramble(article: Article, rng: random.Random, *, change: float) -> Article:
    """Return the article with attributions moved, relabelled, dropped and added at random."""

    def moved(span: Span | None) -> Span | None:
        if span is None or rng.random() > change:
            return span
        if rng.random() < 0.2:
            return None
        start = max(0, min(len(article.text) - 2, span.start + rng.randint(-12, 12)))
        return Span(start, max(start + 1, min(len(article.text), span.end + rng.randint(-12, 12))))

    kept = []
    for own in article.attributions:
        if rng.random() < change / 2:
            continue
        stance = rng.choice(list(Stance)) if rng.random() < change else own.stance
        alt = (rng.choice(list(Stance)),) if rng.random() < 0.1 else own.alt
        optional = rng.random() < 0.1 if change == 0 else False
        cue = moved(own.cue) or own.cue
        kept.append(Attribution(cue, stance, moved(own.speaker), moved(own.content), None, alt, optional))
        if rng.random() < change / 3:
            kept.append(Attribution(cue, rng.choice(list(Stance)), moved(own.content), own.content))
    return article.with_attributions(tuple(kept))


if __name__ == "__main__":
    raise SystemExit(main())
