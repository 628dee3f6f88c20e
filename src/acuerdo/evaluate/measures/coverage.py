"""Coverage: how many ratings lie inside the interval that was promised to hold 80 % of them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.sheets import Forecast, Values
from acuerdo.evaluate.resampling import Statistic, ratio_of
from acuerdo.evaluate.truth import Truth

PROMISED: Final = 0.8
_STEPS: Final = 1.2815515655446004
"""A normal value lies within this many standard deviations of its mean with a chance of 80 %."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Lower and upper end of an interval of every row on 1-7, both (rows,), nan if none."""

    low: Values
    high: Values


def normal_bounds(forecast: Forecast) -> Bounds:
    """Return 80 % intervals if ratings are normal around what is expected, cut to 1-7."""
    reach = _STEPS * forecast.spread
    return Bounds(
        np.clip(forecast.expected - reach, LIKERT_MIN, LIKERT_MAX),
        np.clip(forecast.expected + reach, LIKERT_MIN, LIKERT_MAX),
    )


def coverage(truth: Truth, bounds: Bounds) -> Statistic:
    """Share of graded ratings inside their interval, ends included; n counts ratings."""
    inside = (truth.agreement >= bounds.low - _ROUNDING) & (
        truth.agreement <= bounds.high + _ROUNDING
    )
    return _over_ratings(truth, bounds, inside.astype(np.float64))


def width(truth: Truth, bounds: Bounds) -> Statistic:
    """Mean width of the intervals of graded ratings, in points of the scale; n counts ratings."""
    return _over_ratings(truth, bounds, bounds.high - bounds.low)


def _over_ratings(truth: Truth, bounds: Bounds, values: Values) -> Statistic:
    rows = np.flatnonzero(truth.graded & ~np.isnan(bounds.low))
    above, below = truth.totals(rows, values[rows]), truth.totals(rows)
    return ratio_of(above, below, truth.person_conversation)
