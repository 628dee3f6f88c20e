"""Which of two arms the measures prefer in a group: the one that more measures put first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.ballots import TIE_TOLERANCE
from acuerdo.domain.sheets import Positions, Values
from acuerdo.evaluate.drafts.exact import binomial_interval
from acuerdo.evaluate.resampling import Interval, Statistic, mean_of

SIGNED: Final = (
    "valid",
    "polarity",
    "faithful",
    "coverage",
    "least covered",
    "agreement mean",
    "agreement minimum",
)
"""Measures that take part, each with one vote; in all of them more is better."""


@dataclass(frozen=True, slots=True, eq=False)
class Preference:
    """In how many groups the measures prefer one arm to another.

    `share` counts ties half; `exact` is the interval of Clopper and Pearson over groups, ties
    rounded outwards. `statistic` is the same share for resampling whole questions: groups of one
    question are not independent, so this interval is the more honest one.
    """

    preferred: int
    tied: int
    other: int
    statistic: Statistic

    @property
    def groups(self) -> int:
        return self.preferred + self.tied + self.other

    @property
    def share(self) -> float:
        return (self.preferred + self.tied / 2) / self.groups if self.groups else float("nan")

    @property
    def exact(self) -> Interval:
        return binomial_interval(self.preferred + self.tied / 2, self.groups)


def outcomes(
    one: Mapping[str, Values], other: Mapping[str, Values], measures: Sequence[str] = SIGNED
) -> Values:
    """Return, for each group, 1 where `one` is preferred, 0 where `other` is, 0.5 for a tie.

    Both hold (groups,) by measure. In each group every measure that both arms have a value for
    casts a vote for the arm with the higher value; values closer than 1e-9 are equal and cast none.
    The arm with more votes is preferred. nan where no measure applies to both.
    """
    names = [name for name in measures if name in one and name in other]
    if not names:
        return np.full(len(next(iter(one.values()), np.empty(0))), np.nan)
    difference = np.stack([one[name] - other[name] for name in names])
    compared = ~np.isnan(difference)
    votes = np.where(compared & (np.abs(difference) > TIE_TOLERANCE), np.sign(difference), 0.0)
    won = (1 + np.sign(votes.sum(axis=0))) / 2
    return np.where(compared.any(axis=0), won, np.nan)


def preference(won: Values, question: Positions) -> Preference:
    """Sum up the outcomes of groups, (groups,); `question` (groups,) says which question each is
    of."""
    return Preference(
        preferred=int((won == 1).sum()),
        tied=int((won == 0.5).sum()),
        other=int((won == 0).sum()),
        statistic=mean_of(won, question),
    )
