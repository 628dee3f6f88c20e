"""Agreement from the similarity of what a person said to what a statement says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from acuerdo.domain.ballots import FloatMatrix
from acuerdo.domain.rounds import Round
from acuerdo.domain.sheets import Forecast, Sheet, Values
from acuerdo.domain.statements import Candidate, Provenance
from acuerdo.domain.text import sentences, words
from acuerdo.ports import Embedder, Progress, Unwatched, Watch, stop_if_asked
from acuerdo.predict.cards import Line, fitted_line
from acuerdo.predict.matching import Matching, Passage, beyond_question, coverage
from acuerdo.predict.matrices import has_opinion
from acuerdo.predict.scored import ScoredPredictor, sheet_of

DECIMALS: Final = 5
"""Digits of a score that mean something: beyond them, sums in single precision depend on which
other texts were embedded in the same call."""

PAIRS_AT_ONCE: Final = 4096
"""Pairs between two looks at whether the watcher wants to stop."""


class SimilarityScorer:
    """Expects more agreement the better a statement covers what a person said.

    `matching` compares the sentences of the person's opinion with the statement's once the
    direction of the question has been taken out; `line` maps the score to agreement and its
    spread. The defaults were chosen and fitted on people's ratings (docs/prediction.md).

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

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return agreement for people with an opinion; raises ModelError if embedding fails."""
        scores = self.scores(sheet, watch)
        spread = np.where(np.isnan(scores), np.nan, self._line.spread)
        return Forecast(self._line.expected(scores), spread)

    def scores(self, sheet: Sheet, watch: Watch) -> Values:
        """Return how closely each pair's statement comes to its person, shape (pairs,), nan for
        people without an opinion."""
        stop_if_asked(watch)
        scores = np.full(sheet.size, np.nan)
        asked = np.flatnonzero(has_opinion(sheet))
        people = np.unique(sheet.person[asked]).tolist()
        stated = np.unique(sheet.statement[asked]).tolist()
        read = self._read(
            sheet.question,
            [*(sheet.opinions[k] for k in people), *(sheet.statements[k] for k in stated)],
        )
        said: Mapping[int, Passage] = dict(zip(people, read, strict=False))
        about: Mapping[int, Passage] = dict(zip(stated, read[len(people) :], strict=True))
        for start in range(0, len(asked), PAIRS_AT_ONCE):
            stop_if_asked(watch)
            pairs = asked[start : start + PAIRS_AT_ONCE]
            both = zip(sheet.person[pairs].tolist(), sheet.statement[pairs].tolist(), strict=True)
            scores[pairs] = [self._matching(said[person], about[text]) for person, text in both]
            watch.report(Progress("predict", start + len(pairs), sheet.size))
        watch.report(Progress("predict", sheet.size, sheet.size))
        return np.round(scores, DECIMALS)

    def _read(self, question: str, texts: Sequence[str]) -> list[Passage]:
        """Embed all texts by sentence, in one call."""
        if not texts:
            return []
        by_text = [sentences(text) or [text] for text in texts]
        flat = [sentence for some in by_text for sentence in some]
        vectors = self._embedder.embed([question, *flat])
        rest = beyond_question(vectors[1:], vectors[0])
        ends = np.cumsum([len(some) for some in by_text])
        return [
            Passage(rest[end - len(some) : end], np.array([len(words(s)) or 1.0 for s in some]))
            for some, end in zip(by_text, ends, strict=True)
        ]


class SimilarityPredictor(ScoredPredictor):
    """`SimilarityScorer` on a round.

    A person's opinion and, in a later round, their critique are read as one text: what they missed
    or objected to is a subject the next statement should take up.
    """

    def __init__(
        self, embedder: Embedder, *, matching: Matching = coverage, line: Line | None = None
    ) -> None:
        self._similarity = SimilarityScorer(embedder, matching=matching, line=line)
        super().__init__(self._similarity)

    def scores(self, round_: Round, texts: Sequence[str]) -> FloatMatrix:
        """Return how closely each text comes to each person, shape (people, texts), nan for people
        without an opinion."""
        candidates = [Candidate(text, Provenance(origin="person")) for text in texts]
        sheet = sheet_of(round_, candidates)
        shape = (len(round_.people), len(texts))
        return self._similarity.scores(sheet, Unwatched()).reshape(shape)
