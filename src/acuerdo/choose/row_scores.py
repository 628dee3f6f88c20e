"""What a single ballot adds to each candidate's score, for rules whose scores are sums."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from acuerdo.choose.grades import APPROVAL_THRESHOLD
from acuerdo.choose.pairwise import first_places, rank_columns
from acuerdo.choose.replacing import positions
from acuerdo.domain.ballots import TIE_TOLERANCE, Ballots, FloatMatrix
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN


@dataclass(frozen=True, slots=True, eq=False)
class RowScores:
    """`points` (rows, candidates) of one ballot of each row, and the most that one ballot can put
    between two candidates."""

    points: FloatMatrix
    reach: float


def row_scores(rule: str, ballots: Ballots) -> RowScores | None:
    """Return the points each ballot gives, None if the rule's scores are not sums over ballots."""
    name, _, parameter = rule.partition(":")
    if name == "plurality":
        first = first_places(rank_columns(ballots)).T
        return RowScores(first / np.maximum(first.sum(axis=1, keepdims=True), 1), 1.0)
    if name == "borda":
        return RowScores(borda_points(ballots), float(len(ballots.names) - 1))
    if name == "approval":
        threshold = float(parameter) if parameter else APPROVAL_THRESHOLD
        return RowScores(_approved(ballots, threshold), 1.0)
    aversions = {"utilitarian": 0.0, "bernoulli_nash": 1.0}
    if name in aversions or name == "isoelastic":
        return _welfare_points(ballots, aversions[name] if name in aversions else float(parameter))
    return None


def borda_points(ballots: Ballots) -> FloatMatrix:
    """Count for every ballot how many candidates are below each one, ties as one half.

    Shape (rows, candidates). Counts levels instead of pairs: linear in the size of the ballots.
    """
    places = positions(ballots)
    rows, candidates = places.shape
    levels = candidates + 1
    cells = np.minimum(places, candidates) + levels * np.arange(rows)[:, None]
    on_level = np.bincount(cells.ravel(), minlength=rows * levels).reshape(rows, levels)
    below = candidates - np.cumsum(on_level, axis=1)
    same = np.take_along_axis(on_level, np.minimum(places, candidates), axis=1)
    under = np.take_along_axis(below, np.minimum(places, candidates), axis=1)
    return under + (same - 1) / 2


def _approved(ballots: Ballots, threshold: float) -> FloatMatrix:
    if ballots.ratings is None:
        return first_places(rank_columns(ballots)).T.astype(np.float64)
    return (ballots.ratings >= threshold - TIE_TOLERANCE).astype(np.float64)


def _welfare_points(ballots: Ballots, aversion: float) -> RowScores | None:
    """Isoelastic utility of each rating; ballots with gaps abstain and give nothing."""
    if ballots.ratings is None or math.isinf(aversion):
        return None
    complete = ~np.isnan(ballots.ratings).any(axis=1, keepdims=True)
    ratings = np.where(complete, ballots.ratings, 1.0)
    ends = np.array([LIKERT_MIN, LIKERT_MAX], dtype=np.float64)
    points, lowest, highest = (
        _utility(ratings, aversion),
        *_utility(ends[:, None], aversion).ravel(),
    )
    return RowScores(np.where(complete, points, 0.0), float(highest - lowest))


def _utility(ratings: FloatMatrix, aversion: float) -> FloatMatrix:
    """u^(1-a) / (1-a), and log u for a = 1: rising in u, sums order candidates as W_a does."""
    if aversion == 1:
        return np.log(ratings)
    return ratings ** (1 - aversion) / (1 - aversion)
