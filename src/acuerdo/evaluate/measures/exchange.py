"""The exchange test: does it help to know this person's opinion rather than somebody else's?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from acuerdo.domain.sheets import Forecast, Positions, Sheet, Values
from acuerdo.domain.text import comparable
from acuerdo.evaluate.resampling import Statistic, Weights
from acuerdo.evaluate.truth import Mask, Truth

Measure = Callable[[Truth, Forecast], Statistic]


@dataclass(frozen=True, slots=True, eq=False)
class Exchanged:
    """A sheet on which everybody has somebody else's opinion.

    `revealing` (pairs,) marks pairs whose statement is part of the person's own opinion or of the
    one they were given: there, recognising the statement would pass for knowing the person.
    """

    sheet: Sheet
    revealing: Mask


def exchanged(sheet: Sheet, rng: np.random.Generator) -> Exchanged:
    """Pass opinions on among the people who have one, along one random cycle (Sattolo 1986).

    Nobody keeps their own; with fewer than two opinions nothing changes.
    """
    said = np.array([bool(comparable(text)) for text in sheet.opinions], dtype=np.bool_)
    places = np.arange(len(sheet.opinions))
    holders = np.flatnonzero(said)
    places[holders] = holders[_cycle(len(holders), rng)]
    given = replace(sheet, opinions=tuple(sheet.opinions[place] for place in places))
    return Exchanged(given, _contained(sheet) | _contained(given))


def exchange_effect(
    measure: Measure,
    truth: Truth,
    own: Forecast,
    others: Sequence[Forecast],
    revealing: Mask,
) -> Statistic:
    """Return the measure with people's own opinion minus its mean over others' opinions.

    `others` holds a forecast for each draw of the exchange. Rows that are `revealing` (rows,) in
    any draw, or on which the scorer is silent in any, are left out of both sides.
    """
    silent = revealing | np.isnan(own.expected)
    for other in others:
        silent = silent | np.isnan(other.expected)
    mine = measure(truth, without(own, silent))
    theirs = [measure(truth, without(other, silent)) for other in others]

    def of(weights: Weights) -> Values:
        return np.asarray(mine.of(weights) - np.mean([one.of(weights) for one in theirs], axis=0))

    return Statistic(mine.n, of)


def without(forecast: Forecast, silent: Mask) -> Forecast:
    """Return the forecast, silent also where `silent` (pairs,) says so."""
    return Forecast(
        np.where(silent, np.nan, forecast.expected), np.where(silent, np.nan, forecast.spread)
    )


def _cycle(size: int, rng: np.random.Generator) -> Positions:
    order = np.arange(size)
    for last in range(size - 1, 0, -1):
        other = int(rng.integers(last))
        order[[last, other]] = order[[other, last]]
    return order


def _contained(sheet: Sheet) -> Mask:
    """Pairs whose statement is part of the person's opinion."""
    opinions = [comparable(text) for text in sheet.opinions]
    statements = [comparable(text) for text in sheet.statements]
    return np.array(
        [
            statements[statement] in opinions[person]
            for person, statement in zip(
                sheet.person.tolist(), sheet.statement.tolist(), strict=True
            )
        ],
        dtype=np.bool_,
    )
