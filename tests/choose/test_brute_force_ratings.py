"""Every rule on ratings against a slow second writing of its definition, on random elections."""

from __future__ import annotations

import math

import numpy as np
import pytest

from acuerdo.choose import rule_named
from acuerdo.domain.ballots import Ballots
from tests.choose.elections import random_rated

ELECTIONS = 60


def winners(name: str, ballots: Ballots) -> set[int]:
    return set(rule_named(name).choose(ballots, np.random.default_rng(0)).winners)


def columns_of_ratings(ballots: Ballots) -> list[list[float]]:
    """Each candidate's ratings, one per ballot, worst first."""
    assert ballots.ratings is not None
    written_out = np.repeat(ballots.ratings, ballots.counts, axis=0)
    return [sorted(float(value) for value in column) for column in written_out.T]


def best(scores: list[float]) -> set[int]:
    return {column for column, score in enumerate(scores) if math.isclose(score, max(scores))}


def test_majority_judgement_takes_medians_away_one_by_one() -> None:
    rng = np.random.default_rng(9)
    for _ in range(ELECTIONS):
        ballots = random_rated(rng, 4, int(rng.integers(1, 7)))
        sequences = []
        for grades in columns_of_ratings(ballots):
            left = list(grades)
            sequences.append([left.pop((len(left) - 1) // 2) for _ in grades])
        expected = {c for c, sequence in enumerate(sequences) if sequence == max(sequences)}
        assert winners("majority_judgement", ballots) == expected, ballots


def test_leximin_compares_sorted_ratings() -> None:
    rng = np.random.default_rng(10)
    for _ in range(ELECTIONS):
        ballots = random_rated(rng, 4, int(rng.integers(1, 5)))
        ratings = columns_of_ratings(ballots)
        expected = {c for c, column in enumerate(ratings) if column == max(ratings)}
        assert winners("leximin", ballots) == expected, ballots


def test_gini_is_the_mean_times_one_minus_the_gini_coefficient() -> None:
    rng = np.random.default_rng(11)
    for _ in range(ELECTIONS):
        ballots = random_rated(rng, 4, int(rng.integers(1, 7)))
        expected = []
        for ratings in columns_of_ratings(ballots):
            mean = sum(ratings) / len(ratings)
            apart = sum(abs(a - b) for a in ratings for b in ratings)
            coefficient = apart / (2 * len(ratings) ** 2 * mean)
            expected.append(mean * (1 - coefficient))
        assert winners("gini", ballots) == best(expected), ballots


@pytest.mark.parametrize("aversion", [0.5, 2.0, 5.0])
def test_isoelastic_is_the_power_mean(aversion: float) -> None:
    rng = np.random.default_rng(12)
    for _ in range(ELECTIONS):
        ballots = random_rated(rng, 4, int(rng.integers(1, 7)))
        expected = [
            (sum(u ** (1 - aversion) for u in ratings) / len(ratings)) ** (1 / (1 - aversion))
            for ratings in columns_of_ratings(ballots)
        ]
        choice = rule_named(f"isoelastic:{aversion}").choose(ballots, rng)
        assert list(choice.scores) == pytest.approx(expected)
