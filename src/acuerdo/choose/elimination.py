"""Instant runoff: the candidate with the fewest first places drops out, again and again."""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.choose.counting import Tally, ranking_from_places
from acuerdo.choose.pairwise import RankColumns, count_ballots, first_places, rank_columns
from acuerdo.domain.ballots import Ballots, BoolMatrix, IntMatrix, IntVector

UNIVERSES: Final = 5000
"""How many different sets of remaining candidates are followed before ties go out together."""

_RANKS_AT_ONCE: Final = 2**20


def instant_runoff(ballots: Ballots) -> Tally:
    """Follow every order in which ties for elimination could be broken; all that survive one win.

    These are the parallel universes of Conitzer, Rognlie and Xia 2009 (IJCAI, "Preference functions
    that score rankings and maximum likelihood estimation"). A ballot supports *all* candidates it
    ranks highest among those left (approval-IRV, Delemazure and Peters 2024, arXiv 2404.11407);
    candidates without support go out together, which no order could change. A candidate's place
    is the best it reaches in any universe: the number of candidates left when it goes out. Where
    more than `UNIVERSES` sets would have to be followed, tied candidates go out together.
    """
    columns = rank_columns(ballots)
    place = _best_places(columns, ballots.counts)
    if place is not None:
        return Tally(ranking_from_places(place))
    return Tally(
        ranking_from_places(_places_when_ties_go_together(columns, ballots.counts)),
        note="So many candidates tied for elimination that tied ones had to go out together.",
    )


def _best_places(columns: RankColumns, counts: IntVector) -> IntVector | None:
    """Follow all universes, fuller ones first and equal ones once; None if there are too many.

    A universe is a row of flags: which candidates are left.
    """
    candidates = len(columns)
    place = np.full(candidates, candidates, dtype=np.int64)
    waiting = np.ones((1, candidates), dtype=np.bool_)
    followed = 0
    while len(waiting):
        sizes = waiting.sum(axis=1)
        fullest = sizes == sizes.max()
        left = waiting[fullest]
        if len(left) > 1:
            left = np.unique(left, axis=0)
        followed += len(left)
        if followed > UNIVERSES:
            return None
        support = _support(columns, counts, left)
        decided = (support == 0).all(axis=1) | (sizes.max() == 1)
        place[left[decided].any(axis=0)] = 1
        rests = _after_elimination(left[~decided], support[~decided], place)
        waiting = np.concatenate((waiting[~fullest], rests))
    return place


def _support(columns: RankColumns, counts: IntVector, left: BoolMatrix) -> IntMatrix:
    """Count the ballots that rank each candidate highest; shape (universes, candidates)."""
    present = np.flatnonzero(left.any(axis=0))
    nobody = np.iinfo(columns.dtype).max
    support = np.zeros(left.shape, dtype=np.int64)
    step = max(1, _RANKS_AT_ONCE // (present.size * columns.shape[1]))
    for start in range(0, len(left), step):
        some = slice(start, start + step)
        here = left[some][:, present, None]
        ranks = columns[present][None] if here.all() else np.where(here, columns[present], nobody)
        support[some, present] = count_ballots(first_places(ranks), counts)
    return support


def _after_elimination(left: BoolMatrix, support: IntMatrix, place: IntVector) -> BoolMatrix:
    """Return the universes that follow, and write better places reached into `place`."""
    fewest = np.where(left, support, np.iinfo(np.int64).max).min(axis=1)
    last = left & (support == fewest[:, None])
    unsupported = fewest == 0
    rows, out = np.nonzero(last & ~unsupported[:, None])
    one_less = left[rows]
    one_less[np.arange(rows.size), out] = False
    several_less = left[unsupported] & ~last[unsupported]
    np.minimum.at(place, out, left.sum(axis=1)[rows])
    rows, out = np.nonzero(last[unsupported])
    np.minimum.at(place, out, several_less.sum(axis=1)[rows] + 1)
    return np.concatenate((one_less, several_less))


def _places_when_ties_go_together(columns: RankColumns, counts: IntVector) -> IntVector:
    place = np.ones(len(columns), dtype=np.int64)
    left = np.ones((1, len(columns)), dtype=np.bool_)
    while True:
        support = _support(columns, counts, left)
        last = left & (support == support[left].min())
        left = left & ~last
        if not left.any():
            return place
        place[last[0]] = left.sum() + 1
