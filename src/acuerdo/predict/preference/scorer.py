"""The trained preference model as a `Scorer`."""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.domain.sheets import Forecast, Sheet, Values
from acuerdo.ports import Embedder, Progress, Unwatched, Watch, stop_if_asked
from acuerdo.predict.preference.features import sheet_features
from acuerdo.predict.preference.ground import gives_ground
from acuerdo.predict.preference.model import PreferenceModel

BLOCK: Final = 100_000
"""Pairs scored at once: about 100 MB of vectors."""


class PreferenceScorer:
    """Expects what people at large and the person themselves are likely to say.

    `plain` is the encoder as published, `tuned` the same encoder with the model's own arrays.
    Silent where an opinion or a statement has no words in a script that the encoder reads, or an
    opinion has nothing to do with what everybody else writes about. Ratings known already are not
    used; `FactorScorer` brings them in.
    """

    def __init__(self, model: PreferenceModel, plain: Embedder, tuned: Embedder) -> None:
        self._model, self._plain, self._tuned = model, plain, tuned

    @property
    def name(self) -> str:
        return "trained"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return forecasts of all pairs; raises Cancelled if the watcher stops."""
        return Forecast(*self._model.calibration.expected_and_spread(self.latents(sheet, watch)))

    def interval(self, sheet: Sheet, level: float) -> tuple[Values, Values]:
        """Return low and high ends, (pairs,), between which ratings lie with probability `level`.

        At the level that the model was calibrated for (0.8) the width is conformal: measured on
        graded ratings of questions it had not seen. At others it is scaled as a normal spread.
        Raises ValueError for a level that is not between 0 and 1.
        """
        calibration = self._model.calibration
        expected, spread = calibration.expected_and_spread(self.latents(sheet, Unwatched()))
        reach = calibration.reach(level) * spread
        return np.clip(expected - reach, 1, 7), np.clip(expected + reach, 1, 7)

    def latents(self, sheet: Sheet, watch: Watch) -> Values:
        """Return latents of all pairs, nan where there is no ground; shape (pairs,)."""
        stop_if_asked(watch)
        found = np.full(sheet.size, np.nan)
        if not sheet.size:
            return found
        said = np.array([gives_ground(text) for text in sheet.opinions], dtype=bool)
        stated = np.array([gives_ground(text) for text in sheet.statements], dtype=bool)
        heard = Sheet(
            question=sheet.question,
            opinions=tuple(t if s else "" for t, s in zip(sheet.opinions, said, strict=True)),
            statements=sheet.statements,
            person=sheet.person,
            statement=sheet.statement,
            ratings=sheet.ratings,
            context=sheet.context,
        )
        features = sheet_features(heard, self._model, self._plain, self._tuned)
        answers = said & (features.on_topic >= self._model.least_likeness)
        pairs = np.flatnonzero(answers[sheet.person] & stated[sheet.statement])
        silent = sheet.size - len(pairs)
        for start in range(0, len(pairs), BLOCK):
            stop_if_asked(watch)
            block = pairs[start : start + BLOCK]
            found[block] = self._model.latent(
                features.of(sheet.person[block], sheet.statement[block])
            )
            watch.report(Progress("predict", silent + start + len(block), sheet.size))
        if not len(pairs):
            watch.report(Progress("predict", sheet.size, sheet.size))
        return found
