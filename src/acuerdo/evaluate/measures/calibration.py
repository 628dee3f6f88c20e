"""Calibration: of those expected to agree with a chance of 70 %, do 70 % agree?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Forecast, Positions, Values
from acuerdo.evaluate.measures.area import decided_rows
from acuerdo.evaluate.resampling import Statistic, Weights, divided
from acuerdo.evaluate.truth import NEUTRAL, Truth

BINS: Final = 10
HALF_STEP: Final = 0.5
TINY: Final = 1e-12
SURE: Final = 0.001
"""No chance is closer to 0 or 1 than this."""


@dataclass(frozen=True, slots=True, eq=False)
class ReliabilityCurve:
    """Of each bin, in rising order: mean `chance`, `share` that agreed, `size` in judgements."""

    chance: Values
    share: Values
    size: Positions


def chance_of_agreement(expected: Values, spread: Values) -> Values:
    """Chance that somebody who takes a side agrees, if ratings are normal around what is expected.

    Ratings above 4.5 agree, below 3.5 disagree, and between them nobody takes a side:
    above / (above + below), cut to 0.001-0.999; nan where the scorer is silent. Shape kept.
    """
    above = _normal((expected - NEUTRAL - HALF_STEP) / spread)
    below = _normal((NEUTRAL - HALF_STEP - expected) / spread)
    return np.clip(above / np.maximum(above + below, TINY), SURE, 1 - SURE)


def _normal(steps: Values) -> Values:
    """Return the standard normal distribution function, in the shape of `steps`."""
    scaled = (steps / math.sqrt(2)).ravel().tolist()
    phi = np.fromiter((1 + math.erf(step) for step in scaled), np.float64) / 2
    return phi.reshape(steps.shape)


def calibration_error(truth: Truth, forecast: Forecast, bins: int = BINS) -> Statistic:
    """Expected calibration error of the chance of agreement (Naeini et al. 2015).

    Judgements that take a side, over all questions, go into bins of equal mass by their chance;
    equal chances stay together. The error is the mean over judgements of the distance between mean
    chance and share that agreed in their bin. n counts judgements.
    """
    rows = decided_rows(truth, forecast)
    chance = chance_of_agreement(forecast.expected[rows], forecast.spread[rows])
    place = _bin_of(chance, bins)
    surplus, people = np.zeros((truth.people, bins)), truth.person[rows]
    np.add.at(surplus, (people, place), chance - truth.agreed[rows])
    size = truth.totals(rows)

    def of(weights: Weights) -> Values:
        drawn = weights.together(truth.person_conversation)
        return divided(np.abs(drawn @ surplus).sum(axis=1), drawn @ size)

    return Statistic(len(rows), of)


def reliability_curve(truth: Truth, forecast: Forecast, bins: int = BINS) -> ReliabilityCurve:
    """Return what a reliability diagram shows, empty bins left out."""
    rows = decided_rows(truth, forecast)
    chance = chance_of_agreement(forecast.expected[rows], forecast.spread[rows])
    place = _bin_of(chance, bins)
    size = np.bincount(place, minlength=bins)
    used = size > 0
    return ReliabilityCurve(
        chance=np.bincount(place, chance, bins)[used] / size[used],
        share=np.bincount(place, truth.agreed[rows], bins)[used] / size[used],
        size=size[used].astype(np.int64),
    )


def _bin_of(chance: Values, bins: int) -> Positions:
    """Bins of equal mass by middle rank, so that equal chances share a bin."""
    if not len(chance):
        return np.empty(0, dtype=np.int64)
    _, level, sizes = np.unique(chance, return_inverse=True, return_counts=True)
    middle = np.cumsum(sizes) - sizes / 2
    return np.asarray((middle[level] * bins / len(chance)).astype(np.int64).clip(0, bins - 1))
