"""Every measure of single pairs, for every arm, on one table of judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Forecast, Positions
from acuerdo.evaluate.arms import Arm
from acuerdo.evaluate.asking import Asking, Part, PartSheet
from acuerdo.evaluate.measures.area import area_pooled, area_within
from acuerdo.evaluate.measures.calibration import (
    ReliabilityCurve,
    calibration_error,
    reliability_curve,
)
from acuerdo.evaluate.measures.coverage import Bounds, coverage, normal_bounds, width
from acuerdo.evaluate.measures.exchange import Measure, exchange_effect, exchanged, without
from acuerdo.evaluate.measures.graded import (
    mean_absolute_error,
    rank_correlation,
    root_mean_square_error,
)
from acuerdo.evaluate.measures.pairwise import pairwise_accuracy
from acuerdo.evaluate.measures.response import CHANGES, Change, Rewritten, mean_shift, rewritten
from acuerdo.evaluate.measures.selective import (
    SelectiveCurve,
    accuracy,
    selective_accuracy,
    selective_curve,
    share_silent,
)
from acuerdo.evaluate.references import POPULARITY, popularity
from acuerdo.evaluate.resampling import Estimate, Statistic, estimates
from acuerdo.evaluate.truth import Mask, Truth

RANKING: Final[Mapping[str, Measure]] = {
    "auc": area_within,
    "auc_pooled": area_pooled,
    "pairwise": pairwise_accuracy,
}
HONESTY: Final[Mapping[str, Measure]] = {
    "ece": calibration_error,
    "accuracy": accuracy,
    "selective": selective_accuracy,
    "silent": share_silent,
}
GRADED: Final[Mapping[str, Measure]] = {
    "mae": mean_absolute_error,
    "rmse": root_mean_square_error,
    "spearman": rank_correlation,
}
EXCHANGED: Final = ("auc", "pairwise")
BY_LANGUAGE: Final[Mapping[str, Measure]] = {
    "auc": area_within,
    "pairwise": pairwise_accuracy,
    "ece": calibration_error,
}
ALL: Final = ""
"""Stands for all languages together."""

Statistics = dict[tuple[str, str, str], Statistic]
"""By measure, arm and language."""


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What scoring found: estimates by measure and arm, and by language; curves by arm."""

    truth: Truth
    measures: Mapping[str, Mapping[str, Estimate]]
    languages: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    reliability: Mapping[str, ReliabilityCurve]
    selective: Mapping[str, SelectiveCurve]


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """A table's sheets; `rows` says which row of the table each pair of the sheets is."""

    truth: Truth
    sheets: Sequence[PartSheet]
    rows: Positions

    @classmethod
    def of(cls, parts: Sequence[Part], table: Judgements) -> _Layout:
        sheets, rows, before = [], [np.empty(0, dtype=np.int64)], 0
        for part in parts:
            for members in part.judgements.questions():
                sheets.append(PartSheet(part.name, part.judgements.sheet(members)))
                rows.append(members + before)
            before += len(part.judgements)
        return cls(Truth.of(table), sheets, np.concatenate(rows))

    def by_row(self, forecast: Forecast) -> Forecast:
        back = np.argsort(self.rows)
        return Forecast(forecast.expected[back], forecast.spread[back])


@dataclass(frozen=True, slots=True)
class Trials:
    """How arms are tried: draws of the exchange, pairs whose statement is rewritten, rewordings."""

    exchanges: int
    response_pairs: int
    paraphrases: Mapping[str, str]
    resamples: int
    seed: int


def score_results(
    parts: Sequence[Part],
    table: Judgements,
    arms: Sequence[Arm],
    asking: Asking,
    trials: Trials,
) -> Scored:
    """Ask every arm about every pair and measure; the popularity of statements stands beside."""
    layout = _Layout.of(parts, table)
    truth, languages = layout.truth, _languages(table)
    found: Statistics = {}
    forecasts: dict[str, Forecast] = {}
    for arm in arms:
        own = layout.by_row(asking.forecast(arm, layout.sheets, "own"))
        forecasts[arm.name] = own
        for language, rows in languages.items():
            for key, measure in BY_LANGUAGE.items():
                found[key, arm.name, language] = measure(truth, without(own, ~rows))
        for key, statistic in (
            *_plain(truth, own),
            *_intervals(arm, layout, own, asking),
            *_exchange(arm, layout, own, asking, trials),
            *_responses(arm, layout, asking, trials),
        ):
            found[key, arm.name, ALL] = statistic
    for key, statistic in _plain(truth, popularity(table)):
        found[key, POPULARITY, ALL] = statistic
    by_language: dict[str, dict[str, dict[str, Estimate]]] = defaultdict(lambda: defaultdict(dict))
    for (measure_key, name, language), estimate in estimates(
        found,
        truth.person_conversation,
        resamples=trials.resamples,
        seed=trials.seed,
        size=len(truth),
        watch=asking.watch,
    ).items():
        by_language[language][measure_key][name] = estimate
    return Scored(
        truth=truth,
        measures=by_language[ALL],
        languages={language: by_language[language] for language in languages},
        reliability={name: reliability_curve(truth, said) for name, said in forecasts.items()},
        selective={name: selective_curve(truth, said) for name, said in forecasts.items()},
    )


