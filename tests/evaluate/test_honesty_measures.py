"""Calibration and selective prediction, by hand and by their properties."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.evaluate.measures.calibration import (
    calibration_error,
    chance_of_agreement,
    reliability_curve,
)
from acuerdo.evaluate.measures.selective import (
    accuracy,
    selective_accuracy,
    selective_curve,
    share_silent,
)
from acuerdo.evaluate.truth import Truth
from tests.evaluate.judging import make_forecast, make_judgement, make_table, value_of

NAN = float("nan")


def votes(*values: float) -> Truth:
    return Truth.of(
        make_table(*(make_judgement(f"p{k}", "s", value) for k, value in enumerate(values)))
    )


def test_chance_of_agreement_is_normal_and_cut() -> None:
    chance = chance_of_agreement(
        np.array([4.0, 5.0, 3.0, 5.0, 7.0, NAN]), np.array([1.0, 1.0, 1.0, 2.0, 0.1, NAN])
    )
    np.testing.assert_allclose(
        chance, (0.5, 0.9118951943, 0.0881048057, 0.7254112386, 0.999, NAN), atol=1e-9
    )
    assert chance_of_agreement(np.full((2, 3), 4.0), np.ones((2, 3))).shape == (2, 3)


def test_calibration_error_by_hand() -> None:
    # Two chances, 0.5 four times with one agreeing, 0.9119 twice with both: gaps 0.25 and 0.0881.
    # 0.9119 is Phi(0.5) / (Phi(0.5) + Phi(-1.5)) = 0.6915 / (0.6915 + 0.0668).
    truth = votes(1, -1, -1, -1, 1, 1, 0)
    forecast = make_forecast((4.0, 4.0, 4.0, 4.0, 5.0, 5.0, 1.0))
    curve = reliability_curve(truth, forecast)
    np.testing.assert_allclose(curve.chance, (0.5, 0.9118951943))
    np.testing.assert_allclose(curve.share, (0.25, 1.0))
    assert curve.size.tolist() == [4, 2]
    expected = (4 * 0.25 + 2 * 0.0881048057) / 6
    assert value_of(calibration_error(truth, forecast), truth) == pytest.approx(expected)
    assert calibration_error(truth, forecast).n == 6


def test_bins_are_of_equal_mass() -> None:
    rng = np.random.default_rng(0)
    truth = votes(*rng.choice([-1.0, 1.0], 1000))
    curve = reliability_curve(truth, make_forecast(1 + 6 * rng.random(1000) ** 3, 1.8))
    assert curve.size.tolist() == [100] * 10
    assert (np.diff(curve.chance) > 0).all()


def test_a_calibrated_scorer_has_a_small_error_and_an_overconfident_one_a_large() -> None:
    rng = np.random.default_rng(0)
    expected = rng.uniform(2, 6, 20_000)
    chance = chance_of_agreement(expected, np.full(20_000, 1.8))
    truth = votes(*np.where(rng.random(20_000) < chance, 1.0, -1.0))
    assert value_of(calibration_error(truth, make_forecast(expected, 1.8)), truth) < 0.02
    assert value_of(calibration_error(truth, make_forecast(expected, 0.2)), truth) > 0.2


def test_accuracy_counts_sides_and_half_for_neutral() -> None:
    truth = votes(1, 1, -1, -1, 0)
    forecast = make_forecast((6.0, 4.0, 3.0, 5.0, 6.0))
    assert value_of(accuracy(truth, forecast), truth) == pytest.approx(2.5 / 4)


def test_selective_accuracy_by_hand() -> None:
    truth = votes(1, -1, 1, -1)
    forecast = make_forecast((7.0, 2.0, 3.0, 5.0), (1.0, 1.0, 1.0, 1.0))
    # Sureness 3, 2, 1, 1: right, right, then two wrong together: 1, 1, 0.5, 0.5.
    curve = selective_curve(truth, forecast)
    assert curve.share.tolist() == [0.25, 0.5, 1.0]
    assert curve.accuracy.tolist() == [1.0, 1.0, 0.5]
    assert value_of(selective_accuracy(truth, forecast), truth) == pytest.approx(0.75)


def test_sureness_is_distance_from_neutral_in_spreads() -> None:
    truth = votes(1, -1)
    forecast = make_forecast((7.0, 5.0), (3.0, 0.5))
    assert selective_curve(truth, forecast).accuracy.tolist() == [0.0, 0.5]


def test_equally_sure_of_everything_is_plain_accuracy() -> None:
    truth = votes(1, -1, 1, 1)
    forecast = make_forecast((5.0, 5.0, 3.0, 5.0))
    assert value_of(selective_accuracy(truth, forecast), truth) == pytest.approx(
        value_of(accuracy(truth, forecast), truth)
    )


def test_silence_shortens_the_curve_and_is_counted() -> None:
    truth = votes(1, -1, 1, 0)
    forecast = make_forecast((6.0, NAN, 5.0, NAN))
    assert value_of(share_silent(truth, forecast), truth) == 0.5
    assert selective_curve(truth, forecast).share[-1] == pytest.approx(2 / 3)


def test_a_silent_scorer_is_undefined() -> None:
    truth = votes(1, -1)
    forecast = make_forecast((NAN, NAN))
    for measure in (calibration_error, accuracy, selective_accuracy):
        assert np.isnan(value_of(measure(truth, forecast), truth))
    assert not len(selective_curve(truth, forecast).share)
    assert not len(reliability_curve(truth, forecast).size)
