"""Ties are broken by ballots drawn at random, then by chance, the same way for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np

from acuerdo.choose import break_tie
from tests.choose.elections import ranked

DRAWS = 4000


def shares(counts: Counter[int], total: int) -> dict[int, float]:
    return {candidate: count / total for candidate, count in counts.items()}


def test_single_winner_needs_no_draw() -> None:
    rng = np.random.default_rng(1)
    broken = break_tie([1], ranked("A>B"), rng)
    assert (broken.winner, broken.how) == (1, "")
    assert rng.random() == np.random.default_rng(1).random()


def test_same_seed_gives_same_winner() -> None:
    ballots = ranked("A>B>C", "B>C>A", "C>A>B")
    drawn = {break_tie([0, 1, 2], ballots, np.random.default_rng(5)).winner for _ in range(9)}
    assert len(drawn) == 1


def test_every_single_ballot_is_as_likely_to_decide() -> None:
    ballots = ranked("A>B", "B>A", counts=[3, 1])
    rng = np.random.default_rng(2)
    drawn = Counter(break_tie([0, 1], ballots, rng).winner for _ in range(DRAWS))
    assert abs(shares(drawn, DRAWS)[0] - 3 / 4) < 0.02


def test_first_ballot_narrows_and_the_next_decides() -> None:
    ballots = ranked("AB>C", "C>B>A")
    rng = np.random.default_rng(3)
    told = Counter(
        (broken.winner, broken.how)
        for broken in (break_tie([0, 1, 2], ballots, rng) for _ in range(DRAWS))
    )
    assert set(told) == {
        (1, "decided by 2 different ballots drawn at random"),
        (2, "decided by a ballot drawn at random"),
    }


def test_unranked_candidates_stand_below_ranked_ones() -> None:
    ballots = ranked("B", "A>B>C", counts=[10**6, 1])
    assert break_tie([0, 1], ballots, np.random.default_rng(4)).winner == 1


def test_chance_decides_evenly_where_no_ballot_does() -> None:
    ballots = ranked("ABC")
    rng = np.random.default_rng(6)
    broken = [break_tie([0, 1, 2], ballots, rng) for _ in range(DRAWS)]
    assert {b.how for b in broken} == {"no ballot tells them apart, so drawn at random"}
    for share in shares(Counter(b.winner for b in broken), DRAWS).values():
        assert abs(share - 1 / 3) < 0.03
