"""How one winner is drawn where a rule leaves several, with a seed that can be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from acuerdo.domain.ballots import UNRANKED, Ballots


@dataclass(frozen=True, slots=True)
class BrokenTie:
    """The candidate left over and a few words on how; `how` is "" where there was no tie."""

    winner: int
    how: str


def break_tie(tied: Sequence[int], ballots: Ballots, rng: np.random.Generator) -> BrokenTie:
    """Let ballots drawn at random decide among `tied`, then pure chance.

    The tie-breaking ranking of the candidates (TBRC) of Schulze 2011, as far as one winner needs
    it: each drawn ballot keeps those it ranks highest; whom it left out stands below whom it
    ranks. Nothing is drawn where there is no tie.
    """
    left = np.array(sorted(tied))
    if left.size == 1:
        return BrokenTie(int(left[0]), "")
    for drawn, row in enumerate(_random_order(ballots, rng), start=1):
        ranks = ballots.ranks[row, left]
        ranked = ranks != UNRANKED
        if ranked.any():
            left = left[ranked & (ranks == ranks[ranked].min())]
        if left.size == 1:
            return BrokenTie(int(left[0]), _told(drawn))
    return BrokenTie(int(rng.choice(left)), "no ballot tells them apart, so drawn at random")


def _random_order(ballots: Ballots, rng: np.random.Generator) -> list[int]:
    """Order rows as they first turn up when single ballots are drawn without replacement.

    An exponential race: the first row to arrive wins with a chance proportional to its count, and
    so does the next one among those left.
    """
    arrivals = rng.exponential(size=len(ballots.counts)) / ballots.counts
    return [int(row) for row in np.argsort(arrivals, kind="stable")]


def _told(drawn: int) -> str:
    if drawn == 1:
        return "decided by a ballot drawn at random"
    return f"decided by {drawn} different ballots drawn at random"
