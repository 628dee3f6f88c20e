"""Selective prediction: is the scorer right more often where it says that it is surer?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acuerdo.domain.sheets import Forecast, Positions, Values
from acuerdo.evaluate.measures.area import decided_rows
from acuerdo.evaluate.measures.levels import counted, levels_of
from acuerdo.evaluate.resampling import Statistic, Weights, divided, ratio_of
from acuerdo.evaluate.truth import NEUTRAL, Truth


@dataclass(frozen=True, slots=True, eq=False)
class SelectiveCurve:
    """If only the surest are answered: `share` of judgements answered, rising, and `accuracy`."""

    share: Values
    accuracy: Values


def accuracy(truth: Truth, forecast: Forecast) -> Statistic:
    """Share of judgements that take a side whose side is expected right; n counts judgements.

    Expecting exactly neutral is half right.
    """
    rows = decided_rows(truth, forecast)
    above = truth.totals(rows, _right(truth, forecast, rows))
    return ratio_of(above, truth.totals(rows), truth.person_conversation)


def selective_accuracy(truth: Truth, forecast: Forecast) -> Statistic:
    """Area under the curve of accuracy against share answered, the surest first.

    The mean over answered judgements of the accuracy among all that are at least as sure; a scorer
    that is equally sure of everything gets its plain accuracy. n counts judgements.
    """
    rows, last = _surest_first(truth, forecast)
    right = _right(truth, forecast, rows)
    exact = float(np.mean(np.cumsum(right)[last] / (last + 1))) if len(rows) else np.nan
    level = levels_of(np.zeros(len(rows), np.int64), last.astype(np.float64))
    answered = counted(truth.person[rows], level, truth.people)
    point, half = right == 1, right == 0.5
    hit = counted(truth.person[rows[point]], level[point], truth.people)
    hit += counted(truth.person[rows[half]], level[half], truth.people) / 2

    def between(drawn: Values) -> Values:
        sizes = drawn @ answered
        # Where nobody was drawn yet, nothing weighs anything: what stands there does not matter.
        so_far = np.nan_to_num(divided(np.cumsum(drawn @ hit, axis=1), np.cumsum(sizes, axis=1)))
        return divided((sizes * so_far).sum(axis=1), sizes.sum(axis=1))

    beyond_levels = exact - between(np.ones((1, truth.people)))[0]

    def of(weights: Weights) -> Values:
        drawn = weights.together(truth.person_conversation)
        return np.asarray(np.clip(between(drawn) + beyond_levels, 0, 1))

    return Statistic(len(rows), of)


def selective_curve(truth: Truth, forecast: Forecast) -> SelectiveCurve:
    """Return accuracy against the share of decided judgements answered, at each step of sureness.

    The curve ends below a share of 1 where the scorer is silent on some.
    """
    rows, last = _surest_first(truth, forecast)
    ends = np.unique(last)
    right = np.cumsum(_right(truth, forecast, rows))
    return SelectiveCurve((ends + 1) / max(1, truth.decided.sum()), right[ends] / (ends + 1))


def share_silent(truth: Truth, forecast: Forecast) -> Statistic:
    """Share of all judgements on which the scorer cannot say; n counts judgements."""
    rows = np.arange(len(truth))
    above = truth.totals(rows, np.isnan(forecast.expected).astype(np.float64))
    return ratio_of(above, truth.totals(rows), truth.person_conversation)


def _right(truth: Truth, forecast: Forecast, rows: Positions) -> Values:
    side = np.sign(forecast.expected[rows] - NEUTRAL)
    return np.where(side == 0, 0.5, (side > 0) == truth.agreed[rows])


def _surest_first(truth: Truth, forecast: Forecast) -> tuple[Positions, Positions]:
    """Return answered rows, surest first, and for each the place of the last as sure as it."""
    rows = decided_rows(truth, forecast)
    sureness = np.abs(forecast.expected[rows] - NEUTRAL) / forecast.spread[rows]
    order = np.argsort(-sureness, kind="stable")
    falling = -sureness[order]
    return rows[order], np.searchsorted(falling, falling, side="right") - 1
