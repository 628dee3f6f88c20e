"""Polarity: does a draft contradict anybody it claims to speak for?

Every part of a draft speaks for somebody (`voices`) and takes a side to some degree (a stance
judge). What is said for all or for most must be on the side of most; what is said for a few must be
somebody's side. A group that is evenly split has no majority: a draft that claims one contradicts
half of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.measures.asked import asked
from acuerdo.evaluate.drafts.measures.decisions import decision
from acuerdo.evaluate.drafts.measures.stance import StanceJudge, judge_of_drafts
from acuerdo.evaluate.drafts.measures.voices import Said, voices
from acuerdo.ports import Watch, stop_if_asked

FOR_MOST: Final = frozenset({"all", "most", "unmarked"})
FOR_FEW: Final = frozenset({"one", "some", "others", "half"})
HEADLINE: Final = 3.0
"""How much more a part that decides outright counts than one that gives a reason."""
THRESHOLD: Final = 0.5
EVEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What polarity saw: P(for) of each opinion; the parts of the draft, who they speak for, their
    P(for); and the probability that the draft contradicts those it speaks for."""

    opinions: tuple[float, ...]
    parts: tuple[tuple[Said, float], ...]
    contradicts: float


@dataclass(frozen=True, slots=True)
class Polarity:
    """Measures 1 for a draft that contradicts nobody it speaks for, 0 for one that does.

    With `graded` the probability of that instead. nan where the question has not two sides that
    the judge could tell apart. Known stances are of opinions: they do not read the draft.
    """

    judge: StanceJudge
    graded: bool = False
    higher_is_better: bool | None = True

    @property
    def name(self) -> str:
        return "polarity, graded" if self.graded else "polarity"

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,), 0 to 1; nan where the judge cannot read opinions or draft."""
        stop_if_asked(watch)
        opinions = self.judge.stance(material.question, material.opinions)
        if np.isnan(opinions).any():
            return np.full(len(drafts), np.nan)
        wrong = np.array([self._read(material, opinions, draft).contradicts for draft in drafts])
        if self.graded:
            return np.asarray(1 - wrong)
        return np.where(np.isnan(wrong), np.nan, wrong < THRESHOLD)

    def read(self, material: Material, draft: str) -> Reading:
        """Return what the measure saw, to explain a value."""
        return self._read(material, self.judge.stance(material.question, material.opinions), draft)

    def _read(self, material: Material, opinions: Values, draft: str) -> Reading:
        said = voices(draft)
        judge = judge_of_drafts(self.judge)
        sides = judge.stance(material.question, [part.text for part in said])
        weights = np.array([_weight(material.question, part) for part in said])
        parts = tuple(zip(said, sides.tolist(), strict=True))
        wrong = contradiction(opinions, [part.voice for part in said], sides, weights)
        return Reading(tuple(opinions.tolist()), parts, wrong)


def contradiction(
    opinions: Values, speakers: Sequence[str], sides: Values, weights: Values
) -> float:
    """Return the probability that a draft contradicts those it speaks for, 0 to 1.

    `opinions` (people,) and `sides` (parts,) are P(for); `speakers`, `weights` (parts,). What a
    draft claims for most is the weighted mean of `sides` over the parts that speak for most. A
    majority against it contradicts; so does, to the degree that the claim takes a side at all, an
    even split. A draft that begins by saying that the group is divided claims nothing for most. A
    part for a few that decides outright contradicts if nobody is on its side.
    """
    mostly = np.array([speaker in FOR_MOST for speaker in speakers], dtype=bool)
    few = np.array([speaker in FOR_FEW for speaker in speakers], dtype=bool) & (weights > 1)
    believed = 1.0
    for side in sides[few]:
        nobody = float(np.prod(1 - opinions if side > EVEN else opinions))
        believed *= 1 - nobody * 2 * abs(side - EVEN)
    if mostly.any() and speakers[0] != "open":
        believed *= 1 - _against_most(opinions, sides[mostly], weights[mostly])
    return float(1 - believed)


def _against_most(opinions: Values, sides: Values, weights: Values) -> float:
    claim = float(np.average(sides, weights=weights))
    supporters = supporters_of(opinions)
    twice = 2 * np.arange(len(supporters))
    people = len(opinions)
    for_it, against = supporters[twice > people].sum(), supporters[twice < people].sum()
    even = supporters[twice == people].sum()
    return float(for_it * (1 - claim) + against * claim + even * 2 * abs(claim - EVEN))


def supporters_of(opinions: Values) -> Values:
    """Return the probability of 0, 1, ... supporters, (people + 1,), if people are independent."""
    found = np.ones(1)
    for chance in opinions:
        found = np.convolve(found, [1 - chance, chance])
    return found


def _weight(question: str, part: Said) -> float:
    read = asked(question)
    decides = read is not None and decision(read, part.text) != 0
    return HEADLINE if decides else 1.0
