"""From a score to agreement on 1-7: a rising line fitted on people's ratings, kept as a card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import ModelError
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN

CARD: Final = "similarity_card.json"


@dataclass(frozen=True, slots=True)
class Line:
    """Expected agreement = intercept + slope * score, cut to 1-7, with the same spread everywhere.

    `spread` is the standard deviation of people's ratings around the line: what a single person
    says differs that much from what the score lets expect. The slope is positive, so the order of
    scores is the order of agreement.
    """

    intercept: float
    slope: float
    spread: float

    def __post_init__(self) -> None:
        if not (self.slope > 0 and self.spread > 0 and np.isfinite(self.intercept)):
            raise ValueError(f"not a rising line with a spread: {self}")

    def expected(self, scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return expected agreement on 1-7, in the shape of `scores`."""
        line = self.intercept + self.slope * np.asarray(scores, dtype=np.float64)
        return np.clip(line, LIKERT_MIN, LIKERT_MAX)


def fitted_line(predictor: str) -> Line:
    """Return the fitted line of a predictor ("similarity", "length") from the card.

    Raises ModelError if the card is missing or damaged.
    """
    try:
        text = (files("acuerdo.predict") / CARD).read_text("utf-8")
        line = json.loads(text)["lines"][predictor]
        return Line(float(line["intercept"]), float(line["slope"]), float(line["spread"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the fitted map of the {predictor} predictor cannot be read: {error!r}",
            where=CARD,
            fix="Install the package again, or run benchmarks/fit_similarity.py.",
        ) from error
