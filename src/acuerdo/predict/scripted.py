"""A fake that expects what it is told to expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate
from acuerdo.ports import Prediction, Progress, Watch, stop_if_asked
from acuerdo.predict.matrices import cannot_say, predicted, with_opinion

Script = Callable[[PersonId, str], float] | Mapping[PersonId, Sequence[float]]
"""Either a function of a person and a candidate's text, or for each person one value per candidate
in the order they are given; nan, or a person who is missing, means "cannot say"."""


class ScriptedPredictor:
    """Returns scripted agreement (1-7) for people with an opinion, all with the same spread."""

    def __init__(self, script: Script, spread: float = 1.0) -> None:
        self._script = script
        self._spread = spread

    @property
    def name(self) -> str:
        return "scripted"

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        """Return what the script says; ValueError if it has a value too many or too few."""
        del rng
        stop_if_asked(watch)
        expected = cannot_say(round_, candidates)
        for row, person in with_opinion(round_):
            expected[row] = self._row(person, candidates)
        watch.report(Progress("predict", expected.size, expected.size))
        spread = np.where(np.isnan(expected), np.nan, self._spread)
        return Prediction(predicted(round_, candidates, expected, spread))

    def _row(self, person: PersonId, candidates: Sequence[Candidate]) -> Sequence[float]:
        if callable(self._script):
            return [self._script(person, candidate.text) for candidate in candidates]
        row = self._script.get(person, [np.nan] * len(candidates))
        if len(row) != len(candidates):
            raise ValueError(f"{len(row)} scripted values for {len(candidates)} candidates")
        return row
