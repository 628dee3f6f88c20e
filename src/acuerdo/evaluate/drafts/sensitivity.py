"""Sensitivity: does a person's agreement fall when their opinion was left out of the drafting?

The paper's test. For each group one person is drawn. Drafts written with everybody and drafts
written without that person are shown to everybody, the left out included, and their agreement is
predicted. What counts is the fall of the one left out beyond that of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.ballots import TIE_TOLERANCE
from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Positions, Values
from acuerdo.evaluate.drafts.exact import sign_test
from acuerdo.evaluate.drafts.measures import predicted_agreement
from acuerdo.evaluate.drafts.measuring import mean_or_nan
from acuerdo.evaluate.drafts.records import Drafts, Task, group_rng
from acuerdo.evaluate.resampling import Estimate, estimates, mean_of
from acuerdo.ports import Scorer, Watch

FEWEST_PEOPLE: Final = 3
"""Without one of them, two opinions must be left to draft from."""
KEYS: Final = ("left_out", "others", "difference")


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Changes of predicted agreement (points of 1-7) from drafts with to drafts without a person.

    `left_out` is the change of that person, `others` the mean change of the others, `difference`
    the first minus the second: below 0 if drafts speak for the people they were given. `fell` and
    `rose` count questions by the sign of the mean difference over their groups, `chance` is the
    two-sided sign test on them: groups of one question are not independent of each other.
    """

    left_out: Estimate
    others: Estimate
    difference: Estimate
    fell: int
    rose: int
    chance: float


def person_left_out(material: Material, seed: int) -> int:
    """Draw one person of a group, the same every time."""
    return int(group_rng(material, seed, 3).integers(len(material.opinions)))


def tasks_without(
    materials: Sequence[Material], candidates: int, seed: int
) -> tuple[Task | None, ...]:
    """Return, for each group, the task of drafting without one person; None for two people."""
    return tuple(
        Task(material, candidates, seed, person_left_out(material, seed))
        if len(material.opinions) >= FEWEST_PEOPLE
        else None
        for material in materials
    )


def changes(task: Task, present: Drafts, absent: Drafts, scorer: Scorer, watch: Watch) -> Values:
    """Return the changes of one group, (3,) in the order of `KEYS`.

    All drafts stand on one sheet. nan where the scorer cannot say.
    """
    drafts = [draft for draft in (*present, *absent) if not draft.blank]
    before = sum(not draft.blank for draft in present)
    if task.without is None or not 0 < before < len(drafts):
        return np.full(len(KEYS), np.nan)
    agreement = predicted_agreement(task.material, [one.text for one in drafts], scorer, watch)
    change = np.array([mean_or_nan(row[before:]) - mean_or_nan(row[:before]) for row in agreement])
    own, others = change[task.without], mean_or_nan(np.delete(change, task.without))
    return np.array([own, others, own - others])


def summed_up(
    found: Values, question: Positions, *, resamples: int, seed: int, watch: Watch
) -> Sensitivity:
    """Sum up the changes of all groups, (groups, 3); `question` (groups,) is which each is of."""
    told = estimates(
        {key: mean_of(found[:, column], question) for column, key in enumerate(KEYS)},
        question,
        resamples=resamples,
        seed=seed,
        watch=watch,
    )
    means = by_question(found[:, KEYS.index("difference")], question)
    fell, rose = int((means < -TIE_TOLERANCE).sum()), int((means > TIE_TOLERANCE).sum())
    return Sensitivity(
        left_out=told["left_out"],
        others=told["others"],
        difference=told["difference"],
        fell=fell,
        rose=rose,
        chance=sign_test(fell, rose),
    )


def by_question(values: Values, question: Positions) -> Values:
    """Return the mean over the groups of each question, (questions,), from (groups,)."""
    return np.array([mean_or_nan(values[question == one]) for one in np.unique(question)])
