"""What an experiment found, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from acuerdo.evaluate.measures.calibration import ReliabilityCurve
from acuerdo.evaluate.measures.selective import SelectiveCurve
from acuerdo.evaluate.resampling import Estimate, Interval

ByArm = Mapping[str, Estimate]
ByMeasure = Mapping[str, ByArm]


@dataclass(frozen=True, slots=True, eq=False)
class TableResult:
    """One table of the data: how large it is, and every measure by key, then by arm.

    `languages` repeats the chief measures for each language, if there are several. `reliability`
    and `selective` hold curves by arm.
    """

    name: str
    judgements: int
    people: int
    questions: int
    conversations: int
    groups: int
    measures: ByMeasure
    languages: Mapping[str, ByMeasure]
    reliability: Mapping[str, ReliabilityCurve]
    selective: Mapping[str, SelectiveCurve]


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """All tables of an experiment, and the seed and number of resamples they rest on."""

    name: str
    seed: int
    resamples: int
    tables: tuple[TableResult, ...]


def as_plain(results: Results) -> dict[str, object]:
    """Return results as plain data for JSON; what is undefined becomes None."""
    return {
        "format": "acuerdo-evaluation/1",
        "name": results.name,
        "seed": results.seed,
        "resamples": results.resamples,
        "tables": {table.name: _plain_table(table) for table in results.tables},
    }


def _plain_table(table: TableResult) -> dict[str, object]:
    return {
        "judgements": table.judgements,
        "people": table.people,
        "questions": table.questions,
        "conversations": table.conversations,
        "groups": table.groups,
        "measures": _plain_measures(table.measures),
        "languages": {
            language: _plain_measures(measures) for language, measures in table.languages.items()
        },
        "reliability": {
            arm: {
                "chance": curve.chance.tolist(),
                "share": curve.share.tolist(),
                "size": curve.size.tolist(),
            }
            for arm, curve in table.reliability.items()
        },
    }


def _plain_measures(measures: ByMeasure) -> dict[str, dict[str, object]]:
    return {
        key: {arm: _plain_estimate(estimate) for arm, estimate in arms.items()}
        for key, arms in measures.items()
    }


def _plain_estimate(estimate: Estimate) -> dict[str, object]:
    return {
        "value": _number(estimate.value),
        "n": estimate.n,
        "people": _plain_interval(estimate.people),
        "conversations": _plain_interval(estimate.conversations),
    }


def _plain_interval(interval: Interval) -> list[float | None]:
    return [_number(interval.low), _number(interval.high)]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
