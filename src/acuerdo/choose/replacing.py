"""Ballots with some of them replaced: what a margin of victory is measured with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import Ballots, FloatMatrix, IntMatrix, IntVector, ranks_from_ratings
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN

FloatVector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class NewBallot:
    """One ballot to put in the place of others; `ratings` on 1-7, `ranks` as they follow."""

    ranks: IntVector
    ratings: FloatVector


def in_order(columns: Sequence[int]) -> NewBallot:
    """Rank all candidates strictly in this order, best first, with evenly spaced ratings."""
    ranks = np.empty(len(columns), dtype=np.int64)
    ranks[list(columns)] = np.arange(len(columns))
    steps = np.linspace(LIKERT_MAX, LIKERT_MIN, len(columns))
    return NewBallot(ranks, steps[ranks])


def all_or_nothing(favoured: npt.NDArray[np.bool_]) -> NewBallot:
    """Rate the favoured candidates 7 and all others 1."""
    ratings = np.where(favoured, float(LIKERT_MAX), float(LIKERT_MIN))
    return NewBallot(ranks_from_ratings(ratings[None, :])[0], ratings)


def replaced(ballots: Ballots, rows: IntVector, number: int, new: NewBallot) -> Ballots:
    """Replace the first `number` ballots, taking rows in this order, by the new one."""
    before = np.cumsum(ballots.counts[rows]) - ballots.counts[rows]
    counts = ballots.counts.copy()
    counts[rows] -= np.clip(number - before, 0, ballots.counts[rows])
    kept = counts > 0
    ratings = ballots.ratings
    return Ballots(
        ranks=np.vstack((ballots.ranks[kept], new.ranks)),
        names=ballots.names,
        counts=np.append(counts[kept], number),
        ratings=None if ratings is None else np.vstack((ratings[kept], new.ratings)),
    )


def positions(ballots: Ballots) -> IntMatrix:
    """Return ranks with unranked candidates below all ranked ones: lower is better."""
    return np.where(ballots.ranks < 0, np.int64(len(ballots.names)), ballots.ranks)


def fewest_to_close(differences: FloatMatrix, reach: float, counts: IntVector) -> IntVector:
    """Return how many ballots must be replaced until a lead is gone; shape (challengers,).

    `differences` (rows, challengers) is what each ballot adds to the lead over each challenger; a
    new ballot adds no less than `-reach`. Replacing the ballots that add most is best, so this is
    exact for scores that are sums over ballots.
    """
    order = np.argsort(-differences, axis=0, kind="stable")
    gains = np.take_along_axis(differences, order, axis=0) + reach
    times = counts[order]
    gained = np.cumsum(gains * times, axis=0)
    lead = counts @ differences
    short = gained < lead - 1e-9 * max(1.0, float(np.abs(lead).max(initial=0)))
    row = np.minimum(short.sum(axis=0), len(counts) - 1)
    pick = (row, np.arange(differences.shape[1]))
    before = gained[pick] - gains[pick] * times[pick]
    used = np.cumsum(times, axis=0)[pick] - times[pick]
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.ceil(np.round((lead - before) / gains[pick], 9))
    fewest: IntVector = np.maximum(1, used + np.nan_to_num(needed, nan=0.0)).astype(np.int64)
    return fewest
