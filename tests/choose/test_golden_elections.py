"""Published elections, with every intermediate matrix."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acuerdo.choose import RULES, preferences
from acuerdo.choose.pairwise import defeats, widest_paths
from acuerdo.domain.ballots import Ballots, LevelRanking

GOLDEN: Sequence[Mapping[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "voting.json").read_text("utf-8")
)["cases"]
RANKED_BY = [
    pytest.param(case, rule, id=f"{case['name']}-{rule}")
    for case in GOLDEN
    for rule in case["rankings"]
]
SCORED_BY = [
    pytest.param(case, rule, id=f"{case['name']}-{rule}")
    for case in GOLDEN
    for rule in case["scores"]
]


def election(case: Mapping[str, Any]) -> Ballots:
    names = case["names"]
    ranks = [[ballot.index(name) for name in names] for _, ballot in case["ballots"]]
    counts = [count for count, _ in case["ballots"]]
    return Ballots(np.array(ranks), tuple(names), np.array(counts))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_matrices_match_published_ones(case: Mapping[str, Any]) -> None:
    preferred = preferences(election(case))
    assert preferred.tolist() == case["preferences"]
    assert widest_paths(defeats(preferred, "winning_votes")).tolist() == case["widest_paths"]


@pytest.mark.parametrize(("case", "rule"), RANKED_BY)
def test_ranking_matches(case: Mapping[str, Any], rule: str) -> None:
    choice = RULES[rule].choose(election(case), np.random.default_rng(0))
    expected = _levels(case["names"], case["rankings"][rule])
    assert choice.ranking == expected
    assert choice.winners == expected[0]


@pytest.mark.parametrize(("case", "rule"), SCORED_BY)
def test_scores_match(case: Mapping[str, Any], rule: str) -> None:
    choice = RULES[rule].choose(election(case), np.random.default_rng(0))
    assert list(choice.scores) == case["scores"][rule]


def _levels(names: Sequence[str], levels: Sequence[str]) -> LevelRanking:
    return tuple(tuple(sorted(names.index(name) for name in level)) for level in levels)
