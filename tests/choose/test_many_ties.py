"""What happens where following every way to break ties would take too long: it is said."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.choose import RULES, elimination, ranked_pairs
from acuerdo.domain.ballots import Ballots
from tests.choose.elections import ranked


def everybody_for_themselves(candidates: int) -> Ballots:
    """One ballot for each candidate, the others following in a circle."""
    ranks = (np.arange(candidates)[None, :] - np.arange(candidates)[:, None]) % candidates
    names = tuple(f"candidate {column}" for column in range(candidates))
    return Ballots(ranks, names, np.ones(candidates, dtype=np.int64))


def test_twelve_equal_candidates_are_followed_in_every_universe() -> None:
    choice = RULES["instant_runoff"].choose(everybody_for_themselves(12), np.random.default_rng(0))
    assert choice.winners == tuple(range(12))
    assert choice.note == ""


def test_thirteen_equal_candidates_tie_without_following_universes() -> None:
    choice = RULES["instant_runoff"].choose(everybody_for_themselves(13), np.random.default_rng(0))
    assert choice.winners == tuple(range(13))
    assert choice.note.startswith("So many candidates tied for elimination")


def test_tied_candidates_go_out_together_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without B, A beats C; without A, C beats B.
    ballots = ranked("A>C>B", "B>A>C", "C>A>B", counts=[2, 2, 3])
    everywhere = RULES["instant_runoff"].choose(ballots, np.random.default_rng(0))
    monkeypatch.setattr(elimination, "UNIVERSES", 1)
    together = RULES["instant_runoff"].choose(ballots, np.random.default_rng(0))
    assert everywhere.ranking == ((0, 2), (1,))
    assert together.ranking == ((2,), (0, 1))
    assert together.note


def test_ranked_pairs_says_whom_it_could_not_decide_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ballots = everybody_for_themselves(4)
    assert RULES["ranked_pairs"].choose(ballots, np.random.default_rng(0)).winners == (0, 1, 2, 3)
    monkeypatch.setattr(ranked_pairs, "STEPS", 1)
    choice = RULES["ranked_pairs"].choose(ballots, np.random.default_rng(0))
    assert choice.note == "Too many tied pairs to tell whether 4 more could win."
    assert choice.winners


def test_order_below_the_winner_of_ranked_pairs_is_the_locked_one() -> None:
    # B beats C by 3, C beats D by 5; D beats B by 1, which would close the circle.
    ballots = ranked("A>B>C>D", "A>C>D>B", "A>D>B>C", counts=[4, 3, 2])
    choice = RULES["ranked_pairs"].choose(ballots, np.random.default_rng(0))
    assert choice.ranking == ((0,), (1,), (2,), (3,))
