"""Ratings as welfare functions and grading rules read them.

A ballot that does not rate every candidate abstains: filling in a rating would decide for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from acuerdo.choose.counting import Tally
from acuerdo.domain.ballots import TIE_TOLERANCE, Ballots, FloatMatrix, IntMatrix, IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """Ratings without gaps, shape (rows, candidates), higher is better, and ballots per row."""

    ratings: FloatMatrix
    counts: IntVector

    @property
    def voters(self) -> int:
        """Number of ballots."""
        return int(self.counts.sum())


def on_full_ratings(count: Callable[[Rated], Tally]) -> Callable[[Ballots], Tally]:
    """Turn a way of counting full ratings into one that takes any ballots and tells of gaps."""

    def counted(ballots: Ballots) -> Tally:
        if ballots.ratings is None:
            return Tally((), note="This rule needs ratings; these ballots only rank.")
        complete = ~np.isnan(ballots.ratings).any(axis=1)
        if not complete.any():
            return Tally((), note="No ballot rates every candidate.")
        rated = Rated(ballots.ratings[complete], ballots.counts[complete])
        left_out = ballots.size - rated.voters
        note = (
            f"{left_out} of {ballots.size} ballots do not rate every candidate and were left out."
            if left_out
            else ""
        )
        return replace(count(rated), note=note, voters=rated.voters)

    return counted


@dataclass(frozen=True, slots=True, eq=False)
class SortedRatings:
    """Each candidate's ratings in rising order; both arrays have shape (candidates, rows).

    `upto[candidate, row]` is the number of ballots up to and including that row.
    """

    values: FloatMatrix
    upto: IntMatrix

    @property
    def changes(self) -> IntVector:
        """Positions (0 is the worst-off ballot) at which some candidate's next row begins."""
        return np.unique(self.upto[:, :-1])

    def at(self, positions: IntVector) -> FloatMatrix:
        """Return the ratings at these positions; shape (positions, candidates)."""
        rows = [np.searchsorted(upto, positions, side="right") for upto in self.upto]
        return np.take_along_axis(self.values, np.stack(rows), axis=1).T


def sorted_ratings(rated: Rated) -> SortedRatings:
    """Sort every candidate's ratings, rounded to `TIE_TOLERANCE` so that equal is exactly equal."""
    ratings = np.ascontiguousarray(rated.ratings.T)
    steps = np.round(ratings / TIE_TOLERANCE) * TIE_TOLERANCE
    order = np.argsort(steps, axis=1)
    return SortedRatings(
        values=np.take_along_axis(steps, order, axis=1),
        upto=np.cumsum(rated.counts[order], axis=1),
    )
