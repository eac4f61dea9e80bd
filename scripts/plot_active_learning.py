#!/usr/bin/env python
"""Draws the learning curves of `simulate_active_learning.py` and prints them as a table.

python scripts/plot_active_learning.py runs/active-learning.jsonl docs/pictures/active-learning.png
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot

MEASURES = {"who_stance_f1": "who+stance F1", "cue_f1": "cue F1"}
CHANCE = "random"
T_95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}
"""Student's t for a 95% interval over so many seeds."""

Json = dict[str, Any]


def table(rows: Sequence[Json]) -> str:
    """Return means over the seeds, and the gain over chance on the same seeds with its 95% interval, as Markdown."""
    lines = ["| words | order | articles | attributions | who+stance F1 | gain | cue F1 | gain |"]
    lines.append("|" + " --- |" * 8)
    for number, strategy in sorted({(row["round"], row["strategy"]) for row in rows}, key=_chance_first):
        own = at(rows, strategy, number)
        cells = [f"{np.mean([row[name] for row in own]):,.0f}" for name in ("words", "articles", "attributions")]
        cells.insert(1, strategy)
        for name in MEASURES:
            cells.append(f"{np.mean([row[name] for row in own]):.3f}")
            gains = paired_gains(rows, strategy, number, name)
            cells.append("" if strategy == CHANCE else "{:+.3f} ± {:.3f}".format(*interval(gains)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _chance_first(key: tuple[int, str]) -> tuple[int, bool, str]:
    return key[0], key[1] != CHANCE, key[1]


def at(rows: Sequence[Json], strategy: str, number: int) -> list[Json]:
    """Return a round of a strategy, a row a seed."""
    return [row for row in rows if (row["strategy"], row["round"]) == (strategy, number)]


def paired_gains(rows: Sequence[Json], strategy: str, number: int, name: str) -> list[float]:
    """Return what a strategy gained over chance, a value a seed that has both."""
    chance = {row["seed"]: row[name] for row in at(rows, CHANCE, number)}
    return [row[name] - chance[row["seed"]] for row in at(rows, strategy, number) if row["seed"] in chance]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and half its 95% interval."""
    spread = T_95.get(len(values), 1.96) * np.std(values, ddof=1) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return float(np.mean(values)), float(spread)


def plot(rows: Sequence[Json], path: Path) -> None:
    """Draw the learning curves: means over the seeds with their 95% intervals."""
    figure, axes = pyplot.subplots(1, len(MEASURES), figsize=(10, 4), layout="constrained")
    for axis, (name, title) in zip(axes, MEASURES.items(), strict=True):
        for strategy in dict.fromkeys(row["strategy"] for row in rows):
            rounds = [at(rows, strategy, number) for number in sorted({row["round"] for row in rows})]
            places = [np.mean([row["words"] for row in own]) for own in rounds]
            means, spreads = np.array([interval([row[name] for row in own]) for own in rounds]).T
            (line,) = axis.plot(places, means, marker="o", label=strategy)
            axis.fill_between(places, means - spreads, means + spreads, color=line.get_color(), alpha=0.15)
        axis.set(xlabel="annotated words", ylabel=title)
        axis.grid(alpha=0.3)
    axes[0].legend(title=f"order ({len({row['seed'] for row in rows})} seeds, 95% interval)", loc="lower right")
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.results.read_text(encoding="utf-8").splitlines()[1:]]
    plot(rows, options.picture)
    print(table(rows))


if __name__ == "__main__":
    main()
