"""What a model card says of a model, as figures: scores with intervals, by stance, by kind, and calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from stance.metrics import ScoredText, compare_all, pair_by_cue, score
from stance.metrics.report import scores_as_json
from stance.schema import Article, Attribution
from stance.text import WordIndex, sentence_numbers, split_words
from stance.training.calibration import outcomes, reliability

__all__ = ["KINDS", "measure"]


def _is_headline_colon(article: Article, own: Attribution) -> bool:
    return own.cue.text_of(article.text) == ":"


def _has_content_before_cue(article: Article, own: Attribution) -> bool:
    return own.content is not None and own.content.start < own.cue.start


def _is_nested(article: Article, own: Attribution) -> bool:
    return any(other.content is not None and other.content.covers(own.cue) for other in article.attributions)


def _has_no_speaker(article: Article, own: Attribution) -> bool:
    return own.speaker is None


def _has_long_content(article: Article, own: Attribution) -> bool:
    return own.content is not None and len(own.content.text_of(article.text).split()) > 25


def _has_speaker_in_another_sentence(article: Article, own: Attribution) -> bool:
    if own.speaker is None:
        return False
    words = split_words(article.text)
    numbers, index = sentence_numbers(words), WordIndex(words)
    speaker, cue = index.range_of(own.speaker), index.range_of(own.cue)
    return speaker is not None and cue is not None and numbers[speaker[0]] != numbers[cue[0]]


KINDS: dict[str, Callable[[Article, Attribution], bool]] = {
    "headline colon": _is_headline_colon,
    "content before the cue": _has_content_before_cue,
    "nested in another's content": _is_nested,
    "speaker in another sentence": _has_speaker_in_another_sentence,
    "no speaker": _has_no_speaker,
    "content of more than 25 words": _has_long_content,
}
"""Kinds of attribution that models fail on, each with how to tell it."""


def measure(tagged: Sequence[Article], *, gold: Sequence[Article]) -> dict[str, Any]:
    """Measure predictions against gold.

    Args:
        tagged: predicted articles.
        gold: the same articles with gold attributions.

    Returns:
        Scores by level and stance with intervals, recall of who+stance by kind, calibration: JSON-serialisable.
    """
    found = {article.id: article for article in tagged}
    figures = scores_as_json(score(compare_all(gold, found)))
    figures["kinds"] = _by_kind(found, gold)
    own = reliability(*outcomes(tagged, gold=gold))
    figures["calibration"] = {
        "expected_calibration_error": own.error,
        "risk_at_coverage": dict(zip((str(share) for share in own.coverage), own.risk, strict=True)),
    }
    return figures


def _by_kind(found: dict[str, Article], gold: Sequence[Article]) -> dict[str, dict[str, float | int]]:
    totals = {name: [0, 0, 0] for name in KINDS}
    for article in gold:
        guesses = found[article.id].attributions
        pairs = pair_by_cue(article.attributions, guesses)
        text = ScoredText(article.text)
        for number, own in enumerate(article.attributions):
            if own.optional:
                continue
            guess = guesses[pairs[number]] if number in pairs else None
            who = guess is not None and own.accepts(guess.stance) and text.same_speaker(own.speaker, guess.speaker)
            full = who and guess is not None and text.same_content(own.content, guess.content)
            for name, holds in KINDS.items():
                if holds(article, own):
                    totals[name] = [count + more for count, more in zip(totals[name], (1, who, full), strict=True)]
    return {
        name: {
            "gold": gold_count,
            "who+stance_recall": who / max(gold_count, 1),
            "full_recall": full / max(gold_count, 1),
        }
        for name, (gold_count, who, full) in totals.items()
    }
