"""Area under the curve: how often an agreed statement is expected to be the more agreeable one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acuerdo.domain.sheets import Forecast, Positions, Values
from acuerdo.evaluate.measures.levels import counted, levels_of
from acuerdo.evaluate.resampling import Statistic, Weights, divided
from acuerdo.evaluate.truth import Mask, Truth


@dataclass(frozen=True, slots=True, eq=False)
class Contests:
    """All pairs of a positive and a negative of one group, without listing them.

    `positive` and `negative` are rows, sorted by group, the negatives then by score. For each
    positive, `start` counts the negatives of earlier groups, `below` and `upto` also those of its
    own that score less, and not more. `group` lists the groups with both kinds, `first_positive`
    and `first_negative` where they begin.
    """

    positive: Positions
    negative: Positions
    start: Positions
    below: Positions
    upto: Positions
    group: Positions
    first_positive: Positions
    first_negative: Positions

    @classmethod
    def of(cls, rows: Positions, group: Positions, score: Values, positive: Mask) -> Contests:
        """Sort rows for contests; the other arrays are (rows,), in the order of `rows`."""
        both = np.intersect1d(group[positive], group[~positive])
        kept = np.isin(group, both)
        rows, group, score, positive = rows[kept], group[kept], score[kept], positive[kept]
        order = np.lexsort((score, group))
        rows, group, score, positive = rows[order], group[order], score[order], positive[order]
        higher = np.ones(len(rows), dtype=np.bool_)
        higher[1:] = (group[1:] != group[:-1]) | (score[1:] != score[:-1])
        level = np.cumsum(higher)
        losing, winning = level[~positive], level[positive]
        return cls(
            positive=rows[positive],
            negative=rows[~positive],
            start=np.searchsorted(group[~positive], group[positive]),
            below=np.searchsorted(losing, winning, side="left"),
            upto=np.searchsorted(losing, winning, side="right"),
            group=both,
            first_positive=np.searchsorted(group[positive], both),
            first_negative=np.searchsorted(group[~positive], both),
        )

    def won(self, positive: Values, negative: Values) -> Values:
        """Weight of contests won, ties half, by group; arguments and result (draws, ...)."""
        if not len(self.group):
            return np.empty((len(positive), 0))
        beaten = np.zeros((len(negative), negative.shape[1] + 1))
        np.cumsum(negative, axis=1, out=beaten[:, 1:])
        halves = beaten[:, self.below] + beaten[:, self.upto]
        wins = positive * (halves / 2 - beaten[:, self.start])
        return np.asarray(np.add.reduceat(wins, self.first_positive, axis=1))

    def held(self, positive: Values, negative: Values) -> Values:
        """Weight of all contests by group, (draws, groups)."""
        if not len(self.group):
            return np.empty((len(positive), 0))
        winning = np.add.reduceat(positive, self.first_positive, axis=1)
        losing = np.add.reduceat(negative, self.first_negative, axis=1)
        return np.asarray(winning * losing)


def decided_rows(truth: Truth, forecast: Forecast) -> Positions:
    """Rows that take a side and that the scorer answered: passes count neither way."""
    return np.flatnonzero(truth.decided & ~np.isnan(forecast.expected))


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """A group's rows by person and level: `positive` and `negative` (people, levels)."""

    people: Positions
    positive: Values
    negative: Values

    @classmethod
    def of(cls, person: Positions, level: Positions, positive: Mask) -> _Counts:
        people, own = np.unique(person, return_inverse=True)
        return cls(
            people,
            counted(own[positive], level[positive], len(people)),
            counted(own[~positive], level[~positive], len(people)),
        )

    def area(self, weights: Values) -> Values:
        """Return the area between levels, (draws,), for weights (draws, people of the table)."""
        drawn = weights[:, self.people]
        positive, negative = drawn @ self.positive, drawn @ self.negative
        below = np.cumsum(negative, axis=1) - negative / 2
        held = positive.sum(axis=1) * negative.sum(axis=1)
        return divided((positive * below).sum(axis=1), held)


def area_within(truth: Truth, forecast: Forecast) -> Statistic:
    """Area under the curve within each question, averaged over the questions that have one.

    The share of pairs of an agreed and a not agreed judgement of a question, by any two people, in
    which the agreed one was expected to be higher; equal expectations count half (Mann and Whitney
    1947). n is the number of judgements.
    """
    rows = decided_rows(truth, forecast)
    areas = _Areas(truth, forecast, rows, truth.question[rows])
    conversation = truth.question_conversation[areas.group]

    def of(weights: Weights) -> Values:
        by_question = areas.of(weights.people)
        return question_mean(by_question, weights.conversations[:, conversation])

    return Statistic(areas.n, of)


def area_pooled(truth: Truth, forecast: Forecast) -> Statistic:
    """Area under the curve over all judgements together; n is their number."""
    rows = decided_rows(truth, forecast)
    areas = _Areas(truth, forecast, rows, np.zeros(len(rows), np.int64))

    def of(weights: Weights) -> Values:
        by_group = areas.of(weights.together(truth.person_conversation))
        return question_mean(by_group, np.ones((1, by_group.shape[1])))

    return Statistic(areas.n, of)


class _Areas:
    """The area of every group that has both kinds of rows, under any weights of people."""

    def __init__(self, truth: Truth, forecast: Forecast, rows: Positions, group: Positions) -> None:
        score, agreed, person = forecast.expected[rows], truth.agreed[rows], truth.person[rows]
        contests = Contests.of(rows, group, score, agreed)
        positive, negative = (np.ones((1, len(x))) for x in (contests.positive, contests.negative))
        exact = divided(contests.won(positive, negative), contests.held(positive, negative))
        level = levels_of(group, score)
        once = np.ones((1, truth.people))
        self.n = len(contests.positive) + len(contests.negative)
        self.group = contests.group
        self._counts = []
        for code in contests.group:
            mine = group == code
            self._counts.append(_Counts.of(person[mine], level[mine], agreed[mine]))
        self._beyond_levels = exact - self._between(once)

    def of(self, weights: Values) -> Values:
        """Return areas, (draws, groups), nan where a draw has rows of one kind only."""
        return np.clip(self._between(weights) + self._beyond_levels, 0, 1)

    def _between(self, weights: Values) -> Values:
        return np.array([counts.area(weights) for counts in self._counts]).T.reshape(
            len(weights), len(self._counts)
        )


def question_mean(values: Values, weights: Values) -> Values:
    """Weighted mean over questions of (draws, questions), leaving out those that are nan."""
    there = ~np.isnan(values)
    return divided((np.where(there, values, 0.0) * weights).sum(axis=1), (there * weights).sum(1))
