"""Rules that read ratings as grades: approval, majority judgement."""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.choose.counting import Tally, ranking_from_keys
from acuerdo.choose.pairwise import count_ballots, first_places, rank_columns
from acuerdo.choose.ratings import Rated, sorted_ratings
from acuerdo.domain.ballots import TIE_TOLERANCE, Ballots, levels

APPROVAL_THRESHOLD: Final = 5.0
"""From "somewhat agree" on the 1-7 scale."""


def approval(ballots: Ballots, threshold: float = APPROVAL_THRESHOLD) -> Tally:
    """Count ballots that rate a candidate at least `threshold`; a missing rating approves nobody.

    Rankings alone say what is approved only if no ballot has more than two levels, those it leaves
    out counted as one: then the first level is approved.
    """
    if ballots.ratings is not None:
        approved = threshold - TIE_TOLERANCE <= ballots.ratings.T
    elif _two_levels_at_most(ballots):
        approved = first_places(rank_columns(ballots))
    else:
        return Tally((), note="Approval needs ratings, or ballots of two levels at most.")
    scores = tuple(count_ballots(approved, ballots.counts).astype(float).tolist())
    return Tally(levels(scores), scores)


def _two_levels_at_most(ballots: Ballots) -> bool:
    ranks = ballots.ranks
    lowest, highest = ranks.min(axis=1, keepdims=True), ranks.max(axis=1, keepdims=True)
    return not ((ranks != lowest) & (ranks != highest)).any()


def majority_judgement(rated: Rated) -> Tally:
    """Order candidates by their median grade (the lower one of two in the middle).

    Equal ones: take the median grade of each away once and compare the new medians, until they
    differ (Balinski and Laraki 2011). The grades taken away walk outwards from the middle of a
    candidate's sorted grades, so comparing pairs of (lower, upper) grades does the same. The score
    is the median grade.
    """
    grades = sorted_ratings(rated)
    lower, upper = (rated.voters - 1) // 2, rated.voters // 2
    # Only where some candidate's grade changes can a pair differ from the pair before.
    steps = np.concatenate(([0], lower + 1 - grades.changes, grades.changes - upper))
    steps = np.unique(steps[(steps >= 0) & (steps <= lower)])
    pairs = np.stack((grades.at(lower - steps), grades.at(upper + steps)), axis=1)
    keys = pairs.reshape(-1, pairs.shape[-1])
    return Tally(ranking_from_keys(keys), tuple(keys[0].tolist()))
