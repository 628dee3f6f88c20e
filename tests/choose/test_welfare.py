"""Welfare functions: numbers derived by hand, limits, gaps in the ratings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.choose import RULES, rule_named
from acuerdo.domain.ballots import Ballots, Choice
from tests.choose.elections import ranked, rated

TWO_PEOPLE = [[1.0, 3.0, 4.0], [7.0, 4.0, 4.0]]


def choose(name: str, ballots: Ballots) -> Choice:
    return rule_named(name).choose(ballots, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("name", "scores"),
    [
        ("utilitarian", [4, 3.5, 4]),
        ("bernoulli_nash", [math.sqrt(7), math.sqrt(12), 4]),
        ("isoelastic:2", [2 / (1 + 1 / 7), 2 / (1 / 3 + 1 / 4), 4]),
        ("isoelastic:0.5", [((1 + math.sqrt(7)) / 2) ** 2, ((math.sqrt(3) + 2) / 2) ** 2, 4]),
        ("rawlsian", [1, 3, 4]),
        ("gini", [(3 * 1 + 7) / 4, (3 * 3 + 4) / 4, 4]),
        ("gini:3", [(7 * 1 + 7) / 8, (7 * 3 + 4) / 8, 4]),
        ("leximin", [1, 3, 4]),
    ],
)
def test_scores_derived_by_hand(name: str, scores: list[float]) -> None:
    assert list(choose(name, rated(TWO_PEOPLE)).scores) == pytest.approx(scores, rel=1e-12)


def test_equal_means_are_a_tie_to_the_utilitarian_only() -> None:
    assert choose("utilitarian", rated(TWO_PEOPLE)).winners == (0, 2)
    assert choose("bernoulli_nash", rated(TWO_PEOPLE)).winners == (2,)


def test_leximin_asks_the_second_worst_off_where_the_worst_off_are_equal() -> None:
    ballots = rated([[2, 2, 2], [3, 5, 5], [7, 5, 6]])
    assert choose("rawlsian", ballots).winners == (0, 1, 2)
    assert choose("leximin", ballots).ranking == ((2,), (1,), (0,))


def test_leximin_counts_ballots_where_runs_of_equal_ratings_differ() -> None:
    ballots = rated([[1, 2], [2, 1], [2, 1]], counts=[3, 2, 2])
    assert choose("leximin", ballots).ranking == ((0,), (1,))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    ratings=st.lists(st.floats(1, 7), min_size=1, max_size=6),
    aversion=st.floats(0, 50),
    step=st.floats(0, 5),
)
def test_welfare_falls_with_aversion_and_stays_between_minimum_and_mean(
    ratings: list[float], aversion: float, step: float
) -> None:
    ballots = rated([[rating] for rating in ratings])
    tolerant = choose(f"isoelastic:{aversion!r}", ballots).scores[0]
    averse = choose(f"isoelastic:{aversion + step!r}", ballots).scores[0]
    assert min(ratings) - 1e-9 <= averse <= tolerant + 1e-9
    assert tolerant <= sum(ratings) / len(ratings) + 1e-9


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9, 1e-12, -1e-12, -1e-6])
def test_no_jump_at_the_geometric_mean(gap: float) -> None:
    near = choose(f"isoelastic:{1 + gap!r}", rated(TWO_PEOPLE)).scores
    at = choose("bernoulli_nash", rated(TWO_PEOPLE)).scores
    assert list(near) == pytest.approx(list(at), abs=abs(gap) * 10 + 1e-12)


def test_welfare_near_the_geometric_mean_still_depends_on_aversion() -> None:
    below, at, above = (
        choose(f"isoelastic:{aversion}", rated(TWO_PEOPLE)).scores[0]
        for aversion in (0.9999, 1, 1.0001)
    )
    # dW/da at a = 1 is -W/2 times the variance of the logarithms, here (log 7 / 2)^2.
    slope = -at / 2 * (math.log(7) / 2) ** 2
    assert (above - below) / 0.0002 == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize("aversion", [1e3, 1e6, 1e300])
def test_large_aversion_reaches_the_minimum_without_overflow(aversion: float) -> None:
    scores = choose(f"isoelastic:{aversion!r}", rated(TWO_PEOPLE)).scores
    assert list(scores) == pytest.approx([1, 3, 4], rel=2 / aversion**0.99)


@pytest.mark.parametrize("name", ["utilitarian", "leximin", "gini", "majority_judgement"])
def test_ballots_with_gaps_abstain_and_the_note_says_so(name: str) -> None:
    ballots = rated([[5, 4], [math.nan, 7], [5, 4]], counts=[1, 5, 2])
    choice = choose(name, ballots)
    assert (choice.winners, choice.voters) == ((0,), 3)
    assert choice.note == "5 of 8 ballots do not rate every candidate and were left out."


@pytest.mark.parametrize("name", [name for name in RULES if RULES[name].needs == "ratings"])
def test_rankings_alone_are_not_enough(name: str) -> None:
    choice = choose(name, ranked("A>B>C", "C>B>A"))
    assert (choice.winners, choice.winner, choice.ranking) == ((), None, ())
    assert "needs ratings" in choice.note


def test_nothing_is_decided_where_every_ballot_has_a_gap() -> None:
    choice = choose("utilitarian", rated([[math.nan, 4], [5, math.nan]]))
    assert (choice.winner, choice.note) == (None, "No ballot rates every candidate.")
