"""Any scorer as a predictor: a round becomes one sheet of all people with all candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.sheets import Sheet
from acuerdo.domain.statements import Candidate
from acuerdo.ports import Prediction, Progress, Scorer, Watch, stop_if_asked
from acuerdo.predict.matrices import has_opinion, predicted


class ScoredPredictor:
    """Predicts with a scorer; people about whom it cannot say anything get nan.

    What people rated already is handed to the scorer as known. Its forecast of these same pairs is
    returned like any other: `mediate` lays the ratings over it. `informed` takes the scorer's place
    in rounds with ratings, and the prediction then bears its name. Somebody who gave neither an
    opinion nor a rating is never guessed, whatever the scorer says: they abstain.
    """

    def __init__(self, scorer: Scorer, informed: Scorer | None = None) -> None:
        self._scorer = scorer
        self._informed = informed or scorer

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
        sheet = sheet_of(round_, candidates)
        scorer = self._informed if sheet.known.any() else self._scorer
        forecast = scorer.score(sheet, watch)
        shape = (len(round_.people), len(candidates))
        watch.report(Progress("predict", forecast.expected.size, forecast.expected.size))
        expected, spread = (
            np.where(_heard(sheet), values, np.nan).reshape(shape)
            for values in (forecast.expected, forecast.spread)
        )
        return Prediction(predicted(round_, candidates, expected, spread), by=scorer.name)


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


def _heard(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Return which pairs are of a person who gave an opinion or a rating, shape (pairs,)."""
    rated = np.zeros(len(sheet.opinions), dtype=np.bool_)
    rated[sheet.person[sheet.known]] = True
    return np.asarray(has_opinion(sheet) | rated[sheet.person])


def said_by(round_: Round, person: PersonId) -> str:
    """Return a person's opinion and, below it, their critique; "" without an opinion."""
    opinion, critique = round_.opinion_of(person), round_.critique_of(person)
    return f"{opinion}\n{critique}" if opinion and critique else opinion
