"""After training: the cue threshold with the best F1, and confidences that mean what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from stance.encoding import WordPieces
from stance.metrics import Level, ScoredText, compare_all, pair_by_cue, score
from stance.models.modeling import AttributionModel
from stance.runtime.predict import read_again, read_first
from stance.runtime.torch_backend import TorchBackend
from stance.schema import Article

__all__ = ["Reliability", "outcomes", "reliability", "tune"]

Floats = npt.NDArray[np.float64]
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Reliability:
    """How confidence and truth go together.

    Args:
        error: expected calibration error over ten bins of equal width.
        coverage: shares of the attributions kept, most confident first.
        risk: share of wrong ones among those kept.
    """

    error: float
    coverage: tuple[float, ...]
    risk: tuple[float, ...]


def tune(model: AttributionModel, articles: Sequence[Article], *, pieces: WordPieces, bf16: bool) -> None:
    """Choose the cue threshold by who+stance F1 and fit the confidence, both into the model's config.

    Args:
        model: a trained model; its config is changed.
        articles: held-out gold articles.
        pieces: its encoder's pieces.
        bf16: whether to run in bfloat16.
    """
    config = model.config
    config.calibration_slope, config.calibration_intercept = 1.0, 0.0
    best = (-1.0, config.cue_threshold)
    chosen: list[Article] = []
    backend = TorchBackend(model, bf16=bf16)
    batches = [articles[begin : begin + 16] for begin in range(0, len(articles), 16)]
    readings = [read_first(batch, backend=backend, pieces=pieces) for batch in batches]
    for threshold in THRESHOLDS:
        config.cue_threshold = threshold
        tagged = [article for reading in readings for article in read_again(reading, backend=backend)]
        scores = score(compare_all(articles, {article.id: article for article in tagged}), resamples=0)
        if scores.levels[Level.WHO_STANCE].f1 > best[0]:
            best, chosen = (scores.levels[Level.WHO_STANCE].f1, threshold), tagged
    config.cue_threshold = best[1]
    confidence, right = outcomes(chosen, gold=articles)
    # With slope 1 and intercept 0 the confidence is sigmoid(log p): its logit is the log-probability itself.
    inside = np.clip(confidence, 1e-4, 1 - 1e-4)
    config.calibration_slope, config.calibration_intercept = _fit_logistic(np.log(inside / (1 - inside)), right)


def outcomes(tagged: Sequence[Article], *, gold: Sequence[Article]) -> tuple[Floats, Floats]:
    """Return each predicted attribution's confidence, and 1 where who and stance are right.

    Args:
        tagged: predicted articles.
        gold: the same articles with gold attributions.
    """
    found = {article.id: article for article in tagged}
    confidence: list[float] = []
    right: list[float] = []
    for article in gold:
        guesses = found[article.id].attributions
        pairs = {j: i for i, j in pair_by_cue(article.attributions, guesses).items()}
        text = ScoredText(article.text)
        for j, guess in enumerate(guesses):
            own = article.attributions[pairs[j]] if j in pairs else None
            if own is not None and own.optional:
                continue
            confidence.append(guess.score or 0.0)
            holds = own is not None and own.accepts(guess.stance) and text.same_speaker(own.speaker, guess.speaker)
            right.append(float(holds))
    return np.array(confidence), np.array(right)


def _fit_logistic(values: Floats, right: Floats) -> tuple[float, float]:
    """Fit sigmoid(slope · value + intercept) to outcomes (Platt scaling)."""
    if not len(values) or right.min() == right.max():
        return 1.0, 0.0
    fitted = LogisticRegression(C=1000.0).fit(values[:, None], right)
    return round(float(fitted.coef_[0, 0]), 6), round(float(fitted.intercept_[0]), 6)


def reliability(confidence: Floats, right: Floats, *, bins: int = 10) -> Reliability:
    """Measure the calibration error and the risk–coverage curve.

    Args:
        confidence: a confidence an attribution.
        right: 1 where it is right.
        bins: bins of equal width for the error.
    """
    if not len(confidence):
        return Reliability(math.nan, (), ())
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            error += inside.mean() * abs(float(confidence[inside].mean()) - float(right[inside].mean()))
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)
    shares = (0.25, 0.5, 0.75, 0.9, 1.0)
    risk = tuple(float(wrong[max(0, math.ceil(share * len(order)) - 1)]) for share in shares)
    return Reliability(float(error), shares, risk)
