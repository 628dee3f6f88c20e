"""A deliberately dumb baseline: the longer a statement, the more everybody agrees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate
from acuerdo.domain.text import words
from acuerdo.ports import Prediction, Progress, Watch, stop_if_asked
from acuerdo.predict.cards import Line, fitted_line
from acuerdo.predict.matrices import cannot_say, predicted, with_opinion


def length_score(text: str) -> float:
    """Return the natural logarithm of one more than the number of words."""
    return float(np.log1p(len(words(text))))


class LengthPredictor:
    """Expects the same of everybody: more for a longer statement, whatever it says.

    There to be beaten. `line` maps the logarithm of the number of words to agreement and its
    spread; by default the one fitted on people's ratings.
    """

    def __init__(self, line: Line | None = None) -> None:
        self._line = line or fitted_line("length")

    @property
    def name(self) -> str:
        return "length"

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        """Return the same agreement for every person with an opinion."""
        del rng
        stop_if_asked(watch)
        expected, spread = cannot_say(round_, candidates), cannot_say(round_, candidates)
        by_length = self._line.expected([length_score(candidate.text) for candidate in candidates])
        for row, _ in with_opinion(round_):
            expected[row] = by_length
            spread[row] = self._line.spread
        watch.report(Progress("predict", expected.size, expected.size))
        return Prediction(predicted(round_, candidates, expected, spread))
