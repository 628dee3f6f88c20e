"""What is learned from candidates: the best of a group, and the best against the worst."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.material import DraftPair, Material
from acuerdo.domain.text import comparable
from acuerdo.train.candidates.records import WELFARE, GroupCandidates, ScoredDraft

Groups = Sequence[tuple[Material, GroupCandidates]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What makes a draft good, and how good or different it must be.

    A draft's score is the sum of its parts times `weights` ("welfare" is on the scale of the
    rule, mostly 1-7). The best draft of a group is kept if its score is above `above`, and not
    below the `quantile` (0 to 1) of all groups' best. Best and worst make a pair if their scores
    are at least `margin` apart. Raises SettingsError for values out of range.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: {WELFARE: 1.0})
    above: float = -math.inf
    quantile: float = 0.0
    margin: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.quantile < 1:
            raise SettingsError(f"{self.quantile} is no share of the groups from 0 to below 1")
        if not 0 < self.margin < math.inf:
            raise SettingsError(
                f"a margin of {self.margin} does not tell better from worse",
                where="margin",
                fix="Give a number above 0.",
            )
        if not self.above < math.inf:
            raise SettingsError(
                f"no score can be said to be above {self.above}",
                where="above",
                fix="Give a number, or none to keep every group's best.",
            )
        for name, weight in self.weights.items():
            if not math.isfinite(weight):
                raise SettingsError(
                    f"{name!r} cannot weigh {weight}",
                    where="weights",
                    fix="Give a number, below 0 where less is better.",
                )


@dataclass(frozen=True, slots=True)
class Kept:
    """The best draft of a group: `material` has it as its statement, written by the model."""

    material: Material
    draft: ScoredDraft
    score: float
    candidates: GroupCandidates


@dataclass(frozen=True, slots=True)
class RankedPair:
    """The best and the worst draft of a group with what they scored."""

    pair: DraftPair
    better: Kept
    worse: ScoredDraft
    worse_score: float


def best_drafts(groups: Groups, selection: Selection) -> tuple[Kept, ...]:
    """Return the best draft of every group that is good enough; the first of equal ones.

    Drafts with a part that nobody could tell are passed over.
    """
    best = [
        _kept(material, candidates, ordered[0])
        for material, candidates in groups
        if (ordered := _ordered(candidates, selection))
    ]
    if not best:
        return ()
    least = float(np.quantile([kept.score for kept in best], selection.quantile))
    return tuple(kept for kept in best if kept.score > selection.above and kept.score >= least)


def ranked_pairs(groups: Groups, selection: Selection) -> tuple[RankedPair, ...]:
    """Return best against worst of every group in which they are far enough apart.

    `reason` of a pair is the part that contributes most to the difference.
    """
    found: list[RankedPair] = []
    for material, candidates in groups:
        ordered = _ordered(candidates, selection)
        if not ordered:
            continue
        better = _kept(material, candidates, ordered[0])
        score, worse = ordered[-1]
        apart = better.score - score >= selection.margin
        if apart and comparable(worse.text) != comparable(better.draft.text):
            reason = _reason(better.draft, worse, selection.weights)
            pair = DraftPair(better.material, worse.text, reason)
            found.append(RankedPair(pair, better, worse, score))
    return tuple(found)


def _ordered(candidates: GroupCandidates, selection: Selection) -> list[tuple[float, ScoredDraft]]:
    """Return drafts with their scores, the best first."""
    scored = [(draft.score(selection.weights), draft) for draft in candidates.drafts]
    known = [(score, draft) for score, draft in scored if not math.isnan(score)]
    return sorted(known, key=lambda pair: -pair[0])


def _kept(material: Material, candidates: GroupCandidates, best: tuple[float, ScoredDraft]) -> Kept:
    score, draft = best
    written = replace(material, statement=draft.text, author=candidates.model)
    return Kept(written, draft, score, candidates)


def _reason(better: ScoredDraft, worse: ScoredDraft, weights: Mapping[str, float]) -> str:
    def gap(name: str) -> float:
        return weights[name] * ((better.parts[name] or 0.0) - (worse.parts[name] or 0.0))

    return max(weights, key=gap)
