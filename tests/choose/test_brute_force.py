"""Every rule on rankings against a slow second writing of its definition, on random elections.

The rules that pref_voting has no counterpart for are checked here only (see docs/rules.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise, permutations, product

import numpy as np
import pytest

from acuerdo.choose import preferences, rule_named
from acuerdo.domain.ballots import UNRANKED, Ballots, IntMatrix
from tests.choose.elections import random_ranked

ELECTIONS = 60
Edge = tuple[int, int]


def winners(name: str, ballots: Ballots) -> set[int]:
    return set(rule_named(name).choose(ballots, np.random.default_rng(0)).winners)


def prefers(row: np.ndarray[tuple[int], np.dtype[np.int64]], one: int, other: int) -> bool:
    if row[one] == UNRANKED:
        return False
    return bool(row[other] == UNRANKED or row[one] < row[other])


def naive_preferences(ballots: Ballots) -> list[list[int]]:
    every = range(len(ballots.names))
    return [
        [
            sum(
                int(count)
                for row, count in zip(ballots.ranks, ballots.counts, strict=True)
                if prefers(row, one, other)
            )
            for other in every
        ]
        for one in every
    ]


def edges_with_strength(ballots: Ballots, strength: str) -> dict[Edge, int]:
    counted = naive_preferences(ballots)
    edges = {}
    for one, other in permutations(range(len(counted)), 2):
        margin = counted[one][other] - counted[other][one]
        if margin > 0:
            edges[one, other] = counted[one][other] if strength == "winning_votes" else margin
    return edges


def strongest_path(edges: dict[Edge, int], start: int, end: int, size: int) -> int:
    middle = [c for c in range(size) if c not in (start, end)]
    paths = ((start, *between, end) for n in range(size - 1) for between in permutations(middle, n))
    return max(min(edges.get(step, 0) for step in pairwise(path)) for path in paths)


def schulze(edges: dict[Edge, int], size: int) -> set[int]:
    return {
        one
        for one in range(size)
        if all(
            strongest_path(edges, one, other, size) >= strongest_path(edges, other, one, size)
            for other in range(size)
            if other != one
        )
    }


def split_cycle(edges: dict[Edge, int], size: int) -> set[int]:
    beaten = {
        loser
        for (winner, loser), weight in edges.items()
        if strongest_path(edges, loser, winner, size) < weight
    }
    return set(range(size)) - beaten


def ranked_pairs(edges: dict[Edge, int], size: int) -> set[int]:
    found: set[int] = set()
    for order in _orders(edges):
        locked: set[Edge] = set()
        for winner, loser in order:
            if not _leads(locked, loser, winner):
                locked.add((winner, loser))
        found |= set(range(size)) - {loser for _, loser in locked}
    return found


def _orders(edges: dict[Edge, int]) -> Iterator[list[Edge]]:
    strengths = sorted(set(edges.values()), reverse=True)
    groups = [[edge for edge in edges if edges[edge] == strength] for strength in strengths]
    for choice in product(*(permutations(group) for group in groups)):
        yield [edge for group in choice for edge in group]


def _leads(locked: set[Edge], start: int, end: int) -> bool:
    return start == end or any(_leads(locked, b, end) for a, b in locked if a == start)


PAIRWISE: dict[str, Callable[[dict[Edge, int], int], set[int]]] = {
    "schulze": schulze,
    "split_cycle": split_cycle,
    "ranked_pairs": ranked_pairs,
}


@pytest.mark.parametrize("strength", ["winning_votes", "margins"])
@pytest.mark.parametrize("name", PAIRWISE)
def test_pairwise_rule(name: str, strength: str) -> None:
    rng = np.random.default_rng(31)
    for _ in range(ELECTIONS):
        ballots = random_ranked(rng, int(rng.integers(2, 5)), int(rng.integers(1, 7)))
        expected = PAIRWISE[name](edges_with_strength(ballots, strength), len(ballots.names))
        assert winners(f"{name}:{strength}", ballots) == expected, ballots


def plurality(ballots: Ballots) -> list[float]:
    scores = [0.0] * len(ballots.names)
    for row, count in zip(ballots.ranks, ballots.counts, strict=True):
        ranked = [rank for rank in row if rank != UNRANKED]
        first = [c for c, rank in enumerate(row) if ranked and rank == min(ranked)]
        for candidate in first:
            scores[candidate] += int(count) / len(first)
    return scores


def borda(ballots: Ballots) -> list[float]:
    counted = naive_preferences(ballots)
    every = range(len(counted))
    return [
        sum(
            counted[one][other] + (ballots.size - counted[one][other] - counted[other][one]) / 2
            for other in every
            if other != one
        )
        for one in every
    ]


def copeland(ballots: Ballots) -> list[float]:
    counted = naive_preferences(ballots)
    every = range(len(counted))
    return [
        sum(
            1.0 if counted[one][other] > counted[other][one] else 0.5
            for other in every
            if other != one and counted[one][other] >= counted[other][one]
        )
        for one in every
    ]


def minimax(ballots: Ballots) -> list[float]:
    edges = edges_with_strength(ballots, "winning_votes")
    return [
        -max([weight for (_, loser), weight in edges.items() if loser == candidate], default=0)
        for candidate in range(len(ballots.names))
    ]


SCORED: dict[str, Callable[[Ballots], list[float]]] = {
    "plurality": plurality,
    "borda": borda,
    "copeland": copeland,
    "minimax": minimax,
}


@pytest.mark.parametrize("name", SCORED)
def test_scored_rule(name: str) -> None:
    rng = np.random.default_rng(32)
    for _ in range(ELECTIONS):
        ballots = random_ranked(rng, int(rng.integers(2, 6)), int(rng.integers(1, 7)))
        choice = rule_named(name).choose(ballots, rng)
        assert list(choice.scores) == pytest.approx(SCORED[name](ballots)), ballots


@pytest.mark.parametrize("strict", [True, False])
def test_ranked_pairs_where_many_pairs_tie(strict: bool) -> None:
    rng = np.random.default_rng(7)
    several = 0
    for _ in range(ELECTIONS):
        ballots = random_ranked(rng, 4, 3, most=1, strict=strict)
        expected = ranked_pairs(edges_with_strength(ballots, "margins"), 4)
        several += len(expected) > 1
        assert winners("ranked_pairs", ballots) == expected, ballots
    assert several > 0


def tops_of_stacks(ballots: Ballots) -> set[int]:
    """Zavist and Tideman 1989: ranked pairs elects, under some order of ties, tops of stacks.

    A stack is an order in which everybody reaches everybody further down by steps downwards whose
    margins are no smaller than the margin back.
    """
    counted = np.array(naive_preferences(ballots))
    margins = counted - counted.T
    return {order[0] for order in permutations(range(len(margins))) if _is_stack(order, margins)}


def _is_stack(order: tuple[int, ...], margins: IntMatrix) -> bool:
    for place, above in enumerate(order):
        reach = {above: math.inf}
        for below in order[place + 1 :]:
            reach[below] = max(min(reach[c], margins[c, below]) for c in reach)
            if reach[below] < margins[below, above]:
                return False
    return True


def test_ranked_pairs_elects_the_tops_of_stacks() -> None:
    rng = np.random.default_rng(14)
    for _ in range(ELECTIONS // 2):
        ballots = random_ranked(rng, 5, 3, most=2, strict=True)
        assert winners("ranked_pairs", ballots) == tops_of_stacks(ballots), ballots


def test_ranked_pairs_finds_a_winner_that_only_roundabout_orders_elect() -> None:
    ranks = [[3, 5, 2, 0, 1, 4], [5, 0, 4, 3, 1, 2], [0, 1, 5, 4, 3, 2]]
    ballots = Ballots(np.array(ranks), tuple("ABCDEF"), np.ones(3, dtype=np.int64))
    assert winners("ranked_pairs", ballots) == tops_of_stacks(ballots) == {0, 1, 3, 4, 5}


def instant_runoff(ballots: Ballots, left: frozenset[int]) -> set[int]:
    support = dict.fromkeys(left, 0)
    for row, count in zip(ballots.ranks, ballots.counts, strict=True):
        ranked = [c for c in left if row[c] != UNRANKED]
        for candidate in ranked:
            if row[candidate] == min(row[c] for c in ranked):
                support[candidate] += int(count)
    if len(left) == 1:
        return set(left)
    fewest = [c for c in left if support[c] == min(support.values())]
    return set().union(*(instant_runoff(ballots, left - {c}) for c in fewest))


def test_instant_runoff_in_every_universe() -> None:
    rng = np.random.default_rng(8)
    several = 0
    for _ in range(ELECTIONS):
        ballots = random_ranked(rng, int(rng.integers(2, 6)), int(rng.integers(1, 9)), most=2)
        expected = instant_runoff(ballots, frozenset(range(len(ballots.names))))
        several += len(expected) > 1
        assert winners("instant_runoff", ballots) == expected, ballots
    assert several > ELECTIONS / 10


@pytest.mark.parametrize(("rows", "most"), [(3, 1), (4001, 1), (4100, 9), (50, 10**7)])
def test_preferences_count_every_ballot(rows: int, most: int) -> None:
    ballots = random_ranked(np.random.default_rng(13), 4, rows, most=most)
    assert preferences(ballots).tolist() == naive_preferences(ballots)


def test_preferences_of_very_many_ballots_that_agree() -> None:
    ballots = Ballots(np.tile([0, 1], (5000, 1)), ("A", "B"), np.ones(5000, dtype=np.int64))
    assert preferences(ballots).tolist() == [[0, 5000], [0, 0]]


def test_preferences_with_ranks_beyond_a_byte() -> None:
    ballots = Ballots(
        np.array([[0, 254, 255, 1000, UNRANKED]]), tuple("ABCDE"), np.array([2], dtype=np.int64)
    )
    assert preferences(ballots).tolist() == naive_preferences(ballots)
