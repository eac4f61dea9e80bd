"""Confidences are fitted to outcomes, however odd the model."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("torch")

from stance.training.calibration import _fit_logistic, reliability

pytestmark = pytest.mark.train


def test_the_fit_finds_the_line_that_made_the_outcomes() -> None:
    rng = np.random.default_rng(7)
    values = rng.uniform(-4, 0, 20_000)
    right = (rng.random(20_000) < 1 / (1 + np.exp(-(1.5 * values + 2.0)))).astype(float)
    slope, intercept = _fit_logistic(values, right)
    assert slope == pytest.approx(1.5, abs=0.1) and intercept == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("right", [[], [1.0, 1.0], [0.0, 0.0]])
def test_without_both_outcomes_nothing_is_fitted(right: list[float]) -> None:
    assert _fit_logistic(np.full(len(right), -0.5), np.array(right)) == (1.0, 0.0)


def test_a_model_that_is_hardly_ever_right_is_fitted_too() -> None:
    values = np.concatenate([np.full(400, math.log(1e-4)), np.linspace(-9, -0.01, 100)])
    right = np.zeros(500)
    right[[410, 499]] = 1.0
    slope, intercept = _fit_logistic(values, right)
    assert math.isfinite(slope) and math.isfinite(intercept)


def test_calibration_error_and_risk_by_hand() -> None:
    confidence, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([1.0, 0.0, 0.0, 0.0])
    found = reliability(confidence, right)
    assert found.error == pytest.approx(0.5 * 0.45 + 0.5 * 0.15)
    assert found.risk == (0.0, 0.5, pytest.approx(2 / 3), 0.75, 0.75)
