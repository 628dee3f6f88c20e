"""The veto core is exactly what no coalition blocks, also with ties, gaps and counted ballots."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acuerdo.choose import VetoCore, veto_core
from acuerdo.domain.ballots import Ballots, IntMatrix


def ballots_of(ranks: object, counts: object = None) -> Ballots:
    matrix = np.asarray(ranks, dtype=np.int64)
    times = np.ones(len(matrix), dtype=np.int64) if counts is None else np.asarray(counts)
    return Ballots(matrix, tuple("ABCDEFGH"[: matrix.shape[1]]), times.astype(np.int64))


def core_by_coalitions(ballots: Ballots) -> tuple[int, ...]:
    """Try every coalition against every candidate, straight from the definition."""
    ranks = np.repeat(ballots.ranks, ballots.counts, axis=0)
    voters, candidates = ranks.shape

    def prefers(voter: int, better: int, worse: int) -> bool:
        above, below = ranks[voter, better], ranks[voter, worse]
        return above >= 0 and (below < 0 or above < below)

    def blocked(candidate: int) -> bool:
        for size in range(1, voters + 1):
            vetoes = -(-candidates * size // voters) - 1
            for coalition in combinations(range(voters), size):
                better = sum(
                    all(prefers(voter, other, candidate) for voter in coalition)
                    for other in range(candidates)
                )
                if better and candidates - better <= vetoes:
                    return True
        return False

    return tuple(c for c in range(candidates) if not blocked(c))


@st.composite
def small_ballots(draw: st.DrawFn) -> Ballots:
    voters, candidates = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    ranks = draw(arrays(np.int64, (voters, candidates), elements=st.integers(-1, candidates - 1)))
    return ballots_of(ranks, draw(arrays(np.int64, voters, elements=st.integers(1, 2))))


@settings(deadline=None)
@given(small_ballots())
def test_the_core_is_what_no_coalition_blocks(ballots: Ballots) -> None:
    choice = VetoCore().choose(ballots, np.random.default_rng(0))
    assert choice.winners == core_by_coalitions(ballots)
    assert choice.winner in choice.winners
    assert sorted(c for level in choice.ranking for c in level) == list(range(len(ballots.names)))


@settings(deadline=None)
@given(small_ballots())
def test_the_flow_alone_decides_where_the_first_guess_is_poor(ballots: Ballots) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(veto_core, "_SCALINGS", 0)
        choice = VetoCore().choose(ballots, np.random.default_rng(0))
    assert choice.winners == core_by_coalitions(ballots)


@pytest.mark.slow
@settings(deadline=None, max_examples=5_000)
@given(small_ballots())
def test_the_core_is_what_no_coalition_blocks_at_length(ballots: Ballots) -> None:
    choice = VetoCore().choose(ballots, np.random.default_rng(0))
    assert choice.winners == core_by_coalitions(ballots)


def test_a_minority_keeps_its_veto() -> None:
    ballots = ballots_of([[0, 1, 2], [2, 0, 1]], [3, 2])
    choice = VetoCore().choose(ballots, np.random.default_rng(0))
    assert choice.winners == (1,), "two of five may veto A, three of five may veto C"
    assert choice.ranking[0] == (1,)
    assert choice.tie_break == ""


def test_the_tie_inside_the_core_goes_to_what_lasts_longest() -> None:
    ranks: IntMatrix = np.array([[3, 2, 1, 0], [2, 3, 0, 1], [3, 0, 2, 1]])
    choice = VetoCore().choose(ballots_of(ranks), np.random.default_rng(0))
    assert choice.winners == (2, 3)
    assert choice.winner == 3
    assert "veto by consumption" in choice.tie_break


def test_identical_ballots_count_as_often_as_they_were_cast() -> None:
    once = VetoCore().choose(ballots_of([[0, 1, 2], [2, 1, 0]], [4, 3]), np.random.default_rng(0))
    each = VetoCore().choose(
        ballots_of([[0, 1, 2]] * 4 + [[2, 1, 0]] * 3), np.random.default_rng(0)
    )
    assert once == each


def test_without_ballots_nothing_is_chosen() -> None:
    none = Ballots(np.zeros((0, 3), dtype=np.int64), ("A", "B", "C"), np.zeros(0, dtype=np.int64))
    choice = VetoCore().choose(none, np.random.default_rng(0))
    assert choice.winners == () and choice.winner is None and choice.note
