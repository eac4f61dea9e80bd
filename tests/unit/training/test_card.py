"""A card says of a run what its config and provenance bear out, and no more."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from stance.training.card import render_card

pytestmark = pytest.mark.train
FIGURES = json.loads((Path(__file__).resolve().parents[3] / "model_cards" / "default.json").read_text(encoding="utf-8"))


def card(*, provenance: dict[str, Any] | None = None, **config: Any) -> str:
    """Render the shipped figures with some of the run's settings changed; `encoder__name` is `encoder.name`.

    The run is taken for one of before its overrides and averaging were recorded.
    """
    figures = copy.deepcopy(FIGURES)
    figures["provenance"].pop("overrides", None)
    figures["config"]["trainer"].pop("average", None)
    figures["provenance"].update(provenance or {})
    for key, value in config.items():
        group, _, name = key.rpartition("__")
        (figures["config"][group] if group else figures["config"])[name] = value
    return render_card(figures)


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("no real article was trained on", {"data__train": ["annotation/corpus/train.json", "own/export.json"]}),
        ("training articles are invented", {"data__train": ["own/export.json"]}),
        ("written by the same hands", {"data__held_out": ["own/held_out.json"]}),
        ("corpus CC BY 4.0", {"data__train": ["own/export.json"]}),
        ("were chosen on these same articles", {"tune": False}),
        ("the encoder is multilingual-e5-small, MIT", {"encoder__name": "UBC-NLP/MARBERTv2"}),
        ("license: mit", {"encoder__name": "UBC-NLP/MARBERTv2"}),
        ("articles that were not trained on", {"provenance": {"held_out_articles": 0}}),
        ("Scores on held-out articles", {"provenance": {"held_out_articles": 0}}),
    ],
)
def test_what_does_not_hold_is_not_said(sentence: str, changed: dict[str, Any]) -> None:
    assert sentence in card()
    assert sentence not in card(**changed)


def test_what_is_said_instead() -> None:
    assert "The encoder's own licence holds for the model." in card(encoder__name="UBC-NLP/MARBERTv2")
    assert "No article was held out" in card(provenance={"held_out_articles": 0})


def test_averaging_is_named() -> None:
    assert "the mean of its last 4 checkpoints" in card(trainer__average=4)
    for alone in (card(), card(trainer__average=1)):
        assert "the mean of its last" not in alone


def test_the_command_repeats_the_overrides_of_the_run() -> None:
    overrides = ["experiment=default", "data.train=[my data.json]", "trainer.seed=3"]
    said = "`python scripts/train.py experiment=default 'data.train=[my data.json]' trainer.seed=3`"
    assert said in card(name="run", provenance={"overrides": overrides})
    assert "`python scripts/train.py`" in card(name="run", provenance={"overrides": []})
    assert "`python scripts/train.py experiment=default`" in card(), "a run of before they were recorded"
