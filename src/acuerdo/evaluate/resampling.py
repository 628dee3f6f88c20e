"""Every number with its interval: the bootstrap over people and over conversations.

A statistic is a function of how often each person and each conversation was drawn. People are drawn
with replacement within their conversation, with all they said on all of its questions, as many as
there are; conversations are drawn whole, as many as there are. Both give 95 % percentile intervals
(Efron 1979). All statistics of one call see the same draws, so that differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from acuerdo.domain.sheets import Positions, Values
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked

LEVEL: Final = 0.95
CELLS_AT_ONCE: Final = 2_000_000
"""Draws are made in blocks of so many that draws times units stay below this: 16 MB an array."""

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """How often each unit was drawn: `people` (draws, people), `conversations` (draws,
    conversations). Either may have a single row of ones, which stands for all draws.
    """

    people: Values
    conversations: Values

    def together(self, conversation: Positions) -> Values:
        """Return the weight of each person, `conversation` (people,) being where they are."""
        return np.asarray(self.people * self.conversations[:, conversation])


@dataclass(frozen=True, slots=True, eq=False)
class Statistic:
    """A number under any weights: `of` gives (draws,), nan where undefined; `n` is how many
    judgements, people or groups it rests on."""

    n: int
    of: Callable[[Weights], Values]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval; nan on both sides where it is undefined."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval over people and its interval over conversations.

    `value` is nan where there is nothing to measure. The interval over conversations is undefined
    for fewer than two of them. `n` is what the measure counts: see docs/evaluation.md.
    """

    value: float
    n: int
    people: Interval
    conversations: Interval

    @property
    def low(self) -> float:
        """Lower end of the interval over people."""
        return self.people.low

    @property
    def high(self) -> float:
        """Upper end of the interval over people."""
        return self.people.high


def estimates(
    statistics: Mapping[Name, Statistic],
    conversation: Positions,
    *,
    resamples: int = 1000,
    seed: int = 0,
    size: int = 0,
    watch: Watch | None = None,
) -> dict[Name, Estimate]:
    """Return every statistic with its intervals.

    `conversation` (people,) says which conversation each person belongs to; `size` is the largest
    number of cells that a statistic handles for one draw, such as the rows, and only bounds memory.
    Raises Cancelled if the watcher stops.
    """
    watch = watch or Unwatched()
    people, talks = len(conversation), int(conversation.max(initial=-1)) + 1
    once = Weights(np.ones((1, people)), np.ones((1, talks)))
    block = max(1, CELLS_AT_ONCE // max(1, size, people))
    rng = np.random.default_rng(seed)
    draws: dict[Name, list[list[Values]]] = {name: [[], []] for name in statistics}
    done = 0
    for weights, over in _all_draws(conversation, once, resamples, block, rng):
        for name, statistic in statistics.items():
            stop_if_asked(watch)
            draws[name][over].append(statistic.of(weights))
        done += len(weights.people) * len(weights.conversations)
        watch.report(Progress("resample", done, resamples * (1 + (talks > 1))))
    return {
        name: Estimate(
            value=float(statistic.of(once)[0]) if people else np.nan,
            n=statistic.n,
            people=_interval(draws[name][0]),
            conversations=_interval(draws[name][1]),
        )
        for name, statistic in statistics.items()
    }


def mean_of(values: Values, conversation: Positions) -> Statistic:
    """Mean of one value per person, (people,), all counting alike; nan counts not at all."""
    there = ~np.isnan(values)
    return ratio_of(np.where(there, values, 0.0), there.astype(np.float64), conversation)


def ratio_of(
    above: Values, below: Values, conversation: Positions, n: int | None = None
) -> Statistic:
    """Sum of `above` (people,) by sum of `below` (people,); n is the sum of `below`."""

    def of(weights: Weights) -> Values:
        drawn = weights.together(conversation)
        return divided(drawn @ above, drawn @ below)

    return Statistic(round(float(below.sum())) if n is None else n, of)


def difference_of(one: Statistic, other: Statistic) -> Statistic:
    """How much higher one statistic is than another, draw by draw."""
    return Statistic(min(one.n, other.n), lambda weights: one.of(weights) - other.of(weights))


def divided(above: Values, below: Values) -> Values:
    """Divide; nan where there is nothing to divide by."""
    undefined = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    return np.asarray(np.divide(above, below, out=undefined, where=below > 0))


def _all_draws(
    conversation: Positions, once: Weights, resamples: int, block: int, rng: np.random.Generator
) -> Iterator[tuple[Weights, int]]:
    for start in range(0, resamples, block):
        drawn = _drawn_within(conversation, min(block, resamples - start), rng)
        yield Weights(drawn, once.conversations), 0
    talks = once.conversations.shape[1]
    for start in range(0, resamples if talks > 1 else 0, block):
        whole = np.zeros(talks, dtype=np.int64)
        yield Weights(once.people, _drawn_within(whole, min(block, resamples - start), rng)), 1


def _drawn_within(stratum: Positions, draws: int, rng: np.random.Generator) -> Values:
    """Draw units with replacement within their stratum; how often each came, (draws, units)."""
    units = len(stratum)
    order = np.argsort(stratum, kind="stable")
    sizes = np.bincount(stratum)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    each = np.repeat(sizes, sizes)
    places = first + (rng.random((draws, units)) * each).astype(np.int64)
    flat = (places + np.arange(draws)[:, None] * units).ravel()
    counts = np.bincount(flat, minlength=draws * units).reshape(draws, units)
    drawn = np.empty((draws, units))
    drawn[:, order] = counts
    return drawn


def _interval(blocks: list[Values]) -> Interval:
    values = np.concatenate(blocks) if blocks else np.empty(0)
    said = values[~np.isnan(values)]
    if not said.size:
        return Interval(np.nan, np.nan)
    low, high = np.quantile(said, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
