"""What an experiment with drafts found, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from acuerdo.domain.material import Material
from acuerdo.evaluate.drafts.comparing import ByMeasure, Comparison, Pair
from acuerdo.evaluate.drafts.measuring import ArmDrafts
from acuerdo.evaluate.drafts.sensitivity import Sensitivity
from acuerdo.evaluate.resampling import Estimate, Interval


@dataclass(frozen=True, slots=True)
class ArmResult:
    """An arm, how many drafts it wrote in all, and how many of them failed for which reason."""

    name: str
    about: str
    drafts: int
    objections: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class DraftResults:
    """Everything an experiment found, and what it rests on.

    `scorer` names the predictor behind all predicted agreement, as the run file does. `directions`
    says by measure whether more is better. `drafted` holds all drafts with their values, in the
    order of `materials`. `damaged` is how many lines of kept drafts could not be read.
    """

    name: str
    seed: int
    resamples: int
    candidates: int
    questions: int
    scorer: str
    baseline: str
    directions: Mapping[str, bool | None]
    arms: tuple[ArmResult, ...]
    comparison: Comparison
    sensitivity: Mapping[str, Sensitivity]
    materials: tuple[Material, ...]
    drafted: tuple[ArmDrafts, ...]
    damaged: int = 0


def drafts_as_plain(results: DraftResults) -> dict[str, object]:
    """Return results as plain data for JSON, without the drafts; undefined becomes None."""
    compared = results.comparison
    return {
        "format": "acuerdo-drafts/1",
        "name": results.name,
        "seed": results.seed,
        "resamples": results.resamples,
        "candidates": results.candidates,
        "groups": len(results.materials),
        "questions": results.questions,
        "scorer": results.scorer,
        "baseline": results.baseline,
        "directions": dict(results.directions),
        "arms": {
            arm.name: {
                "about": arm.about,
                "drafts": arm.drafts,
                "objections": dict(arm.objections),
            }
            for arm in results.arms
        },
        "measures": _measures(compared.means),
        "differences": {
            other: _measures(measures) for other, measures in compared.differences.items()
        },
        "preferred": [_pair(compared, pair) for pair in compared.preferences],
        "sensitivity": {arm: _sensitivity(one) for arm, one in results.sensitivity.items()},
    }


def _pair(compared: Comparison, pair: Pair) -> dict[str, object]:
    found = compared.preferences[pair]
    return {
        "arm": pair[0],
        "other": pair[1],
        "preferred": found.preferred,
        "tied": found.tied,
        "other_preferred": found.other,
        "share": _number(found.share),
        "exact": _interval(found.exact),
        "over_questions": _interval(compared.shares[pair].conversations),
    }


def _sensitivity(found: Sensitivity) -> dict[str, object]:
    return {
        "left_out": _estimate(found.left_out),
        "others": _estimate(found.others),
        "difference": _estimate(found.difference),
        "fell": found.fell,
        "rose": found.rose,
        "chance": found.chance,
    }


def _measures(measures: ByMeasure) -> dict[str, dict[str, object]]:
    return {
        key: {arm: _estimate(estimate) for arm, estimate in arms.items()}
        for key, arms in measures.items()
    }


def _estimate(estimate: Estimate) -> dict[str, object]:
    return {
        "value": _number(estimate.value),
        "n": estimate.n,
        "over_groups": _interval(estimate.people),
        "over_questions": _interval(estimate.conversations),
    }


def _interval(interval: Interval) -> list[float | None]:
    return [_number(interval.low), _number(interval.high)]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
