"""Several statements that represent the voters in proportion.

The guarantee is balanced justified representation (Fish and others, "Generative Social Choice",
2023, arXiv 2309.01291): the n ballots are assigned to the k statements of the slate in groups whose
sizes differ by one at most, and there is no group of ceil(n/k) ballots, no statement outside the
slate and no level u such that each of them gives the statement at least u and its own one less.

The greedy process of that paper reaches it: again and again pick the statement and the group of the
coming size whose least satisfied member is best off, assign the group and go on without it. (The
paper lets a slate repeat a statement, and then groups may claim statements on the slate as well.
Here all k statements differ: a group that wants one on the slate finds it there.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.choose.row_scores import borda_points
from acuerdo.domain.ballots import TIE_TOLERANCE, Ballots, FloatMatrix, IntVector
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_MIN

_MOST_CELLS: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Slate:
    """Columns in the order they were picked, and for every single ballot the column it got.

    `assignment` follows the rows of the ballots, each repeated as often as it counts.
    """

    columns: tuple[int, ...]
    assignment: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A group large enough for a statement of its own that prefers `column`, not on the slate.

    Each of these single ballots gives `column` at least `level` and its assigned one less.
    """

    column: int
    level: float
    ballots: tuple[int, ...]


def proportional_slate(ballots: Ballots, size: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Return `size` columns in ascending order; see `assigned_slate`."""
    return tuple(sorted(assigned_slate(ballots, size, rng).columns))


def assigned_slate(ballots: Ballots, size: int, rng: np.random.Generator) -> Slate:
    """Pick `size` columns that satisfy balanced justified representation, with the groups.

    Utilities are ratings where there are any (a missing one counts as 1), else the number of
    candidates a ballot ranks below, ties as one half. Groups differ in size by one ballot at most,
    the larger ones are served first. Ties between statements go to the higher mean utility in the
    group, then are drawn with `rng`; ties between ballots go to the one with least to expect
    elsewhere. Raises InputError for a size below 1 or above the number of candidates. Without
    ballots the columns are drawn.
    """
    candidates = len(ballots.names)
    if not 1 <= size <= candidates:
        raise InputError(
            f"a slate of {size} cannot be picked from {candidates} candidate(s)",
            fix=f"Ask for a slate of 1 to {candidates}.",
        )
    utilities = single_utilities(ballots)
    assignment = np.full(len(utilities), -1)
    columns: list[int] = []
    for group in _group_sizes(len(utilities), size):
        waiting = np.flatnonzero(assignment < 0)
        free = np.setdiff1d(np.arange(candidates), columns)
        column = int(free[_best_served(utilities[np.ix_(waiting, free)], group, rng)])
        columns.append(column)
        assignment[waiting[_keenest(utilities[waiting], column, group)]] = column
    return Slate(tuple(columns), tuple(assignment.tolist()))


def _group_sizes(voters: int, size: int) -> list[int]:
    """Split voters into groups that differ by one at most, larger ones first."""
    return [voters // size + (number < voters % size) for number in range(size)]


def _best_served(utilities: FloatMatrix, group: int, rng: np.random.Generator) -> int:
    """Return the column whose keenest `group` of ballots is served best, worst-off one first."""
    falling = -np.sort(-utilities, axis=0)[:group]
    keys = (falling[-1], falling.mean(axis=0)) if group else ()
    best = np.arange(utilities.shape[1])
    for key in keys:
        best = best[key[best] >= key[best].max() - TIE_TOLERANCE]
    return int(rng.choice(best))


def _keenest(utilities: FloatMatrix, column: int, group: int) -> IntVector:
    """Return the rows that rate the column highest; of equal ones, those with least elsewhere."""
    elsewhere = np.delete(utilities, column, axis=1).max(axis=1, initial=0.0)
    return np.lexsort((elsewhere, -utilities[:, column]))[:group]


def bjr_violations(
    ballots: Ballots, columns: Sequence[int], assignment: Sequence[int]
) -> list[Violation]:
    """Return every violation of balanced justified representation; none means it is satisfied.

    Exact and fast: for a statement and a level, the largest group with a claim consists of all
    ballots that give it at least the level and their own statement less. Raises ValueError if the
    assignment is not balanced or leaves the slate.
    """
    utilities = single_utilities(ballots)
    assigned = np.asarray(assignment, dtype=np.int64)
    sizes = [int((assigned == column).sum()) for column in columns]
    if sum(sizes) != len(utilities) or max(sizes) - min(sizes) > 1:
        raise ValueError("the assignment must be balanced and stay on the slate")
    needed = -(-len(utilities) // len(columns))
    own = utilities[np.arange(len(utilities)), assigned]
    return [
        Violation(column, float(level), tuple(np.flatnonzero(group).tolist()))
        for column in range(utilities.shape[1])
        if column not in columns
        for level in np.unique(utilities[:, column])
        for group in [(utilities[:, column] >= level) & (own < level - TIE_TOLERANCE)]
        if group.sum() >= needed
    ]


def single_utilities(ballots: Ballots) -> FloatMatrix:
    """Return utilities with one row for every single ballot; higher is better."""
    if ballots.size * len(ballots.names) > _MOST_CELLS:
        raise InputError(
            f"{ballots.size:,} ballots are too many for a slate of {len(ballots.names)} candidates",
            fix="Leave the slate out, or draw a sample of the ballots.",
        )
    if ballots.ratings is None:
        utilities = borda_points(ballots)
    else:
        utilities = np.where(np.isnan(ballots.ratings), LIKERT_MIN, ballots.ratings)
    return np.repeat(utilities, ballots.counts, axis=0)
