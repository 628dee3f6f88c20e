"""Any scorer as a predictor: a round becomes one sheet of all people with all candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.sheets import Sheet
from acuerdo.domain.statements import Candidate
from acuerdo.ports import Prediction, Progress, Scorer, Watch, stop_if_asked
from acuerdo.predict.matrices import predicted


class ScoredPredictor:
    """Predicts with a scorer; people about whom it cannot say anything get nan.

    What people rated already is handed to the scorer as known. Its forecast of these same pairs is
    returned like any other: `mediate` lays the ratings over it.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    @property
    def name(self) -> str:
        return self._scorer.name

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        """Return the scorer's forecast as people x candidates; errors are the scorer's."""
        del rng
        stop_if_asked(watch)
        forecast = self._scorer.score(sheet_of(round_, candidates), watch)
        shape = (len(round_.people), len(candidates))
        watch.report(Progress("predict", forecast.expected.size, forecast.expected.size))
        expected, spread = forecast.expected.reshape(shape), forecast.spread.reshape(shape)
        return Prediction(predicted(round_, candidates, expected, spread))


def sheet_of(round_: Round, candidates: Sequence[Candidate]) -> Sheet:
    """Return the round's sheet: all people with all candidates, one person after another.

    A person's critique is read as more of their opinion; a critique alone is no opinion. Ratings of
    candidates that are not among `candidates` are left out.
    """
    people = {person: row for row, person in enumerate(round_.people)}
    columns = {str(candidate.id): column for column, candidate in enumerate(candidates)}
    ratings = np.full((len(people), len(candidates)), np.nan)
    for rating in round_.ratings:
        column = columns.get(rating.candidate)
        if column is not None:
            ratings[people[rating.person], column] = rating.value
    return Sheet(
        question=round_.question.text,
        opinions=tuple(said_by(round_, person) for person in people),
        statements=tuple(candidate.text for candidate in candidates),
        person=np.repeat(np.arange(len(people)), len(candidates)),
        statement=np.tile(np.arange(len(candidates)), len(people)),
        ratings=ratings.ravel(),
        context=round_.question.context,
    )


def said_by(round_: Round, person: PersonId) -> str:
    """Return a person's opinion and, below it, their critique; "" without an opinion."""
    opinion, critique = round_.opinion_of(person), round_.critique_of(person)
    return f"{opinion}\n{critique}" if opinion and critique else opinion
