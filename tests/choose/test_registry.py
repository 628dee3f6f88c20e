"""Names, parameters and explanations of rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from acuerdo.choose import RULES, explain, rule_named
from acuerdo.choose.explanations import EXPLANATIONS
from acuerdo.domain.errors import SettingsError
from tests.choose.elections import rated

NAMES = [
    "utilitarian",
    "bernoulli_nash",
    "rawlsian",
    "leximin",
    "gini",
    "schulze",
    "minimax",
    "ranked_pairs",
    "split_cycle",
    "borda",
    "copeland",
    "instant_runoff",
    "plurality",
    "approval",
    "majority_judgement",
    "veto_core",
]


def test_canonical_names() -> None:
    assert list(RULES) == NAMES
    assert [rule.name for rule in RULES.values()] == NAMES


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" Schulze ", "schulze"),
        ("ranked-pairs", "ranked_pairs"),
        ("Split Cycle", "split_cycle"),
        ("nash", "bernoulli_nash"),
        ("IRV", "instant_runoff"),
        ("mean", "utilitarian"),
        ("minimum", "rawlsian"),
        ("beatpath", "schulze"),
        ("Tideman", "ranked_pairs"),
        ("isoelastic:0", "utilitarian"),
        ("isoelastic:1", "bernoulli_nash"),
        ("isoelastic: inf", "rawlsian"),
        ("isoelastic:2.50", "isoelastic:2.5"),
        ("isoelastic:1e-3", "isoelastic:0.001"),
        ("isoelastic:1.23456789", "isoelastic:1.23456789"),
        ("gini:inf", "rawlsian"),
        ("gini:3", "gini:3"),
        ("Approval:6", "approval:6"),
        ("minimax:margins", "minimax:margins"),
        ("schulze:Winning-Votes", "schulze:winning_votes"),
    ],
)
def test_names_are_understood(text: str, name: str) -> None:
    assert rule_named(text).name == name
    assert rule_named(name).name == name


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("condorset", "there is no rule 'condorset'"),
        ("", "there is no rule ''"),
        ("isoelastic", "the rule isoelastic needs a number after a colon"),
        ("isoelastic:-1", "'-1' is not a number of at least 0"),
        ("isoelastic:nan", "'nan' is not a number of at least 0"),
        ("gini:0.5", "'0.5' is not a number of at least 1"),
        ("approval:high", "'high' is not a number of at least 0"),
        ("minimax:votes", "the rule minimax knows no 'votes'"),
        ("borda:3", "the rule borda takes no parameter, but 'borda:3' has one"),
    ],
)
def test_wrong_names_say_what_to_write_instead(text: str, complaint: str) -> None:
    with pytest.raises(SettingsError) as raised:
        rule_named(text)
    assert raised.value.what == complaint
    assert raised.value.fix


def test_unknown_name_lists_every_rule() -> None:
    with pytest.raises(SettingsError) as raised:
        rule_named("best")
    assert all(name in raised.value.fix for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_explained_in_one_sentence(name: str) -> None:
    sentence = explain(name)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert sentence.count(".") == 1


def test_nothing_else_is_explained() -> None:
    assert set(EXPLANATIONS) == {*NAMES, "isoelastic"}
    assert explain("isoelastic:2") == EXPLANATIONS["isoelastic"]


def test_parameter_reaches_the_rule() -> None:
    ballots = rated([[1, 3], [7, 4]])
    scores = rule_named("isoelastic:2").choose(ballots, np.random.default_rng(0)).scores
    assert math.isclose(scores[0], 1.75)
