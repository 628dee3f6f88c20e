"""Sheets with known ratings, and priors, for the tests of forecasts with ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.ports import Unwatched, Watch
from acuerdo.predict import FactorScorer, FactorWeights

SHARES = FactorWeights(
    level=0.0,
    statement=0.2,
    statement_text=0.0,
    person=0.1,
    person_text=0.0,
    taste=0.0,
    likeness=0.0,
    likeness_text=0.0,
    repeat=0.1,
    ratings=8.0,
)
"""Round shares for calculations by hand: 0.6 is left for a person's own view of a statement."""

ALL_SHARES = FactorWeights(0.02, 0.08, 0.1, 0.06, 0.04, 0.05, 0.2, 0.1, repeat=0.05, ratings=8.0)


class Level:
    """Expects the same of everybody, silent about people without an opinion."""

    name = "level"

    def __init__(self, expected: float = 4.0, spread: float = 2.0) -> None:
        self._expected = expected
        self._spread = spread

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        del watch
        speaks = np.array([bool(text) for text in sheet.opinions])[sheet.person]
        return Forecast(
            np.where(speaks, self._expected, np.nan), np.where(speaks, self._spread, np.nan)
        )


def full_sheet(
    opinions: tuple[str, ...],
    statements: tuple[str, ...],
    known: Mapping[tuple[int, int], float] | None = None,
) -> Sheet:
    """Return all pairs, person by person; `known` ratings by (person, statement)."""
    ratings = np.full((len(opinions), len(statements)), np.nan)
    for place, value in (known or {}).items():
        ratings[place] = value
    return Sheet(
        question="What should our town do?",
        opinions=opinions,
        statements=statements,
        person=np.repeat(np.arange(len(opinions)), len(statements)),
        statement=np.tile(np.arange(len(statements)), len(opinions)),
        ratings=ratings.ravel(),
    )


def drawn_sheet(people: int, statements: int, share: float = 0.4, seed: int = 0) -> Sheet:
    """Return a sheet with biases, two camps and noise, some of its pairs rated."""
    rng = np.random.default_rng(seed)
    words = ("buses", "trees", "schools", "rents", "noise", "markets", "bridges", "parks")
    opinions, stated = (
        tuple(f"{part} {' '.join(rng.choice(words, 3))} {place}" for place in range(size))
        for part, size in (("I want", people), ("We need", statements))
    )
    sheet = full_sheet(opinions, stated)
    camps, sides = rng.choice((-1, 1), people), rng.choice((-1, 0, 1), statements)
    truth = (
        4.5
        + rng.normal(0, 0.8, statements)[sheet.statement]
        + rng.normal(0, 0.5, people)[sheet.person]
        + camps[sheet.person] * sides[sheet.statement]
        + rng.normal(0, 1, sheet.size)
    )
    rated = rng.random(sheet.size) < share
    return replace(sheet, ratings=np.where(rated, np.clip(truth, 1, 7), np.nan))


def forecast_of(
    sheet: Sheet, weights: FactorWeights | None = SHARES, exact_ratings: int = 2_000
) -> Forecast:
    """Return the forecast over a level of 4 with spread 2, without texts."""
    scorer = FactorScorer(Level(), None, weights=weights, exact_ratings=exact_ratings)
    return scorer.score(sheet, Unwatched())
