"""Arms held against each other on the same groups: means, paired differences, preferences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Positions
from acuerdo.evaluate.drafts.measuring import ArmDrafts
from acuerdo.evaluate.drafts.signs import Preference, outcomes, preference
from acuerdo.evaluate.resampling import Estimate, Statistic, estimates, mean_of
from acuerdo.ports import Watch

ByArm = Mapping[str, Estimate]
ByMeasure = Mapping[str, ByArm]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`means` by measure and arm. `differences` by arm compared with, measure and arm: how much
    higher the arm is, on groups where both have a value. `preferences` and their `shares` with
    intervals by pair of arms: how often the first is preferred."""

    means: ByMeasure
    differences: Mapping[str, ByMeasure]
    preferences: Mapping[Pair, Preference]
    shares: Mapping[Pair, Estimate]


def questions_of(materials: Sequence[Material]) -> Positions:
    """Return the number of each group's question, (groups,), in order of appearance."""
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(one.question, len(numbers)) for one in materials], dtype=np.int64
    )


def compare(
    arms: Sequence[ArmDrafts],
    question: Positions,
    against: Iterable[Pair],
    *,
    resamples: int,
    seed: int,
    watch: Watch,
) -> Comparison:
    """Compare all arms; `against` lists pairs (arm, other) whose paired differences are wanted.

    All numbers rest on the same draws of groups and of whole questions.
    """
    values = {arm.name: {name: arm.by_group(name) for name in arm.values} for arm in arms}
    preferences = {
        (one, other): preference(outcomes(values[one], values[other]), question)
        for one in values
        for other in values
        if one != other
    }
    wanted = [pair for pair in dict.fromkeys(against) if pair[0] != pair[1]]
    measures = [name for arm in arms[:1] for name in arm.values]
    statistics: dict[tuple[str, ...], Statistic] = {
        ("mean", name, arm): mean_of(values[arm][name], question)
        for name in measures
        for arm in values
    }
    for arm, other in wanted:
        for name in measures:
            difference = values[arm][name] - values[other][name]
            statistics["difference", other, name, arm] = mean_of(difference, question)
    for (one, other), found in preferences.items():
        statistics["share", one, other] = found.statistic
    told = estimates(statistics, question, resamples=resamples, seed=seed, watch=watch)
    return Comparison(
        means={name: {arm: told["mean", name, arm] for arm in values} for name in measures},
        differences={
            other: {
                name: {arm: told["difference", other, name, arm] for arm in _with(other, wanted)}
                for name in measures
            }
            for other in dict.fromkeys(other for _, other in wanted)
        },
        preferences=preferences,
        shares={pair: told["share", pair[0], pair[1]] for pair in preferences},
    )


def _with(other: str, pairs: Sequence[Pair]) -> list[str]:
    return [arm for arm, second in pairs if second == other]
