"""Predicted agreement: what a scorer expects each person to say to a draft."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Sheet, Values
from acuerdo.ports import Scorer, Watch


def predicted_agreement(
    material: Material, drafts: Sequence[str], scorer: Scorer, watch: Watch
) -> Values:
    """Return expected agreement on 1-7, (people, drafts), nan where the scorer cannot say."""
    people, columns = len(material.opinions), len(drafts)
    sheet = Sheet(
        question=material.question,
        opinions=material.opinions,
        statements=tuple(drafts),
        person=np.repeat(np.arange(people), columns),
        statement=np.tile(np.arange(columns), people),
        ratings=np.full(people * columns, np.nan),
        context=material.context,
    )
    return scorer.score(sheet, watch).expected.reshape(people, columns)


@dataclass(frozen=True, slots=True)
class PredictedAgreement:
    """One number of the group's expected agreement with each draft; silent people do not count.

    `agreement` gives it for (material, drafts), (people, drafts) on 1-7.
    """

    agreement: Callable[[Material, Sequence[str], Watch], Values]
    name: str
    over_people: Callable[[Values], npt.NDArray[np.float64]]
    higher_is_better: bool | None = True

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,) on 1-7, nan where the scorer cannot say for anybody."""
        with warnings.catch_warnings():
            # A draft that the scorer cannot read at all is nan without a complaint.
            warnings.simplefilter("ignore", RuntimeWarning)
            return self.over_people(self.agreement(material, drafts, watch))


class _Remembered:
    """Predicted agreement that is asked for twice in a row and scored once."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._last: tuple[tuple[Material, tuple[str, ...]], Values] | None = None

    def __call__(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        wanted = material, tuple(drafts)
        if self._last is None or self._last[0] != wanted:
            self._last = wanted, predicted_agreement(material, drafts, self._scorer, watch)
        return self._last[1]


def _mean(agreement: Values) -> Values:
    return np.asarray(np.nanmean(agreement, axis=0))


def _minimum(agreement: Values) -> Values:
    return np.asarray(np.nanmin(agreement, axis=0))


MEAN: Final = "agreement mean"
MINIMUM: Final = "agreement minimum"


def agreement_measures(scorer: Scorer) -> tuple[PredictedAgreement, PredictedAgreement]:
    """Return the mean over people and the person who agrees least; both read the same scores."""
    told = _Remembered(scorer)
    return PredictedAgreement(told, MEAN, _mean), PredictedAgreement(told, MINIMUM, _minimum)
