"""Which rule satisfies which axiom: every "yes" is searched for a violation, every "no" has one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from acuerdo.choose import RULES
from acuerdo.domain.ballots import Ballots, Choice
from acuerdo.ports import Rule
from tests.properties.axioms import AXIOMS, SATISFIED, Case
from tests.properties.elections import CASES, ranked, rated

KEPT: Sequence[Mapping[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "axiom_counterexamples.json").read_text("utf-8")
)["cases"]

# With the seed fixed, these hold for the one winner that is left after tie-breaking, too.
AFTER_TIE_BREAKING = ("condorcet", "condorcet_loser", "monotonicity", "weak_pareto")

YES = [(rule, axiom) for rule in RULES for axiom in AXIOMS if axiom in SATISFIED[rule]]
NO = [(rule, axiom) for rule in RULES for axiom in AXIOMS if axiom not in SATISFIED[rule]]
DRAWN = [(rule, axiom) for rule, axiom in YES if axiom in AFTER_TIE_BREAKING]

FAST = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SLOW = settings(FAST, max_examples=10_000, phases=(Phase.generate, Phase.shrink))


@dataclass(frozen=True)
class OneWinner:
    """A rule together with its tie-breaking."""

    rule: Rule

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def needs(self) -> Literal["rankings", "ratings"]:
        return self.rule.needs

    def choose(self, ballots: Ballots, rng: np.random.Generator) -> Choice:
        choice = self.rule.choose(ballots, rng)
        assert choice.winner is not None
        return replace(choice, ranking=((choice.winner,),))


def search_for_a_violation(rule: Rule, axiom: str, how: settings) -> None:
    @how
    @given(CASES[axiom](rule.needs))
    def holds(case: Case) -> None:
        assert AXIOMS[axiom](rule, case), f"{rule.name} violates {axiom}: {case}"

    holds()


@pytest.mark.parametrize(("rule", "axiom"), YES)
def test_rule_satisfies_axiom(rule: str, axiom: str) -> None:
    search_for_a_violation(RULES[rule], axiom, FAST)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "axiom"), YES)
def test_rule_satisfies_axiom_in_ten_thousand_cases(rule: str, axiom: str) -> None:
    search_for_a_violation(RULES[rule], axiom, SLOW)


@pytest.mark.parametrize(("rule", "axiom"), DRAWN)
def test_rule_satisfies_axiom_after_tie_breaking(rule: str, axiom: str) -> None:
    search_for_a_violation(OneWinner(RULES[rule]), axiom, FAST)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "axiom"), DRAWN)
def test_rule_satisfies_axiom_after_tie_breaking_in_ten_thousand_cases(
    rule: str, axiom: str
) -> None:
    search_for_a_violation(OneWinner(RULES[rule]), axiom, SLOW)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept['rule']}-{kept['axiom']}")
def test_kept_counterexample_violates_axiom(kept: Mapping[str, Any]) -> None:
    other = kept.get("other")
    case = Case(
        _ballots(kept["ballots"]),
        None if other is None else _ballots(other),
        tuple(kept.get("columns", ())),
    )
    assert not AXIOMS[kept["axiom"]](RULES[kept["rule"]], case)


def test_every_no_has_a_kept_counterexample() -> None:
    assert sorted((kept["rule"], kept["axiom"]) for kept in KEPT) == sorted(NO)


def _ballots(entry: Mapping[str, Any]) -> Ballots:
    if "ratings" in entry:
        return rated(entry["ratings"], entry["counts"])
    return ranked(entry["ranks"], entry["counts"])
