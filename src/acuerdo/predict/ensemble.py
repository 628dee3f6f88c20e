"""Several scorers' forecasts as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.ports import Progress, Scorer, Watch, stop_if_asked


class EnsembleScorer:
    """Averages forecasts; silent only where every scorer is.

    The forecast is the mixture of the members that speak: with weights w that sum to 1 over them,

        expected = sum of w * expected_k
        spread^2 = sum of w * (spread_k^2 + (expected_k - expected)^2)

    so members that contradict each other make it less sure. `weights`, one per scorer, are fixed;
    without them each pair weighs its forecasts by 1 / spread_k^2. A scorer of weight 0 never
    speaks. Raises ValueError without scorers, or for weights that are negative, all 0 or not one
    per scorer.
    """

    def __init__(self, scorers: Sequence[Scorer], weights: Sequence[float] | None = None) -> None:
        if not scorers:
            raise ValueError("an ensemble needs a scorer")
        if weights is not None and len(weights) != len(scorers):
            raise ValueError(f"{len(weights)} weights for {len(scorers)} scorers")
        if weights is not None and not (min(weights) >= 0 and 0 < sum(weights) < np.inf):
            raise ValueError(f"weights must be 0 or more and not all 0: {list(weights)}")
        self._scorers = tuple(scorers)
        self._weights = None if weights is None else np.array(weights, dtype=np.float64)

    @property
    def name(self) -> str:
        return "+".join(scorer.name for scorer in self._scorers)

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return the mixture; raises what a member raises."""
        stop_if_asked(watch)
        shares = [_Share(watch, k, len(self._scorers)) for k in range(len(self._scorers))]
        said = [
            scorer.score(sheet, share) for scorer, share in zip(self._scorers, shares, strict=True)
        ]
        expected = np.array([forecast.expected for forecast in said])
        spread = np.array([forecast.spread for forecast in said])
        weights = (
            spread**-2.0 if self._weights is None else np.tile(self._weights, (sheet.size, 1)).T
        )
        weights = np.where(np.isnan(expected), 0.0, weights)
        total = weights.sum(axis=0)
        silent = total == 0
        weights /= np.where(silent, 1.0, total)
        mean = np.clip((weights * np.nan_to_num(expected)).sum(axis=0), LIKERT_MIN, LIKERT_MAX)
        squares = np.nan_to_num(spread**2 + (expected - mean) ** 2)
        mixed = np.sqrt((weights * squares).sum(axis=0))
        watch.report(Progress("predict", sheet.size, sheet.size))
        return Forecast(np.where(silent, np.nan, mean), np.where(silent, np.nan, mixed))


class _Share:
    """Reports one member's progress as its part of the whole."""

    def __init__(self, watch: Watch, place: int, members: int) -> None:
        self._watch = watch
        self._place = place
        self._members = members

    def report(self, progress: Progress) -> None:
        done = (self._place * progress.total + progress.done) // self._members
        self._watch.report(Progress(progress.stage, done, progress.total, progress.note))

    def stopped(self) -> bool:
        return self._watch.stopped()
