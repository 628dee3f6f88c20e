"""Slates give every large enough group a statement, and say so when a size is impossible."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acuerdo.choose.slates import (
    assigned_slate,
    bjr_violations,
    proportional_slate,
    single_utilities,
)
from acuerdo.domain.ballots import Ballots, ranks_from_ratings
from acuerdo.domain.errors import InputError


def rated(ratings: object, counts: object = None) -> Ballots:
    matrix = np.asarray(ratings, dtype=np.float64)
    times = np.ones(len(matrix)) if counts is None else np.asarray(counts)
    names = tuple("ABCDEFGH"[: matrix.shape[1]])
    return Ballots(ranks_from_ratings(matrix), names, times.astype(np.int64), matrix)


@st.composite
def slate_problems(draw: st.DrawFn) -> tuple[Ballots, int]:
    voters, candidates = draw(st.integers(0, 7)), draw(st.integers(1, 5))
    values = st.integers(1, 7).map(float) | st.just(float("nan"))
    ballots = rated(draw(arrays(np.float64, (voters, candidates), elements=values)))
    if draw(st.booleans()):
        ballots = Ballots(ballots.ranks, ballots.names, ballots.counts)
    return ballots, draw(st.integers(1, candidates))


def violated_by_definition(
    ballots: Ballots, columns: tuple[int, ...], own: tuple[int, ...]
) -> bool:
    """Try every group of exactly the needed size against every statement outside the slate."""
    utilities = single_utilities(ballots)
    needed = -(-len(utilities) // len(columns))
    return needed > 0 and any(
        min(utilities[voter, column] for voter in group)
        > max(utilities[voter, own[voter]] for voter in group)
        for column in range(utilities.shape[1])
        if column not in columns
        for group in combinations(range(len(utilities)), needed)
    )


@settings(deadline=None)
@given(slate_problems(), st.integers(0, 9))
def test_no_group_large_enough_prefers_a_statement_left_out(
    problem: tuple[Ballots, int], seed: int
) -> None:
    ballots, size = problem
    slate = assigned_slate(ballots, size, np.random.default_rng(seed))
    assert len(set(slate.columns)) == size
    assert bjr_violations(ballots, slate.columns, slate.assignment) == []
    assert not violated_by_definition(ballots, slate.columns, slate.assignment)


@settings(deadline=None)
@given(slate_problems(), st.randoms(use_true_random=False))
def test_the_checker_finds_what_the_definition_finds(
    problem: tuple[Ballots, int], random: Random
) -> None:
    ballots, size = problem
    columns = tuple(range(size))
    assignment = [number % size for number in range(ballots.size)]
    random.shuffle(assignment)
    found = bool(bjr_violations(ballots, columns, assignment))
    assert found == violated_by_definition(ballots, columns, tuple(assignment))


def test_two_camps_get_a_statement_each_where_one_winner_would_serve_one() -> None:
    ballots = rated([[7, 6, 1, 4], [7, 6, 1, 4], [1, 1, 7, 4]], [2, 2, 4])
    assert proportional_slate(ballots, 2, np.random.default_rng(0)) == (0, 2)


def test_a_violation_names_the_group() -> None:
    ballots = rated([[7, 1, 2], [7, 1, 2], [1, 7, 6], [1, 7, 6]])
    (found,) = bjr_violations(ballots, (0, 2), (0, 0, 2, 2))
    assert (found.column, found.level, found.ballots) == (1, 7.0, (2, 3))


@pytest.mark.parametrize("size", [0, 4])
def test_an_impossible_size_is_refused(size: int) -> None:
    with pytest.raises(InputError, match="3 candidate"):
        proportional_slate(rated([[1, 2, 3]]), size, np.random.default_rng(0))


def test_an_unbalanced_assignment_cannot_be_checked() -> None:
    with pytest.raises(ValueError, match="balanced"):
        bjr_violations(rated([[1, 2], [2, 1], [1, 1]]), (0, 1), (0, 0, 0))
