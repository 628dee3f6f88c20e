"""Selection for small groups: every arm and every rule choose, members' own judgements judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.choose import rule_named
from acuerdo.domain.sheets import Positions, Values
from acuerdo.evaluate.arms import Arm
from acuerdo.evaluate.asking import Asking, Part, PartSheet
from acuerdo.evaluate.groups import Context, Group, sample_groups
from acuerdo.evaluate.measures.selection import (
    Outcomes,
    chosen_by_rule,
    chosen_by_score,
    known_cells,
    oracle_score,
    outcomes,
    with_known,
)
from acuerdo.evaluate.references import CHANCE, ORACLE, POPULARITY
from acuerdo.evaluate.resampling import Estimate, Statistic, estimates, mean_of
from acuerdo.evaluate.truth import Mask

KNOWN: Final = ":known"
"""Ends the key of a measure taken with part of the group's own judgements known."""
COMPARED_WITH: Final = "centroid"
"""The arm, without anything known, whose approval `gain` is measured from; else chance."""
_OUTCOMES: Final = ("approval", "least", "win")


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """How many groups there were, and estimates by measure ("approval:schulze") and arm."""

    groups: int
    measures: Mapping[str, Mapping[str, Estimate]]


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """Groups, the sheets scorers see of them, and what of each is known."""

    groups: Sequence[Group]
    sheets: Sequence[PartSheet]
    known: Sequence[Mask]


def group_results(
    parts: Sequence[Part],
    arms: Sequence[Arm],
    asking: Asking,
    *,
    groups: int,
    size: int,
    fewest: int,
    most: int,
    known_share: float,
    context: Context,
    rules: Sequence[str],
    resamples: int,
    seed: int,
) -> Selected:
    """Draw groups, let every arm choose under every rule, and look at what members really said.

    Chance (the mean over the group's statements), the popularity among non-members and the best
    that was possible stand beside the arms.
    """
    drawn = [
        (part.name, group)
        for part in parts
        for group in sample_groups(
            part.judgements, groups, size=size, fewest=fewest, most=most, seed=seed
        )
    ]
    if not drawn:
        return Selected(0, {})
    members = [group for _, group in drawn]
    found: dict[tuple[str, str], Outcomes] = {}
    for share in sorted({0.0, known_share}):
        suffix = KNOWN if share else ""
        round_ = _round(drawn, share, context, seed)
        for arm in arms:
            said = asking.forecast(arm, round_.sheets, f"groups{suffix}").expected
            expected = _matrices(round_, said)
            for rule in rules:
                chosen = _chosen(round_.groups, expected, rule, seed)
                found[f"{rule}{suffix}", arm.name] = outcomes(members, chosen)
    for (rule, arm_name), outcome in _references(members, rules, seed).items():
        found[rule, arm_name] = outcome
    talks = {group.conversation: place for place, group in enumerate(members)}
    where = np.unique([talks[group.conversation] for group in members], return_inverse=True)[1]
    statistics = _statistics(found, where.astype(np.int64))
    estimated = estimates(
        statistics, where.astype(np.int64), resamples=resamples, seed=seed, watch=asking.watch
    )
    measures: dict[str, dict[str, Estimate]] = {}
    for (measure, arm_name), estimate in estimated.items():
        measures.setdefault(measure, {})[arm_name] = estimate
    return Selected(len(members), measures)


def _round(drawn: Sequence[tuple[str, Group]], share: float, context: Context, seed: int) -> _Round:
    known = [
        known_cells(group, share, np.random.default_rng((seed, place)))
        for place, (_, group) in enumerate(drawn)
    ]
    sheets = [
        PartSheet(part, group.sheet(cells, context))
        for (part, group), cells in zip(drawn, known, strict=True)
    ]
    return _Round([group for _, group in drawn], sheets, known)


def _matrices(round_: _Round, expected: Values) -> list[Values]:
    ends = np.cumsum([one.sheet.size for one in round_.sheets])
    return [
        with_known(group, piece.reshape(group.judged.shape), known)
        for group, piece, known in zip(
            round_.groups, np.split(expected, ends[:-1]), round_.known, strict=True
        )
    ]


def _chosen(
    groups: Sequence[Group], expected: Sequence[Values], rule: str, seed: int
) -> list[int | None]:
    named = rule_named(rule)
    return [
        chosen_by_rule(group, ratings, named, np.random.default_rng((seed, place)))
        for place, (group, ratings) in enumerate(zip(groups, expected, strict=True))
    ]


def _references(
    groups: Sequence[Group], rules: Sequence[str], seed: int
) -> dict[tuple[str, str], Outcomes]:
    """References look at no forecast, so under every rule they choose the same."""
    scores: Mapping[str, Callable[[Group], Values]] = {
        POPULARITY: lambda group: group.popular,
        ORACLE: oracle_score,
    }
    found = {CHANCE: outcomes(groups, [None] * len(groups))}
    for name, score in scores.items():
        chosen = [
            chosen_by_score(score(group), np.random.default_rng((seed, place)))
            for place, group in enumerate(groups)
        ]
        found[name] = outcomes(groups, chosen)
    return {(rule, name): outcome for rule in rules for name, outcome in found.items()}


def _statistics(
    found: Mapping[tuple[str, str], Outcomes], conversation: Positions
) -> dict[tuple[str, str], Statistic]:
    statistics = {}
    for (rule, arm), outcome in found.items():
        for name in _OUTCOMES:
            statistics[f"{name}:{rule}", arm] = mean_of(getattr(outcome, name), conversation)
        plain = rule.removesuffix(KNOWN)
        base = found.get((plain, COMPARED_WITH)) or found[plain, CHANCE]
        statistics[f"gain:{rule}", arm] = mean_of(outcome.approval - base.approval, conversation)
    return statistics
