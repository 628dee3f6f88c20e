"""What every rule promises, whatever it counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from acuerdo.choose import RULES, rule_named
from acuerdo.domain.ballots import UNRANKED, Ballots, Choice
from acuerdo.ports import Rule
from tests.choose.elections import random_ranked, random_rated

NAMES = [*RULES, "isoelastic:2", "gini:3", "minimax:margins", "schulze:margins"]
SEEDS = range(12)


def election(rule: Rule, seed: int) -> Ballots:
    """Ranked with ties and gaps, or rated; three to five candidates, few ballots: many ties."""
    rng = np.random.default_rng(seed)
    candidates, rows = int(rng.integers(3, 6)), int(rng.integers(1, 6))
    draw = random_rated if rule.needs == "ratings" else random_ranked
    return draw(rng, candidates, rows)


def choose(rule: Rule, ballots: Ballots, seed: int = 0) -> Choice:
    return rule.choose(ballots, np.random.default_rng(seed))


def rearranged(ballots: Ballots, rows: Sequence[int], columns: Sequence[int]) -> Ballots:
    cells = np.ix_(list(rows), list(columns))
    return Ballots(
        ballots.ranks[cells],
        tuple(ballots.names[column] for column in columns),
        ballots.counts[list(rows)],
        None if ballots.ratings is None else ballots.ratings[cells],
    )


@pytest.fixture(params=NAMES)
def rule(request: pytest.FixtureRequest) -> Rule:
    return rule_named(request.param)


@pytest.mark.parametrize("seed", SEEDS)
def test_choice_is_complete_and_consistent(rule: Rule, seed: int) -> None:
    ballots = election(rule, seed)
    choice = choose(rule, ballots)
    assert choice.rule == rule.name
    assert choice.winner in choice.winners
    assert choice.winners == choice.ranking[0] == tuple(sorted(choice.winners))
    assert sorted(c for level in choice.ranking for c in level) == list(range(len(ballots.names)))
    assert choice.voters == ballots.size
    assert (choice.tie_break == "") == (len(choice.winners) == 1)
    assert len(choice.scores) in (0, len(ballots.names))


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_ballots_does_not_matter(rule: Rule, seed: int) -> None:
    ballots = election(rule, seed)
    columns = range(len(ballots.names))
    backwards = rearranged(ballots, range(len(ballots.counts))[::-1], columns)
    assert choose(rule, backwards).ranking == choose(rule, ballots).ranking


@pytest.mark.parametrize("seed", SEEDS)
def test_names_of_candidates_do_not_matter(rule: Rule, seed: int) -> None:
    ballots = election(rule, seed)
    columns = np.random.default_rng(seed).permutation(len(ballots.names)).tolist()
    renamed = choose(rule, rearranged(ballots, range(len(ballots.counts)), columns)).ranking
    back = tuple(tuple(sorted(columns[column] for column in level)) for level in renamed)
    assert back == choose(rule, ballots).ranking


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_are_the_same_as_repeated_ballots(rule: Rule, seed: int) -> None:
    ballots = election(rule, seed)
    rows = np.repeat(np.arange(len(ballots.counts)), ballots.counts).tolist()
    repeated = rearranged(ballots, rows, range(len(ballots.names)))
    single = Ballots(
        repeated.ranks, repeated.names, np.ones(len(rows), dtype=np.int64), repeated.ratings
    )
    assert choose(rule, single).ranking == choose(rule, ballots).ranking
    assert choose(rule, single).scores == pytest.approx(choose(rule, ballots).scores)


@pytest.mark.parametrize("seed", SEEDS)
def test_same_seed_same_choice(rule: Rule, seed: int) -> None:
    ballots = election(rule, seed)
    assert choose(rule, ballots, seed) == choose(rule, ballots, seed)


def test_nobody_voted(rule: Rule) -> None:
    empty = Ballots(np.empty((0, 3), dtype=np.int64), ("A", "B", "C"), np.empty(0, dtype=np.int64))
    choice = choose(rule, empty)
    assert (choice.winners, choice.winner, choice.ranking, choice.voters) == ((), None, (), 0)
    assert choice.note


def test_no_candidates(rule: Rule) -> None:
    choice = choose(rule, Ballots(np.empty((2, 0), dtype=np.int64), (), np.array([1, 1])))
    assert (choice.winners, choice.winner) == ((), None)
    assert choice.note


def test_single_candidate_wins(rule: Rule) -> None:
    ballots = Ballots(np.array([[0]]), ("A",), np.array([3]), np.array([[2.0]]))
    assert choose(rule, ballots).ranking == ((0,),)


def test_blank_ballots_leave_a_tie(rule: Rule) -> None:
    ballots = Ballots(np.full((2, 3), UNRANKED), ("A", "B", "C"), np.array([1, 4]))
    if rule.needs == "rankings":
        assert choose(rule, ballots).winners == (0, 1, 2)
    else:
        assert len(choose(rule, ballots).winners) in (0, 3)


def test_identical_ratings_leave_a_tie(rule: Rule) -> None:
    # 0.1 + 0.2 and 0.3 differ in the last bit only.
    ratings = np.array([[4.1 + 0.2, 4.3], [4.3, 4.1 + 0.2], [6.0, 6.0]])
    ballots = Ballots(np.zeros((3, 2), dtype=np.int64), ("A", "B"), np.array([1, 1, 1]), ratings)
    assert choose(rule, ballots).winners == (0, 1)
