"""How good forecasts with ratings of the same session are: measures that fit_factors.py prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from acuerdo.domain.records import LIKERT_NEUTRAL
from acuerdo.domain.sheets import Forecast, Sheet, Values

Mask = npt.NDArray[np.bool_]
Matrix = npt.NDArray[np.float64]

RESAMPLES = 1000


class Voted(Protocol):
    """Votes on 1-7 with a sheet that says which of them were known."""

    @property
    def sheet(self) -> Sheet: ...

    @property
    def votes(self) -> Values: ...


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over conversations; `low` and `high` enclose 95 % of resamples of conversations."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def estimate(rows: Sequence[tuple[str, float]]) -> Estimate:
    """Average within conversations, then over them; values that are nan are left out."""
    found: dict[str, list[float]] = {}
    for conversation, value in rows:
        if not np.isnan(value):
            found.setdefault(conversation, []).append(value)
    means = np.array([np.mean(values) for values in found.values()])
    drawn = np.random.default_rng(0).integers(len(means), size=(RESAMPLES, len(means)))
    low, high = np.quantile(means[drawn].mean(axis=1), [0.025, 0.975])
    return Estimate(float(means.mean()), float(low), float(high))


def five_agree(votes: Matrix) -> Values:
    """Share of the people, rows, who agree with each statement."""
    return np.asarray((votes > LIKERT_NEUTRAL).mean(axis=0))


def approval(expected: Matrix, votes: Matrix, known: Mask) -> float:
    """Share who agree with the statement of the highest mean, known votes taken as they are."""
    means = np.round(np.where(known, votes, expected).mean(axis=0), 9)
    return float(five_agree(votes)[means == means.max()].mean())


def pairwise(expected: Matrix, votes: Matrix, hidden: Mask) -> float:
    """How often, of two statements that one person voted on, the agreed one has the higher
    forecast; people count by their pairs, ties half; nan without a pair."""
    right, pairs = 0.0, 0
    for row in np.flatnonzero(hidden.any(axis=1)):
        agrees = votes[row, hidden[row]] > LIKERT_NEUTRAL
        yes, no = expected[row, hidden[row]][agrees], np.sort(expected[row, hidden[row]][~agrees])
        below = np.searchsorted(no, yes, "left") + np.searchsorted(no, yes, "right")
        right += float(below.sum()) / 2
        pairs += len(yes) * len(no)
    return right / pairs if pairs else float("nan")


def error(forecast: Forecast, voted: Voted) -> float:
    """Mean squared error of the votes that were not known."""
    hidden = ~voted.sheet.known
    return float(np.mean((forecast.expected - voted.votes)[hidden] ** 2))


def inside(forecast: Forecast, votes: Matrix | Values, known: Mask) -> float:
    """Share of the votes that were not known within one spread of the forecast."""
    missed = np.abs(votes.ravel() - forecast.expected) <= forecast.spread
    return float(missed[~known.ravel()].mean())
