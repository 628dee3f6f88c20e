"""Ask an arm about many sheets, each belonging to a part of the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.sheets import Forecast, Sheet, Values
from acuerdo.evaluate.arms import Arm, IntervalScorer
from acuerdo.evaluate.forecasts import ForecastStore
from acuerdo.evaluate.measures.coverage import PROMISED, Bounds
from acuerdo.ports import Scorer, Watch, stop_if_asked

AskScorer = Callable[[Scorer, Sheet, Watch], Values]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of the data, such as a fold, by the name under which arms have a scorer for it."""

    name: str
    judgements: Judgements


@dataclass(frozen=True, slots=True, eq=False)
class PartSheet:
    """A sheet and the name of the part it is from."""

    part: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Asking:
    """Where answers are kept, and who watches."""

    store: ForecastStore
    watch: Watch

    def forecast(self, arm: Arm, sheets: Sequence[PartSheet], kind: str) -> Forecast:
        """Return the forecast of all pairs, sheet after sheet; `kind` names what is asked."""
        return Forecast(*self._answers(arm, sheets, kind, _forecast))

    def bounds(self, arm: Arm, sheets: Sequence[PartSheet]) -> Bounds | None:
        """Return the arm's own 80 % intervals, None unless its scorers for all parts have some."""
        scorers = [arm.scorer(one.part) for one in sheets]
        if not all(isinstance(scorer, IntervalScorer) for scorer in scorers):
            return None
        return Bounds(*self._answers(arm, sheets, "intervals", _interval))

    def _answers(self, arm: Arm, sheets: Sequence[PartSheet], kind: str, ask: AskScorer) -> Values:
        found = [np.empty((2, 0))]
        for part, some in groupby(sheets, key=lambda one: one.part):
            scorer = arm.scorer(part)
            key = repr((arm.name, arm.fingerprint, scorer.name, part, ask.__name__))
            asked = [one.sheet for one in some]
            found.append(
                self.store.answers(
                    f"{arm.name} {kind}", key, partial(ask, scorer), asked, self.watch
                )
            )
        return np.concatenate(found, axis=1)


def _forecast(scorer: Scorer, sheet: Sheet, watch: Watch) -> Values:
    said = scorer.score(sheet, watch)
    return np.stack((said.expected, said.spread))


def _interval(scorer: Scorer, sheet: Sheet, watch: Watch) -> Values:
    if not isinstance(scorer, IntervalScorer):
        raise TypeError(f"{scorer.name} has no intervals")
    stop_if_asked(watch)
    # A scorer that cannot promise anything narrower may answer with infinite ends.
    return np.clip(np.stack(scorer.interval(sheet, PROMISED)), LIKERT_MIN, LIKERT_MAX)
