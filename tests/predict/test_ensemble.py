from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.ports import Progress, Unwatched, Watch
from acuerdo.predict import EnsembleScorer

NAN = np.nan


class Told:
    """Says what it is told and reports on the way."""

    def __init__(self, name: str, expected: list[float], spread: list[float]) -> None:
        self.name = name
        self._forecast = Forecast(np.array(expected), np.array(spread))

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        watch.report(Progress("predict", sheet.size, sheet.size))
        return self._forecast


def sheet(pairs: int) -> Sheet:
    places = np.arange(pairs)
    texts = tuple(f"Text {place}." for place in places)
    return Sheet("Why?", texts, texts, places, places, np.full(pairs, NAN))


SURE = Told("sure", [6.0, 6.0, NAN, NAN], [1.0, 1.0, NAN, NAN])
UNSURE = Told("unsure", [3.0, NAN, 2.0, NAN], [2.0, NAN, 2.0, NAN])


def test_inverse_variances_weigh_and_disagreement_widens() -> None:
    forecast = EnsembleScorer([SURE, UNSURE]).score(sheet(4), Unwatched())
    # Weights 1 and 1/4, so 0.8 and 0.2; variance 0.8 (1 + 0.6^2) + 0.2 (4 + 2.4^2) = 3.04.
    np.testing.assert_allclose(forecast.expected, [0.8 * 6 + 0.2 * 3, 6, 2, NAN])
    np.testing.assert_allclose(forecast.spread, [np.sqrt(3.04), 1, 2, NAN])


def test_fixed_weights_count_among_those_that_speak() -> None:
    forecast = EnsembleScorer([SURE, UNSURE], [1, 3]).score(sheet(4), Unwatched())
    np.testing.assert_allclose(forecast.expected, [0.25 * 6 + 0.75 * 3, 6, 2, NAN])
    # 0.25 (1 + 2.25^2) + 0.75 (4 + 0.75^2)
    np.testing.assert_allclose(forecast.spread, [np.sqrt(4.9375), 1, 2, NAN])


def test_a_scorer_of_weight_0_never_speaks() -> None:
    forecast = EnsembleScorer([SURE, UNSURE], [0, 1]).score(sheet(4), Unwatched())
    np.testing.assert_allclose(forecast.expected, [3, NAN, 2, NAN])


def test_one_scorer_alone_is_itself() -> None:
    forecast = EnsembleScorer([SURE]).score(sheet(4), Unwatched())
    np.testing.assert_allclose(forecast.expected, [6, 6, NAN, NAN])
    np.testing.assert_allclose(forecast.spread, [1, 1, NAN, NAN])
    assert EnsembleScorer([SURE, UNSURE]).name == "sure+unsure"


def test_progress_never_goes_back() -> None:
    class Noting(Unwatched):
        def __init__(self) -> None:
            self.done: list[int] = []

        def report(self, progress: Progress) -> None:
            assert progress.total == 4
            self.done.append(progress.done)

    watch = Noting()
    EnsembleScorer([SURE, UNSURE]).score(sheet(4), watch)
    assert watch.done == [2, 4, 4]


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0], "1 weights for 2"), ([-1.0, 2.0], "0 or more"), ([0.0, 0.0], "not all 0")],
)
def test_weights_that_make_no_sense_are_refused(weights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EnsembleScorer([SURE, UNSURE], weights)


def test_nobody_is_no_ensemble() -> None:
    with pytest.raises(ValueError, match="needs a scorer"):
        EnsembleScorer([])
