"""Welfare functions: how good a candidate is for the whole group, from everybody's ratings."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from acuerdo.choose.counting import Tally, ranking_from_keys
from acuerdo.choose.ratings import Rated, sorted_ratings
from acuerdo.domain.ballots import levels


def isoelastic(rated: Rated, aversion: float) -> Tally:
    """Order candidates by W_a = (mean of u^(1-a))^(1/(1-a)), u > 0 the ratings, a the `aversion`.

    a = 0 is the mean, a = 1 the geometric mean, a = infinity the minimum (Atkinson 1970). With
    x = log u and x0 the largest x for a < 1, the smallest for a > 1, this is
    log W = x0 + log1p(mean(expm1((1-a) (x - x0)))) / (1-a): no exponent is above 0, so nothing
    overflows, and nothing is lost near a = 1. The score is W, on the scale of the ratings.
    """
    scores = tuple(np.exp(_log_welfare(np.log(rated.ratings), rated, aversion)).tolist())
    return Tally(levels(scores), scores)


def _log_welfare(
    logs: npt.NDArray[np.float64], rated: Rated, aversion: float
) -> npt.NDArray[np.float64]:
    weights = rated.counts / rated.voters
    if math.isinf(aversion):
        return np.asarray(logs.min(axis=0))
    if aversion == 1:
        return np.asarray(weights @ logs)
    power = 1 - aversion
    anchor = logs.max(axis=0) if power > 0 else logs.min(axis=0)
    return np.asarray(anchor + np.log1p(weights @ np.expm1(power * (logs - anchor))) / power)


def gini(rated: Rated, aversion: float = 2.0) -> Tally:
    """Order candidates by a mean of ratings in which the worse off weigh more.

    The i-th worst off of n weighs ((n-i+1)^d - (n-i)^d) / n^d with d >= 1 the `aversion` (Donaldson
    and Weymark 1980). d = 2 gives the mean times one minus the Gini coefficient, d = 1 the mean.
    """
    ratings = sorted_ratings(rated)
    better_off = 1 - ratings.upto / rated.voters
    not_worse_off = np.hstack((np.ones((len(better_off), 1)), better_off[:, :-1]))
    weights = not_worse_off**aversion - better_off**aversion
    scores = tuple((weights * ratings.values).sum(axis=1).tolist())
    return Tally(levels(scores), scores)


def leximin(rated: Rated) -> Tally:
    """Order candidates by the worst-off person's rating, equal ones by the second worst, ...

    The score is the worst-off person's rating.
    """
    ratings = sorted_ratings(rated)
    keys = ratings.at(np.concatenate(([0], ratings.changes)))
    return Tally(ranking_from_keys(keys), tuple(keys[0].tolist()))
