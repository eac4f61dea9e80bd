"""The model card is made of its figures and of nothing else; the `evaluate` metric is the metric."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.formats import article_to_json, read_articles
from stance.metrics import compare_all, score

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.train


def test_the_shipped_card_is_its_figures() -> None:
    from stance.training.card import render_card

    figures = json.loads((ROOT / "model_cards" / "default.json").read_text(encoding="utf-8"))
    assert (ROOT / "model_cards" / "default.md").read_text(encoding="utf-8") == render_card(figures)
    assert figures["config"]["name"] == "default"


def test_the_shipped_tagger_was_trained_on_the_corpus_as_it_is() -> None:
    from stance.data.loading import fingerprint

    figures = json.loads((ROOT / "model_cards" / "default.json").read_text(encoding="utf-8"))
    for name, digest in figures["provenance"]["data"].items():
        assert fingerprint(ROOT / name) == digest, name


def test_the_evaluate_metric_needs_no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import evaluate

    from stance.baseline import tag_with_rules
    from stance.metrics.evaluate_metric import AttributionMetric

    gold, _ = read_articles(ROOT / "annotation" / "corpus" / "held_out.json")
    gold = gold[:10]
    guesses = [tag_with_rules(article) for article in gold]
    lines = [[json.dumps(article_to_json(article)) for article in own] for own in (guesses, gold)]
    found = AttributionMetric().compute(predictions=lines[0], references=lines[1])
    ours = score(compare_all(gold, {article.id: article for article in guesses})).flat()
    assert {name: found[name] for name in ours} == ours
    assert isinstance(AttributionMetric(), evaluate.Metric)


def test_the_evaluate_metric_names_a_bad_prediction() -> None:
    from stance.errors import FormatError
    from stance.metrics.evaluate_metric import AttributionMetric

    gold = '{"text": "نفى الوزير"}'
    for bad, why in (("{", "prediction 1: not JSON"), ("[]", "prediction 1: expected an object")):
        with pytest.raises(FormatError, match=why):
            AttributionMetric().compute(predictions=[gold, bad], references=[gold, gold])
