"""From a latent to a rating and an interval: plain arithmetic, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from acuerdo.domain.calibration import LEAST_SPREAD, Calibration

RISING = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0)


def test_shares_by_hand() -> None:
    # P(rating <= k) = 1 / (1 + exp(-(threshold - 2 * latent))); here 1/2, 2/3, 3/4, 4/5, 5/6, 6/7
    thresholds = tuple(float(np.log(odds)) + 1 for odds in range(1, 7))
    shares = Calibration(2.0, thresholds).shares(np.array([0.5]))
    at_most = [1 / 2, 2 / 3, 3 / 4, 4 / 5, 5 / 6, 6 / 7, 1]
    np.testing.assert_allclose(shares[0], np.diff([0, *at_most]))


def test_expectation_and_spread_by_hand() -> None:
    # All thresholds at 0: half say 1, half say 7.
    expected, spread = Calibration(1.0, (0.0,) * 6).expected_and_spread(np.array([0.0]))
    assert expected.tolist() == [4.0]
    assert spread.tolist() == [3.0]


def test_a_sure_rating_keeps_a_least_spread() -> None:
    expected, spread = Calibration(1.0, RISING).expected_and_spread(np.array([1e6, -1e6, np.nan]))
    np.testing.assert_allclose(expected, [7, 1, np.nan])
    np.testing.assert_allclose(spread, [LEAST_SPREAD, LEAST_SPREAD, np.nan])


def test_a_higher_latent_expects_more() -> None:
    expected, _ = Calibration(0.7, RISING).expected_and_spread(np.linspace(-9, 9, 50))
    assert (np.diff(expected) > 0).all()


@pytest.mark.parametrize(("level", "reach"), [(0.5, 0.674490), (0.8, 1.281552), (0.95, 1.959964)])
def test_without_a_radius_the_reach_is_the_normal_one(level: float, reach: float) -> None:
    assert Calibration(1.0, RISING).reach(level) == pytest.approx(reach, abs=1e-6)


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.9])
def test_at_the_calibrated_level_the_reach_is_the_radius(coverage: float) -> None:
    calibration = Calibration(1.0, RISING, radius=2.5, coverage=coverage)
    assert calibration.reach(coverage) == pytest.approx(2.5)


def test_other_levels_stretch_the_radius_as_a_normal_distribution_would() -> None:
    calibration = Calibration(1.0, RISING, radius=2.563104, coverage=0.8)
    assert calibration.reach(0.95) == pytest.approx(2 * 1.959964, abs=1e-5)
    levels = [calibration.reach(level) for level in np.linspace(0.01, 0.99, 30)]
    assert (np.diff(levels) > 0).all()


@pytest.mark.parametrize("level", [0.0, 1.0, -0.8, 80.0, float("nan")])
def test_a_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Calibration(1.0, RISING).reach(level)


@pytest.mark.parametrize(
    "change",
    [
        {"slope": 0.0},
        {"slope": float("nan")},
        {"slope": float("inf")},
        {"thresholds": RISING[:5]},
        {"thresholds": RISING[::-1]},
        {"thresholds": (*RISING[:5], float("nan"))},
        {"thresholds": (*RISING[:5], float("inf"))},
        {"radius": -0.1},
        {"radius": float("nan")},
        {"coverage": 0.0},
        {"coverage": 1.0},
        {"coverage": float("nan")},
    ],
    ids=str,
)
def test_what_is_no_calibration(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not"):
        Calibration(**{"slope": 1.0, "thresholds": RISING, **change})


@pytest.mark.parametrize("radius", [1.25, float("inf")])
def test_a_card_keeps_all_of_it(radius: float) -> None:
    made = Calibration(1.5, RISING, radius=radius, coverage=0.9)
    assert Calibration.of_json(made.as_json()) == made
