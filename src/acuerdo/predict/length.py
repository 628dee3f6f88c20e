"""A deliberately dumb baseline: the longer a statement, the more everybody agrees."""

from __future__ import annotations

import numpy as np

from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.domain.text import words
from acuerdo.ports import Progress, Watch, stop_if_asked
from acuerdo.predict.cards import Line, fitted_line
from acuerdo.predict.matrices import has_opinion
from acuerdo.predict.scored import ScoredPredictor


def length_score(text: str) -> float:
    """Return the natural logarithm of one more than the number of words."""
    return float(np.log1p(len(words(text))))


class LengthScorer:
    """Expects the same of everybody: more for a longer statement, whatever it says.

    There to be beaten. `line` maps the logarithm of the number of words to agreement and its
    spread; by default the one fitted on people's ratings.
    """

    def __init__(self, line: Line | None = None) -> None:
        self._line = line or fitted_line("length")

    @property
    def name(self) -> str:
        return "length"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return the same agreement for every person with an opinion."""
        stop_if_asked(watch)
        by_length = self._line.expected([length_score(text) for text in sheet.statements])
        speaks = has_opinion(sheet)
        expected = np.where(speaks, by_length[sheet.statement], np.nan)
        watch.report(Progress("predict", sheet.size, sheet.size))
        return Forecast(expected, np.where(speaks, self._line.spread, np.nan))


class LengthPredictor(ScoredPredictor):
    """`LengthScorer` on a round."""

    def __init__(self, line: Line | None = None) -> None:
        super().__init__(LengthScorer(line))
