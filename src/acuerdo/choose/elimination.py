"""Instant runoff: the candidate with the fewest first places drops out, again and again."""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.choose.counting import Tally, ranking_from_places
from acuerdo.choose.pairwise import RankColumns, count_ballots, first_places, rank_columns
from acuerdo.domain.ballots import Ballots, IntVector

UNIVERSES: Final = 1000
"""How many different sets of remaining candidates are followed before ties go out together."""


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
    place = np.full(len(columns), len(columns), dtype=np.int64)
    everybody = tuple(range(len(columns)))
    seen, waiting = {everybody}, [everybody]
    while waiting:
        left = np.array(waiting.pop())
        support = count_ballots(first_places(columns[left]), counts)
        if left.size == 1 or not support.any():
            place[left] = 1
            continue
        last = np.flatnonzero(support == support.min())
        unsupported = support.min() == 0
        out = left[last]
        place[out] = np.minimum(place[out], left.size - (last.size if unsupported else 1) + 1)
        leaving = [last] if unsupported else last
        rests = {tuple(np.delete(left, gone).tolist()) for gone in leaving} - seen
        seen |= rests
        waiting.extend(rests)
        if len(seen) > UNIVERSES:
            return None
    return place


def _places_when_ties_go_together(columns: RankColumns, counts: IntVector) -> IntVector:
    place = np.ones(len(columns), dtype=np.int64)
    left = np.arange(len(columns))
    while True:
        support = count_ballots(first_places(columns[left]), counts)
        fewest = support == support.min()
        if fewest.all():
            return place
        place[left[fewest]] = left.size - int(fewest.sum()) + 1
        left = left[~fewest]
