"""Exact tests and intervals of counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Values
from acuerdo.evaluate.resampling import LEVEL, Interval

_STEPS: Final = 60


def binomial_interval(successes: float, trials: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of a share (Clopper and Pearson 1934).

    Successes that are not whole (ties counted half) are rounded outwards: the interval is too wide
    rather than too narrow. nan without trials.

    >>> binomial_interval(9, 10)
    Interval(low=0.5549839, high=0.9974714)
    """
    if not trials:
        return Interval(math.nan, math.nan)
    outside = (1 - level) / 2
    fewest, most = math.floor(successes), math.ceil(successes)
    low = 0.0 if fewest == 0 else _root(lambda p: _at_least(fewest, trials, p) - outside)
    high = 1.0 if most == trials else _root(lambda p: outside - _at_most(most, trials, p))
    return Interval(round(low, 7), round(high, 7))


def sign_test(lower: int, higher: int) -> float:
    """Return the two-sided chance of a split at least as uneven if both sides were as likely.

    Ties are left out before. 1 without any.

    >>> sign_test(9, 1)
    0.021484375
    """
    trials = lower + higher
    tail = sum(math.comb(trials, count) for count in range(min(lower, higher) + 1))
    return float(min(1.0, 2 * tail / 2**trials))


def _at_least(count: int, trials: int, chance: float) -> float:
    return float(_chances(trials, chance)[count:].sum())


def _at_most(count: int, trials: int, chance: float) -> float:
    return float(_chances(trials, chance)[: count + 1].sum())


def _chances(trials: int, chance: float) -> Values:
    """Return the chance of 0, 1, ..., `trials` successes; in logarithms, so that none overflows."""
    counts = np.arange(trials + 1)
    ways = [
        math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
        for count in counts.tolist()
    ]
    logs = np.array(ways) + counts * math.log(chance) + (trials - counts) * math.log1p(-chance)
    return np.asarray(np.exp(logs))


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function of a share crosses 0."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2
