"""Results as CSV: of every arm, of every arm in every group, and of every single draft."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence

from acuerdo.evaluate.drafts.results import DraftResults
from acuerdo.evaluate.resampling import Estimate


def summary_csv(results: DraftResults) -> str:
    """Return one row for each arm and measure: value, interval over questions, groups, and the
    paired difference from the baseline."""
    compared = results.comparison
    beyond = compared.differences.get(results.baseline, {})
    heads = ["arm", "measure", "value", "low", "high", "groups"]
    heads += ["beyond_baseline", "beyond_low", "beyond_high"]
    return _written(
        heads,
        (
            [arm, measure, *_told(one), str(one.n), *_told(beyond.get(measure, {}).get(arm))]
            for measure, arms in compared.means.items()
            for arm, one in arms.items()
        ),
    )


def groups_csv(results: DraftResults) -> str:
    """Return one row for each group, arm and measure: the mean over the arm's drafts."""
    return _written(["question", "group", "arm", "measure", "value"], _values(results))


def drafts_csv(results: DraftResults) -> str:
    """Return one row for each draft: question, group, arm, number, text and every measure."""
    measures = list(results.directions)
    return _written(["question", "group", "arm", "draft", "text", *measures], _drafts(results))


def _drafts(results: DraftResults) -> Iterator[list[str]]:
    for arm in results.drafted:
        for place, (material, drafts) in enumerate(zip(results.materials, arm.drafts, strict=True)):
            for number, draft in enumerate(drafts):
                told = [_number(arm.values[name][place][number]) for name in results.directions]
                named = [material.question, material.group, arm.name, f"{number + 1}"]
                yield [*named, _no_formula(draft.text), *told]


def _values(results: DraftResults) -> Iterator[list[str]]:
    for arm in results.drafted:
        for measure in arm.values:
            values = arm.by_group(measure).tolist()
            for material, value in zip(results.materials, values, strict=True):
                yield [material.question, material.group, arm.name, measure, _number(value)]


def _told(estimate: Estimate | None) -> list[str]:
    if estimate is None:
        return [""] * 3
    interval = estimate.conversations
    return [_number(value) for value in (estimate.value, interval.low, interval.high)]


def _no_formula(text: str) -> str:
    """Return what models wrote so that no spreadsheet takes it for a formula to compute."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"


def _written(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return stream.getvalue()
