"""Approval and majority judgement."""

from __future__ import annotations

import math

import numpy as np

from acuerdo.choose import rule_named
from acuerdo.domain.ballots import Ballots, Choice
from tests.choose.elections import ranked, rated


def choose(name: str, ballots: Ballots) -> Choice:
    return rule_named(name).choose(ballots, np.random.default_rng(0))


def test_approval_counts_ratings_from_the_threshold_on() -> None:
    ballots = rated([[5, 4.9, 7], [5, 6, 1]], counts=[2, 1])
    assert choose("approval", ballots).scores == (3, 1, 2)
    assert choose("approval:6", ballots).scores == (0, 1, 2)


def test_missing_rating_approves_nobody() -> None:
    assert choose("approval", rated([[math.nan, 6], [6, 6]])).scores == (1, 2)


def test_two_levels_of_a_ranking_are_approval() -> None:
    choice = choose("approval", ranked("AB", "B", "AC", counts=[2, 1, 1]))
    assert (choice.scores, choice.winners) == ((3, 3, 1), (0, 1))


def test_ballot_that_ranks_nobody_approves_nobody() -> None:
    ballots = Ballots(np.array([[-1, -1], [0, -1]]), ("A", "B"), np.array([4, 1]))
    assert choose("approval", ballots).scores == (1, 0)


def test_finer_rankings_are_not_approval() -> None:
    choice = choose("approval", ranked("A>B>C", "A"))
    assert choice.winner is None
    assert choice.note == "Approval needs ratings, or ballots of two levels at most."


def test_lower_median_decides() -> None:
    choice = choose("majority_judgement", rated([[7, 4], [3, 4], [7, 4], [3, 5]]))
    assert choice.scores == (3, 4)
    assert choice.winners == (1,)


def test_equal_medians_are_taken_away_until_they_differ() -> None:
    # Medians taken away: A 4 4 2 6, B 4 4 3 5, C 4 4 3 6.
    choice = choose("majority_judgement", rated([[2, 3, 3], [4, 4, 4], [4, 4, 4], [6, 5, 6]]))
    assert choice.ranking == ((2,), (1,), (0,))


def test_counts_stand_for_ballots_in_the_median() -> None:
    once = rated([[2, 3], [6, 3], [6, 3]])
    counted = rated([[2, 3], [6, 3]], counts=[1, 2])
    assert choose("majority_judgement", counted).ranking == ((0,), (1,))
    assert choose("majority_judgement", once).ranking == ((0,), (1,))


def test_grades_far_below_the_middle_count_in_the_end() -> None:
    ballots = rated([[1, 2], [4, 4]], counts=[1, 8])
    assert choose("majority_judgement", ballots).ranking == ((1,), (0,))


def test_grades_far_above_the_middle_count_in_the_end() -> None:
    ballots = rated([[4, 4], [6, 5]], counts=[8, 1])
    assert choose("majority_judgement", ballots).ranking == ((0,), (1,))
