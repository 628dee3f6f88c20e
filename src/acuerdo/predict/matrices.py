"""Building what every predictor and scorer returns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import Agreement, FloatMatrix
from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.sheets import Sheet
from acuerdo.domain.statements import Candidate


def with_opinion(round_: Round) -> list[tuple[int, PersonId]]:
    """Return (row, person) of everybody in `round_.people` who has an opinion."""
    return [(row, person) for row, person in enumerate(round_.people) if round_.opinion_of(person)]


def cannot_say(round_: Round, candidates: Sequence[Candidate]) -> FloatMatrix:
    """Return a matrix of nan, shape (people, candidates)."""
    return np.full((len(round_.people), len(candidates)), np.nan)


def predicted(
    round_: Round, candidates: Sequence[Candidate], expected: FloatMatrix, spread: FloatMatrix
) -> Agreement:
    """Return agreement of which nothing is known; shapes (people, candidates)."""
    return Agreement(
        people=round_.people,
        candidates=tuple(candidate.id for candidate in candidates),
        expected=expected,
        spread=spread,
        known=np.zeros(expected.shape, dtype=np.bool_),
    )


def has_opinion(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Return which pairs are of a person who gave an opinion, shape (pairs,)."""
    speaks = np.array([bool(text.strip()) for text in sheet.opinions], dtype=np.bool_)
    return speaks[sheet.person]
