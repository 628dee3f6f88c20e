"""Hypothesis strategies: small elections and the cases that the axioms speak about.

Rankings have ties and gaps; ratings are whole numbers on 1-7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from hypothesis import strategies as st

from acuerdo.domain.ballots import UNRANKED, Ballots, IntMatrix, ranks_from_ratings
from tests.properties.axioms import Case

MAX_ROWS = 7
MAX_COUNT = 4


def names_for(candidates: int) -> tuple[str, ...]:
    return tuple("ABCDEFGH"[:candidates])


def ranked(ranks: object, counts: object = None) -> Ballots:
    matrix = np.asarray(ranks, dtype=np.int64)
    ones = np.ones(len(matrix), dtype=np.int64)
    return Ballots(
        matrix,
        names_for(matrix.shape[1]),
        ones if counts is None else np.asarray(counts, dtype=np.int64),
    )


def rated(ratings: object, counts: object = None) -> Ballots:
    matrix = np.asarray(ratings, dtype=np.float64)
    plain = ranked(ranks_from_ratings(matrix), counts)
    return Ballots(plain.ranks, plain.names, plain.counts, matrix)


@st.composite
def elections(
    draw: st.DrawFn, needs: str, candidates: int | None = None, rows: int = MAX_ROWS
) -> Ballots:
    """Ballots on 2-5 candidates."""
    size = candidates or draw(st.integers(2, 5))
    value = st.integers(1, 7) if needs == "ratings" else st.integers(UNRANKED, size - 1)
    row = st.lists(value, min_size=size, max_size=size)
    matrix = draw(st.lists(row, min_size=1, max_size=rows))
    counts = draw(st.lists(st.integers(1, MAX_COUNT), min_size=len(matrix), max_size=len(matrix)))
    return rated(matrix, counts) if needs == "ratings" else ranked(matrix, counts)


@st.composite
def _alone(draw: st.DrawFn, needs: str) -> Case:
    return Case(draw(elections(needs)))


@st.composite
def _raised(draw: st.DrawFn, needs: str) -> Case:
    before = draw(elections(needs))
    row = draw(st.integers(0, len(before.counts) - 1))
    column = draw(st.integers(0, len(before.names) - 1))
    if before.ratings is not None:
        ratings = before.ratings.copy()
        ratings[row, column] = draw(st.integers(int(ratings[row, column]), 7))
        return Case(before, rated(ratings, before.counts), (column,))
    # Even ranks leave room to stand between two levels as well as to join one.
    ranks = np.where(before.ranks == UNRANKED, UNRANKED, 2 * before.ranks + 1)
    last = ranks[row].max() + 1 if ranks[row, column] == UNRANKED else ranks[row, column]
    ranks[row, column] = draw(st.integers(0, max(0, int(last))))
    return Case(before, ranked(ranks, before.counts), (column,))


@st.composite
def _cloned(draw: st.DrawFn, needs: str) -> Case:
    before = draw(elections(needs, candidates=draw(st.integers(2, 4))))
    original = draw(st.integers(0, len(before.names) - 1))
    size = len(before.names)
    columns = (original, *range(size, size + draw(st.integers(1, 2))))
    source = list(range(size)) + [original] * (len(columns) - 1)
    if before.ratings is not None:
        return Case(rated(before.ratings[:, source], before.counts), columns=columns)
    spread = len(columns)
    ranks = np.where(before.ranks == UNRANKED, UNRANKED, spread * before.ranks)[:, source]
    for row, alone in enumerate(_stands_alone(before.ranks, original)):
        if alone:
            offsets = st.lists(st.integers(0, spread - 1), min_size=spread, max_size=spread)
            ranks[row, list(columns)] += draw(offsets)
    return Case(ranked(ranks, before.counts), columns=columns)


def _stands_alone(ranks: IntMatrix, column: int) -> list[bool]:
    """Rows that rank the candidate on a level of its own: there its clones may differ in rank."""
    own = ranks[:, [column]]
    return [bool(alone) for alone in (own[:, 0] != UNRANKED) & ((ranks == own).sum(axis=1) == 1)]


@st.composite
def _joined(draw: st.DrawFn, needs: str) -> Case:
    first = draw(elections(needs))
    second = draw(elections(needs, candidates=len(first.names)))
    return Case(first, second)


@st.composite
def _one_more(draw: st.DrawFn, needs: str) -> Case:
    first = draw(elections(needs))
    added = draw(elections(needs, candidates=len(first.names), rows=1))
    one = rated(added.ratings) if added.ratings is not None else ranked(added.ranks)
    return Case(first, one)


@st.composite
def _rows_shuffled(draw: st.DrawFn, needs: str) -> Case:
    ballots = draw(elections(needs))
    order = draw(st.permutations(range(len(ballots.counts))))
    return Case(ballots, columns=tuple(order))


@st.composite
def _columns_shuffled(draw: st.DrawFn, needs: str) -> Case:
    ballots = draw(elections(needs))
    order = draw(st.permutations(range(len(ballots.names))))
    return Case(ballots, columns=tuple(order))


@st.composite
def _unanimous(draw: st.DrawFn, needs: str) -> Case:
    """Everybody prefers one candidate to another one."""
    ballots = draw(elections(needs))
    better, worse = draw(st.permutations(range(len(ballots.names))))[:2]
    if ballots.ratings is not None:
        ratings = ballots.ratings.copy()
        ratings[:, worse] = np.minimum(ratings[:, worse], 6)
        ratings[:, better] = np.maximum(ratings[:, better], ratings[:, worse] + 1)
        return Case(rated(ratings, ballots.counts))
    ranks = np.where(ballots.ranks == UNRANKED, UNRANKED, ballots.ranks + 1)
    not_better = (ranks[:, better] == UNRANKED) | (
        (ranks[:, worse] != UNRANKED) & (ranks[:, better] >= ranks[:, worse])
    )
    ranks[not_better, better] = np.maximum(ranks[not_better, worse] - 1, 0)
    return Case(ranked(ranks, ballots.counts))


CASES: Mapping[str, Callable[[str], st.SearchStrategy[Case]]] = {
    "condorcet": _alone,
    "condorcet_loser": _alone,
    "monotonicity": _raised,
    "clones": _cloned,
    "participation": _one_more,
    "reinforcement": _joined,
    "anonymity": _rows_shuffled,
    "neutrality": _columns_shuffled,
    "weak_pareto": _unanimous,
}
"""How to draw a case of each axiom, for rules that need "rankings" or "ratings"."""
