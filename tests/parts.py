"""Deterministic parts for tests of whole rounds: nothing here needs a model or weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.choose import RULES, margin_of_victory, proportional_slate, rule_named
from acuerdo.domain.ballots import Agreement
from acuerdo.domain.errors import ModelError
from acuerdo.domain.records import Opinion, PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate, Rejection
from acuerdo.draft import ScriptedDrafter
from acuerdo.llm import HashedEmbedder
from acuerdo.mediate import Parts
from acuerdo.ports import Drafter, Drafting, Prediction, Predictor, Screen, Screening, Watch


class NoScreen:
    """Lets everything through."""

    def check(self, text: str, screening: Screening) -> Rejection | None:
        return None


class BrokenDrafter:
    """A drafter whose model cannot be used at all."""

    name = "broken"

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        raise ModelError("the model is not there")


class MatrixPredictor:
    """Predicts a fixed matrix, people x candidates as they stand in the round."""

    name = "matrix"

    def __init__(self, expected: Sequence[Sequence[float]]) -> None:
        self.expected = np.array(expected, dtype=np.float64)

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        expected = self.expected.reshape(len(round_.people), len(candidates))
        return Prediction(
            Agreement(
                people=round_.people,
                candidates=tuple(candidate.id for candidate in candidates),
                expected=expected,
                spread=np.where(np.isnan(expected), np.nan, 1.0),
                known=np.zeros(expected.shape, dtype=np.bool_),
            )
        )


def opinions(*people: str) -> tuple[Opinion, ...]:
    return tuple(
        Opinion(PersonId(person), f"{person} thinks that trees matter. {person} likes parks.")
        for person in people
    )


def make_parts(
    texts: Sequence[str] = ("Trees matter to us.", "Parks come first."),
    agreement: Sequence[Sequence[float]] = ((6.0, 3.0), (5.0, 3.0)),
    *,
    rule: str = "schulze",
    drafters: Sequence[Drafter] | None = None,
    predictor: Predictor | None = None,
) -> Parts:
    """Return parts that draft `texts` and predict `agreement` (people x texts)."""
    return Parts(
        drafters=tuple(drafters) if drafters is not None else (ScriptedDrafter(texts),),
        screen=NoScreen(),
        predictor=predictor or MatrixPredictor(agreement),
        rule=rule_named(rule),
        rules=RULES,
        margin=margin_of_victory,
        slate=proportional_slate,
        embedder=HashedEmbedder(),
        language_of=lambda texts: "en",
    )
