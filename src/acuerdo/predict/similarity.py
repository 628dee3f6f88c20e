"""Agreement from the similarity of what a person said to what a candidate says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from acuerdo.domain.ballots import FloatMatrix
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate
from acuerdo.domain.text import sentences, words
from acuerdo.ports import Embedder, Prediction, Progress, Watch, stop_if_asked
from acuerdo.predict.cards import Line, fitted_line
from acuerdo.predict.matching import Matching, Passage, beyond_question, coverage
from acuerdo.predict.matrices import predicted, with_opinion

DECIMALS: Final = 5
"""Digits of a score that mean something: beyond them, sums in single precision depend on which
other texts were embedded in the same call."""


class SimilarityPredictor:
    """Expects more agreement the better a candidate covers what a person said.

    A person's opinion and, in a later round, their critique are read by sentence, as one text:
    what they missed or objected to is a subject the next statement should take up. `matching`
    compares them with the candidate's sentences once the direction of the question has been taken
    out; `line` maps the score to agreement and its spread. The defaults were chosen and fitted on
    people's ratings (docs/prediction.md).

    Similarity is about the subject, hardly about the side: a statement that contradicts a person
    can be close to what they said. Hence the large spread.
    """

    def __init__(
        self, embedder: Embedder, *, matching: Matching = coverage, line: Line | None = None
    ) -> None:
        self._embedder = embedder
        self._matching = matching
        self._line = line or fitted_line("similarity")

    @property
    def name(self) -> str:
        return "similarity"

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        """Return agreement for people with an opinion; raises ModelError if embedding fails."""
        del rng
        stop_if_asked(watch)
        scores = self.scores(round_, [candidate.text for candidate in candidates])
        watch.report(Progress("predict", scores.size, scores.size))
        spread = np.where(np.isnan(scores), np.nan, self._line.spread)
        return Prediction(predicted(round_, candidates, self._line.expected(scores), spread))

    def scores(self, round_: Round, texts: Sequence[str]) -> FloatMatrix:
        """Return how closely each text comes to each person, shape (people, texts), nan for people
        without an opinion."""
        scores = np.full((len(round_.people), len(texts)), np.nan)
        rows = with_opinion(round_)
        said = [
            "\n".join((round_.opinion_of(person), round_.critique_of(person))) for _, person in rows
        ]
        passages = self._read(round_.question.text, [*said, *texts])
        own, stated = passages[: len(said)], passages[len(said) :]
        for (row, _), passage in zip(rows, own, strict=True):
            scores[row] = [self._matching(passage, statement) for statement in stated]
        return np.round(scores, DECIMALS)

    def _read(self, question: str, texts: Sequence[str]) -> list[Passage]:
        """Embed all texts by sentence, in one call."""
        by_text = [sentences(text) or [text] for text in texts]
        flat = [sentence for some in by_text for sentence in some]
        vectors = self._embedder.embed([question, *flat])
        rest = beyond_question(vectors[1:], vectors[0])
        ends = np.cumsum([len(some) for some in by_text])
        return [
            Passage(rest[end - len(some) : end], np.array([len(words(s)) or 1.0 for s in some]))
            for some, end in zip(by_text, ends, strict=True)
        ]
