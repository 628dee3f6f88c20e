"""What can be reached by looking at votes: references, not scorers, since they see the answers."""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Forecast

POPULARITY: Final = "popularity"
ORACLE: Final = "oracle"
CHANCE: Final = "chance"


def popularity(judgements: Judgements) -> Forecast:
    """Expect of everybody what the others in the table said, on average, of the statement.

    Silent where nobody else judged it. The spread is the standard deviation of judgements around
    that expectation, the same everywhere.
    """
    width = len(judgements.statement.texts) or 1
    talk = (
        judgements.conversation.codes * len(judgements.question.texts) + judgements.question.codes
    )
    _, statement = np.unique(talk * width + judgements.statement.codes, return_inverse=True)
    said = judgements.agreement
    others = np.bincount(statement)[statement] - 1 if len(said) else np.empty(0)
    total = np.bincount(statement, said)[statement] - said if len(said) else np.empty(0)
    expected = np.divide(total, others, out=np.full(len(said), np.nan), where=others > 0)
    expected = np.clip(expected, 1, 7)
    off = said[others > 0] - expected[others > 0]
    spread = max(float(np.sqrt(np.mean(off**2))), 0.1) if off.size else 1.0
    return Forecast(expected, np.where(np.isnan(expected), np.nan, spread))
