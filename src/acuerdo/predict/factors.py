"""Forecasts of a text model, moved by what people of the same session have rated already."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.sheets import Forecast, Positions, Sheet
from acuerdo.ports import Embedder, Progress, Scorer, Watch, stop_if_asked
from acuerdo.predict.factor_card import FactorCard, fitted_factors
from acuerdo.predict.factor_features import read_texts, text_kernel, with_likeness
from acuerdo.predict.factor_kernel import FactorWeights, Kernel, Pairs
from acuerdo.predict.factor_solve import (
    Asked,
    Known,
    exact_posterior,
    linear_posterior,
    solved,
)

EXACT_RATINGS: Final = 2_000
"""Up to so many known ratings the posterior is exact ..."""
EXACT_WORK: Final = 2e10
"""... unless ratings squared times pairs, the work it takes, exceeds this: seconds on one core."""


class FactorScorer:
    """Combines a prior forecast from texts with the known ratings of the same sheet.

    Without known ratings the forecast is the prior's, unchanged. With them, what people rated
    otherwise than the prior expected is taken apart into statement, person and like-mindedness
    (`Kernel`), and every pair moves accordingly; a pair with a rating moves close to it. Where the
    prior is silent, a pair is answered once its person or its statement has a rating; its prior is
    then the mean of what the prior said on this sheet, or, if it said nothing, the card's.

    Scoring again with more ratings is all that updating takes. Without an `embedder`, statements
    and opinions are alike only as far as they were rated alike.
    """

    def __init__(
        self,
        prior: Scorer,
        embedder: Embedder | None,
        *,
        weights: FactorWeights | None = None,
        exact_ratings: int = EXACT_RATINGS,
    ) -> None:
        self._prior = prior
        self._embedder = embedder
        self._card = fitted_factors()
        fitted = self._card.ratings_only if embedder is None else self._card.with_texts
        self._weights = weights or fitted
        self._exact_ratings = exact_ratings

    @property
    def name(self) -> str:
        return f"{self._prior.name}-with-ratings"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return the prior's forecast, moved by the known ratings; raises what the prior raises."""
        said = self._prior.score(sheet, watch)
        if not sheet.known.any():
            return said
        stop_if_asked(watch)
        prior = spoken(said, self._card)
        pairs = Pairs(sheet.person, sheet.statement)
        known, place = distinct(sheet, prior)
        kernel = self._kernel(sheet, known, watch)
        small = len(known.pairs) <= self._exact_ratings
        feasible = len(known.pairs) ** 2 * float(len(pairs)) <= EXACT_WORK
        solve = exact_posterior if small and feasible else linear_posterior
        posterior = solve(kernel, known, Asked(pairs, place), watch)
        expected = np.clip(prior.expected + prior.spread * posterior.mean, LIKERT_MIN, LIKERT_MAX)
        spread = prior.spread * np.sqrt(posterior.variance)
        silent = np.isnan(said.expected) & ~_has_ground(sheet)
        expected[silent] = spread[silent] = np.nan
        watch.report(Progress("predict", sheet.size, sheet.size))
        return Forecast(expected, spread)

    def _kernel(self, sheet: Sheet, known: Known, watch: Watch) -> Kernel:
        """Learn from the ratings who is like-minded."""
        kernel = text_kernel(self._weights, read_texts(sheet, self._embedder))
        if not self._weights.likeness:
            return kernel
        noise = kernel.own_variance(known.pairs) + kernel.repeat / known.given
        surprise = noise * solved(kernel, known, watch)
        return with_likeness(kernel, self._weights, known.pairs, surprise)


def spoken(said: Forecast, card: FactorCard) -> Forecast:
    """Return the forecast with its mean, or the card's level, where it is silent."""
    silent = np.isnan(said.expected)
    if not silent.any():
        return said
    if silent.all():
        level, spread = card.level, card.spread
    else:
        level = float(said.expected[~silent].mean())
        spread = max(card.spread, float(said.spread[~silent].max()))
    return Forecast(np.where(silent, level, said.expected), np.where(silent, spread, said.spread))


def distinct(sheet: Sheet, prior: Forecast) -> tuple[Known, Positions]:
    """Return the known ratings, each pair once, and each of the sheet's pairs' place in them.

    A pair without a rating has place -1. Several ratings of one pair count as their mean.
    """
    codes = sheet.person * len(sheet.statements) + sheet.statement
    rated = codes[sheet.known]
    found, first, inverse, given = np.unique(
        rated, return_index=True, return_inverse=True, return_counts=True
    )
    residual = ((sheet.ratings - prior.expected) / prior.spread)[sheet.known]
    pairs = Pairs(sheet.person[sheet.known][first], sheet.statement[sheet.known][first])
    mean = np.bincount(inverse, residual, len(found)) / given
    place = np.searchsorted(found, codes)
    place[place == len(found)] = 0
    place[found[place] != codes] = -1
    return Known(pairs, mean, given.astype(np.float64)), place


def _has_ground(sheet: Sheet) -> npt.NDArray[np.bool_]:
    people = np.zeros(len(sheet.opinions), dtype=np.bool_)
    statements = np.zeros(len(sheet.statements), dtype=np.bool_)
    people[sheet.person[sheet.known]] = True
    statements[sheet.statement[sheet.known]] = True
    return np.asarray(people[sheet.person] | statements[sheet.statement])
