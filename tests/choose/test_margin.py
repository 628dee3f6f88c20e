"""Margins are what brute force finds where they claim to be exact, and bounds elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations, combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acuerdo.choose import RULES
from acuerdo.choose.margin import margin_of_victory
from acuerdo.domain.ballots import Ballots, ranks_from_ratings
from acuerdo.ports import Rule

RNG = np.random.default_rng(0)


def ranked(ranks: object, counts: Sequence[int] | None = None) -> Ballots:
    matrix = np.asarray(ranks, dtype=np.int64)
    times = np.ones(len(matrix), dtype=np.int64) if counts is None else np.asarray(counts)
    return Ballots(matrix, tuple("ABCDEFGH"[: matrix.shape[1]]), times.astype(np.int64))


def rated(ratings: object, counts: Sequence[int] | None = None) -> Ballots:
    matrix = np.asarray(ratings, dtype=np.float64)
    ballots = ranked(ranks_from_ratings(matrix), counts)
    return Ballots(ballots.ranks, ballots.names, ballots.counts, matrix)


@cache
def new_ballots(kind: str, candidates: int) -> tuple[tuple[float, ...], ...]:
    """All weak orders, written as ratings; for rules that read ratings more of the scale."""
    values = (1.0, 4.0, 7.0) if kind == "rankings" else (1.0, 2.0, 4.0, 5.0, 6.0, 7.0)
    return tuple(product(values, repeat=candidates))


def by_brute_force(rule: Rule, ballots: Ballots, at_most: int) -> int | None:
    """Replace every choice of 1, 2, ... ballots by every choice of new ones."""
    assert ballots.ratings is not None
    winners = rule.choose(ballots, RNG).winners
    everyone = np.repeat(ballots.ratings, ballots.counts, axis=0)
    new = new_ballots(rule.needs, len(ballots.names))
    for number in range(1, at_most + 1):
        for rows in combinations(range(len(everyone)), number):
            for votes in combinations_with_replacement(new, number):
                changed = everyone.copy()
                changed[list(rows)] = votes
                if rule.choose(rated(changed), RNG).winners != winners:
                    return number
    return None


def check_against_brute_force(rule: Rule, ballots: Ballots, most_tried: int) -> None:
    margin = margin_of_victory(rule, ballots)
    assert margin.ballots is not None
    assert 1 <= margin.at_least <= margin.ballots <= ballots.size
    assert (margin.kind == "exact") == (margin.at_least == margin.ballots)
    true = by_brute_force(rule, ballots, min(most_tried, margin.ballots))
    if margin.kind == "exact":
        assert true == (margin.ballots if margin.ballots <= most_tried else None)
    elif true is not None:
        assert margin.at_least <= true <= margin.ballots
    else:
        assert margin.ballots > most_tried


RATINGS = st.integers(1, 7).map(float)
PROFILES = st.integers(1, 4).flatmap(lambda n: arrays(np.float64, (n, 3), elements=RATINGS))


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=20, deadline=None)
@given(ratings=PROFILES)
def test_margins_agree_with_brute_force(name: str, ratings: np.ndarray) -> None:
    check_against_brute_force(RULES[name], rated(ratings), most_tried=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
@settings(max_examples=150, deadline=None)
@given(ratings=PROFILES)
def test_margins_agree_with_brute_force_at_length(name: str, ratings: np.ndarray) -> None:
    check_against_brute_force(RULES[name], rated(ratings), most_tried=2)


def test_the_plurality_margin_makes_a_tie() -> None:
    ballots = ranked([[0, 1, 2, 3], [3, 0, 1, 2], [3, 2, 1, 0], [3, 2, 0, 1]], [42, 26, 17, 15])
    margin = margin_of_victory(RULES["plurality"], ballots)
    assert (margin.ballots, margin.kind) == (8, "exact"), "34 to 34 after eight ballots moved"
    assert not margin.fragile


@pytest.mark.parametrize("name", RULES)
def test_a_tie_of_two_is_one_ballot_from_being_decided(name: str) -> None:
    margin = margin_of_victory(RULES[name], rated([[5, 2, 1], [2, 5, 1], [5, 2, 1], [2, 5, 1]]))
    assert (margin.ballots, margin.kind, margin.fragile) == (1, "exact", True)


def test_one_person_can_always_veto_under_the_minimum() -> None:
    ratings = np.full((30, 4), 5.0)
    ratings[:, 0] = 6.5
    margin = margin_of_victory(RULES["rawlsian"], rated(ratings))
    assert (margin.ballots, margin.kind) == (1, "exact")


def test_gaps_in_ballots_are_counted_like_the_rule_counts_them() -> None:
    ballots = ranked([[0, -1, 1], [-1, 0, -1], [1, 0, 0]], [5, 2, 1])
    for name in ("borda", "plurality", "schulze", "minimax"):
        margin = margin_of_victory(RULES[name], ballots)
        assert margin.ballots is not None
        moved = ranked(
            [[0, -1, 1], [-1, 0, -1], [1, 0, 0], [2, 0, 1]],
            [5 - margin.ballots, 2, 1, margin.ballots],
        )
        assert RULES[name].choose(moved, RNG).winners != (0,)
        assert margin.kind == "exact" or name in ("schulze", "minimax")


@pytest.mark.parametrize("number", [5, 6])
def test_five_per_cent_are_fragile_and_more_are_not(number: int) -> None:
    ballots = ranked([[0, 1], [1, 0]], [50 + number, 50 - number])
    margin = margin_of_victory(RULES["plurality"], ballots)
    assert (margin.ballots, margin.fragile) == (number, number == 5)


def test_nothing_can_change_where_nothing_is_chosen() -> None:
    without_ratings = ranked([[0, 1], [1, 0]])
    alone = ranked([[0], [0]])
    nobody = Ballots(np.zeros((0, 2), dtype=np.int64), ("A", "B"), np.zeros(0, dtype=np.int64))
    for rule, ballots in [
        ("utilitarian", without_ratings),
        ("schulze", alone),
        ("schulze", nobody),
    ]:
        margin = margin_of_victory(RULES[rule], ballots)
        assert (margin.ballots, margin.kind, margin.fragile) == (None, "none", False)


@pytest.mark.parametrize("name", RULES)
def test_bounds_hold_together_for_many_voters(name: str) -> None:
    rng = np.random.default_rng(11)
    ratings = np.clip(rng.normal(4, 1.5, (300, 8)) + rng.normal(0, 0.3, 8), 1, 7)
    margin = margin_of_victory(RULES[name], rated(ratings))
    assert margin.ballots is not None
    assert 1 <= margin.at_least <= margin.ballots < 300
    assert margin.fragile == (margin.ballots <= 15)


def test_ballots_that_a_rule_cannot_count_are_no_way_to_change_its_winners() -> None:
    ballots = ranked([[0, 0, 1], [1, 1, 0]], [4, 1])
    assert RULES["approval"].choose(ballots, RNG).winners == (0, 1)
    margin = margin_of_victory(RULES["approval"], ballots)
    assert (margin.ballots, margin.kind) == (1, "exact")
    assert RULES["approval"].choose(ranked([[0, 0, 1], [0, 1, 1]], [4, 1]), RNG).winners == (0,)
