"""Graded ratings: how far off the expectation is, and whether it orders ratings as people do.

All three are taken within each question, over ratings that the scorer answered, and averaged over
questions; votes do not count.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from acuerdo.domain.sheets import Forecast, Positions, Values
from acuerdo.evaluate.measures.area import question_mean
from acuerdo.evaluate.resampling import Statistic, Weights, divided
from acuerdo.evaluate.truth import Truth


def mean_absolute_error(truth: Truth, forecast: Forecast) -> Statistic:
    """Mean distance of expectation and rating, in points of the 1-7 scale; n counts ratings."""
    rows = _rows(truth, forecast)
    off = np.abs(forecast.expected[rows] - truth.agreement[rows])
    return _by_question(truth, rows, lambda drawn: _mean_within(truth, rows, off, drawn))


def root_mean_square_error(truth: Truth, forecast: Forecast) -> Statistic:
    """Root of the mean squared distance, in points of the 1-7 scale; n counts ratings."""
    rows = _rows(truth, forecast)
    off = (forecast.expected[rows] - truth.agreement[rows]) ** 2
    return _by_question(truth, rows, lambda drawn: np.sqrt(_mean_within(truth, rows, off, drawn)))


def rank_correlation(truth: Truth, forecast: Forecast) -> Statistic:
    """Spearman's rank correlation of expectation and rating, ties sharing the middle rank.

    Undefined in a question where either takes one value only; n counts ratings.
    """
    rows = _rows(truth, forecast)
    expected = _Ladder(truth.question[rows], forecast.expected[rows])
    rating = _Ladder(truth.question[rows], truth.agreement[rows])
    first = _first_of_each(truth.question[rows])

    def within(drawn: Values) -> Values:
        one, other = expected.middle_ranks(drawn), rating.middle_ranks(drawn)
        shared = np.add.reduceat(drawn * one * other, first, axis=1)
        spread = np.add.reduceat(drawn * one**2, first, axis=1) * np.add.reduceat(
            drawn * other**2, first, axis=1
        )
        return divided(shared, np.sqrt(spread))

    return _by_question(truth, rows, within)


def _rows(truth: Truth, forecast: Forecast) -> Positions:
    """Graded rows with an answer, sorted by question."""
    rows = np.flatnonzero(truth.graded & ~np.isnan(forecast.expected))
    return rows[np.argsort(truth.question[rows], kind="stable")]


def _first_of_each(question: Positions) -> Positions:
    return np.unique(question, return_index=True)[1]


def _by_question(truth: Truth, rows: Positions, within: Callable[[Values], Values]) -> Statistic:
    """Average over questions what `within` makes of the rows' weights, (draws, rows)."""
    conversation = truth.question_conversation[np.unique(truth.question[rows])]

    def of(weights: Weights) -> Values:
        if not len(rows):
            return np.full(max(len(weights.people), len(weights.conversations)), np.nan)
        values = within(weights.people[:, truth.person[rows]])
        return question_mean(values, weights.conversations[:, conversation])

    return Statistic(len(rows), of)


def _mean_within(truth: Truth, rows: Positions, values: Values, drawn: Values) -> Values:
    first = _first_of_each(truth.question[rows])
    above = np.add.reduceat(drawn * values, first, axis=1)
    return divided(above, np.add.reduceat(drawn, first, axis=1))


class _Ladder:
    """Values of each question in order, for ranks under any weights; rows sorted by question."""

    def __init__(self, question: Positions, values: Values) -> None:
        self._order = np.lexsort((values, question))
        sorted_values, sorted_question = values[self._order], question[self._order]
        starts = np.ones(len(values), dtype=np.bool_)
        starts[1:] = (np.diff(sorted_values) != 0) | (np.diff(sorted_question) != 0)
        self._first = np.flatnonzero(starts)
        self._level = np.cumsum(starts) - 1
        self._first_level = self._level[_first_of_each(sorted_question)]
        self._question_of_level = np.cumsum(np.isin(np.arange(len(self._first)), self._first_level))

    def middle_ranks(self, drawn: Values) -> Values:
        """Middle ranks less their mean within the question, (draws, rows), for weights alike."""
        level = np.add.reduceat(drawn[:, self._order], self._first, axis=1)
        total = np.add.reduceat(level, self._first_level, axis=1)
        before = np.cumsum(total, axis=1) - total
        question = self._question_of_level - 1
        within = np.cumsum(level, axis=1) - before[:, question]
        middle = within - level / 2 - total[:, question] / 2
        ranks = np.empty_like(drawn)
        ranks[:, self._order] = middle[:, self._level]
        return ranks