def _languages(table: Judgements) -> Mapping[str, Mask]:
    """Rows of each language, if there are several."""
    spoken = np.unique(table.language.codes)
    names = {code: table.language.texts[code] or "unknown" for code in spoken.tolist()}
    several = sorted(names, key=names.__getitem__) if len(names) > 1 else []
    return {names[code]: table.language.codes == code for code in several}


def _plain(truth: Truth, own: Forecast) -> Iterator[tuple[str, Statistic]]:
    graded = GRADED if truth.graded.any() else {}
    for key, measure in {**RANKING, **HONESTY, **graded}.items():
        yield key, measure(truth, own)


def _intervals(
    arm: Arm, layout: _Layout, own: Forecast, asking: Asking
) -> Iterator[tuple[str, Statistic]]:
    truth = layout.truth
    if not truth.graded.any():
        return
    normal = normal_bounds(own)
    yield "coverage", coverage(truth, normal)
    yield "width", width(truth, normal)
    promised = asking.bounds(arm, layout.sheets)
    if promised is not None:
        back = np.argsort(layout.rows)
        bounds = Bounds(promised.low[back], promised.high[back])
        yield "own_coverage", coverage(truth, bounds)
        yield "own_width", width(truth, bounds)


def _exchange(
    arm: Arm, layout: _Layout, own: Forecast, asking: Asking, trials: Trials
) -> Iterator[tuple[str, Statistic]]:
    revealing = np.zeros(len(layout.truth), dtype=np.bool_)
    others = []
    for draw in range(trials.exchanges):
        given = [
            exchanged(one.sheet, np.random.default_rng((trials.seed, draw, place)))
            for place, one in enumerate(layout.sheets)
        ]
        sheets = [
            PartSheet(one.part, other.sheet)
            for one, other in zip(layout.sheets, given, strict=True)
        ]
        others.append(layout.by_row(asking.forecast(arm, sheets, f"exchanged {draw + 1}")))
        revealing[layout.rows] |= np.concatenate([one.revealing for one in given])
    for key in EXCHANGED if others else ():
        effect = exchange_effect(RANKING[key], layout.truth, own, others, revealing)
        yield f"exchange_{key}", effect


def _responses(
    arm: Arm, layout: _Layout, asking: Asking, trials: Trials
) -> Iterator[tuple[str, Statistic]]:
    every = np.random.default_rng((trials.seed, 1)).permutation(len(layout.rows))
    drawn = np.sort(every[: trials.response_pairs])
    changes: dict[str, tuple[Change, Positions]] = {
        name: (change, drawn) for name, change in CHANGES.items() if trials.response_pairs
    }
    if trials.paraphrases:
        changes["paraphrase"] = trials.paraphrases.get, np.arange(len(every))
    starts = np.cumsum([0, *(one.sheet.size for one in layout.sheets)])
    for name, (change, pairs) in changes.items():
        asked: list[PartSheet] = []
        changed: list[Rewritten] = []
        rows = [np.empty(0, dtype=np.int64)]
        for one, start, end in zip(layout.sheets, starts[:-1], starts[1:], strict=True):
            some = rewritten(one.sheet, change, pairs[(pairs >= start) & (pairs < end)] - start)
            if len(some.pairs):
                asked.append(PartSheet(one.part, some.sheet))
                changed.append(some)
                rows.append(layout.rows[some.pairs + start])
        if asked:
            said = asking.forecast(arm, asked, name).expected
            pieces = np.split(said, np.cumsum([one.sheet.size for one in asked])[:-1])
            shift = [one.shift(piece) for one, piece in zip(changed, pieces, strict=True)]
            person = layout.truth.person[np.concatenate(rows)]
            where = layout.truth.person_conversation
            yield f"response_{name}", mean_shift(np.concatenate(shift), person, where)
