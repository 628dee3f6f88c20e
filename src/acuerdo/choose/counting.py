"""The frame every rule of this room hangs in: count, rank, break the tie, say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np

from acuerdo.choose.ties import break_tie
from acuerdo.domain.ballots import Ballots, BoolMatrix, Choice, FloatMatrix, IntMatrix, LevelRanking


@dataclass(frozen=True, slots=True)
class Tally:
    """What counting gives, before any tie is broken.

    The first level of `ranking` are the winners; an empty ranking means that the rule does not
    apply, and `note` says why. `voters` is the number of ballots counted, None for all of them.
    """

    ranking: LevelRanking
    scores: tuple[float, ...] = ()
    note: str = ""
    voters: int | None = None


@dataclass(frozen=True, slots=True)
class CountingRule:
    """A rule made from a way of counting; satisfies the `Rule` port.

    `count` is only called with at least one ballot and one candidate.
    """

    name: str
    needs: Literal["rankings", "ratings"]
    count: Callable[[Ballots], Tally]

    def choose(self, ballots: Ballots, rng: np.random.Generator) -> Choice:
        """Return all winners, the whole ranking, and one winner with `rng` breaking the tie."""
        if not ballots.names or not ballots.size:
            missing = "candidates to choose from" if ballots.size else "ballots to count"
            return self._nothing(f"There are no {missing}.")
        tally = self.count(ballots)
        if not tally.ranking:
            return self._nothing(tally.note)
        winners = tally.ranking[0]
        broken = break_tie(winners, ballots, rng)
        return Choice(
            rule=self.name,
            winners=winners,
            winner=broken.winner,
            ranking=tally.ranking,
            voters=ballots.size if tally.voters is None else tally.voters,
            scores=tally.scores,
            tie_break=broken.how,
            note=tally.note,
        )

    def _nothing(self, note: str) -> Choice:
        return Choice(self.name, winners=(), winner=None, ranking=(), voters=0, note=note)


def ranking_from_defeats(beats: BoolMatrix) -> LevelRanking:
    """Peel a relation without cycles: first those nobody beats, then those only they beat, ...

    >>> ranking_from_defeats(np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0]], dtype=bool))
    ((0, 2), (1,))
    """
    left = np.arange(len(beats))
    ranking: list[tuple[int, ...]] = []
    while left.size:
        unbeaten = ~beats[np.ix_(left, left)].any(axis=0)
        ranking.append(tuple(left[unbeaten].tolist()))
        left = left[~unbeaten]
    return tuple(ranking)


def ranking_from_keys(keys: FloatMatrix | IntMatrix) -> LevelRanking:
    """Order candidates by the first key, equal ones by the second, ...; higher is better.

    `keys` has shape (keys, candidates).

    >>> ranking_from_keys(np.array([[3, 1, 3], [0, 9, 2]]))
    ((2,), (0,), (1,))
    """
    columns = [tuple(column) for column in keys.T.tolist()]
    order = sorted(range(len(columns)), key=columns.__getitem__, reverse=True)
    return tuple(tuple(sorted(level)) for _, level in groupby(order, key=columns.__getitem__))


def ranking_from_places(place: IntMatrix) -> LevelRanking:
    """Put candidates with the same place on one level; lower places are better."""
    return tuple(
        tuple(np.flatnonzero(place == level).tolist()) for level in np.unique(place).tolist()
    )
