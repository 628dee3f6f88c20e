"""Rules that look at one-against-one comparisons: Schulze, split cycle, minimax, Copeland."""

from __future__ import annotations

import numpy as np

from acuerdo.choose.counting import Tally, ranking_from_defeats
from acuerdo.choose.pairwise import (
    Strength,
    defeats,
    preferences,
    split_cycle_defeats,
    widest_paths,
)
from acuerdo.domain.ballots import Ballots, levels


def schulze(ballots: Ballots, strength: Strength = "winning_votes") -> Tally:
    """Put `a` before `b` where the strongest path from `a` to `b` is stronger than any back.

    Schulze 2011, doi:10.1007/s00355-010-0475-4. The relation has no cycles but may leave pairs
    open; the ranking peels it level by level.
    """
    paths = widest_paths(defeats(preferences(ballots), strength))
    return Tally(ranking_from_defeats(paths > paths.T))


def split_cycle(ballots: Ballots, strength: Strength = "margins") -> Tally:
    """Drop the weakest defeat of every majority cycle; whoever is still undefeated wins.

    Holliday and Pacuit 2023, doi:10.1007/s11127-022-01018-4. The ranking peels the defeats left.
    """
    return Tally(ranking_from_defeats(split_cycle_defeats(defeats(preferences(ballots), strength))))


def minimax(ballots: Ballots, strength: Strength = "winning_votes") -> Tally:
    """Order candidates by their worst defeat; the score is its strength, negated, 0 for none."""
    worst = defeats(preferences(ballots), strength).max(axis=0)
    scores = tuple((-worst).astype(float).tolist())
    return Tally(levels(scores), scores)


def copeland(ballots: Ballots) -> Tally:
    """Order candidates by one-against-one wins, a tie counting half."""
    preferred = preferences(ballots)
    won = (preferred > preferred.T).sum(axis=1)
    tied = (preferred == preferred.T).sum(axis=1) - 1
    scores = tuple(np.add(won, tied / 2).tolist())
    return Tally(levels(scores), scores)
